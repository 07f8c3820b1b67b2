package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// load is everybody who uses the server.
type load struct {
	url    string
	ctx    context.Context //nolint:containedctx // the load's own life
	cancel context.CancelFunc
	group  sync.WaitGroup
	people []*client
	http   *http.Client
	photo  []byte

	mu     sync.Mutex
	posts  []time.Duration // since the last sample
	events int
	failed []string
}

// client is one person.
type client struct{ id, cookie, session string }

const password = "correct horse"

func newLoad(ctx context.Context, url string, o options) (*load, error) {
	l := &load{url: url, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 30 * time.Second}}
	l.ctx, l.cancel = context.WithCancel(ctx)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
		return nil, err
	}
	l.photo = b.Bytes()
	for n := range o.people {
		c, err := l.register(fmt.Sprintf("soak%d@example.com", n))
		if err != nil {
			return nil, err
		}
		l.people = append(l.people, c)
	}
	for n := range o.streams {
		if err := l.stream(l.people[n%len(l.people)]); err != nil {
			return nil, fmt.Errorf("stream %d: %w", n, err)
		}
	}
	// Beside each 40 messages: 20 reads, 2 photos, 4 events of Stripe, one sign-in in 5 s.
	for work, pace := range map[string]time.Duration{"say": time.Second / time.Duration(o.rate), "read": 2 * time.Second / time.Duration(o.rate), "photo": 20 * time.Second / time.Duration(o.rate), "pay": 10 * time.Second / time.Duration(o.rate), "sign in": 200 * time.Second / time.Duration(o.rate)} {
		l.group.Go(func() { l.keep(pace, l.work(work)) })
	}
	return l, nil
}

func (l *load) stop() {
	l.cancel()
	l.group.Wait()
	l.http.CloseIdleConnections()
}

func (l *load) failures() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

func (l *load) fail(format string, args ...any) {
	if l.ctx.Err() != nil {
		return // the load ends
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = append(l.failed, fmt.Sprintf(format, args...))
}

// keep begins a piece of work at each tick, whether the one before has ended or not: people
// do not wait for each other. At most 64 at once.
func (l *load) keep(pace time.Duration, work func(c *client, n int)) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	free := make(chan struct{}, 64)
	for n := 0; ; n++ {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case free <- struct{}{}:
			l.group.Go(func() {
				defer func() { <-free }()
				work(l.people[n%len(l.people)], n)
			})
		case <-l.ctx.Done():
			return
		}
	}
}

