package httpapi

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/account"
)

func TestAuth_Register(t *testing.T) {
	s := newServer(t)
	b := s.browser()
	got := b.post("/api/auth/register", map[string]any{"email": "Åsa@Example.com", "password": "correct horse", "name": "Åsa", "role": "operator"})
	if got.status != http.StatusCreated || got.object()["role"] != "user" || got.object()["email"] != "Åsa@Example.com" {
		t.Fatalf("register: %d %s", got.status, got.body)
	}
	cookie := got.header.Get("Set-Cookie")
	for _, want := range []string{"session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("cookie %q is Secure on plain http", cookie)
	}
	if got := s.browser().post("/api/auth/register", map[string]any{"email": "åsa@example.COM", "password": "correct horse"}); got.status != http.StatusConflict || got.str("error") != "email_taken" {
		t.Errorf("the same address in other case: %d %s", got.status, got.body)
	}
}

func TestAuth_SecureCookie(t *testing.T) {
	s := newServer(t, func(c *Config) { c.BaseURL.Scheme = "https" })
	got := s.browser().post("/api/auth/register", map[string]any{"email": "a@example.com", "password": "correct horse"})
	if !strings.Contains(got.header.Get("Set-Cookie"), "Secure") {
		t.Errorf("cookie behind https: %q", got.header.Get("Set-Cookie"))
	}
	if got.header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS behind https")
	}
}

func TestAuth_BadInput(t *testing.T) {
	s := newServer(t)
	long := strings.Repeat("x", 2000)
	for name, c := range map[string]struct {
		body   any
		status int
	}{
		"no body":           {"", 400},
		"null":              {"null", 400},
		"array":             {"[]", 400},
		"cut off":           {`{"email":"a@example.com"`, 400},
		"two values":        {`{"email":"a@example.com","password":"correct horse"}{}`, 400},
		"wrong types":       {`{"email":1,"password":true}`, 400},
		"no address":        {map[string]any{"password": "correct horse"}, 400},
		"no domain":         {map[string]any{"email": "nobody", "password": "correct horse"}, 400},
		"two addresses":     {map[string]any{"email": "a@example.com, b@example.com", "password": "correct horse"}, 400},
		"named address":     {map[string]any{"email": "A <a@example.com>", "password": "correct horse"}, 400},
		"header injection":  {map[string]any{"email": "a@example.com\r\nBcc: b@example.com", "password": "correct horse"}, 400},
		"long address":      {map[string]any{"email": long + "@example.com", "password": "correct horse"}, 400},
		"short password":    {map[string]any{"email": "a@example.com", "password": "1234567"}, 400},
		"long password":     {map[string]any{"email": "a@example.com", "password": long}, 400},
		"long name":         {map[string]any{"email": "a@example.com", "password": "correct horse", "name": long}, 400},
		"name of two lines": {map[string]any{"email": "a@example.com", "password": "correct horse", "name": "a\nb"}, 400},
		"too large":         {`{"email":"` + strings.Repeat("x", maxJSON) + `"}`, 413},
	} {
		if got := s.browser().post("/api/auth/register", c.body); got.status != c.status || got.str("error") == "" || got.str("message") == "" {
			t.Errorf("%s: %d %s, want %d", name, got.status, got.body, c.status)
		}
	}
	if got := s.browser().post("/api/auth/register", `{"email":"a@example.com","password":"correct horse"}`, "Content-Type", "text/plain"); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d", got.status)
	}
}

func TestAuth_SignIn(t *testing.T) {
	s := newServer(t)
	p := s.person()
	unknown := s.browser().post("/api/auth/login", map[string]any{"email": "ghost@example.com", "password": "correct horse"})
	wrong := s.browser().post("/api/auth/login", map[string]any{"email": p.email, "password": "wrong horse"})
	if unknown.status != http.StatusUnauthorized || wrong.status != http.StatusUnauthorized || string(unknown.body) != string(wrong.body) {
		t.Errorf("unknown: %d %s, wrong: %d %s; want the same", unknown.status, unknown.body, wrong.status, wrong.body)
	}
	b := s.browser()
	if got := b.post("/api/auth/login", map[string]any{"email": " " + strings.ToUpper(p.email), "password": "correct horse"}); got.status != http.StatusOK || got.str("id") != string(p.id) {
		t.Errorf("sign in: %d %s", got.status, got.body)
	}
	// Signing in again leaves no older login behind, and gives a new token (no fixation).
	before := b.cookie()
	b.post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"})
	if b.cookie() == before {
		t.Error("a second sign-in kept the token")
	}
	if got := s.browser().get("/api/users/me", "Cookie", "session="+before); got.status != http.StatusUnauthorized {
		t.Errorf("the login before: %d", got.status)
	}
}

