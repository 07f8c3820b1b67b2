package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// target is a server under load, as its own process on a fresh directory.
type target struct {
	name    string
	addr    string
	cmd     *exec.Cmd
	dir     string
	started time.Duration // from start to the first 200
	api     api
}

// api is how a target is spoken to.
type api interface {
	// person makes somebody with an empty conversation.
	person(t *target) (person, error)
	// subscribe lets an open stream, whose first event held the given data, tell of the
	// person's messages.
	subscribe(t *target, p person, first []byte) error
}

// person is somebody who uses a target.
type person struct {
	header                string // signs the person in: "Name: value\r\n"
	id, email, session    string
	post, read, streaming string // paths
	images                string
	event                 string // the name of the event of a new message
	before                string // what a post's JSON has before its text
}

// say renders the body of a post.
func (p person) say(text string) string { return "{" + p.before + `"text":"` + text + `"}` }

// command makes a server's process for an address and a directory; it ends with ctx.
type command func(ctx context.Context, addr, dir string) *exec.Cmd

func startTarget(ctx context.Context, s starter, a api, probe string, c command) (*target, error) {
	dir, err := os.MkdirTemp("", "load-*")
	if err != nil {
		return nil, err
	}
	t, err := startIn(ctx, dir, s, a, probe, c)
	if err != nil {
		_ = os.RemoveAll(dir)
	}
	return t, err
}

// startIn starts a server on a directory, which goes when it stops.
func startIn(ctx context.Context, dir string, s starter, a api, probe string, c command) (*target, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	t := &target{name: s.name(), addr: addr, dir: dir, api: a, cmd: c(ctx, addr, dir)}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	t.cmd.Stdout, t.cmd.Stderr, t.cmd.Dir = log, log, dir
	// ctx ends the server when this program is told to go, the kernel when it is killed.
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begin := time.Now()
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	for ctx.Err() == nil && time.Since(begin) < 60*time.Second {
		resp, err := http.Get("http://" + addr + probe)
		if err == nil {
			resp.Body.Close()
		}
		if err == nil && resp.StatusCode == http.StatusOK {
			t.started = time.Since(begin)
			return t, nil
		}
		time.Sleep(time.Millisecond)
	}
	t.stop()
	return nil, cmp.Or(ctx.Err(), fmt.Errorf("%s did not come up", t.name))
}

// measure runs f. It does not wait for an f whose server ctx has ended: many wait long for
// events that cannot come any more, and this program ends at once.
func (t *target) measure(ctx context.Context, f func(*target) error) error {
	done := make(chan error, 1)
	go func() { done <- f(t) }()
	select {
	case err := <-done:
		return cmp.Or(ctx.Err(), err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *target) stop() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	_ = os.RemoveAll(t.dir)
}

// halt ends the server in order, or after 15 s by force, and keeps its directory.
func (t *target) halt() {
	_ = t.cmd.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(15*time.Second, func() { _ = t.cmd.Process.Kill() })
	defer late.Stop()
	_ = t.cmd.Wait()
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
type liveassist struct {
	bin, title string
}

func (l liveassist) name() string     { return l.title }
func (liveassist) durability() string { return "FULL" }

func (l liveassist) start(ctx context.Context) (*target, error) {
	return startTarget(ctx, l, l, "/healthz", l.command)
}

func (l liveassist) command(ctx context.Context, addr, dir string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, l.bin)
	cmd.Env = append(os.Environ(), "LISTEN_ADDR="+addr, "DATA_DIR="+dir, "RATE_LIMIT=off", "ASSIST=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET="+webhookSecret)
	return cmd
}

const password = "correct horse"

func (l liveassist) person(t *target) (person, error) {
	c, err := dial(t.addr, person{})
	if err != nil {
		return person{}, err
	}
	defer c.c.Close()
	email := fmt.Sprintf("load-%d@example.com", time.Now().UnixNano())
	header, err := c.must(http.MethodPost, "/api/auth/register", `{"email":"`+email+`","password":"`+password+`"}`, nil)
	if err != nil {
		return person{}, err
	}
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	c.auth = "Cookie: " + cookie + "\r\n"
	var me, s struct {
		ID        string `json:"id"`
		SessionID string `json:"sessionId"`
	}
	if _, err := c.must(http.MethodGet, "/api/users/me", "", &me); err != nil {
		return person{}, err
	}
	if _, err := c.must(http.MethodPost, "/api/liveassist/sessions", "", &s); err != nil {
		return person{}, err
	}
	path := "/api/liveassist/sessions/" + s.SessionID + "/messages"
	return person{header: c.auth, id: me.ID, email: email, session: s.SessionID, post: path, read: path + "?limit=50",
		streaming: "/api/events", event: "message.created", images: strings.TrimSuffix(path, "messages") + "images"}, nil
}

// subscribe has nothing to do: a stream tells all that its person may know.
func (liveassist) subscribe(*target, person, []byte) error { return nil }

// bare is the reference without anything around it.
type bare struct {
	bin   string
	group bool
}

func (b bare) name() string {
	if b.group {
		return "bare handler, group commit"
	}
	return "bare handler, one transaction each"
}

func (bare) durability() string { return "FULL" }

func (b bare) start(ctx context.Context) (*target, error) {
	return startTarget(ctx, b, b, "/bytes", func(ctx context.Context, addr, dir string) *exec.Cmd {
		return exec.CommandContext(ctx, b.bin, "-listen", addr, "-data", dir, fmt.Sprintf("-group=%v", b.group))
	})
}

func (b bare) person(*target) (person, error) {
	id := strconv.FormatInt(time.Now().UnixNano(), 36)
	return person{id: id, post: "/m/" + id, read: "/m/" + id, streaming: "/events/" + id, event: "message.created"}, nil
}

func (bare) subscribe(*target, person, []byte) error { return nil }
