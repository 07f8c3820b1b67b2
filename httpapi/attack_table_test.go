package httpapi

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// attackRow says what a route answers to each who asks it with the ids of a person, the
// owner: nobody, another person, an operator, whoever took the owner's cookie before the
// owner signed out, and last the owner, so that the refusals are not those of a bad request.
type attackRow struct {
	nobody, other, operator, stolen, owner int

	body any
	// ends says that the owner's answer ends a login or an account: the row gets people of its own.
	ends bool
	// bearer says that whoever knows the address may use it: what it does to its owner is its purpose.
	bearer bool
}

// attackTable is every route of table(): one that is missing here fails the test.
func attackTable(c *cast) map[string]attackRow {
	s := c.s
	const session, message = "/api/liveassist/sessions/{sessionId}", "/api/liveassist/sessions/{sessionId}/messages/{messageId}"
	const desk = "/api/operator/conversations/{sessionId}"
	// Whoever asks for what is their own gets their own; the owner's stays out of sight.
	mine := attackRow{nobody: 401, other: 200, operator: 200, stolen: 401, owner: 200}
	foreign := attackRow{nobody: 401, other: 404, operator: 404, stolen: 401, owner: 200}
	everybody := attackRow{nobody: 200, other: 200, operator: 200, stolen: 200, owner: 200}
	forOperators := attackRow{nobody: 404, other: 404, operator: 200, stolen: 404, owner: 404}
	with := func(r attackRow, change func(*attackRow)) attackRow { change(&r); return r }
	all := func(status int, body any) attackRow {
		return attackRow{nobody: status, other: status, operator: status, stolen: status, owner: status, body: body}
	}
	done := func(r attackRow, status int) attackRow {
		for _, s := range []*int{&r.other, &r.operator, &r.owner} {
			if *s == 200 {
				*s = status
			}
		}
		return r
	}
	body := func(r attackRow, v any) attackRow { r.body = v; return r }
	ends := func(r attackRow) attackRow { r.ends = true; return r }
	bearer := func(r attackRow) attackRow { r.bearer = true; return r }
	return map[string]attackRow{
		"POST /api/auth/register":          all(409, map[string]any{"email": c.owner.email, "password": "another horse"}),
		"POST /api/auth/login":             all(401, map[string]any{"email": c.owner.email, "password": "wrong horse"}),
		"POST /api/auth/logout":            ends(done(mine, 204)),
		"POST /api/auth/logout-everywhere": ends(done(mine, 204)),
		"POST /api/auth/forgot":            all(503, map[string]any{"email": c.owner.email}), // no mail here; TestAccount_Mail has it
		"POST /api/auth/reset":             all(400, map[string]any{"token": strings.Repeat("A", 43), "password": "another horse"}),
		"POST /api/auth/confirm":           all(400, map[string]any{"token": strings.Repeat("A", 43)}),
		"POST /api/auth/confirm/send":      body(done(mine, 503), map[string]any{"lang": "en"}),
		"GET /api/users/me":                mine,
		"POST /api/users/me/password":      body(ends(done(mine, 204)), map[string]any{"current": "correct horse", "new": "a new horse"}),
		"GET /api/users/me/logins":         mine,
		"GET /api/users/me/export":         mine,
		"POST /api/users/me/deletion":      body(ends(done(mine, 204)), map[string]any{"password": "correct horse"}),
		"GET /api/xp":                      mine,

		"POST /api/liveassist/sessions":                  done(mine, 201),
		"GET /api/liveassist/sessions":                   mine,
		"GET " + session + "/messages":                   foreign,
		"POST " + session + "/messages":                  body(done(foreign, 201), map[string]any{"text": "hello"}),
		"POST " + session + "/images":                    done(foreign, 201),
		"GET /api/images/{imageId}":                      with(foreign, func(r *attackRow) { r.operator = 200 }), // and it is an act, see TestOperator_Picture
		"GET " + session:                                 foreign,
		"PATCH " + session:                               body(foreign, map[string]any{"title": "Mine now"}),
		"GET " + session + "/export":                     foreign,
		"POST " + session + "/ask-person":                foreign,
		"POST " + session + "/typing":                    done(foreign, 204),
		"POST " + message + "/retry":                     with(foreign, func(r *attackRow) { r.owner = 404 }), // no reply failed; TestConversation_FailedAndRetried has the 200
		"POST " + message + "/rating":                    body(done(foreign, 204), map[string]any{"value": "up"}),
		"GET /api/liveassist/search":                     mine,
		"GET /api/billing/plans":                         everybody,
		"POST /api/billing/checkout":                     body(mine, map[string]any{"plan": "month"}),
		"POST /api/billing/portal":                       mine, // each their own customer
		"POST /api/billing/confirm":                      body(foreign, map[string]any{"session_id": c.ids["{id}"]}),
		"POST /api/webhooks/stripe":                      all(400, string(checkoutOf(c.owner.id))), // not signed
		"GET /sandbox/style.css":                         everybody,
		"GET /sandbox/checkout/{id}":                     bearer(everybody),
		"POST /sandbox/checkout/{id}/pay":                bearer(all(303, nil)),
		"POST /sandbox/checkout/{id}/cancel":             bearer(all(303, nil)),
		"GET /sandbox/portal/{id}":                       all(404, nil), // {id} is a checkout's: no portal's
		"POST /sandbox/portal/{id}/{action}":             all(404, nil),
		"GET /api/events":                                mine,
		"GET /api/operator/overview":                     forOperators,
		"GET /api/operator/conversations":                forOperators,
		"GET " + desk:                                    forOperators,
		"GET " + desk + "/messages":                      forOperators,
		"POST " + desk + "/messages":                     body(done(forOperators, 201), map[string]any{"text": "hello"}),
		"POST " + desk + "/typing":                       done(forOperators, 204),
		"POST " + desk + "/take":                         forOperators,
		"POST " + desk + "/hand-back":                    forOperators,
		"POST " + desk + "/close":                        forOperators,
		"GET /api/operator/canned":                       forOperators,
		"GET /api/operator/users":                        forOperators,
		"GET /api/operator/users/{userId}":               forOperators,
		"GET /api/operator/users/{userId}/evidence":      forOperators,
		"POST /api/operator/users/{userId}/premium":      body(forOperators, map[string]any{"until": s.clock.now().Add(48 * time.Hour).UTC().Format(time.RFC3339), "reason": "a test"}),
		"POST /api/operator/users/{userId}/premium/end":  body(forOperators, map[string]any{"reason": "a test"}),
		"GET /api/operator/webhooks":                     forOperators,
		"GET /api/operator/webhooks/{webhookId}":         forOperators,
		"POST /api/operator/webhooks/{webhookId}/replay": body(forOperators, map[string]any{"reason": "a test"}),
		"GET /api/operator/audit":                        forOperators,
		"GET /api/operator/export/{list}":                forOperators,
		"GET /api/guides":                                everybody,
		"GET /api/guides/{slug}":                         everybody,
		"GET /api/openapi.json":                          everybody,
		"GET /healthz":                                   everybody,
		"GET /readyz":                                    everybody,
		"GET /metrics":                                   everybody, // to this machine alone, see TestAttack_Metrics
		"GET /debug/pprof/{profile}":                     everybody,
	}
}

