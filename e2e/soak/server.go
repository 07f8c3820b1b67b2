package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const webhookSecret = "whsec_soak"

// server is the product in a process of its own.
type server struct {
	cmd   *exec.Cmd
	dir   string
	url   string
	ended chan struct{} // closed when the process is gone
	err   error         // how it ended; read it after ended
}

func startServer(ctx context.Context, product, dir string) (*server, error) {
	log, err := os.Create(filepath.Join(dir, "log")) //nolint:gosec // a directory of this program's own
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	s := &server{cmd: exec.CommandContext(ctx, product), dir: filepath.Join(dir, "data"), ended: make(chan struct{})} //nolint:gosec // the product under test
	s.cmd.Env = append(os.Environ(), "DATA_DIR="+s.dir, "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000000", "STRIPE_WEBHOOK_SECRET="+webhookSecret)
	s.cmd.Stderr = log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	_, url, ok := strings.Cut(strings.TrimSpace(line), "LiveAssist is ready: ")
	go func() {
		_, _ = io.Copy(io.Discard, stdout)
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	if !ok {
		s.kill()
		b, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("the product did not come up: %v\n%s", err, b)
	}
	s.url = url
	return s, nil
}

// kill ends the server at once, and waits: who dies still may write still.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

// stop ends the server in order, within the 10 s that it has.
func (s *server) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
		return s.err
	case <-time.After(15 * time.Second):
		return fmt.Errorf("the server runs still, 15 s after SIGTERM")
	}
}

// figures asks the server, and the system, what it takes.
func (s *server) figures() (sample, error) {
	var m sample
	resp, err := http.Get(s.url + "/metrics") //nolint:noctx // the server is ours
	if err != nil {
		return m, err
	}
	defer func() { _ = resp.Body.Close() }()
	into := map[string]*float64{
		"process_resident_memory_bytes": &m.rss, "go_memstats_heap_inuse_bytes": &m.heap, "go_goroutines": &m.goroutines,
		"process_open_fds": &m.files, "liveassist_streams": &m.streams,
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if f := into[name]; f != nil {
			if *f, err = strconv.ParseFloat(value, 64); err != nil {
				return m, err
			}
		}
	}
	for name, size := range map[string]*float64{"liveassist.db-wal": &m.wal, "liveassist.db": &m.db} {
		if info, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			*size = float64(info.Size())
		}
	}
	return m, nil
}
