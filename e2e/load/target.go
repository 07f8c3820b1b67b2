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

func startTarget(s starter, a api, probe string, args func(addr, dir string) *exec.Cmd) (*target, error) {
	dir, err := os.MkdirTemp("", "load-*")
	if err != nil {
		return nil, err
	}
	return startIn(dir, s, a, probe, args)
}

// startIn starts a server on a directory, which goes when it stops.
func startIn(dir string, s starter, a api, probe string, args func(addr, dir string) *exec.Cmd) (*target, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	t := &target{name: s.name(), addr: addr, dir: dir, api: a, cmd: args(addr, dir)}
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
	for time.Since(begin) < 60*time.Second {
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
	return nil, fmt.Errorf("%s did not come up", t.name)
}

func (t *target) stop() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	_ = os.RemoveAll(t.dir)
}

// halt ends the server in order and keeps its directory.
func (t *target) halt() {
	_ = t.cmd.Process.Signal(syscall.SIGTERM)
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

func (l liveassist) start() (*target, error) { return startTarget(l, l, "/healthz", l.command) }

func (l liveassist) command(addr, dir string) *exec.Cmd {
	cmd := exec.Command(l.bin)
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

func (b bare) start() (*target, error) {
	return startTarget(b, b, "/bytes", func(addr, dir string) *exec.Cmd {
		return exec.Command(b.bin, "-listen", addr, "-data", dir, fmt.Sprintf("-group=%v", b.group))
	})
}

func (b bare) person(*target) (person, error) {
	id := strconv.FormatInt(time.Now().UnixNano(), 36)
	return person{id: id, post: "/m/" + id, read: "/m/" + id, streaming: "/events/" + id, event: "message.created"}, nil
}

func (bare) subscribe(*target, person, []byte) error { return nil }
