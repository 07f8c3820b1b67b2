package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/account"
)

// shape is all of an answer that could tell something.
func shape(r reply) string {
	h := maps.Clone(r.header)
	h.Del("Date")
	h.Del(headerRequestID)
	return fmt.Sprint(r.status, h, string(r.body))
}

// TestAttack_GuessedIDs: an id of another person's answers as one that nobody has, to the
// last header, and takes about as long.
func TestAttack_GuessedIDs(t *testing.T) {
	s := newServer(t)
	c := newCast(s)
	own := c.other.session()
	for route, row := range attackTable(c) {
		if row.nobody != http.StatusUnauthorized || row.other != http.StatusNotFound {
			continue
		}
		foreign := c.ask(c.other, route, row)
		ids := maps.Clone(c.ids)
		for _, param := range []string{"{sessionId}", "{messageId}", "{imageId}"} {
			c.ids[param] = uuid.NewString()
		}
		unknown := c.ask(c.other, route, row)
		c.ids = maps.Clone(ids)
		if got, want := shape(foreign), shape(unknown); got != want {
			t.Errorf("%s:\nforeign %s\nunknown %s", route, got, want)
		}
		if strings.Contains(route, "{messageId}") { // another person's message in one's own conversation
			c.ids["{sessionId}"] = own
			if got, want := shape(c.ask(c.other, route, row)), shape(unknown); got != want {
				t.Errorf("%s, own conversation:\n got %s\nwant %s", route, got, want)
			}
		}
		c.ids = ids
	}
	// The same message id of two people: the second person neither learns nor gets anything.
	mine := c.other.post("/api/liveassist/sessions/"+own+"/messages", map[string]any{"id": c.ids["{messageId}"], "text": "hello"})
	if strings.Contains(string(mine.body), "look there") {
		t.Errorf("a guessed message id shows the message: %s", mine.body)
	}
	third := c.s.person()
	room := "/api/liveassist/sessions/" + third.session()
	blank := third.post(room+"/messages", map[string]any{"id": c.ids["{messageId}"], "text": " "})
	form := "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + c.ids["{messageId}"] + "\r\n--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nno picture\r\n--x--\r\n"
	broken := third.post(room+"/images", form, "Content-Type", "multipart/form-data; boundary=x")
	if blank.status != http.StatusBadRequest || broken.status != http.StatusUnsupportedMediaType {
		t.Errorf("a retry of a guessed message: %d %s and %d %s, want refusals", blank.status, blank.body, broken.status, broken.body)
	}
	took := func(session string) time.Duration {
		times := make([]time.Duration, 100)
		for i := range times {
			start := time.Now()
			c.other.get("/api/liveassist/sessions/" + session)
			times[i] = time.Since(start)
		}
		slices.Sort(times)
		return times[len(times)/2]
	}
	foreign, unknown := took(c.ids["{sessionId}"]), took(uuid.NewString())
	if d := (foreign - unknown).Abs(); d > max(unknown, 2*time.Millisecond) {
		t.Errorf("foreign takes %v, unknown %v", foreign, unknown)
	}
}

// TestAttack_ForeignStream: no number and no name in a request brings another person's
// events, neither those to come nor those that were.
func TestAttack_ForeignStream(t *testing.T) {
	s := newServer(t)
	owner, spy := s.person(), s.person()
	session := owner.session()
	own := owner.stream("")
	own.next()
	owner.say(session, secretText).wants(201, "say")
	last := own.until("message.created", "flower").id
	owner.say(session, secretText).wants(201, "say")
	for _, query := range []string{
		"", "?lastEventId=0", "?lastEventId=" + last, "?lastEventId=1&user=" + string(owner.id), "?userId=" + string(owner.id), "?stream=" + string(owner.id) + "&sessionId=" + session, "?user=*", "?lastEventId=1&lastEventId=0",
	} {
		for _, header := range [][]string{nil, {"Last-Event-ID", "1"}, {"Last-Event-ID", last, "X-User-Id", string(owner.id)}} {
			st := spy.stream(query, header...)
			if e := st.next(); e.name != "ready" || !strings.Contains(e.data, string(spy.id)) || strings.Contains(e.data, string(owner.id)) {
				t.Errorf("%s %v: %+v", query, header, e)
			}
			for limit := time.After(20 * time.Millisecond); limit != nil; {
				select {
				case e := <-st.events:
					if strings.Contains(e.data, "flower") || strings.Contains(e.data, session) {
						t.Errorf("%s %v shows %s", query, header, e.data)
					}
				case <-limit:
					limit = nil
				}
			}
			st.cancel()
		}
	}
}

