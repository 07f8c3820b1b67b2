package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"liveassist/e2e/evidence"
	"liveassist/e2e/stack"
)

// Browser is the Playwright project while it runs.
type Browser struct {
	Out string // where it writes pictures, network logs and findings

	stop    context.CancelFunc
	control *http.Server
	reached chan arrival
	done    chan struct{} // closed when Playwright has ended
	output  []byte        // read after done
	err     error         // read after done
}

// scenesWithin bounds all scenes together: a browser that hangs must leave time to look at the rest.
const scenesWithin = 5 * time.Minute

// arrival is a scene that has come to a point and waits for an answer.
type arrival struct {
	point  string
	answer chan any
}

// StartBrowser runs the scenes of dir (e2e/browser) against the product.
func StartBrowser(ctx context.Context, dir, out, url string, payer, free *Person) (*Browser, error) {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@playwright", "test")); err != nil {
		return nil, errors.New("browser: Playwright is not installed; run make e2e, or npm ci in e2e/browser")
	}
	people, err := json.Marshal(map[string]*Person{"payer": payer, "free": free})
	if err != nil {
		return nil, fmt.Errorf("browser: %w", err)
	}
	port, err := stack.FreePort(ctx)
	if err != nil {
		return nil, fmt.Errorf("browser: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, scenesWithin)
	b := &Browser{Out: out, stop: stop, reached: make(chan arrival), done: make(chan struct{})}
	control, err := b.listen(ctx)
	if err != nil {
		stop()
		return nil, err
	}
	home := filepath.Join(out, "home") // a browser writes into its home
	if err := os.MkdirAll(home, 0o700); err != nil {
		stop()
		return nil, fmt.Errorf("browser: %w", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "node_modules", ".bin", "playwright"), "test")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "FORCE_COLOR=0",
		"E2E_URL="+url, "E2E_OUT="+out, "E2E_CONTROL="+control, "E2E_DEVTOOLS_PORT="+strconv.Itoa(port), "E2E_PEOPLE="+string(people))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it ends its browser then
	cmd.WaitDelay = 10 * time.Second
	go func() {
		b.output, b.err = cmd.CombinedOutput()
		close(b.done)
	}()
	return b, nil
}

// listen serves the points at which scenes wait for the test.
func (b *Browser) listen(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("browser: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /reached/{point}", func(w http.ResponseWriter, r *http.Request) {
		a := arrival{point: r.PathValue("point"), answer: make(chan any, 1)}
		select {
		case b.reached <- a:
		case <-r.Context().Done():
			return
		}
		select {
		case v := <-a.answer:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v) // a scene that is gone needs no answer
		case <-r.Context().Done():
		}
	})
	b.control = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = b.control.Serve(l) }() // until Wait closes it
	return "http://" + l.Addr().String(), nil
}

// Reached waits until a scene comes to a point, and returns the function that lets it go on. It
// reports false when Playwright ends or the time is over before that.
func (b *Browser) Reached(ctx context.Context, most time.Duration, point string) (answer func(any), ok bool) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		select {
		case a := <-b.reached:
			if a.point == point {
				return func(v any) { a.answer <- v }, true
			}
			a.answer <- map[string]any{}
		case <-b.done:
			return nil, false
		case <-timer.C:
			return nil, false
		case <-ctx.Done():
			return nil, false
		}
	}
}

// Wait waits for the end of all scenes and returns what they found. The error says why there may
// be less than that; failed claims are no error.
func (b *Browser) Wait() ([]evidence.Scene, error) {
	<-b.done
	b.stop()
	err := b.control.Close()
	scenes, readErr := b.scenes()
	err = errors.Join(err, readErr)
	if b.err != nil && !slices.ContainsFunc(scenes, failed) {
		err = errors.Join(err, fmt.Errorf("playwright: %w: %s", b.err, tail(string(b.output), 3000)))
	}
	return scenes, err
}

func failed(s evidence.Scene) bool {
	return slices.ContainsFunc(s.Claims, func(c evidence.SceneClaim) bool { return !c.OK })
}

func (b *Browser) scenes() ([]evidence.Scene, error) {
	files, err := filepath.Glob(filepath.Join(b.Out, "scenes", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("browser: %w", err)
	}
	var scenes []evidence.Scene
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("browser: %w", err)
		}
		s := evidence.Scene{Name: strings.TrimSuffix(filepath.Base(f), ".json")}
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("browser: %s: %w", filepath.Base(f), err)
		}
		scenes = append(scenes, s)
	}
	return scenes, nil
}

func tail(s string, most int) string {
	if len(s) > most {
		s = "..." + s[len(s)-most:]
	}
	return strings.TrimSpace(s)
}
