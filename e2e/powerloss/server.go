package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long is waited for what should come at once, on a busy machine.
const patience = 60 * time.Second

// server is the product in a process of its own, with or without strace around it.
type server struct {
	cmd *exec.Cmd
	pid int // the product's own
	url string
	log *os.File
}

// startServer starts the product on dir and waits until it is ready. Where trace is not
// empty, strace writes there what the product does.
func startServer(ctx context.Context, product, dir, trace, log string) (*server, error) {
	command := []string{product}
	if trace != "" {
		command = append([]string{"strace"}, straceArgs(trace, product)...)
	}
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // a path of this program's own
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	s := &server{cmd: exec.CommandContext(ctx, command[0], command[1:]...), log: out} //nolint:gosec // the product under test
	s.cmd.Env = append(os.Environ(), "DATA_DIR="+dir, "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET="+webhookSecret)
	s.cmd.Stderr = out
	s.cmd.Cancel = func() error { return errors.Join(s.signal(syscall.SIGKILL), s.cmd.Process.Kill()) }
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(stdout).ReadString('\n')
		line <- text
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case text := <-line:
		_, s.url, _ = strings.Cut(strings.TrimSpace(text), "LiveAssist is ready: ")
	case <-time.After(patience):
	}
	s.pid, err = s.product(trace != "")
	if err != nil || s.url == "" {
		_ = s.end(syscall.SIGKILL)
		b, _ := os.ReadFile(log) //nolint:gosec // a path of this program's own
		return nil, fmt.Errorf("the product did not come up: %w\n%s", err, b)
	}
	return s, nil
}

// product finds the product's process: strace's only child.
func (s *server) product(traced bool) (int, error) {
	pid := s.cmd.Process.Pid
	if !traced {
		return pid, nil
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, fmt.Errorf("find the traced process: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}

func (s *server) signal(sig syscall.Signal) error {
	pid := s.pid
	if pid == 0 {
		var err error
		if pid, err = s.product(true); err != nil {
			return err
		}
	}
	return syscall.Kill(pid, sig)
}

// end signals the product and waits until it and strace are gone, so that the trace is whole.
func (s *server) end(sig syscall.Signal) error {
	_ = s.signal(sig) // it may have ended by itself
	err := s.cmd.Wait()
	_ = s.log.Close()
	if sig == syscall.SIGKILL {
		return nil
	}
	return err
}
