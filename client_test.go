package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// person is somebody with an account and a browser.
type person struct {
	tb      testing.TB
	client  *http.Client
	url     string
	email   string
	session string // the id of their conversation
}

const password = "correct horse"

// mustRegister makes an account with a conversation.
func mustRegister(p *program, email string) *person {
	p.tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.tb.Fatal(err)
	}
	// A transport of their own: connections to a server that was killed are not used again.
	v := &person{tb: p.tb, client: &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}, url: p.url, email: email}
	p.tb.Cleanup(v.client.CloseIdleConnections)
	v.must(http.StatusCreated, http.MethodPost, "/api/auth/register", map[string]string{"email": email, "password": password}, nil)
	var s struct{ SessionID string }
	v.must(http.StatusCreated, http.MethodPost, "/api/liveassist/sessions", nil, &s)
	v.session = s.SessionID
	return v
}

// id is the account's.
func (v *person) id() string {
	v.tb.Helper()
	var me struct{ ID string }
	v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
	return me.ID
}

// moveTo lets the person go on with the next server, with the cookie of the one before.
func (v *person) moveTo(p *program) {
	v.tb.Helper()
	v.client.CloseIdleConnections()
	v.url = p.url // cookies do not ask for the port
}

// call sends a request and reads the whole answer.
func (v *person) call(ctx context.Context, method, path string, body any) (status int, answer []byte, err error) {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		r = strings.NewReader(string(b))
	}
	req, err := http.NewRequestWithContext(ctx, method, v.url+path, r)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := v.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// must sends a request that has to be answered with the given status.
func (v *person) must(status int, method, path string, body, answer any) {
	v.tb.Helper()
	got, b, err := v.call(v.tb.Context(), method, path, body)
	if err != nil || got != status {
		v.tb.Fatalf("%s %s: %d %s, %v, want %d", method, path, got, b, err, status)
	}
	if answer != nil {
		if err := json.Unmarshal(b, answer); err != nil {
			v.tb.Fatalf("%s %s: %s: %v", method, path, b, err)
		}
	}
}

// message is one as the API shows it.
type message struct{ ID, SessionID, Role, Text, CreatedAt string }

func (v *person) messagesPath() string { return "/api/liveassist/sessions/" + v.session + "/messages" }

// say posts a message and returns its status; its text names its id.
func (v *person) say(ctx context.Context, id string) (int, error) {
	status, _, err := v.call(ctx, http.MethodPost, v.messagesPath(), map[string]string{"id": id, "text": "text of " + id})
	return status, err
}

func (v *person) mustSay() (id string) {
	v.tb.Helper()
	id = uuid.NewString()
	if status, err := v.say(v.tb.Context(), id); err != nil || status != http.StatusCreated {
		v.tb.Fatalf("post: %d, %v", status, err)
	}
	return id
}

// mustRead returns the whole conversation, page by page, oldest first, without the
// assistant's replies.
func (v *person) mustRead() []message {
	v.tb.Helper()
	var all []message
	path := v.messagesPath() + "?limit=200"
	for {
		var page []message
		v.must(http.StatusOK, http.MethodGet, path, nil, &page)
		if len(page) == 0 {
			break
		}
		all = append(page, all...)
		path = fmt.Sprintf("%s?limit=200&before=%s", v.messagesPath(), page[0].ID)
	}
	var said []message
	for _, m := range all {
		if m.Role == "user" {
			said = append(said, m)
		}
	}
	return said
}

// event is one of the event stream.
type event struct{ id, name, data string }

// stream is an open event stream.
type stream struct {
	tb   testing.TB
	body io.ReadCloser
	in   *bufio.Scanner
	end  context.CancelFunc
}

// mustStream opens the event stream; after is the Last-Event-ID, or empty.
func (v *person) mustStream(after string) *stream {
	v.tb.Helper()
	ctx, cancel := context.WithCancel(v.tb.Context())
	v.tb.Cleanup(cancel)
	defer time.AfterFunc(patience, cancel).Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/api/events", nil)
	if err != nil {
		v.tb.Fatal(err)
	}
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.tb.Fatal(err)
	}
	v.tb.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		v.tb.Fatalf("event stream: %s", resp.Status)
	}
	s := bufio.NewScanner(resp.Body)
	s.Buffer(nil, 1<<20)
	return &stream{tb: v.tb, body: resp.Body, in: s, end: cancel}
}

// next returns the next event; ok is false where the stream has ended. It waits for each as
// long as for anything: a stream may stay open for as long as its test.
func (s *stream) next() (e event, ok bool) {
	defer time.AfterFunc(patience, s.end).Stop()
	for s.in.Scan() {
		line := s.in.Text()
		field, value, _ := strings.Cut(line, ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		case "":
			if e.name != "" {
				return e, true
			}
		}
	}
	return e, false
}

// mustNext returns the next event of the given name.
func (s *stream) mustNext(name string) event {
	s.tb.Helper()
	for {
		e, ok := s.next()
		if !ok {
			s.tb.Fatalf("the stream ended before %s: %v", name, s.in.Err())
		}
		if e.name == name {
			return e
		}
	}
}