// from is a browser at another address of this machine.
func (s *server) from(address string) *browser {
	s.tb.Helper()
	b := s.browser()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		return d.DialContext(ctx, network, to)
	}
	s.tb.Cleanup(transport.CloseIdleConnections)
	b.http.Transport = transport
	return b
}

// TestAttack_BruteForce: guessing from one address ends after ten tries at an account and a
// hundred in all, whatever a header says about the address; from many addresses each has its
// own few, and none of it locks the person out.
func TestAttack_BruteForce(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	p := s.person()
	try := func(b *browser, email, password string, header ...string) int {
		return b.post("/api/auth/login", map[string]any{"email": email, "password": password}, header...).status
	}
	count := func(n int, one func(i int) int) map[int]int {
		seen := map[int]int{}
		for i := range n {
			seen[one(i)]++
		}
		return seen
	}
	thief := s.from("127.0.0.2")
	got := count(30, func(i int) int {
		fake := fmt.Sprintf("203.0.113.%d", i)
		spelled := []string{p.email, strings.ToUpper(p.email), " " + p.email, p.email + " "}[i%4]
		return try(thief, spelled, "wrong horse", "X-Forwarded-For", fake, "Fly-Client-Ip", fake, "X-Real-Ip", fake, "Forwarded", "for="+fake)
	})
	if got[401] != 10 || got[429] != 20 {
		t.Errorf("one address, one account: %v, want 10 tries", got)
	}
	// What nobody can have as a password is refused without the work of a hash, and counts.
	hopeless := strings.Repeat("x", 5*account.MaxPassword)
	got = count(110, func(i int) int { return try(thief, fmt.Sprintf("nobody%d@example.com", i), hopeless) })
	if got[401] < 90 || got[401] > 95 { // one comes back every nine seconds
		t.Errorf("one address, many accounts: %v, want 90 more tries", got)
	}
	got = count(40, func(i int) int { return try(s.from(fmt.Sprintf("127.0.1.%d", 1+i/20)), p.email, "wrong horse") })
	if got[401] != 20 || got[429] != 20 {
		t.Errorf("two more addresses: %v, want ten tries each", got)
	}
	if got := try(s.from("127.0.0.9"), p.email, "correct horse"); got != http.StatusOK {
		t.Errorf("the person, meanwhile: %d", got)
	}
}

// TestAttack_MassRegistration: one address makes thirty accounts in an hour, no more.
func TestAttack_MassRegistration(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	register := func(b *browser, i int) reply {
		return b.post("/api/auth/register", map[string]any{"email": fmt.Sprintf("m%d@example.com", i), "password": "correct horse"}, "X-Forwarded-For", fmt.Sprint("203.0.113.", i))
	}
	b := s.from("127.0.0.3")
	made := 0
	for i := range 40 {
		switch got := register(b, i); got.status {
		case http.StatusCreated:
			made++
		case http.StatusTooManyRequests:
			if got.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		default:
			t.Errorf("account %d: %d %s", i, got.status, got.body)
		}
	}
	if made != 30 {
		t.Errorf("%d accounts, want 30", made)
	}
	if got := register(s.from("127.0.0.4"), 99); got.status != http.StatusCreated {
		t.Errorf("from elsewhere: %d", got.status)
	}
}

