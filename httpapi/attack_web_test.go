package httpapi

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw sends bytes as they are, which no client library would: it says what the server makes
// of a line that is not in order.
func (s *server) raw(request string) (status int, header http.Header, body string) {
	s.tb.Helper()
	conn, err := (&net.Dialer{}).DialContext(s.tb.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	must(s.tb, err)
	defer func() { _ = conn.Close() }() // the answer is read, or there is none
	must(s.tb, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, request)
	must(s.tb, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, nil, "" // the connection was closed without an answer
	}
	b, _ := io.ReadAll(resp.Body) // as far as it came
	must(s.tb, resp.Body.Close())
	return resp.StatusCode, resp.Header, string(b)
}

// as sends a request that names another host.
func (b *browser) as(host, method, path, body string, header ...string) reply {
	b.s.tb.Helper()
	req, err := http.NewRequestWithContext(b.s.tb.Context(), method, b.s.url+path, strings.NewReader(body))
	must(b.s.tb, err)
	req.Host = host
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(req)
	must(b.s.tb, err)
	got, err := io.ReadAll(resp.Body)
	must(b.s.tb, errors.Join(err, resp.Body.Close()))
	return reply{b.s.tb, resp.StatusCode, resp.Header, got}
}

// TestAttack_CrossSite: another site's page, in the browser of somebody who is signed in,
// changes nothing by a form or a fetch, whichever the route, and by an image or a link
// nothing either; and no answer lets it read.
func TestAttack_CrossSite(t *testing.T) {
	s := newServer(t)
	c := newCast(s)
	rows := attackTable(c)
	before := c.standing()
	for _, route := range routeTable(t) {
		method, path, _ := strings.Cut(route, " ")
		for param, id := range c.ids {
			path = strings.ReplaceAll(path, param, id)
		}
		if path == webhookPath || path == "/api/events" {
			continue // the one is signed, the other reads only, see TestAttack_Preflight
		}
		for name, header := range map[string][]string{
			"form":                 {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Origin", "https://evil.example", "Content-Type", "application/x-www-form-urlencoded"},
			"form of a sibling":    {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate"},
			"fetch":                {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors", "Origin", "https://evil.example"},
			"fetch without cors":   {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Content-Type", "text/plain"},
			"older browser":        {"Origin", "https://evil.example"},
			"sandboxed frame":      {"Origin", "null"},
			"our name, other port": {"Origin", "http://127.0.0.1:1"},
			"our name as a prefix": {"Origin", s.url + ".evil.example"},
			"our name, other way":  {"Origin", strings.Replace(s.url, "http:", "https:", 1) + "0"},
		} {
			got := c.owner.do(method, path, rows[route].body, header...)
			if method != http.MethodGet && (got.status != http.StatusForbidden || got.str("error") != "forbidden") {
				t.Errorf("%s by %s: %d %.200s, want 403", route, name, got.status, got.body)
			}
			for _, h := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"} {
				if v := got.header.Get(h); v != "" {
					t.Errorf("%s by %s: %s: %s", route, name, h, v)
				}
			}
			if got.header.Get("Cross-Origin-Resource-Policy") != "same-origin" && !strings.HasPrefix(path, "/metrics") {
				t.Errorf("%s by %s: may be embedded by another site", route, name)
			}
		}
	}
	if after := c.standing(); after != before {
		t.Errorf("changed:\nbefore %s\n after %s", before, after)
	}
}

// TestAttack_FormTypes: the three types that a form can send are no JSON, also where an old
// browser names no origin.
func TestAttack_FormTypes(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	for _, contentType := range []string{"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "text/plain; application/json", "application/json+x", ";;"} {
		for _, path := range []string{"/api/auth/login", "/api/auth/register", "/api/liveassist/sessions/" + session + "/messages", "/api/billing/checkout", "/api/users/me/password", "/api/users/me/deletion"} {
			if got := p.post(path, `{"text":"x","email":"a@example.com","password":"correct horse"}`, "Content-Type", contentType); got.status != http.StatusUnsupportedMediaType {
				t.Errorf("%s as %s: %d %s", path, contentType, got.status, got.body)
			}
		}
	}
	if n := len(p.get("/api/liveassist/sessions/" + session + "/messages").list()); n != 0 {
		t.Errorf("%d messages", n)
	}
}

// TestAttack_Preflight: no other site is let in.
func TestAttack_Preflight(t *testing.T) {
	s := newServer(t)
	p := s.person()
	p.http.Transport = http.DefaultTransport // OPTIONS is no part of the description
	for _, path := range []string{"/api/users/me", "/api/liveassist/sessions", "/api/events", "/api/billing/checkout", "/"} {
		got := p.do(http.MethodOptions, path, nil, "Origin", "https://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		for name := range got.header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s: %s", path, name, got.header.Get(name))
			}
		}
	}
	st := p.stream("", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if v := st.header.Get("Access-Control-Allow-Origin"); v != "" {
		t.Errorf("stream: allowed to %s", v)
	}
	st.cancel()
}

// TestAttack_HostHeader: no address that the product gives away comes from the request.
func TestAttack_HostHeader(t *testing.T) {
	post, parts := withMail(t)
	s := newServerWith(t, parts)
	b := s.browser()
	register := `{"email":"a@example.com","password":"correct horse"}`
	for _, trick := range [][2]string{{"X-Forwarded-Host", "evil.example"}, {"Forwarded", "host=evil.example"}, {"X-Original-URL", "//evil.example"}, {"Referer", "https://evil.example/"}} {
		b.as("evil.example", http.MethodPost, "/api/auth/register", register, trick[0], trick[1]).wants(202, "register")
		m := post.Next()
		if !strings.Contains(m.Text, "https://help.example.com/confirm?token=") || strings.Contains(m.Text, "evil") {
			t.Errorf("%s: the mail says %s", trick[0], m.Text)
		}
	}
	for _, path := range []string{"/", "/reset?token=x", "/index.html", "/account/", "/api/guides/"} {
		got := b.as("evil.example", http.MethodGet, path, "")
		if strings.Contains(got.header.Get("Location")+string(got.body), "evil.example") {
			t.Errorf("%s: the answer repeats the host: %q", path, got.header.Get("Location"))
		}
	}
}

// TestAttack_HostHeaderSignedIn: the same for what a person who is signed in gets.
func TestAttack_HostHeaderSignedIn(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	p.upload(session, photo(t)).wants(201, "photo")
	token := []string{"Cookie", "session=" + p.cookie(), "X-Forwarded-Host", "evil.example"}
	got := p.as("evil.example", http.MethodGet, "/api/liveassist/sessions/"+session+"/export", "", token...).wants(200, "export")
	if !strings.Contains(string(got.body), "]("+s.url+"/api/images/") || strings.Contains(string(got.body), "evil") {
		t.Errorf("export: %s", got.body)
	}
	if got := p.as("evil.example", http.MethodPost, "/api/billing/checkout", `{"plan":"month"}`, token...); got.status != http.StatusServiceUnavailable {
		t.Errorf("checkout: %d %s, want none for another name", got.status, got.body)
	}
	page := strings.TrimPrefix(p.post("/api/billing/checkout", map[string]any{"plan": "month"}).str("url"), s.url)
	paid := p.as("localhost", http.MethodPost, page+"/pay", "")
	if to := paid.header.Get("Location"); !strings.HasPrefix(to, s.url+"/") {
		t.Errorf("after paying: %d %q", paid.status, to)
	}
}

// TestAttack_Metrics: a page whose name was made to point to this machine, or a proxy, gets
// neither metrics nor profiles.
func TestAttack_Metrics(t *testing.T) {
	s := newServerWith(t, func(_ *server, p *Parts) {
		p.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "inside") })
	})
	b := s.browser()
	for _, path := range []string{"/metrics", "/debug/pprof/heap", "/debug/pprof/cmdline"} {
		b.get(path).wants(200, "from this machine")
		if got := b.as("rebound.example", http.MethodGet, path, ""); got.status != http.StatusNotFound {
			t.Errorf("%s by another name: %d", path, got.status)
		}
		for _, h := range []string{"X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"} {
			if got := b.get(path, h, "127.0.0.1"); got.status != http.StatusNotFound {
				t.Errorf("%s through a proxy (%s): %d", path, h, got.status)
			}
		}
	}
}

