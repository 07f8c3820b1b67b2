package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// cookie is the person's session as a header.
func (v *person) cookie() string {
	v.tb.Helper()
	req, err := http.NewRequest(http.MethodGet, v.url, nil)
	if err != nil {
		v.tb.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
	return req.Header.Get("Cookie")
}

// mustDial opens a bare connection, whose receive buffer is small where slow is set: then
// the server soon has nowhere to write to.
func (p *program) mustDial(slow bool) net.Conn {
	p.tb.Helper()
	d := net.Dialer{Timeout: patience}
	if slow {
		d.Control = func(_, _ string, c syscall.RawConn) error {
			var failed error
			err := c.Control(func(fd uintptr) { failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
			if err == nil {
				err = failed
			}
			return err
		}
	}
	c, err := d.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.tb.Fatal(err)
	}
	p.tb.Cleanup(func() { _ = c.Close() })
	return c
}

// pace posts n messages and returns how long each took.
func (v *person) pace(n int) (took []time.Duration) {
	v.tb.Helper()
	for range n {
		begin := time.Now()
		v.mustSay()
		took = append(took, time.Since(begin))
	}
	return took
}

// assertQuick holds posts against what they took before: a busy machine slows both.
func assertQuick(t *testing.T, when string, before, now []time.Duration) {
	t.Helper()
	was, is := percentile(before, 0.9), percentile(now, 0.9)
	t.Logf("%s: nine posts in ten took at most %v, before %v", when, is, was)
	if is > 4*was+100*time.Millisecond {
		t.Errorf("%s: nine posts in ten took at most %v, before %v", when, is, was)
	}
}

// drip sends a byte of text each pause, for ever or until the server has had enough, and
// returns how long that took.
func drip(c net.Conn, text string, pause time.Duration) time.Duration {
	begin := time.Now()
	go func() {
		for i := 0; ; i++ {
			if _, err := c.Write([]byte{text[i%len(text)]}); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}()
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
	return time.Since(begin)
}

// TestFault_SlowSenders: people who send their headers, or their bodies, a byte at a time are
// cut off, whether they are signed in or not, and hold up nobody.
func TestFault_SlowSenders(t *testing.T) {
	t.Parallel()
	p := mustStartCommand(t, exec.Command(swiftBinary(t)), "DATA_DIR="+t.TempDir(), "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "ASSIST=off", "STRIPE_WEBHOOK_SECRET="+signingSecret)
	v := mustRegister(p, "a@example.com")
	before := v.pace(100)
	goroutines := p.metric("go_goroutines")

	post := func(path, contentType string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: x\r\nCookie: " + v.cookie() + "\r\nContent-Type: " + contentType + "\r\nContent-Length: 100000\r\n\r\n"
	}
	kinds := map[string]struct {
		begin string
		limit time.Duration
	}{
		"headers":          {"GET /api/users/me HTTP/1.1\r\nHost: x\r\nX-A: ", 20 * time.Second},
		"request line":     {"GET /", 20 * time.Second},
		"message":          {post(v.messagesPath(), "application/json") + `{"text":"`, 45 * time.Second},
		"sign-in":          {post("/api/auth/login", "application/json") + `{"email":"`, 45 * time.Second},
		"event of Stripe":  {post("/api/webhooks/stripe", "application/json") + `{"id":"`, 45 * time.Second},
		"no such address":  {post("/api/nowhere", "application/json") + `{"id":"`, 45 * time.Second},
		"body of a GET":    {strings.Replace(post("/api/users/me", "application/json"), "POST", "GET", 1), 45 * time.Second},
		"page of the app":  {strings.Replace(post("/", "text/html"), "POST", "GET", 1), 45 * time.Second},
		"another's method": {strings.Replace(post("/api/events", "text/html"), "POST", "PUT", 1), 45 * time.Second},
	}
	var group sync.WaitGroup
	for name, kind := range kinds {
		for range 25 {
			c := p.mustDial(false)
			if _, err := io.WriteString(c, kind.begin); err != nil {
				t.Fatal(err)
			}
			group.Go(func() {
				if took := drip(c, "a", 500*time.Millisecond); took > kind.limit {
					t.Errorf("%s: held for %v, want less than %v", name, took, kind.limit)
				}
			})
		}
	}
	time.Sleep(time.Second)
	assertQuick(t, fmt.Sprint(25*len(kinds), " slow senders"), before, v.pace(200))
	group.Wait()
	eventually(t, patience, "goroutines gone", func() bool { return p.metric("go_goroutines") < goroutines+20 })
	p.mustStop()
}

// TestFault_SlowReaders: a tab that reads a byte a second, and people who fetch a large
// picture like that, hold up nobody and cost little; the tab is cut off.
func TestFault_SlowReaders(t *testing.T) {
	t.Parallel()
	p := mustStartCommand(t, exec.Command(swiftBinary(t)), "DATA_DIR="+t.TempDir(), "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	before := v.pace(100)
	status, answer, err := v.send(t.Context(), uuid.NewString(), noise(t, 1600, 1200))
	if err != nil || status != http.StatusCreated {
		t.Fatalf("photo: %d %s, %v", status, answer, err)
	}
	_, rest, _ := strings.Cut(string(answer), `"url":"`)
	picture, _, _ := strings.Cut(rest, `"`)
	live := v.mustStream("")
	live.mustNext("ready")

	read := func(path string) (c net.Conn, ended chan struct{}) {
		c = p.mustDial(true)
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", path, v.cookie())
		ended = make(chan struct{})
		go func() {
			defer close(ended)
			for r := bufio.NewReaderSize(c, 16); ; time.Sleep(time.Second) {
				if _, err := r.ReadByte(); err != nil {
					return
				}
			}
		}()
		return c, ended
	}
	_, tab := read("/api/events")
	for range 50 {
		read(picture)
	}
	time.Sleep(300 * time.Millisecond)
	memory := p.memory("VmRSS")
	long := strings.Repeat("The tap drips. ", 200)
	stop := time.Now().Add(45 * time.Second)
	for cut, n := false, 0; !cut; n++ {
		select {
		case <-tab:
			cut = true
		default:
		}
		if p.metric("liveassist_streams") == 1 {
			cut = true // the live one alone is left; the slow tab reads yet what lies in its buffer
		}
		if time.Now().After(stop) {
			t.Fatal("the tab that reads a byte a second is not cut off")
		}
		for range 10 {
			v.must(http.StatusCreated, http.MethodPost, v.messagesPath(), map[string]string{"text": long}, nil)
			live.mustNext("message.created")
		}
		time.Sleep(100 * time.Millisecond)
	}
	assertQuick(t, "50 slow readers", before, v.pace(200))
	// The pictures themselves, once each, are what the readers may cost: 50 times 2 MB.
	if now := p.memory("VmRSS"); now > memory+150 {
		t.Errorf("%d MiB, %d before the slow tab was talked to", now, memory)
	}
	p.mustStop()
}

// withComments makes a JPEG file size bytes long, by comments after its first marker: much to
// hold, and little to work on.
func withComments(picture []byte, size int) []byte {
	comment := append([]byte{0xff, 0xfe, 0xff, 0xff}, make([]byte, 0xffff-2)...)
	out := slices.Clone(picture[:2])
	for len(out)+len(picture) < size {
		out = append(out, comment...)
	}
	return append(out, picture[2:]...)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestFault_UploadsAtOnce: of 64 large photos at once a free person gets two accepted, the
// others are told of the limit, and the server stays below 300 MiB.
func TestFault_UploadsAtOnce(t *testing.T) { //nolint:paralleltest // 64 uploads want the machine: a header must be there within 10 s
	p := mustStartCommand(t, exec.Command(swiftBinary(t)), "DATA_DIR="+t.TempDir(), "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	picture := withComments(noise(t, 480, 360), 9<<20)
	var mu sync.Mutex
	answers := map[int]int{}
	var group sync.WaitGroup
	// All wait until each has sent its fields and the picture's beginning. No more than that:
	// the server works on a few at once, and what it does not read yet has to fit into buffers.
	const first = 32 << 10
	var underWay sync.WaitGroup
	underWay.Add(64)
	for range 64 {
		group.Go(func() {
			body, contentType := photoForm(uuid.NewString(), picture)
			last := bytes.NewReader(bytes.Clone(body.Bytes()[first:]))
			body.Truncate(first)
			reached := sync.OnceFunc(underWay.Done)
			defer reached() // also where it fails before: the others must not wait for it
			gate := readerFunc(func([]byte) (int, error) {
				reached()
				underWay.Wait()
				return 0, io.EOF
			})
			status, answer, err := v.sendForm(t.Context(), io.MultiReader(body, gate, last), contentType)
			if err != nil || status == http.StatusForbidden && !strings.Contains(string(answer), "IMAGE_DAY_LIMIT") {
				t.Errorf("photo: %d %s, %v", status, answer, err)
			}
			mu.Lock()
			defer mu.Unlock()
			answers[status]++
		})
	}
	group.Wait()
	if answers[http.StatusCreated] != 2 || answers[http.StatusForbidden] != 62 {
		t.Errorf("answers %v, want 2 accepted and 62 over the limit", answers)
	}
	if most := p.memory("VmHWM"); most > 300 {
		t.Errorf("the server took %d MiB, want at most 300", most)
	} else {
		t.Logf("the server took %d MiB at most", most)
	}
	if said := v.mustRead(); len(said) != 2 {
		t.Errorf("%d messages, want 2", len(said))
	}
	p.mustStop()
}