// secretText is in a message of the owner's: nobody else may ever see it.
const secretText = "the key lies under the third flower pot"

// cast are those who ask, and the owner's ids.
type cast struct {
	s                                      *server
	nobody, other, operator, stolen, owner *browser
	ids                                    map[string]string // by "{param}"
}

func newCast(s *server) *cast {
	s.tb.Helper()
	c := &cast{s: s, nobody: s.browser(), other: s.person(), operator: s.operator(), owner: s.person(), stolen: s.browser()}
	session := c.owner.session()
	c.owner.say(session, secretText).wants(201, "say")
	picture := c.owner.upload(session, photo(s.tb)).wants(201, "photo").object()["image"].(map[string]any)["id"].(string)
	reply, _, err := s.db.AddMessage(s.tb.Context(), store.NewMessage{
		User: c.owner.id, Session: domain.SessionID(session), Role: domain.AuthorAssistant, Text: "Then look there.",
	})
	must(s.tb, err)
	c.operator.post("/api/operator/conversations/"+session+"/take", nil).wants(200, "take")
	s.deliver(invoiceOf("sub_" + uuid.NewString()))
	ledger := c.operator.get("/api/operator/webhooks").items()
	_, checkout, _ := strings.Cut(c.owner.post("/api/billing/checkout", map[string]any{"plan": "month"}).str("url"), "/checkout/")
	c.ids = map[string]string{
		"{sessionId}": session, "{messageId}": string(reply.ID), "{imageId}": picture, "{userId}": string(c.owner.id),
		"{webhookId}": ledger[0]["id"].(string), "{list}": "users", "{id}": checkout, "{action}": "end", "{slug}": s.guide(), "{profile}": "heap",
	}
	thief := s.browser()
	thief.post("/api/auth/login", map[string]any{"email": c.owner.email, "password": "correct horse"}).wants(200, "sign in")
	token := thief.cookie()
	thief.post("/api/auth/logout", nil).wants(204, "sign out")
	c.stolen.http.Jar = fixedCookie(token)
	return c
}

// guide is the slug of any guide.
func (s *server) guide() string {
	s.tb.Helper()
	return s.browser().get("/api/guides").list()[0]["slug"].(string)
}