func TestAuth_SignOut(t *testing.T) {
	s := newServer(t)
	p := s.person()
	other := s.browser()
	other.post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"})
	mine, theirs := p.stream(""), other.stream("")
	mine.next()
	theirs.next()
	token := p.cookie()
	if got := p.post("/api/auth/logout", nil); got.status != http.StatusNoContent {
		t.Fatalf("logout: %d %s", got.status, got.body)
	}
	mine.ended()
	if got := s.browser().get("/api/users/me", "Cookie", "session="+token); got.status != http.StatusUnauthorized {
		t.Errorf("a stolen cookie after logout: %d", got.status)
	}
	if got := other.get("/api/users/me"); got.status != http.StatusOK {
		t.Errorf("the other browser: %d", got.status)
	}
	theirs.quiet(50 * time.Millisecond)
}

func TestAuth_SlidingExpiry(t *testing.T) {
	s := newServer(t)
	p := s.person()
	for range 3 { // 60 days with a visit every 20: still signed in
		s.clock.add(20 * 24 * time.Hour)
		got := p.get("/api/users/me")
		if got.status != http.StatusOK {
			t.Fatalf("a visit within 30 days: %d", got.status)
		}
		if got.header.Get("Set-Cookie") == "" {
			t.Error("the cookie was not prolonged")
		}
	}
	s.clock.add(account.LoginTTL + time.Hour)
	if got := p.get("/api/users/me"); got.status != http.StatusUnauthorized {
		t.Errorf("after 30 days without a visit: %d", got.status)
	}
}

func TestAuth_Limits(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	p := s.person()
	try := func(email, password string) reply {
		return s.browser().post("/api/auth/login", map[string]any{"email": email, "password": password})
	}
	for i := range 10 {
		if got := try(p.email, "wrong horse"); got.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, got.status)
		}
	}
	got := try(p.email, "correct horse")
	wait, err := strconv.Atoi(got.header.Get("Retry-After"))
	if got.status != http.StatusTooManyRequests || err != nil || wait < 1 {
		t.Errorf("try 11: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	// Another account from the same address is not held up, and neither is this one later.
	if got := try("other@example.com", "wrong horse"); got.status != http.StatusUnauthorized {
		t.Errorf("another account: %d", got.status)
	}
	s.clock.add(time.Duration(wait) * time.Second)
	if got := try(p.email, "correct horse"); got.status != http.StatusOK {
		t.Errorf("after Retry-After: %d", got.status)
	}
}

func TestAuth_CrossOrigin(t *testing.T) {
	s := newServer(t)
	p := s.person()
	for name, header := range map[string][]string{
		"fetch metadata": {"Sec-Fetch-Site", "cross-site"},
		"same site":      {"Sec-Fetch-Site", "same-site"},
		"origin alone":   {"Origin", "https://evil.example"},
	} {
		if got := p.post("/api/liveassist/sessions", nil, header...); got.status != http.StatusForbidden || got.str("error") != "forbidden" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := p.post("/api/liveassist/sessions", nil, "Origin", s.url, "Sec-Fetch-Site", "same-origin"); got.status != http.StatusCreated {
		t.Errorf("own origin: %d", got.status)
	}
	if n := len(p.get("/api/liveassist/sessions").list()); n != 1 {
		t.Errorf("%d sessions, want 1: a refused request had an effect", n)
	}
}

// TestAuth_Nobody asks every route that wants a signed-in person as nobody.
func TestAuth_Nobody(t *testing.T) {
	s := newServer(t)
	id := uuid.NewString()
	n := 0
	for _, r := range (&API{}).table() {
		if r.guard == open || r.guard == operator { // TestOperator_Nobody looks at the operators'
			continue
		}
		n++
		path := strings.NewReplacer(":sessionId", id, ":imageId", id, ":slug", "x", ":messageId", id).Replace(r.path)
		for name, cookie := range map[string]string{"no cookie": "", "made up": "session=" + strings.Repeat("A", 43), "injection": "session=' OR 1=1--"} {
			got := s.browser().do(r.method, path, nil, "Cookie", cookie)
			if got.status != http.StatusUnauthorized || got.str("error") != "unauthenticated" {
				t.Errorf("%s %s with %s: %d %s", r.method, path, name, got.status, got.body)
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d guarded routes", n)
	}
}

// cookie is the browser's session token.
func (b *browser) cookie() string {
	b.s.tb.Helper()
	req, err := http.NewRequestWithContext(b.s.tb.Context(), http.MethodGet, b.s.url, nil)
	must(b.s.tb, err)
	for _, c := range b.http.Jar.Cookies(req.URL) {
		if c.Name == cookieName {
			return c.Value
		}
	}
	return ""
}
