package httpapi

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// operator is a person with the role.
func (s *server) operator() *browser {
	s.tb.Helper()
	b := s.person()
	must(s.tb, s.db.SetRole(s.tb.Context(), b.email, domain.RoleOperator))
	return b
}

// acts returns the log's actions about a person by an operator, oldest first.
func (s *server) acts(operator, about *browser) []string {
	s.tb.Helper()
	list, err := s.db.AuditLog(s.tb.Context(), store.AuditFilter{User: about.id, Operator: operator.id}, newest, 1000)
	must(s.tb, err)
	var names []string
	for _, e := range list {
		names = append([]string{string(e.Action)}, names...)
	}
	return names
}

// TestOperator_Nobody asks every operators' route as everybody else: signed out, with a
// made-up cookie, as a person, as an operator whose role was taken, with another method. The
// answer is the one of an address that does not exist, to the last header.
func TestOperator_Nobody(t *testing.T) {
	s := newServer(t)
	p, former := s.person(), s.operator()
	former.get("/api/operator/overview").wants(200, "while he was an operator")
	must(t, s.db.SetRole(t.Context(), string(former.id), domain.RoleUser))
	id := p.session()
	madeUp := s.browser()
	shape := func(r reply) string {
		h := r.header.Clone()
		h.Del("Date")
		h.Del(headerRequestID)
		return fmt.Sprint(r.status, h, string(r.body))
	}
	want := shape(p.get("/api/operator/no-such-thing"))
	if !strings.Contains(want, "404") || !strings.Contains(want, errNoRoute.Message) {
		t.Fatalf("an unknown address: %s", want)
	}
	n := 0
	for _, r := range (&API{}).table() {
		if r.guard != operator {
			continue
		}
		n++
		path := strings.NewReplacer(":sessionId", id, ":userId", string(p.id), ":webhookId", uuid.NewString(), ":list", "users").Replace(r.path)
		for name, ask := range map[string]func(method string) reply{
			"signed out": func(m string) reply { return s.browser().do(m, path, nil) },
			"made up":    func(m string) reply { return madeUp.do(m, path, nil, "Cookie", "session="+strings.Repeat("A", 43)) },
			"person":     func(m string) reply { return p.do(m, path, nil) },
			"former":     func(m string) reply { return former.do(m, path, nil) },
		} {
			for _, method := range []string{r.method, http.MethodDelete, http.MethodOptions} {
				if got := shape(ask(method)); got != want {
					t.Errorf("%s %s, %s:\n got %s\nwant %s", method, path, name, got, want)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d routes for operators", n)
	}
	if got := s.operator().do(http.MethodDelete, "/api/operator/overview", nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("an operator with another method: %d", got.status)
	}
}

// TestOperator_Desk is the life of a conversation at the desk, with two operators.
func TestOperator_Desk(t *testing.T) {
	s := newAssisted(t)
	p, anna, bo := s.person(), s.operator(), s.operator()
	session := p.session()
	own, desk := "/api/liveassist/sessions/"+session, "/api/operator/conversations/"+session
	page := p.stream("")
	page.until("ready", "")
	p.say(session, "the tap drips").wants(201, "post")
	page.until("message.created", "assistant")
	p.post(own+"/ask-person", nil).wants(200, "ask")

	inbox := anna.get("/api/operator/conversations").wants(200, "inbox").object()["items"].([]any)
	if len(inbox) != 1 || inbox[0].(map[string]any)["id"] != session || inbox[0].(map[string]any)["person"].(map[string]any)["email"] != p.email {
		t.Fatalf("waiting: %v", inbox)
	}
	anna.post(desk+"/messages", map[string]any{"text": "hello"}).conflicts(domain.CodeNotTaken)
	anna.post(desk+"/typing", nil).conflicts(domain.CodeNotTaken)

	anna.post(desk+"/take", nil).wants(200, "take")
	page.until("conversation.updated", `"desk":"operator"`)
	bo.post(desk+"/take", nil).conflicts(domain.CodeTaken)
	bo.post(desk+"/messages", map[string]any{"text": "me too"}).conflicts(domain.CodeTaken)
	bo.post(desk+"/close", nil).conflicts(domain.CodeTaken)
	bo.post(desk+"/hand-back", nil).conflicts(domain.CodeTaken)
	anna.post(desk+"/take", nil).wants(200, "take again")

	id := uuid.NewString()
	anna.post(desk+"/typing", nil).wants(204, "typing")
	page.until("conversation.typing", `"role":"operator"`)
	first := anna.post(desk+"/messages", map[string]any{"id": id, "text": "I look at it"}).wants(201, "reply")
	again := anna.post(desk+"/messages", map[string]any{"id": id, "text": "something else"}).wants(200, "reply again")
	if first.str("id") != id || !bytes.Equal(first.body, again.body) || first.str("role") != "operator" {
		t.Errorf("the same id: %s and %s", first.body, again.body)
	}
	page.until("message.created", `"I look at it"`)
	mine := p.say(session, "thank you").wants(201, "post to a person").str("id")
	page.until("message.created", "thank you")
	page.quiet(200 * time.Millisecond) // the assistant is silent
	anna.post(desk+"/messages", map[string]any{"id": mine, "text": "x"}).conflicts(domain.CodeIDTaken)

	// Taken from the one who has it, and from nobody else.
	bo.post(desk+"/take", map[string]any{"from": bo.id}).conflicts(domain.CodeTaken)
	bo.post(desk+"/take", map[string]any{"from": anna.id}).wants(200, "take from anna")
	anna.post(desk+"/messages", map[string]any{"text": "still me"}).conflicts(domain.CodeTaken)
	anna.post(desk+"/messages", map[string]any{"id": id, "text": "a late retry"}).wants(200, "retry after it was taken")

	if c := bo.post(desk+"/hand-back", nil).wants(200, "hand back").object(); c["desk"] != "assistant" || c["operator"] != nil || c["assistant"] != true {
		t.Errorf("handed back: %v", c)
	}
	page.until("conversation.updated", `"desk":"assistant","operator":null`)
	bo.post(desk+"/hand-back", nil).wants(200, "hand back again")
	p.say(session, "and the sink is blocked").wants(201, "post to the assistant")
	page.until("message.created", `"assistant"`)
	anna.post(desk+"/close", nil).wants(200, "close")
	page.until("conversation.updated", `"desk":"closed"`)
	if done := anna.get("/api/operator/conversations?state=done").wants(200, "done").object()["items"].([]any); len(done) != 1 {
		t.Errorf("done: %v", done)
	}
	got := anna.get(desk+"/messages").wants(200, "messages").list()
	if len(got) != 6 || got[2]["text"] != "I look at it" {
		t.Errorf("%d messages: %v", len(got), got)
	}
	if got, want := fmt.Sprint(s.acts(anna, p)), "[conversation.take conversation.reply conversation.close conversation.read]"; got != want {
		t.Errorf("anna's acts = %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(s.acts(bo, p)), "[conversation.take conversation.hand_back]"; got != want {
		t.Errorf("bo's acts = %s, want %s", got, want)
	}
}

// conflicts fails unless the answer is a conflict of that code.
func (r reply) conflicts(code string) {
	r.tb.Helper()
	if r.status != http.StatusConflict || r.str("error") != "conflict" || r.str("code") != code {
		r.tb.Errorf("%d %s, want 409 conflict %s", r.status, r.body, code)
	}
}

// TestOperator_TakeAtOnce: of many operators at once, one gets the conversation.
func TestOperator_TakeAtOnce(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	const n = 6
	answers := make(chan int, n)
	for range n {
		b := s.operator()
		go func() { answers <- b.post("/api/operator/conversations/"+session+"/take", nil).status }()
	}
	got := map[int]int{}
	for range n {
		got[<-answers]++
	}
	if got[200] != 1 || got[409] != n-1 {
		t.Errorf("answers %v, want one 200 and the others 409", got)
	}
}

// TestOperator_Stream: an operator's stream tells of the desk besides his own, across a gap,
// and the text of messages goes to who has the conversation; it stops with the role.
func TestOperator_Stream(t *testing.T) {
	s := newServer(t)
	p, anna, bo := s.person(), s.operator(), s.operator()
	session := p.session()
	path := "/api/operator/conversations/" + session
	a, b, own := anna.stream(""), bo.stream(""), p.stream("")
	for _, st := range []*stream{a, b, own} {
		st.until("ready", "")
	}
	p.say(session, "to the assistant alone").wants(201, "post")
	a.quiet(150 * time.Millisecond) // nobody has asked for a person
	p.post("/api/liveassist/sessions/"+session+"/ask-person", nil).wants(200, "ask")
	e := a.until("inbox.updated", `"desk":"waiting","operator":null`)
	b.until("inbox.updated", `"desk":"waiting"`)
	anna.post(path+"/take", nil).wants(200, "take")
	b.until("inbox.updated", `"operator":{"id":"`+string(anna.id)+`"`)
	p.say(session, "a secret").wants(201, "post")
	a.until("inbox.message", "a secret")
	if got := b.until("inbox.updated", `"lastRole":"user"`); strings.Contains(got.data, "secret") {
		t.Errorf("the text went to another operator: %s", got.data)
	}
	b.quiet(100 * time.Millisecond)
	for _, name := range []string{"message.created", "conversation.updated", "conversation.updated", "message.created"} {
		if got := own.next(); got.name != name {
			t.Errorf("the person got %s, want %s", got.name, name)
		}
	}
	own.quiet(100 * time.Millisecond) // the desk's events are not hers

	// After a gap nothing is lost and nothing comes twice.
	back := anna.stream("", "Last-Event-ID", e.id)
	back.until("ready", "")
	if got := back.next(); got.name != "inbox.updated" || !strings.Contains(got.data, `"desk":"operator"`) {
		t.Errorf("after a gap: %+v", got)
	}
	back.until("inbox.message", "a secret")
	back.quiet(100 * time.Millisecond)

	// His own come too, and in the order of their numbers.
	hers := anna.session()
	anna.say(hers, "my own tap").wants(201, "an operator's own conversation")
	a.until("message.created", "my own tap")

	must(t, s.db.SetRole(t.Context(), anna.email, domain.RoleUser))
	p.say(session, "after the role was taken").wants(201, "post")
	b.until("inbox.updated", "")
	a.quiet(150 * time.Millisecond)
	anna.say(hers, "still mine").wants(201, "his own")
	a.until("message.created", "still mine")
	gap := anna.stream("", "Last-Event-ID", e.id)
	gap.until("ready", `"role":"user"`)
	gap.until("message.created", "my own tap")
	gap.until("message.created", "still mine")
	gap.quiet(100 * time.Millisecond)

	// What he had waits for the next one.
	must(t, s.db.ReleaseDesks(t.Context()))
	own.until("conversation.updated", `"desk":"waiting","operator":null`)
	b.until("inbox.updated", `"desk":"waiting"`)
}

// TestOperator_JoinsLater: a page that was open before the role was given carries the desk
// from the operator's first look at it.
func TestOperator_JoinsLater(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.person()
	session := p.session()
	st := anna.stream("")
	st.until("ready", "")
	must(t, s.db.SetRole(t.Context(), string(anna.id), domain.RoleOperator))
	anna.get("/api/operator/overview").wants(200, "overview")
	p.post("/api/liveassist/sessions/"+session+"/ask-person", nil).wants(200, "ask")
	st.until("inbox.updated", session)
}

// TestOperator_Picture: an operator sees a photo, which is an act each time; others do not.
func TestOperator_Picture(t *testing.T) {
	s := newServer(t)
	p, other, anna := s.person(), s.person(), s.operator()
	m := p.upload(p.session(), photo(t)).wants(201, "photo").object()
	url := m["image"].(map[string]any)["url"].(string)
	other.get(url).wants(404, "another person")
	for range 2 {
		got := anna.get(url).wants(200, "operator")
		if cc := got.header.Get("Cache-Control"); cc != "no-store" {
			t.Errorf("Cache-Control = %q: a copy that is kept would be seen without an entry", cc)
		}
	}
	anna.get("/api/images/"+uuid.NewString()).wants(404, "no picture")
	if got, want := fmt.Sprint(s.acts(anna, p)), "[image.read image.read]"; got != want {
		t.Errorf("acts = %s, want %s", got, want)
	}
	p.get(url).wants(200, "owner")
}

// TestOperator_AuditHolds: what cannot be written down is not shown, and nothing of the log
// can be changed.
func TestOperator_AuditHolds(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.operator()
	anna.get("/api/operator/users/"+string(p.id)).wants(200, "user")
	for _, query := range []string{
		`UPDATE audit SET action = 'x'`, `DELETE FROM audit`, `DELETE FROM audit WHERE user_id = '` + string(p.id) + `'`,
		`INSERT OR REPLACE INTO audit SELECT * FROM audit`, `INSERT OR REPLACE INTO audit SELECT seq + 1000, _id, at, 'x', action, user_id, subject, reason, detail FROM audit`,
	} {
		err := s.db.Write(t.Context(), "tamper", func(tx *store.Tx) error { _, err := tx.Exec(query); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want a refusal", query, err)
		}
	}
	before := s.acts(anna, p)
	// An account can go, and what was done stays.
	must(t, s.db.Write(t.Context(), "delete account", func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM users WHERE id IN (?, ?)`, string(p.id), string(anna.id))
		return err
	}))
	if got := s.acts(anna, p); fmt.Sprint(got) != fmt.Sprint(before) || len(got) != 1 {
		t.Errorf("after the accounts are gone: %v, want %v", got, before)
	}
	bo := s.operator()
	list := bo.get("/api/operator/audit?userId="+string(p.id)).wants(200, "log").object()["items"].([]any)
	if e := list[0].(map[string]any); e["user"].(map[string]any)["email"] != "" || e["action"] != "user.read" {
		t.Errorf("entry: %v", e)
	}

	q := s.person()
	session := q.session()
	q.say(session, "a secret").wants(201, "post")
	must(t, s.db.Write(t.Context(), "break the log", func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	for _, path := range []string{
		"conversations", "conversations/" + session, "conversations/" + session + "/messages", "users", "users/" + string(q.id),
		"users/" + string(q.id) + "/evidence", "export/users",
	} {
		if got := bo.get("/api/operator/" + path); got.status != 500 || bytes.Contains(got.body, []byte("secret")) || bytes.Contains(got.body, []byte(q.email)) {
			t.Errorf("%s without a log: %d %s", path, got.status, got.body)
		}
	}
	bo.post("/api/operator/conversations/"+session+"/take", nil).wants(500, "take without a log")
	if c := q.get("/api/liveassist/sessions/" + session).object(); c["desk"] != "assistant" {
		t.Errorf("taken without an entry: %v", c)
	}
}
