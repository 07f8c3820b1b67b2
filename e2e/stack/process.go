package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// processes runs the programs on this machine without an engine.
type processes struct {
	dir     string
	runID   string
	started []*process
}

// process is one of them.
type process struct {
	logbook

	p    program
	addr string
	env  []string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

// stopWithin is how long a program may take to end after SIGTERM. The product allows itself 10 s.
const stopWithin = 12 * time.Second

func (r *processes) start(ctx context.Context, p program) (service, error) {
	if p.image != "" {
		return nil, fmt.Errorf("start %s: an image needs containers", p.name)
	}
	port, err := FreePort(ctx)
	if err != nil {
		return nil, err
	}
	s := &process{p: p, addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), done: make(chan struct{})}
	dir := filepath.Join(r.dir, p.name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	args, env := p.call(s.addr, dir, s.addr)
	s.env = append(s.env, EnvRun+"="+r.runID)
	for k, v := range env {
		s.env = append(s.env, k+"="+v)
	}
	s.cmd = exec.Command(p.file, args...) //nolint:noctx // it is ended by close, politely
	s.cmd.Dir, s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = dir, s.env, s, s
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	r.started = append(r.started, s)
	go func() {
		_ = s.cmd.Wait() // how it ended is seen in its log
		close(s.done)
	}()
	return s, s.await(ctx)
}

func (s *process) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for !answers(ctx, s.addr, s.p.path) {
		select {
		case <-s.done:
			return fmt.Errorf("start %s: it ended: %s", s.p.name, lastLines(s.lines()))
		case <-ctx.Done():
			return fmt.Errorf("start %s: not ready after %v: %s", s.p.name, readyWithin, lastLines(s.lines()))
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

func (s *process) address() string { return s.addr }

func (s *process) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.p.file, args...)
	cmd.Env, cmd.Dir = s.env, s.cmd.Dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %q: %w: %s", s.p.name, args, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}

func (r *processes) reach(_ program, s service) string { return s.address() }

// close ends the programs, the last one first.
func (r *processes) close(context.Context) error {
	var errs []error
	for _, s := range slices.Backward(r.started) {
		errs = append(errs, s.stop())
	}
	r.started = nil
	return errors.Join(errs...)
}

func (s *process) stop() error {
	group := -s.cmd.Process.Pid
	_ = syscall.Kill(group, syscall.SIGTERM) // it may be gone already
	select {
	case <-s.done:
		return nil
	case <-time.After(stopWithin):
	}
	_ = syscall.Kill(group, syscall.SIGKILL)
	<-s.done
	return fmt.Errorf("stop %s: it did not end within %v after SIGTERM", s.p.name, stopWithin)
}

// lastLines is the end of a log, for an error.
func lastLines(lines []string) string {
	const most = 5
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	return fmt.Sprintf("%q", lines)
}