// TestAttack_OpenRedirect: what a browser could take for another site is no return_to.
func TestAttack_OpenRedirect(t *testing.T) {
	s := newServer(t)
	p := s.person()
	for _, to := range []string{
		"//", "/%2f", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/\x00/evil.example",
		"/%2fevil.example", "/%2f%2fevil.example", "/%5cevil.example", "/%252fevil.example", "/%25252fevil.example", "/%09/evil.example", "/%0d%0aLocation:%20https://evil.example",
		"https://evil.example", "https:evil.example", "HTTPS:/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", "/@evil.example/../..//evil.example",
		"/../evil", "/./evil", "/a/..//evil.example", "/api/auth/logout", "/sandbox/x", "/debug/pprof/", "/%61pi/auth/logout", "/\u202eevil", "/\u2028evil", "/%zz", "/" + strings.Repeat("a", 600), " //evil.example", "?//evil.example", "#x", s.url + "/account",
	} {
		got := p.post("/api/billing/checkout", map[string]any{"plan": "month", "return_to": to})
		if got.status != http.StatusBadRequest || got.str("error") != "invalid_request" {
			t.Errorf("return_to %q: %d %s", to, got.status, got.body)
		}
	}
	for _, to := range []string{"/", "/liveassist", "/quickfix/drip?step=2#top", "/account?next=//evil.example"} {
		page := strings.TrimPrefix(p.post("/api/billing/checkout", map[string]any{"plan": "month", "return_to": to}).wants(200, to).str("url"), s.url)
		back := p.post(page+"/cancel", nil).header.Get("Location")
		if !strings.HasPrefix(back, s.url+"/") {
			t.Errorf("%q leads to %q", to, back)
		}
	}
}

