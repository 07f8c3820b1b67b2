package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// faultSetting reads a number from the environment: `make soak` asks for more than
// `make test` has the time for.
func faultSetting(tb testing.TB, name string, usual int) int {
	tb.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}

// toolbox holds programs beside the one under test, each built once and when it is needed.
type toolbox struct {
	mu    sync.Mutex
	built map[string]error
}

var faultTools = &toolbox{built: map[string]error{}}

// mustBuild builds the program in dir, with the race detector where race is set: the cache
// holds the same packages then as for the program under test. Without it the flags are those
// of the Makefile's PLAIN.
func (b *toolbox) mustBuild(tb testing.TB, name, dir string, race bool) string {
	tb.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	bin := filepath.Join(filepath.Dir(binary), name)
	err, done := b.built[name]
	if !done {
		build := exec.Command("go", "build", "-trimpath", "-o", bin, ".")
		build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
		if race {
			build = exec.Command("go", "build", "-race", "-o", bin, ".")
			build.Dir = dir
		}
		if out, failed := build.CombinedOutput(); failed != nil {
			err = fmt.Errorf("build %s: %w\n%s", name, failed, out)
		}
		b.built[name] = err
	}
	if err != nil {
		tb.Fatal(err)
	}
	return bin
}

// powerloss is the program that opens a database with SQLite alone.
func powerloss(tb testing.TB) string {
	tb.Helper()
	return faultTools.mustBuild(tb, "powerloss", "e2e/powerloss", true)
}

// swiftBinary is the program without the race detector, where memory or time is measured.
func swiftBinary(tb testing.TB) string {
	tb.Helper()
	return faultTools.mustBuild(tb, "liveassist-swift", ".", false)
}

// mustCopy copies the database's files of a server that has ended, as it left them.
func mustCopy(tb testing.TB, dir string) string {
	tb.Helper()
	to := tb.TempDir()
	for _, name := range []string{"liveassist.db", "liveassist.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) && strings.HasSuffix(name, "-wal") {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return to
}

// mustBeSound lets SQLite check a copy of the database: the copy, so that the server still
// has to recover the log by itself.
func mustBeSound(tb testing.TB, dir string) {
	tb.Helper()
	if out, err := exec.CommandContext(tb.Context(), powerloss(tb), "check", mustCopy(tb, dir)).CombinedOutput(); err != nil {
		tb.Errorf("integrity: %v\n%s", err, out)
	}
}

// metric reads one of the server's own figures.
func (p *program) metric(name string) float64 {
	p.tb.Helper()
	resp, err := http.Get(p.url + "/metrics")
	if err != nil {
		p.tb.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				p.tb.Fatal(err)
			}
			return n
		}
	}
	p.tb.Fatalf("no metric %s", name)
	return 0
}

// memory reads a line of the process's status, such as VmHWM (the most it ever had), in MiB.
func (p *program) memory(line string) int {
	p.tb.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), line+":")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		p.tb.Fatalf("no %s in the status of the process", line)
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil {
		p.tb.Fatal(err)
	}
	return n >> 10
}

// eventually waits until ok.
func eventually(tb testing.TB, limit time.Duration, what string, ok func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("%s: not after %v", what, limit)
		}
	}
}

// noise is a photo of random dots, which no encoder makes small.
func noise(tb testing.TB, width, height int) []byte {
	tb.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for _, plane := range [][]byte{m.Y, m.Cb, m.Cr} {
		for i := range plane {
			plane[i] = byte(rand.Uint32())
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// photo is a photo message as the API answers it.
type photo struct {
	ID    string
	Image struct{ URL string }
}

// photoForm is the body of a photo message; like say's, its text names its id.
func photoForm(id string, picture []byte) (body *bytes.Buffer, contentType string) {
	body = &bytes.Buffer{} // writing to memory cannot fail
	form := multipart.NewWriter(body)
	_ = form.WriteField("id", id)
	_ = form.WriteField("text", "text of "+id)
	w, _ := form.CreateFormFile("image", "photo.jpg")
	_, _ = w.Write(picture)
	_ = form.Close()
	return body, form.FormDataContentType()
}

// send posts a photo.
func (v *person) send(ctx context.Context, id string, picture []byte) (status int, answer []byte, err error) {
	body, contentType := photoForm(id, picture)
	return v.sendForm(ctx, body, contentType)
}

func (v *person) sendForm(ctx context.Context, body io.Reader, contentType string) (status int, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url+"/api/liveassist/sessions/"+v.session+"/images", body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := v.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// snap posts a photo and notes the answer in the ledger; it reports whether the server
// answered at all.
func (l *ledger) snap(picture []byte, photos map[string]string) bool {
	id := uuid.NewString()
	status, answer, err := l.send(context.Background(), id, picture)
	var m photo
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.open = append(l.open, id)
		return false
	case status != http.StatusCreated || json.Unmarshal(answer, &m) != nil:
		l.tb.Errorf("photo: %d %s", status, answer)
	default:
		l.acked[id] = true
		photos[id] = m.Image.URL
	}
	return true
}

// percentile of durations, which it sorts.
func percentile(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[min(len(list)-1, int(float64(len(list))*p))]
}
