package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test: the real one, built with the race detector.
var binary string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		return m.Run() // fuzz targets start no server, and each of their processes would build one
	}
	dir, err := os.MkdirTemp("", "liveassist-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	binary = filepath.Join(dir, "liveassist")
	build := exec.Command("go", "build", "-race", "-tags", buildTags, "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program under test:", err)
		return 1
	}
	return m.Run()
}

// patience is how long a test waits for what should come at once, on a busy machine.
const patience = 30 * time.Second

// buffer collects what a program writes.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// environment is all that a program under test sees of the environment.
func environment(env ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "GORACE=halt_on_error=1 atexit_sleep_ms=0"}, env...)
}

// result is what a program that has ended left.
type result struct {
	code           int
	stdout, stderr string
}

// mustRun runs the program to its end, in an empty directory of its own.
func mustRun(tb testing.TB, env []string, args ...string) result {
	tb.Helper()
	return mustRunIn(tb, tb.TempDir(), env, args...)
}

func mustRunIn(tb testing.TB, dir string, env []string, args ...string) result {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var stdout, stderr buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environment(env...), &stdout, &stderr
	err := cmd.Run()
	if cmd.ProcessState == nil || ctx.Err() != nil {
		tb.Fatalf("%v %v: %v, still running after %v\n%s%s", env, args, err, patience, stdout.String(), stderr.String())
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// program is a running server.
type program struct {
	tb     testing.TB
	cmd    *exec.Cmd
	url    string
	stdout *buffer
	stderr *buffer
	ended  chan struct{} // closed when it has ended
}

// mustStart starts the server on a free port with its data in dir, and waits for its line.
func mustStart(tb testing.TB, dir string, env ...string) *program {
	tb.Helper()
	return mustStartCommand(tb, exec.Command(binary), append([]string{"DATA_DIR=" + dir, "LISTEN_ADDR=127.0.0.1:0"}, env...)...)
}

func mustStartCommand(tb testing.TB, cmd *exec.Cmd, env ...string) *program {
	tb.Helper()
	p := &program{tb: tb, cmd: cmd, stdout: &buffer{}, stderr: &buffer{}, ended: make(chan struct{})}
	if cmd.Dir == "" {
		cmd.Dir = tb.TempDir()
	}
	r, w := io.Pipe()
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(env...), io.MultiWriter(p.stdout, w), p.stderr
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // the state says how it went
		_ = w.Close()
	}()
	tb.Cleanup(func() {
		p.kill()
		if tb.Failed() {
			tb.Logf("the server's log:\n%s", p.stderr)
		}
		if strings.Contains(p.stderr.String(), "DATA RACE") {
			tb.Errorf("the server has a data race:\n%s", p.stderr)
		}
	})
	line := make(chan string, 1)
	go func() {
		s := bufio.NewScanner(r)
		if s.Scan() {
			line <- s.Text()
		}
		_, _ = io.Copy(io.Discard, r)
		close(line)
	}()
	select {
	case l := <-line:
		var ok bool
		if _, p.url, ok = strings.Cut(l, "LiveAssist is ready: "); !ok {
			tb.Fatalf("the server said %q\n%s", l, p.stderr)
		}
	case <-time.After(patience):
		tb.Fatalf("the server said nothing\n%s", p.stderr)
	}
	return p
}

// kill ends the server as a power cut would.
func (p *program) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.ended
}

// signal asks the server to stop; wait says how it did.
func (p *program) signal(s os.Signal) {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.tb.Fatal(err)
	}
}

// wait returns the exit code, -1 where a signal ended the server.
func (p *program) wait(limit time.Duration) int {
	p.tb.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		p.tb.Fatalf("the server runs still, %v after it was asked to stop\n%s", limit, p.stderr)
		return 0
	}
}

// mustStop stops the server in the ordinary way.
func (p *program) mustStop() {
	p.tb.Helper()
	p.signal(syscall.SIGTERM)
	if code := p.wait(patience); code != 0 {
		p.tb.Errorf("stopped with code %d\n%s", code, p.stderr)
	}
}