// TestAttack_Webhook: only what Stripe has signed just now, byte by byte, makes anybody
// Premium, and only once.
func TestAttack_Webhook(t *testing.T) {
	s := newServer(t)
	p := s.person()
	event := checkoutOf(p.id)
	other := s.person()
	now := time.Now()
	good := signature(event, webhookSecret, now)
	stamp, sum, _ := strings.Cut(good, ",")
	for name, c := range map[string]struct{ body, signature string }{
		"none":                    {string(event), ""},
		"another person's id":     {strings.Replace(string(event), string(p.id), string(other.id), 1), good},
		"a blank more":            {string(event) + " ", good},
		"old":                     {string(event), signature(event, webhookSecret, now.Add(-6*time.Minute))},
		"old, with a new time":    {string(event), fmt.Sprintf("t=%d,%s", now.Add(time.Second).Unix(), sum)},
		"two times":               {string(event), fmt.Sprintf("%s,t=%d,%s", stamp, now.Add(-time.Hour).Unix(), sum)},
		"scheme v0":               {string(event), strings.Replace(good, "v1=", "v0=", 1)},
		"empty secret":            {string(event), signature(event, "", now)},
		"secret's name":           {string(event), signature(event, "whsec_", now)},
		"no time":                 {string(event), sum},
		"time of letters":         {string(event), "t=x," + sum},
		"very large time":         {string(event), "t=99999999999999999999," + sum},
		"empty sum":               {string(event), stamp + ",v1="},
		"half of the sum":         {string(event), good[:len(good)-32]},
		"a list of guesses":       {string(event), stamp + strings.Repeat(",v1="+strings.Repeat("0", 64), 1000)},
		"signed as the operator?": {string(event), "Bearer " + webhookSecret},
	} {
		got := s.browser().post(webhookPath, c.body, "Stripe-Signature", c.signature)
		if got.status != http.StatusBadRequest || got.str("error") != "invalid_signature" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	for _, b := range []*browser{p, other} {
		if me := b.get("/api/users/me").object(); me["subscription_status"] != "free" || me["xp"] != 0.0 {
			t.Fatalf("somebody is Premium: %v", me)
		}
	}
	for range 3 { // the very same delivery, caught and sent again
		s.browser().post(webhookPath, event, "Stripe-Signature", good).wants(200, "replay")
	}
	if me := p.get("/api/users/me").object(); me["subscription_status"] != "paid" || me["xp"] != 250.0 {
		t.Errorf("after three deliveries: %v", me)
	}
}

// metacharacters mean something to SQL, to FTS5, to LIKE, to a shell or to a template.
var metacharacters = []string{
	`'`, `"`, `''`, `' OR '1'='1`, `'; DROP TABLE users; --`, `" OR 1=1 --`, `%`, `_`, `%' --`, `\`, `\'`, `;`, `--`, `/*`, `*`, `a*`, `NEAR(a b)`, `a AND b`, `a OR`, `NOT`, `"a`, `a"b"`, `owner : u1`, `text:x`,
	`{a b}: c`, `^a`, `a + b`, `(`, `)`, `-a`, `a NOT NOT b`, `$(id)`, "`id`", `${7*7}`, `{{7*7}}`, `?1`, `:a`, `@a`, `$a`, "\x00", "a\x00b", `x'41'`, `CAST(1 AS TEXT)`, "\u2019", "\uff07", strings.Repeat("(", 150), strings.Repeat(`"a" `, 40), "\xff\xfe", "NULL",
}

// TestAttack_Metacharacters sends them through every string that the API takes: each is kept
// as it is or refused with words, nothing is found that is not the asker's, and nothing breaks.
func TestAttack_Metacharacters(t *testing.T) {
	s := newServer(t)
	owner, p, anna := s.person(), s.person(), s.operator()
	owner.say(owner.session(), secretText).wants(201, "say")
	if _, err := s.db.IndexMessages(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	session := p.session()
	one := "/api/liveassist/sessions/" + session
	for _, text := range metacharacters {
		q := url.QueryEscape(text)
		sent := p.say(session, text)
		clean := strings.ToValidUTF8(text, "\ufffd")
		if sent.status != http.StatusBadRequest && (sent.status != http.StatusCreated || !slices.Equal([]rune(sent.str("text")), []rune(jsonText(t, text)))) {
			t.Errorf("message %q: %d %s (%q)", text, sent.status, sent.body, clean)
		}
		for name, got := range map[string]reply{
			"search":       p.get("/api/liveassist/search?q=" + q),
			"search+":      p.get("/api/liveassist/search?q=flower+" + q),
			"before":       p.get(one + "/messages?before=" + q),
			"limit":        p.get(one + "/messages?limit=" + q),
			"conversation": p.get("/api/liveassist/sessions/" + url.PathEscape(text)),
			"picture":      p.get("/api/images/" + url.PathEscape(text)),
			"guide":        p.get("/api/guides/" + url.PathEscape(text)),
			"language":     p.get("/api/guides?lang=" + q),
			"title":        p.do(http.MethodPatch, one, map[string]any{"title": text}),
			"message id":   p.post(one+"/messages", map[string]any{"id": text, "text": "x"}),
			"rating":       p.post(one+"/messages/"+uuid.NewString()+"/rating", map[string]any{"value": text}),
			"sign in":      s.browser().post("/api/auth/login", map[string]any{"email": text, "password": text}),
			"register":     s.browser().post("/api/auth/register", map[string]any{"email": text, "password": text, "name": text, "lang": text}),
			"reset":        s.browser().post("/api/auth/reset", map[string]any{"token": text, "password": text}),
			"password":     p.post("/api/users/me/password", map[string]any{"current": text, "new": text}),
			"deletion":     p.post("/api/users/me/deletion", map[string]any{"password": text}),
			"plan":         p.post("/api/billing/checkout", map[string]any{"plan": text, "return_to": text}),
			"confirm":      p.post("/api/billing/confirm", map[string]any{"session_id": text}),
			"cookie":       s.browser().get("/api/users/me", "Cookie", "session="+strings.Map(printable, text)),
		} {
			if got.status >= 500 || strings.Contains(string(got.body), "flower") || strings.Contains(strings.ToLower(string(got.body)), "sqlite") || strings.Contains(string(got.body), "fts5") {
				t.Errorf("%s with %q: %d %.300s", name, text, got.status, got.body)
			}
		}
		for name, path := range map[string]string{
			"people": "/api/operator/users?q=" + q, "people after": "/api/operator/users?after=" + q, "events": "/api/operator/webhooks?status=" + q + "&type=" + q + "&q=" + q, "log": "/api/operator/audit?action=" + q + "&operatorId=" + q,
			"inbox": "/api/operator/conversations?status=" + q + "&after=" + q, "person": "/api/operator/users/" + url.PathEscape(text), "event": "/api/operator/webhooks/" + url.PathEscape(text), "list": "/api/operator/export/" + url.PathEscape(text),
		} {
			if got := anna.get(path); got.status >= 500 || strings.Contains(strings.ToLower(string(got.body)), "sqlite") {
				t.Errorf("operator's %s with %q: %d %.300s", name, text, got.status, got.body)
			}
		}
	}
	// Everybody is still there, and LIKE's own characters found nobody but those who have them.
	if n := len(anna.get("/api/operator/users?q=" + url.QueryEscape("%")).items()); n > 0 {
		t.Errorf("%% finds %d people", n)
	}
	if got := anna.get("/api/operator/users?q=" + url.QueryEscape(p.email)).items(); len(got) != 1 {
		t.Errorf("the address finds %d people", len(got))
	}
	owner.get("/api/users/me").wants(200, "the owner, afterwards")
}

// TestAttack_MetacharactersElsewhere: the same through what people do not type: headers, the
// fields of a form, what operators write, and what an event of Stripe's says.
func TestAttack_MetacharactersElsewhere(t *testing.T) {
	s := newServer(t)
	owner, p, anna := s.person(), s.person(), s.operator()
	session := p.session()
	p.say(session, "hello").wants(201, "say")
	desk := "/api/operator/conversations/" + session
	anna.post(desk+"/take", nil).wants(200, "take")
	for _, text := range metacharacters {
		field := func(name string) string {
			return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n"
		}
		header := strings.Map(printable, text)
		quoted := mustJSON(t, text)
		event := func(kind, object string) reply {
			body := fmt.Appendf(nil, `{"id":%s,"type":%s,"created":%d,"livemode":false,"data":{"object":`, mustJSON(t, "evt_"+uuid.NewString()+text), mustJSON(t, kind), time.Now().Unix())
			body = append(append(body, strings.ReplaceAll(object, "%", quoted)...), "}}"...)
			return s.browser().post(webhookPath, body, "Stripe-Signature", signature(body, webhookSecret, time.Now()))
		}
		person := "/api/operator/users/" + string(p.id)
		for name, got := range map[string]reply{
			"form":          p.post("/api/liveassist/sessions/"+session+"/images", field("text")+field("id")+"--x--\r\n", "Content-Type", "multipart/form-data; boundary=x"),
			"boundary":      p.post("/api/liveassist/sessions/"+session+"/images", "--x--", "Content-Type", "multipart/form-data; boundary=\""+header+"\""),
			"browser":       s.browser().post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"}, "User-Agent", header),
			"tag":           p.get("/api/images/"+uuid.NewString(), "If-None-Match", header),
			"address":       p.get("/api/users/me", "X-Forwarded-For", header, "Fly-Client-IP", header, "Accept-Language", header),
			"last event id": p.get("/api/events", "Last-Event-ID", "x"+header),
			"signature":     s.browser().post(webhookPath, "{}", "Stripe-Signature", header),
			"reply":         anna.post(desk+"/messages", map[string]any{"text": text}),
			"canned":        anna.get("/api/operator/canned?q=" + url.QueryEscape(text)),
			"grant":         anna.post(person+"/premium", map[string]any{"until": text, "reason": text}),
			"grant, why":    anna.post(person+"/premium", map[string]any{"until": s.clock.now().Add(48 * time.Hour).UTC().Format(time.RFC3339), "reason": text}),
			"end, why":      anna.post(person+"/premium/end", map[string]any{"reason": text}),
			"replay, why":   anna.post("/api/operator/webhooks/"+uuid.NewString()+"/replay", map[string]any{"reason": text}),
			"purchase":      event("checkout.session.completed", `{"id":%,"mode":"subscription","payment_status":"paid","customer":%,"subscription":%,"metadata":{"userId":%,"plan":%},"client_reference_id":%}`),
			"invoice":       event("invoice.paid", `{"id":%,"customer":%,"subscription":%,"billing_reason":%,"status":%,"lines":{"data":[{"id":%,"period":{"start":1,"end":2}}]}}`),
			"refund":        event("charge.refunded", `{"id":%,"customer":%,"invoice":%,"payment_intent":%,"amount":1,"amount_refunded":1,"refunded":true}`),
			"deletion":      event("customer.subscription.deleted", `{"id":%,"customer":%,"status":%,"metadata":{"userId":%}}`),
			"type":          event(text, `{"id":%}`),
		} {
			if got.status >= 500 || strings.Contains(strings.ToLower(string(got.body)), "sqlite") {
				t.Errorf("%s with %q: %d %.300s", name, text, got.status, got.body)
			}
		}
	}
	for _, path := range []string{"/api/operator/webhooks?limit=100", "/api/operator/audit?limit=100", "/api/operator/export/webhooks", "/api/operator/export/audit", desk + "/messages"} {
		anna.get(path).wants(200, path)
	}
	if me := owner.get("/api/users/me").wants(200, "the owner, afterwards").object(); me["subscription_status"] != "free" {
		t.Errorf("the owner is %v", me["subscription_status"])
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

func printable(r rune) rune {
	if r < ' ' || r > '~' || r == ';' {
		return -1
	}
	return r
}

// jsonText is what a text becomes on its way through JSON.
func jsonText(t *testing.T, text string) (out string) {
	t.Helper()
	b, err := json.Marshal(text)
	must(t, err)
	must(t, json.Unmarshal(b, &out))
	return out
}

// TestAttack_SignInTiming: an address without an account, and one with, take the same time
// to be refused, also for a password that no account can have. The fastest of some tells it.
func TestAttack_SignInTiming(t *testing.T) {
	s := newServer(t)
	p, b := s.registered(), s.browser()
	for _, password := range []string{"wrong horse", "x"} {
		fastest := map[string]time.Duration{p.email: time.Hour, "nobody@example.com": time.Hour}
		for range 6 {
			for email := range fastest {
				start := time.Now()
				b.post("/api/auth/login", map[string]any{"email": email, "password": password}).wants(401, email)
				fastest[email] = min(fastest[email], time.Since(start))
			}
		}
		// Not to hash would take a twentieth.
		if known, unknown := fastest[p.email], fastest["nobody@example.com"]; max(known, unknown) > 2*min(known, unknown) {
			t.Errorf("%q: known %v, unknown %v", password, known, unknown)
		}
	}
}