// TestAttack_HeaderInjection: a line break in what a person sends is never one in an answer's header.
func TestAttack_HeaderInjection(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.operator()
	const evil = "x\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>"
	session := p.session()
	p.say(session, evil).wants(201, "say")
	renamed := p.do(http.MethodPatch, "/api/liveassist/sessions/"+session, map[string]any{"title": "a\"; filename=\"evil.html\r\nX-Evil: 1"})
	p.post("/api/liveassist/sessions", nil, "User-Agent", "Mozilla/5.0 \u00e9 <script>")
	escaped := "%0d%0aX-Evil:%201%0d%0a%0d%0aevil"
	for name, got := range map[string]reply{
		"rename":        renamed,
		"export":        p.get("/api/liveassist/sessions/" + session + "/export"),
		"takeout":       p.get("/api/users/me/export"),
		"guide":         p.get("/api/guides/" + escaped),
		"id":            p.get("/api/liveassist/sessions/" + escaped + "/messages"),
		"picture":       p.get("/api/images/" + escaped),
		"list":          anna.get("/api/operator/export/" + escaped),
		"format":        anna.get("/api/operator/export/users?format=" + escaped),
		"looked for":    anna.get("/api/operator/users?q=" + escaped),
		"sandbox":       p.get("/sandbox/checkout/" + escaped),
		"page":          p.get("/" + escaped),
		"last event id": p.get("/api/events?lastEventId=" + escaped),
		"login":         p.post("/api/auth/login", map[string]any{"email": evil, "password": evil}),
		"checkout":      p.post("/api/billing/confirm", map[string]any{"session_id": evil}),
	} {
		if got.header.Get("X-Evil") != "" || got.status >= 500 {
			t.Errorf("%s: %d %v", name, got.status, got.header)
		}
		if name := got.header.Get("Content-Disposition"); strings.Contains(name, "evil") {
			t.Errorf("%s: file name %q", name, name)
		}
	}
}

