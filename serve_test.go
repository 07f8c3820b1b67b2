package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestServe_Fresh: started in an empty directory with nothing configured but the port, the
// program is the whole product, and keeps what it writes to itself.
func TestServe_Fresh(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(binary)
	cmd.Dir = dir
	p := mustStartCommand(t, cmd, "LISTEN_ADDR=127.0.0.1:0")
	if !regexp.MustCompile(`^http://127\.0\.0\.1:[1-9]\d*$`).MatchString(p.url) {
		t.Errorf("address %q", p.url)
	}
	v := mustRegister(p, "a@example.com")
	v.mustSay()
	for path, want := range map[string]string{"/": "text/html", "/liveassist": "text/html", "/healthz": "application/json", "/readyz": "application/json", "/metrics": "text/plain"} {
		resp, err := v.client.Get(p.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(got, want) {
			t.Errorf("GET %s: %s %s, want 200 %s", path, resp.Status, got, want)
		}
	}
	data := filepath.Join(dir, "data")
	if info, err := os.Stat(data); err != nil || info.Mode() != os.ModeDir|0o700 {
		t.Errorf("data directory: %v, %v, want 0700", info.Mode(), err)
	}
	entries, err := os.ReadDir(data)
	if err != nil || len(entries) < 2 {
		t.Errorf("files %v, %v", entries, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v, want 0600", e.Name(), info.Mode(), err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("it left %v, %v, want data alone", entries, err)
	}
	p.mustStop()
	if got, want := p.stdout.String(), "LiveAssist is ready: "+p.url+"\n"; got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}
	if log := p.stderr.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, password) {
		t.Errorf("log:\n%s", log)
	}
}

// TestServe_InUse: a port or a data directory that is taken ends the start with one line,
// and leaves the first server alone.
func TestServe_InUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := mustStart(t, dir)
	addr := strings.TrimPrefix(p.url, "http://")
	other := t.TempDir()
	assertFails(t, mustRun(t, []string{"LISTEN_ADDR=" + addr, "DATA_DIR=" + other}), 1, "LISTEN_ADDR", "address already in use")
	if entries, err := os.ReadDir(other); err != nil || len(entries) != 0 {
		t.Errorf("it left %v, %v, want nothing", entries, err)
	}
	assertFails(t, mustRun(t, []string{"LISTEN_ADDR=127.0.0.1:0", "DATA_DIR=" + dir}), 1, "data directory "+dir, "in use")
	assertFails(t, mustRun(t, []string{"LISTEN_ADDR=127.0.0.1:0", "METRICS_ADDR=" + addr, "DATA_DIR=" + other}), 1, "METRICS_ADDR", "address already in use")
	mustRegister(p, "a@example.com").mustSay()
	p.mustStop()
}

// TestServe_MetricsAddr: metrics have a listener of their own, and are gone from the main one.
func TestServe_MetricsAddr(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p := mustStart(t, t.TempDir(), "METRICS_ADDR="+addr)
	for url, want := range map[string]int{"http://" + addr + "/metrics": 200, "http://" + addr + "/debug/pprof/": 200, "http://" + addr + "/api/users/me": 404, p.url + "/metrics": 404, p.url + "/debug/pprof/": 404} {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("GET %s: %d, want %d", url, resp.StatusCode, want)
		}
	}
	p.mustStop()
}

// underWay posts a message whose body ends when finish is closed. It returns when the
// server's handler is reading the body, and later the status.
func (v *person) underWay(id string, finish <-chan struct{}) <-chan int {
	v.tb.Helper()
	reading := make(chan struct{})
	ctx := httptrace.WithClientTrace(v.tb.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(reading) }})
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url+v.messagesPath(), r)
	if err != nil {
		v.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Expect", "100-continue")
	client := &http.Client{Jar: v.client.Jar, Transport: &http.Transport{ExpectContinueTimeout: patience}}
	status := make(chan int, 1)
	go func() {
		defer close(status)
		defer client.CloseIdleConnections()
		resp, err := client.Do(req)
		if err != nil {
			return
		}
		defer resp.Body.Close() //nolint:errcheck // it was read
		if _, err := io.Copy(io.Discard, resp.Body); err == nil {
			status <- resp.StatusCode
		}
	}()
	go func() {
		_, _ = io.WriteString(w, `{"id":"`+id+`","text":"text of `+id)
		<-finish
		_, _ = io.WriteString(w, `"}`)
		_ = w.Close()
	}()
	select {
	case <-reading:
	case <-time.After(patience):
		v.tb.Fatal("the server does not read the request")
	}
	return status
}