// ask sends a row's request in somebody's name, and returns the answer. A stream is not
// waited for.
func (c *cast) ask(b *browser, route string, row attackRow) reply {
	c.s.tb.Helper()
	method, path, _ := strings.Cut(route, " ")
	for param, id := range c.ids {
		path = strings.ReplaceAll(path, param, id)
	}
	switch {
	case method == http.MethodGet && path == "/api/events":
		st := b.stream("?user=" + string(c.owner.id) + "&userId=" + string(c.owner.id))
		st.cancel()
		return reply{tb: c.s.tb, status: st.status, header: st.header}
	case path == "/api/liveassist/search":
		path += "?q=flower"
	case strings.HasSuffix(path, "/images"):
		return b.upload(c.ids["{sessionId}"], photo(c.s.tb))
	}
	return b.do(method, path, row.body)
}

// standing is all of the owner's that an attack could change.
func (c *cast) standing() string {
	c.s.tb.Helper()
	var all bytes.Buffer
	session := "/api/liveassist/sessions/" + c.ids["{sessionId}"]
	for _, path := range []string{"/api/users/me", session, session + "/messages", "/api/xp", "/api/liveassist/sessions"} {
		got := c.owner.get(path).wants(200, path)
		all.Write(got.body)
	}
	return all.String()
}

// TestAttack_Table asks every route in every name.
func TestAttack_Table(t *testing.T) {
	s := newServerWith(t, func(_ *server, p *Parts) {
		p.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok 1") })
	}, func(c *Config) { c.FreeImagesPerDay = 10 })
	shared := newCast(s)
	rows := attackTable(shared)
	routes := routeTable(t)
	for route := range rows {
		if !slices.Contains(routes, route) {
			t.Errorf("%s is in the table of attack and is no route", route)
		}
	}
	for _, route := range routes {
		row, ok := rows[route]
		if !ok {
			t.Errorf("%s has no row in the table of attack: say what each caller gets", route)
			continue
		}
		c := shared
		if row.ends {
			c = newCast(s)
		}
		c.try(t, route, row)
	}
}

// try asks one route, the harmless first.
func (c *cast) try(t *testing.T, route string, row attackRow) {
	t.Helper()
	before := c.standing()
	for _, who := range []struct {
		name    string
		browser *browser
		want    int
	}{{"nobody", c.nobody, row.nobody}, {"a stolen cookie", c.stolen, row.stolen}, {"another person", c.other, row.other}} {
		got := c.ask(who.browser, route, row)
		if got.status != who.want {
			t.Errorf("%s as %s: %d %.200s, want %d", route, who.name, got.status, got.body, who.want)
		}
		for _, secret := range []string{"flower pot", c.owner.email, string(c.owner.id)} {
			if bytes.Contains(got.body, []byte(secret)) && !row.bearer {
				t.Errorf("%s as %s shows %q: %.300s", route, who.name, secret, got.body)
			}
		}
	}
	if after := c.standing(); after != before && !row.bearer {
		t.Errorf("%s changed what is the owner's:\nbefore %s\n after %s", route, before, after)
	}
	for _, who := range []struct {
		name    string
		browser *browser
		want    int
	}{{"an operator", c.operator, row.operator}, {"the owner", c.owner, row.owner}} {
		if got := c.ask(who.browser, route, row); got.status != who.want {
			t.Errorf("%s as %s: %d %.200s, want %d", route, who.name, got.status, got.body, who.want)
		}
	}
}

// TestAttack_Methods: no address does anything for a method that is not in the table.
func TestAttack_Methods(t *testing.T) {
	s := newServer(t)
	c := newCast(s)
	known := routeTable(t)
	before := c.standing()
	for _, route := range known {
		_, path, _ := strings.Cut(route, " ")
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodTrace, "PROPFIND", "get"} {
			if slices.Contains(known, method+" "+path) {
				continue
			}
			got := c.ask(c.other, method+" "+path, attackRow{})
			if got.status != http.StatusMethodNotAllowed && got.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %.100s, want 405 or 404", method, path, got.status, got.body)
			}
		}
	}
	// What tells a proxy or a library to use another method tells nothing here, not even where
	// the owner asks: a POST that says it is a PATCH is a POST.
	one := "/api/liveassist/sessions/" + c.ids["{sessionId}"]
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		for _, path := range []string{one, one + "?_method=PATCH"} {
			if got := c.owner.post(path, map[string]any{"title": "overridden"}, header, http.MethodPatch); got.status != http.StatusMethodNotAllowed {
				t.Errorf("POST %s with %s: %d %.100s, want 405", path, header, got.status, got.body)
			}
		}
	}
	if after := c.standing(); after != before {
		t.Errorf("changed:\nbefore %s\n after %s", before, after)
	}
}