// TestAttack_Paths: no way of writing a path leads to what its plain form does not.
func TestAttack_Paths(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	p.say(session, secretText).wants(201, "say")
	for _, path := range []string{
		"/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/assets/../../go.mod", "/assets/%2e%2e/%2e%2e/go.mod", "/..;/go.mod", "/assets/..;/..;/go.mod",
		"/..\\..\\go.mod", "/%5c..%5c..%5cgo.mod", "/assets/%00", "/index.html%00.png", "//etc/passwd", "//evil.example/%2e%2e", "/\\evil.example/..", "/.git/config", "/liveassist.db", "/data/liveassist.db", "/./data/liveassist.db",
		"/api/operator/../operator/overview", "/api/..;/api/operator/overview", "/api//operator/overview", "/API/operator/overview", "/api/operator/overview/", "/api/operator/overview;x=1", "/api/%6fperator/overview", "/api/operator%2foverview",
		"/api/liveassist/sessions/" + session + "/messages", "/api/liveassist/sessions/" + session + "%00/messages", "/api/guides/../liveassist/sessions/" + session + "/messages", "/api/guides/..%2fliveassist%2fsessions%2f" + session + "/messages",
		"/api/images/..%2f..%2fliveassist.db", "/api/guides/..%2f..%2f..%2fgo.mod", "/sandbox/../api/operator/overview", "/sandbox/checkout/..%2f..%2f", "http://evil.example/api/operator/overview", "/debug/pprof/../../api/operator/overview", "*", "/%", "/%zz",
	} {
		status, header, body := s.raw("GET " + path + " HTTP/1.1\r\nHost: " + strings.TrimPrefix(s.url, "http://") + "\r\nConnection: close\r\n\r\n")
		if status >= 500 {
			t.Errorf("%q: %d %.200s", path, status, body)
		}
		for _, secret := range []string{"root:", "module liveassist", "SQLite format", "flower pot", `"waiting"`, "[core]"} {
			if strings.Contains(body, secret) {
				t.Errorf("%q shows %q", path, secret)
			}
		}
		if to := header.Get("Location"); to != "" && (strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") || strings.Contains(to, "://")) {
			t.Errorf("%q leads to %q", path, to)
		}
		if status == 200 && !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			t.Errorf("%q: 200 as %s: %.200s", path, header.Get("Content-Type"), body)
		}
	}
}

// TestAttack_Smuggling: a request whose length can be read in two ways is not read at all.
func TestAttack_Smuggling(t *testing.T) {
	s := newServer(t)
	host := "Host: " + strings.TrimPrefix(s.url, "http://") + "\r\n"
	for name, request := range map[string]string{
		"two lengths":        "POST /api/auth/login HTTP/1.1\r\n" + host + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
		"length of a sign":   "POST /api/auth/login HTTP/1.1\r\n" + host + "Content-Length: +2\r\n\r\n{}",
		"unknown encoding":   "POST /api/auth/login HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"space before colon": "POST /api/auth/login HTTP/1.1\r\n" + host + "Content-Length : 2\r\n\r\n{}",
		"two hosts":          "GET /api/users/me HTTP/1.1\r\n" + host + "Host: evil.example\r\n\r\n",
		"no host":            "GET /api/users/me HTTP/1.1\r\n\r\n",
		"header of NUL":      "GET /api/users/me HTTP/1.1\r\n" + host + "Cookie: session=\x00\r\n\r\n",
		"large header":       "GET /api/users/me HTTP/1.1\r\n" + host + "Cookie: " + strings.Repeat("x", 2<<20) + "\r\n\r\n",
	} {
		if status, _, body := s.raw(request); status != 0 && status/100 != 4 && status != http.StatusNotImplemented {
			t.Errorf("%s: %d %.200s", name, status, body)
		}
	}
}
