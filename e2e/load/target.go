package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// target is a server under load, as its own process on a fresh directory.
type target struct {
	name       string
	durability string
	addr       string
	cmd        *exec.Cmd
	dir        string
	started    time.Duration // from start to the first 200
	api        api
}

// api is how a target is spoken to.
type api interface {
	// person makes somebody with an empty conversation.
	person(t *target) (person, error)
}

// person is somebody who uses a target.
type person struct {
	cookie                string
	post, read, streaming string // paths
	images                string
}

func startTarget(name, durability string, a api, probe string, args func(addr, dir string) *exec.Cmd) (*target, error) {
	dir, err := os.MkdirTemp("", "load-*")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	t := &target{name: name, durability: durability, addr: addr, dir: dir, api: a, cmd: args(addr, dir)}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	t.cmd.Stdout, t.cmd.Stderr, t.cmd.Dir = log, log, dir
	begin := time.Now()
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < 20*time.Second {
		resp, err := http.Get("http://" + addr + probe)
		if err == nil {
			resp.Body.Close()
			t.started = time.Since(begin)
			return t, nil
		}
		time.Sleep(time.Millisecond)
	}
	t.stop()
	return nil, fmt.Errorf("%s did not come up", name)
}

func (t *target) stop() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	_ = os.RemoveAll(t.dir)
}

// rss is the resident memory of the process in KiB.
func (t *target) rss() int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "VmRSS:") {
			n, _ := strconv.Atoi(strings.Fields(line)[1])
			return n
		}
	}
	return 0
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// liveassist is the product.
type liveassist struct{ bin string }

func (l liveassist) start() (*target, error) {
	return startTarget("liveassist", "FULL", l, "/healthz", func(addr, dir string) *exec.Cmd {
		cmd := exec.Command(l.bin)
		cmd.Env = append(os.Environ(), "LISTEN_ADDR="+addr, "DATA_DIR="+dir, "RATE_LIMIT=off", "ASSIST=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET="+webhookSecret)
		return cmd
	})
}

func (l liveassist) person(t *target) (person, error) {
	c, err := dial(t.addr, "")
	if err != nil {
		return person{}, err
	}
	defer c.c.Close()
	email := fmt.Sprintf("load-%d@example.com", time.Now().UnixNano())
	header, err := c.must(http.MethodPost, "/api/auth/register", `{"email":"`+email+`","password":"correct horse"}`, nil)
	if err != nil {
		return person{}, err
	}
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	c.cookie = cookie
	var s struct {
		SessionID string `json:"sessionId"`
	}
	if _, err := c.must(http.MethodPost, "/api/liveassist/sessions", "", &s); err != nil {
		return person{}, err
	}
	path := "/api/liveassist/sessions/" + s.SessionID + "/messages"
	return person{cookie: cookie, post: path, read: path + "?limit=50", streaming: "/api/events", images: strings.TrimSuffix(path, "messages") + "images"}, nil
}

// bare is the reference without anything around it.
type bare struct {
	bin   string
	group bool
}

func (b bare) start() (*target, error) {
	name := "bare, group commit"
	if !b.group {
		name = "bare, one transaction each"
	}
	return startTarget(name, "FULL", b, "/bytes", func(addr, dir string) *exec.Cmd {
		return exec.Command(b.bin, "-listen", addr, "-data", dir, fmt.Sprintf("-group=%v", b.group))
	})
}

func (b bare) person(*target) (person, error) {
	id := strconv.FormatInt(time.Now().UnixNano(), 36)
	return person{post: "/m/" + id, read: "/m/" + id, streaming: "/events/" + id}, nil
}
