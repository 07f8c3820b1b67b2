package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/account"
	"liveassist/assist/guides"
	"liveassist/billing"
	"liveassist/domain"
	webapp "liveassist/embed"
	"liveassist/images"
	"liveassist/realtime"
	"liveassist/store"
)

// clock is a clock that a test moves.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// server is the whole API on a real database and a real listener.
type server struct {
	tb       testing.TB
	url      string
	handler  http.Handler
	db       *store.DB
	hub      *realtime.Hub
	clock    *clock
	contract *contract
	log      *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// webhookSecret signs the events that tests deliver.
const webhookSecret = "whsec_test"

// newServer starts a server where nothing answers by itself; change adapts its settings.
func newServer(tb testing.TB, change ...func(*Config)) *server {
	tb.Helper()
	return newServerWith(tb, func(*server, *Parts) {}, change...)
}

// newServerWith starts a server; parts adapts what it is made of, before it is made.
func newServerWith(tb testing.TB, parts func(*server, *Parts), change ...func(*Config)) *server {
	tb.Helper()
	s := &server{tb: tb, clock: &clock{}, contract: newContract(tb), log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	var err error
	s.db, err = store.Open(tb.Context(), store.Options{
		Dir: tb.TempDir(), Clock: s.clock.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		OnCommit: func(entries []store.Entry) {
			events := make([]domain.Event, len(entries))
			for i, e := range entries {
				events[i] = e.Event
			}
			s.hub.Publish(events)
		},
	})
	must(tb, err)
	s.hub = realtime.NewHub(realtime.Options{Load: s.db.EventsAfter, Oldest: s.db.OldestSeq, Operator: s.isOperator, Clock: time.Now, Log: log})
	accounts, err := account.New(s.db, s.clock.now, rand.Reader)
	must(tb, err)
	library, err := guides.Load()
	must(tb, err)
	web, err := webapp.Handler()
	must(tb, err)

	ts := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: ts.Listener.Addr().String()}
	cfg := Config{BaseURL: base, Listen: base.Host, FreeImagesPerDay: 2, Grace: 72 * time.Hour}
	for _, f := range change {
		f(&cfg)
	}
	pay, err := billing.New(billing.Config{
		BaseURL: base, Listen: base.Host, WebhookSecrets: webhookSecret, Grace: cfg.Grace, FreeImagesPerDay: cfg.FreeImagesPerDay,
		Store: s.db, Log: log, Clock: s.clock.now, Rand: rand.Reader,
	})
	must(tb, err)
	with := Parts{
		Store: s.db, Accounts: accounts, Hub: s.hub, Guides: library, Images: images.NewProcessor(2), Billing: pay, Web: web,
		Metrics: http.NotFoundHandler(), Log: log, Clock: s.clock.now,
	}
	parts(s, &with)
	s.handler = New(cfg, with)
	ts.Config.Handler = s.handler
	ts.Start()
	s.url = ts.URL
	tb.Cleanup(func() {
		s.hub.Close()
		ts.Close()
		must(tb, s.db.Close())
	})
	return s
}

// isOperator looks for a role as the program does.
func (s *server) isOperator(ctx context.Context, user domain.UserID) (bool, error) {
	role, err := s.db.Role(ctx, user)
	return role == domain.RoleOperator, err
}

// routeTable lists the routes as "METHOD /path/{param}".
func routeTable(tb testing.TB) []string {
	tb.Helper()
	param := regexp.MustCompile(`[:*](\w+)`)
	var list []string
	for _, r := range (&API{}).table() {
		list = append(list, r.method+" "+param.ReplaceAllString(r.path, "{$1}"))
	}
	return list
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// browser is one person's browser: it keeps cookies.
type browser struct {
	s     *server
	http  *http.Client
	id    domain.UserID
	email string
}

func (s *server) browser() *browser {
	s.tb.Helper()
	jar, err := cookiejar.New(nil)
	must(s.tb, err)
	return &browser{s: s, http: &http.Client{
		Jar: jar, Transport: contractTransport{s.tb, s.contract}, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// quickHash is that of "correct horse" with the least work that Argon2id knows. A hash says
// itself how it was made, so people who are there before a test begins cost it nothing.
const quickHash = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0"

// person is a browser of somebody who has signed up before.
func (s *server) person() *browser {
	s.tb.Helper()
	b := s.browser()
	b.email = "p" + uuid.NewString()[:8] + "@example.com"
	secret := make([]byte, 32)
	_, err := rand.Read(secret)
	must(s.tb, err)
	token := account.Token(base64.RawURLEncoding.EncodeToString(secret))
	u, err := s.db.CreateUser(s.tb.Context(), store.NewUser{Email: b.email, PasswordHash: quickHash}, store.NewLogin{Token: token.Hash(), TTL: account.LoginTTL})
	must(s.tb, err)
	b.id = u.ID
	home, err := url.Parse(s.url)
	must(s.tb, err)
	b.http.Jar.SetCookies(home, []*http.Cookie{{Name: cookieName, Value: string(token), Path: "/"}})
	return b
}

// registered is a browser that signs up now, as the app does.
func (s *server) registered() *browser {
	s.tb.Helper()
	b := s.browser()
	b.email = "p" + uuid.NewString()[:8] + "@example.com"
	b.id = domain.UserID(b.post("/api/auth/register", map[string]any{"email": b.email, "password": "correct horse"}).wants(http.StatusCreated, "register").str("id"))
	return b
}

// reply is an answer.
type reply struct {
	tb     testing.TB
	status int
	header http.Header
	body   []byte
}

func (r reply) object() map[string]any {
	r.tb.Helper()
	var v map[string]any
	if err := json.Unmarshal(r.body, &v); err != nil {
		r.tb.Fatalf("answer %d is no object: %.200s", r.status, r.body)
	}
	return v
}

func (r reply) list() []map[string]any {
	r.tb.Helper()
	var v []map[string]any
	if err := json.Unmarshal(r.body, &v); err != nil {
		r.tb.Fatalf("answer %d is no list: %.200s", r.status, r.body)
	}
	return v
}

func (r reply) str(field string) string {
	r.tb.Helper()
	s, _ := r.object()[field].(string)
	return s
}

// do sends a request; a string or []byte body goes as it is, anything else as JSON.
func (b *browser) do(method, path string, body any, header ...string) reply {
	b.s.tb.Helper()
	var rd io.Reader
	contentType := "application/json"
	switch v := body.(type) {
	case nil:
		contentType = ""
	case string:
		rd = strings.NewReader(v)
	case []byte:
		rd = bytes.NewReader(v)
	default:
		enc, err := json.Marshal(v)
		must(b.s.tb, err)
		rd = bytes.NewReader(enc)
	}
	req, err := http.NewRequestWithContext(b.s.tb.Context(), method, b.s.url+path, rd)
	must(b.s.tb, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(req)
	must(b.s.tb, err)
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	must(b.s.tb, err)
	return reply{b.s.tb, resp.StatusCode, resp.Header, got}
}

func (b *browser) get(path string, header ...string) reply {
	b.s.tb.Helper()
	return b.do(http.MethodGet, path, nil, header...)
}

func (b *browser) post(path string, body any, header ...string) reply {
	b.s.tb.Helper()
	return b.do(http.MethodPost, path, body, header...)
}

func (b *browser) session() string {
	b.s.tb.Helper()
	got := b.post("/api/liveassist/sessions", nil)
	if got.status != http.StatusCreated {
		b.s.tb.Fatalf("create session: %d %s", got.status, got.body)
	}
	return got.str("sessionId")
}

func (b *browser) say(session, text string) reply {
	b.s.tb.Helper()
	return b.post("/api/liveassist/sessions/"+session+"/messages", map[string]any{"text": text})
}

// event is one event of a stream; comments have no name.
type event struct{ id, name, data, retry string }

// stream is an open event stream.
type stream struct {
	tb     testing.TB
	status int
	header http.Header
	events chan event
	cancel context.CancelFunc
}

func (b *browser) stream(query string, header ...string) *stream {
	b.s.tb.Helper()
	ctx, cancel := context.WithCancel(b.s.tb.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.s.url+"/api/events"+query, nil)
	must(b.s.tb, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	c := *b.http
	c.Timeout = 0
	resp, err := c.Do(req)
	must(b.s.tb, err)
	st := &stream{tb: b.s.tb, status: resp.StatusCode, header: resp.Header, events: make(chan event, 4096), cancel: cancel}
	b.s.tb.Cleanup(cancel)
	go func() {
		defer close(st.events)
		defer func() { _ = resp.Body.Close() }()
		var e event
		for sc := bufio.NewScanner(resp.Body); sc.Scan(); {
			field, value, _ := strings.Cut(sc.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch field {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data += value
			case "retry":
				e.retry = value
			case "":
				if sc.Text() == "" && e.data != "" {
					st.events <- e
				}
				if sc.Text() == "" {
					e = event{}
				} else {
					st.events <- event{}
				}
			}
		}
	}()
	return st
}

// next returns the next event, comments passed over.
func (s *stream) next() event {
	s.tb.Helper()
	limit := time.After(5 * time.Second)
	for {
		select {
		case e, ok := <-s.events:
			if !ok {
				s.tb.Fatal("the stream ended")
			}
			if e.name != "" {
				return e
			}
		case <-limit:
			s.tb.Fatal("no event within 5 s")
		}
	}
}

// quiet fails if any event arrives within d.
func (s *stream) quiet(d time.Duration) {
	s.tb.Helper()
	limit := time.After(d)
	for {
		select {
		case e, ok := <-s.events:
			if ok && e.name != "" {
				s.tb.Fatalf("unexpected event %+v", e)
			}
			if !ok {
				return
			}
		case <-limit:
			return
		}
	}
}

// ended waits until the server has ended the stream.
func (s *stream) ended() {
	s.tb.Helper()
	limit := time.After(5 * time.Second)
	for {
		select {
		case _, ok := <-s.events:
			if !ok {
				return
			}
		case <-limit:
			s.tb.Fatal("the stream is still open after 5 s")
		}
	}
}

// sayDirect stores a message without the way through HTTP.
func (s *server) sayDirect(p *browser, session, text string) error {
	_, _, err := s.db.AddMessage(context.Background(), store.NewMessage{
		User: p.id, Session: domain.SessionID(session), Role: domain.AuthorUser, Text: text,
	})
	return err
}