// stopTime is how long the server took to stop, by the times in its log: a busy machine does
// not count.
func (p *program) stopTime() time.Duration {
	p.tb.Helper()
	at := func(msg string) time.Time {
		m := regexp.MustCompile(`time=(\S+) level=INFO msg=` + msg + `\n`).FindStringSubmatch(p.stderr.String())
		if m == nil {
			p.tb.Fatalf("the log does not say %s:\n%s", msg, p.stderr)
		}
		t, err := time.Parse(time.RFC3339, m[1])
		if err != nil {
			p.tb.Fatal(err)
		}
		return t
	}
	return at("stopped").Sub(at("stopping"))
}

// TestServe_Stop: on either signal open streams end at once, the request under way
// finishes and is stored, and the program ends with code 0.
func TestServe_Stop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var v *person
	said := 0
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		p := mustStart(t, dir)
		if v == nil {
			v = mustRegister(p, "a@example.com")
		}
		v.moveTo(p)
		s := v.mustStream("")
		s.mustNext("ready")
		finish := make(chan struct{})
		status := v.underWay(uuid.NewString(), finish)

		p.signal(sig)
		for {
			if _, ok := s.next(); !ok {
				break
			}
		}
		if strings.Contains(p.stderr.String(), "msg=stopped") {
			t.Errorf("%v: the server did not wait for the request under way", sig)
		}
		close(finish)
		if got, ok := <-status; !ok || got != http.StatusCreated {
			t.Errorf("%v: the request under way was answered %d, %v, want 201", sig, got, ok)
		}
		if code := p.wait(patience); code != 0 {
			t.Errorf("%v: code %d, want 0", sig, code)
		}
		if took := p.stopTime(); took > 10*time.Second {
			t.Errorf("%v: it took %v, want at most 10 s", sig, took)
		}
		said++
	}
	p := mustStart(t, dir)
	v.moveTo(p)
	if got := len(v.mustRead()); got != said {
		t.Errorf("%d messages are there, want %d", got, said)
	}
	p.mustStop()
}

// TestServe_StopStalled: somebody who never finishes a request, and somebody who never
// begins one, hold the stop up for less than 10 s, and do not make it a failure. A second
// signal ends the program at once.
func TestServe_StopStalled(t *testing.T) {
	t.Parallel()
	for _, signals := range []int{1, 2} {
		t.Run(map[int]string{1: "once", 2: "twice"}[signals], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := mustStart(t, dir)
			v := mustRegister(p, "a@example.com")
			v.mustStream("").mustNext("ready")
			kept := v.mustSay()
			never := make(chan struct{})
			status := v.underWay(uuid.NewString(), never)
			silent, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer silent.Close() //nolint:errcheck // the server may have closed it

			p.signal(syscall.SIGINT)
			if signals == 2 {
				for ended := false; !ended; { // somebody keeps pressing Ctrl-C
					select {
					case <-p.ended:
						ended = true
					case <-time.After(50 * time.Millisecond):
						_ = p.cmd.Process.Signal(syscall.SIGINT) // it may have ended just now
					}
				}
				if code := p.wait(patience); code != -1 || strings.Contains(p.stderr.String(), "msg=stopped") {
					t.Errorf("second signal: code %d, want that the signal ended it at once\n%s", code, p.stderr)
				}
				close(never)
				<-status
				return
			}
			if code := p.wait(patience); code != 0 {
				t.Errorf("code %d, want 0", code)
			}
			if took := p.stopTime(); took > 10*time.Second {
				t.Errorf("it took %v, want at most 10 s", took)
			}
			close(never) // the client notices only now that nobody listens
			if got, ok := <-status; ok {
				t.Errorf("half a request was answered %d", got)
			}
			p = mustStart(t, dir)
			v.moveTo(p)
			if said := v.mustRead(); len(said) != 1 || said[0].ID != kept {
				t.Errorf("messages %v, want the one", said)
			}
			p.mustStop()
		})
	}
}
