package httpapi

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// timed is an answer that keeps how far off the deadlines were that it was given.
type timed struct {
	*httptest.ResponseRecorder
	clock       *clock
	read, write []time.Duration
}

func (t *timed) SetReadDeadline(at time.Time) error {
	t.read = append(t.read, at.Sub(t.clock.now()))
	return nil
}

func (t *timed) SetWriteDeadline(at time.Time) error {
	t.write = append(t.write, at.Sub(t.clock.now()))
	return nil
}

// TestUpload_Time: a stranger's upload has the ordinary time, and its rest no more than that;
// a signed-in person's has the time that a poor line needs.
func TestUpload_Time(t *testing.T) {
	s := newServer(t)
	p := s.person()
	path := "/api/liveassist/sessions/" + uuid.NewString() + "/images"
	for name, c := range map[string]struct {
		cookies    []*http.Cookie
		status     int
		long       time.Duration // the longest wait for the body
		moreAnswer bool
	}{
		"stranger": {nil, http.StatusUnauthorized, bodyTime, false},
		"person":   {p.http.Jar.Cookies(mustURL(t, s.url)), http.StatusNotFound, uploadTime, true},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.NewReader(strings.Repeat("x", 1<<20))
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, body)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			for _, cookie := range c.cookies {
				r.AddCookie(cookie)
			}
			w := &timed{ResponseRecorder: httptest.NewRecorder(), clock: s.clock}
			s.handler.ServeHTTP(w, r)
			if w.Code != c.status || body.Len() != 0 {
				t.Errorf("answer %d %s, %d bytes not read; want %d, and all read", w.Code, w.Body, body.Len(), c.status)
			}
			longest := time.Duration(0)
			for _, d := range w.read {
				longest = max(longest, d)
			}
			if len(w.read) == 0 || longest > c.long || longest < c.long-time.Minute/6 {
				t.Errorf("the body has %v, want %v", w.read, c.long)
			}
			if last := w.read[len(w.read)-1]; last > drainTime {
				t.Errorf("the rest of a refused body has %v, want %v", last, drainTime)
			}
			if (len(w.write) > 0) != c.moreAnswer {
				t.Errorf("more time to answer: %v, want %v", w.write, c.moreAnswer)
			}
		})
	}
}

// TestUpload_StrangerReadsTheAnswer sends a whole photo to somewhere that refuses it at once: what
// a browser does that only then looks for the answer.
func TestUpload_StrangerReadsTheAnswer(t *testing.T) {
	s := newServer(t)
	u := mustURL(t, s.url)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", u.Host)
	must(t, err)
	defer func() { _ = c.Close() }()
	must(t, c.SetDeadline(time.Now().Add(10*time.Second)))
	photo := bytes.Repeat([]byte("x"), 8<<20)
	_, err = fmt.Fprintf(c, "POST /api/liveassist/sessions/%s/images HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", uuid.NewString(), u.Host, len(photo))
	must(t, err)
	for part := range 8 {
		_, err = c.Write(photo[part<<20 : (part+1)<<20])
		must(t, err)
		time.Sleep(20 * time.Millisecond) // a line is not as fast as this machine
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("answer %d, want %d", resp.StatusCode, http.StatusUnauthorized)
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	must(t, err)
	return u
}