// call sends a request; any answer but 2xx is a failure.
func (l *load) call(c *client, method, path, contentType string, body []byte, header ...string) (answer []byte, cookie string) {
	req, err := http.NewRequestWithContext(l.ctx, method, l.url+path, bytes.NewReader(body))
	if err != nil {
		l.fail("%v", err)
		return nil, ""
	}
	req.Header.Set("Content-Type", contentType)
	if c != nil {
		req.Header.Set("Cookie", c.cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := l.http.Do(req)
	if err != nil {
		l.fail("%s %s: %v", method, path, err)
		return nil, ""
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		l.fail("%s %s: %d %s, %v", method, path, resp.StatusCode, answer, err)
		return nil, ""
	}
	cookie, _, _ = strings.Cut(resp.Header.Get("Set-Cookie"), ";")
	return answer, cookie
}

func (l *load) register(email string) (*client, error) {
	var u struct{ ID string }
	var s struct{ SessionID string }
	answer, cookie := l.call(nil, http.MethodPost, "/api/auth/register", "application/json", fmt.Appendf(nil, `{"email":%q,"password":%q}`, email, password))
	c := &client{cookie: cookie}
	if err := json.Unmarshal(answer, &u); err != nil {
		return nil, fmt.Errorf("register: %v, %w", l.failed, err)
	}
	answer, _ = l.call(c, http.MethodPost, "/api/liveassist/sessions", "application/json", nil)
	if err := json.Unmarshal(answer, &s); err != nil {
		return nil, fmt.Errorf("register: %v, %w", l.failed, err)
	}
	c.id, c.session = u.ID, s.SessionID
	return c, nil
}

func (l *load) work(name string) func(*client, int) {
	switch name {
	case "say":
		return l.say
	case "read":
		return func(c *client, _ int) {
			l.call(c, http.MethodGet, "/api/liveassist/sessions/"+c.session+"/messages?limit=50", "application/json", nil)
		}
	case "photo":
		return l.send
	case "pay":
		return l.pay
	}
	return func(_ *client, n int) {
		l.call(nil, http.MethodPost, "/api/auth/login", "application/json", fmt.Appendf(nil, `{"email":"soak%d@example.com","password":%q}`, n%len(l.people), password))
	}
}

func (l *load) say(c *client, n int) {
	begin := time.Now()
	answer, _ := l.call(c, http.MethodPost, "/api/liveassist/sessions/"+c.session+"/messages", "application/json", fmt.Appendf(nil, `{"text":"The tap drips for the %dth time, what can I do about it?"}`, n))
	if answer != nil {
		l.mu.Lock()
		l.posts = append(l.posts, time.Since(begin))
		l.mu.Unlock()
	}
}

func (l *load) send(c *client, _ int) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	w, err := form.CreateFormFile("image", "photo.png")
	if err == nil {
		_, err = w.Write(l.photo)
	}
	if err != nil || form.Close() != nil {
		l.fail("photo: %v", err)
		return
	}
	l.call(c, http.MethodPost, "/api/liveassist/sessions/"+c.session+"/images", form.FormDataContentType(), b.Bytes())
}

// pay delivers an event of a new subscription; each third one comes twice.
func (l *load) pay(c *client, n int) {
	now, id := time.Now().Unix(), rand.Text()
	body, err := json.Marshal(map[string]any{"id": "evt_" + id, "type": "checkout.session.completed", "created": now, "livemode": false, "data": map[string]any{"object": map[string]any{
		"id": "cs_" + id, "mode": "subscription", "payment_status": "paid", "customer": "cus_" + c.id, "subscription": "sub_" + id,
		"metadata": map[string]any{"userId": c.id, "plan": "month"},
	}}})
	if err != nil {
		l.fail("%v", err)
		return
	}
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	fmt.Fprintf(mac, "%d.%s", now, body)
	for range 1 + (n%3)/2 {
		l.call(nil, http.MethodPost, "/api/webhooks/stripe", "application/json", body, "Stripe-Signature", fmt.Sprintf("t=%d,v1=%s", now, hex.EncodeToString(mac.Sum(nil))))
	}
}

// stream opens an event stream and reads it until the load ends: its ids must grow.
func (l *load) stream(c *client) error {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(l.url, "http://"), 10*time.Second)
	if err != nil {
		return err
	}
	fmt.Fprintf(conn, "GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", c.cookie)
	ready := make(chan error, 1)
	l.group.Go(func() {
		defer func() { _ = conn.Close() }()
		stop := context.AfterFunc(l.ctx, func() { _ = conn.Close() })
		defer stop()
		r, last := bufio.NewReaderSize(conn, 1024), int64(-1)
		for {
			line, err := r.ReadSlice('\n')
			if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // bufio's own, unwrapped
				ready <- err
				l.fail("a stream has ended: %v", err)
				return
			}
			if text, ok := bytes.CutPrefix(line, []byte("id: ")); ok {
				id, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
				if err != nil || id < last {
					l.fail("event %d after %d: %v", id, last, err)
				}
				last = id
			}
			if bytes.HasPrefix(line, []byte("event: ready")) {
				ready <- nil
			}
			if bytes.HasPrefix(line, []byte("event: message.created")) {
				l.mu.Lock()
				l.events++
				l.mu.Unlock()
			}
		}
	})
	return <-ready
}
