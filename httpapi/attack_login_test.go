package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// fixedCookie is a jar of a thief or a planter: it sends one session, and takes no other.
type fixedCookie string

// Cookies implements http.CookieJar.
func (c fixedCookie) Cookies(*url.URL) []*http.Cookie {
	return []*http.Cookie{{Name: cookieName, Value: string(c)}}
}

// SetCookies implements http.CookieJar.
func (fixedCookie) SetCookies(*url.URL, []*http.Cookie) {}

var _ http.CookieJar = fixedCookie("")

// TestAttack_Fixation: a session that was planted in a browser is not the one that signing
// in gives, whether it was made up or is an attacker's own, and it opens nothing afterwards.
func TestAttack_Fixation(t *testing.T) {
	s := newServer(t)
	victim, attacker := s.person(), s.person()
	for name, planted := range map[string]string{"made up": strings.Repeat("A", 43), "the attacker's own": attacker.cookie()} {
		b := s.browser()
		b.http.Jar = fixedCookie(planted)
		got := b.post("/api/auth/login", map[string]any{"email": victim.email, "password": "correct horse"}).wants(200, "sign in")
		given := (&http.Response{Header: got.header}).Cookies()
		if len(given) != 1 || given[0].Value == planted || len(given[0].Value) != 43 {
			t.Errorf("%s: sign-in gave %v", name, given)
		}
		if got := s.browser().get("/api/users/me", "Cookie", "session="+planted); got.status != http.StatusUnauthorized {
			t.Errorf("%s: the planted session is %d %s", name, got.status, got.body)
		}
	}
	b := s.browser()
	b.http.Jar = fixedCookie(strings.Repeat("B", 43))
	got := b.post("/api/auth/register", map[string]any{"email": "new@example.com", "password": "correct horse"}).wants(201, "register")
	if c := got.header.Get("Set-Cookie"); c == "" || strings.Contains(c, "BBBB") {
		t.Errorf("registering adopted the planted session: %q", c)
	}
	if got := b.get("/api/users/me"); got.status != http.StatusUnauthorized {
		t.Errorf("a planted session after registering: %d", got.status)
	}
}

// TestAttack_StolenCookie: whatever ends logins ends them for a thief too, with the stream
// that the thief has open. Only the browser that changed the password stays signed in.
func TestAttack_StolenCookie(t *testing.T) {
	s := newServer(t)
	for name, c := range map[string]struct {
		path  string
		body  any
		stays bool
	}{
		"signed out":            {"/api/auth/logout", nil, false},
		"signed out everywhere": {"/api/auth/logout-everywhere", nil, false},
		"password changed":      {"/api/users/me/password", map[string]any{"current": "correct horse", "new": "a new horse"}, true},
		"account deleted":       {"/api/users/me/deletion", map[string]any{"password": "correct horse"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := s.person()
			thief := s.browser()
			thief.http.Jar = fixedCookie(p.cookie())
			second := s.browser() // another login of the same person, as its thief has it
			if name != "signed out" {
				second.post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"}).wants(200, "sign in")
				thief.http.Jar = fixedCookie(second.cookie())
			}
			thief.get("/api/users/me").wants(200, "the thief before")
			st := thief.stream("")
			st.next()
			p.post(c.path, c.body).wants(204, c.path)
			st.ended()
			for _, path := range []string{"/api/users/me", "/api/liveassist/sessions", "/api/users/me/export"} {
				if got := thief.get(path); got.status != http.StatusUnauthorized {
					t.Errorf("the thief asks %s: %d %s", path, got.status, got.body)
				}
			}
			if st := thief.stream(""); st.status != http.StatusUnauthorized {
				t.Errorf("the thief's new stream: %d", st.status)
			}
			want := http.StatusUnauthorized
			if c.stays {
				want = http.StatusOK
			}
			if got := p.get("/api/users/me"); got.status != want {
				t.Errorf("the person's own browser: %d, want %d", got.status, want)
			}
		})
	}
}

// TestAttack_PrivilegeByBody: nothing in a body gives what only the server gives.
func TestAttack_PrivilegeByBody(t *testing.T) {
	s := newServer(t)
	b := s.browser()
	extra := map[string]any{
		"email": "m@example.com", "password": "correct horse", "role": "operator", "id": "1", "subscription_status": "paid", "xp": 1e6, "image_counter": -100,
		"email_confirmed_at": "2020-01-01T00:00:00Z", "Device": map[string]any{"Browser": "x"}, "__proto__": map[string]any{"role": "operator"},
	}
	b.post("/api/auth/register", extra).wants(201, "register")
	me := b.get("/api/users/me").object()
	if me["role"] != "user" || me["subscription_status"] != "free" || me["xp"] != 0.0 || me["image_counter"] != 0.0 || me["id"] == "1" || me["email_confirmed_at"] != nil {
		t.Errorf("me = %v", me)
	}
	session := b.session()
	got := b.post("/api/liveassist/sessions/"+session+"/messages", map[string]any{"text": "x", "role": "operator", "userId": "1", "createdAt": "2020-01-01T00:00:00Z"})
	if got.str("role") != "user" || strings.HasPrefix(got.str("createdAt"), "2020") {
		t.Errorf("message = %s", got.body)
	}
	if got := b.get("/api/operator/overview"); got.status != http.StatusNotFound {
		t.Errorf("operator's address: %d", got.status)
	}
}

// TestAttack_TokenShapes: what is no token of ours is nobody, and never an error of ours.
func TestAttack_TokenShapes(t *testing.T) {
	s := newServer(t)
	own := s.person().cookie()
	for _, token := range []string{
		"", "A", own[:42], own + "A", own[:42] + "=", strings.ToLower(own) + "x", strings.ToLower(own), strings.ToUpper(own), strings.Repeat("A", 4000), "' OR '1'='1", "../../etc/passwd", "null", "%00", "\"" + own[:40] + "\"", "{}",
	} {
		b := s.browser()
		got := b.get("/api/users/me", "Cookie", cookieName+"="+token)
		if got.status != http.StatusUnauthorized || got.str("error") != "unauthenticated" {
			t.Errorf("%q: %d %s", token, got.status, got.body)
		}
		for _, path := range []string{"/api/auth/reset", "/api/auth/confirm"} {
			got := b.post(path, map[string]any{"token": token, "password": "correct horse"})
			if got.status != http.StatusBadRequest {
				t.Errorf("%s with %q: %d %s", path, token, got.status, got.body)
			}
		}
	}
}
