package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/assist"
	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// assisted is a server where the assistant answers.
type assisted struct {
	*server
	assistant *assist.Assistant
	guides    *assist.Guides
	// broken lets every reply fail; failed counts them.
	broken atomic.Bool
	failed atomic.Int32
}

// Answer implements assist.Answerer: the guides, while nothing is broken.
func (s *assisted) Answer(ctx context.Context, q assist.Question, say func(string)) (store.Reply, error) {
	if s.broken.Load() {
		s.failed.Add(1)
		return store.Reply{}, errors.New("broken on purpose")
	}
	say("a piece of")
	say(" what comes")
	return s.guides.Answer(ctx, q, say)
}

// testFinders is shared by all tests: nothing changes it.
var testFinders = sync.OnceValue(func() *assist.Finders {
	library, err := guides.Load()
	if err != nil {
		panic(err)
	}
	return assist.NewFinders(context.Background(), library, func(ctx context.Context, weights []float64, texts [][]string) (assist.WordIndex, error) {
		return store.NewGuideIndex(ctx, weights, texts)
	})
})

func newAssisted(tb testing.TB, change ...func(*Config)) *assisted {
	tb.Helper()
	a := &assisted{}
	finders := testFinders()
	a.server = newServerWith(tb, func(s *server, p *Parts) {
		a.guides = assist.NewGuides(finders)
		a.assistant = assist.New(assist.Options{
			Store: p.Store, Answerer: a, Finders: finders, Whisper: p.Hub.Whisper, Clock: s.clock.now, Log: p.Log, AtOnce: 4,
		})
		p.Assistant = a.assistant
	}, change...)
	ctx, cancel := context.WithCancel(tb.Context())
	done := make(chan error)
	go func() { done <- a.assistant.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
	return a
}

// until returns the next event of that name that has the text in its data.
func (s *stream) until(name, text string) event {
	s.tb.Helper()
	for {
		if e := s.next(); e.name == name && strings.Contains(e.data, text) {
			return e
		}
	}
}

func (r reply) wants(status int, what string) reply {
	r.tb.Helper()
	if r.status != status {
		r.tb.Fatalf("%s: %d %s, want %d", what, r.status, r.body, status)
	}
	return r
}

func TestConversation_Reply(t *testing.T) {
	s := newAssisted(t)
	p, other := s.person(), s.person()
	session := p.session()
	st, theirs := p.stream(""), other.stream("")
	theirs.until("ready", "")
	sent := p.say(session, "vattnet rinner inte undan i diskhon").wants(201, "post")
	first := st.until("message.delta", session)
	var delta domain.MessageDelta
	must(t, json.Unmarshal([]byte(first.data), &delta))
	answer := st.until("message.created", "assistant")
	var m domain.Message
	must(t, json.Unmarshal([]byte(answer.data), &m))
	if m.ID != delta.ID || m.SessionID != domain.SessionID(session) {
		t.Errorf("reply %s in %s, pieces told of %s in %s", m.ID, m.SessionID, delta.ID, session)
	}
	if !strings.Contains(m.Text, "(/quickfix/blocked-sink)") || !strings.Contains(m.Text, "Steg 1 av 7") {
		t.Errorf("reply: %s", m.Text)
	}
	// The same message again brings no second reply.
	p.post("/api/liveassist/sessions/"+session+"/messages", map[string]any{"id": sent.str("id"), "text": "x"}).wants(200, "again")
	st.quiet(300 * time.Millisecond)
	list := p.get("/api/liveassist/sessions/" + session + "/messages").list()
	if len(list) != 2 || list[1]["id"] != string(m.ID) || list[1]["role"] != "assistant" {
		t.Errorf("messages: %v", list)
	}
	if c := p.get("/api/liveassist/sessions/" + session).object(); c["title"] != "vattnet rinner inte undan i diskhon" || len(c["pending"].([]any)) != 0 || c["assistant"] != true {
		t.Errorf("conversation: %v", c)
	}
	theirs.quiet(10 * time.Millisecond)
}

func TestConversation_Photo(t *testing.T) {
	s := newAssisted(t)
	p := s.person()
	session := p.session()
	st := p.stream("")
	p.say(session, "hej").wants(201, "post")
	st.until("message.created", "assistant")
	up := p.upload(session, photo(t))
	up.wants(201, "photo")
	if e := st.until("message.created", "assistant"); !strings.Contains(e.data, "Tack för bilden") {
		t.Errorf("reply to a photo without words: %s", e.data)
	}
}

func TestConversation_FailedAndRetried(t *testing.T) {
	s := newAssisted(t)
	s.broken.Store(true)
	p, other := s.person(), s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session
	st := p.stream("")
	id := p.say(session, "the tap drips").wants(201, "post").str("id")
	if c := p.get(path).object(); len(c["pending"].([]any)) != 1 || c["pending"].([]any)[0] != id {
		t.Errorf("while it is tried: %v", c)
	}
	for tries := 0; len(p.get(path).object()["failed"].([]any)) == 0; tries++ {
		if tries == 500 {
			t.Fatal("it is tried for ever")
		}
		time.Sleep(10 * time.Millisecond)
		s.clock.add(time.Minute) // tries are put off for longer and longer
		s.assistant.Wake()
	}
	failed := st.until("message.failed", id)
	var f domain.MessageFailed
	must(t, json.Unmarshal([]byte(failed.data), &f))
	if f.SessionID != domain.SessionID(session) || f.Error == "" {
		t.Errorf("failed: %s", failed.data)
	}
	c := p.get(path).object()
	if len(c["pending"].([]any)) != 0 || c["failed"].([]any)[0].(map[string]any)["id"] != id {
		t.Errorf("after it failed: %v", c)
	}
	retry := path + "/messages/" + id + "/retry"
	other.post(retry, nil).wants(404, "another person's retry")
	if c := p.get(path).object(); len(c["failed"].([]any)) != 1 || len(c["pending"].([]any)) != 0 {
		t.Errorf("another person's retry was refused, and did it: %v", c)
	}
	p.post(path+"/messages/"+uuid.NewString()+"/retry", nil).wants(404, "retry of nothing")
	s.broken.Store(false)
	p.post(retry, nil).wants(200, "retry")
	answer := st.until("message.created", "assistant")
	p.post(retry, nil).wants(200, "retry of what is there")
	st.quiet(200 * time.Millisecond)
	if n := len(p.get(path + "/messages").list()); n != 2 {
		t.Errorf("%d messages, want question and reply: %s", n, answer.data)
	}
}

// TestConversation_Operator: while a person has it the assistant is silent.
func TestConversation_Operator(t *testing.T) {
	s := newAssisted(t)
	p, op := s.person(), s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session
	st := p.stream("")
	c := p.post(path+"/ask-person", nil).wants(200, "ask").object()
	if c["desk"] != "waiting" || c["operator"] != nil || c["waitingSince"] == nil {
		t.Errorf("after asking: %v", c)
	}
	st.until("conversation.updated", `"desk":"waiting","operator":null`)
	p.post(path+"/ask-person", nil).wants(200, "ask again")
	p.say(session, "the tap drips").wants(201, "post while waiting")
	st.until("message.created", "assistant")

	take := func(desk domain.Desk, operator domain.UserID) {
		t.Helper()
		must(t, s.db.Write(t.Context(), "test", func(tx *store.Tx) error {
			return tx.SetDesk(p.id, domain.SessionID(session), desk, operator)
		}))
	}
	take(domain.DeskOperator, op.id)
	st.until("conversation.updated", `"desk":"operator","operator":""`)
	p.say(session, "are you there?").wants(201, "post to a person")
	st.until("message.created", "are you there?")
	st.quiet(300 * time.Millisecond)
	if c := p.get(path).object(); c["assistant"] != false || len(c["pending"].([]any)) != 0 {
		t.Errorf("with an operator: %v", c)
	}
	// The operator, and nobody else, sees that the person is typing.
	desk := op.stream("")
	desk.until("ready", "")
	p.post(path+"/typing", nil).wants(204, "typing")
	desk.until("conversation.typing", session)
	op.post(path+"/typing", nil).wants(404, "typing in another's conversation")

	take(domain.DeskClosed, "")
	p.say(session, "it drips again").wants(201, "post to a closed conversation")
	st.until("conversation.updated", `"desk":"assistant"`)
	st.until("message.created", "assistant")
}

// TestConversation_TakenWhileAnswering: a reply that is being written when a person takes
// the conversation is dropped.
func TestConversation_TakenWhileAnswering(t *testing.T) {
	s := newAssisted(t)
	s.broken.Store(true)
	p, op := s.person(), s.person()
	session := p.session()
	st := p.stream("")
	p.say(session, "the tap drips").wants(201, "post")
	for s.failed.Load() == 0 {
		time.Sleep(time.Millisecond) // the first try has to fail before the person comes
	}
	must(t, s.db.Write(t.Context(), "test", func(tx *store.Tx) error {
		return tx.SetDesk(p.id, domain.SessionID(session), domain.DeskOperator, op.id)
	}))
	s.broken.Store(false)
	st.until("conversation.updated", `"desk":"operator"`)
	s.clock.add(time.Minute)
	s.assistant.Wake()
	st.quiet(300 * time.Millisecond)
	if n := len(p.get("/api/liveassist/sessions/" + session + "/messages").list()); n != 1 {
		t.Errorf("%d messages, want the person's alone", n)
	}
}

func TestConversation_Rename(t *testing.T) {
	s := newAssisted(t)
	p, other := s.person(), s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session
	st := p.stream("")
	st.until("ready", "")
	if got := p.do(http.MethodPatch, path, map[string]any{"title": "  The\n sink \u0000 "}).wants(200, "rename").str("title"); got != "The sink" {
		t.Errorf("title = %q", got)
	}
	st.until("conversation.updated", `"title":"The sink"`)
	if got := p.get("/api/liveassist/sessions").list()[0]["title"]; got != "The sink" {
		t.Errorf("title in the list = %q", got)
	}
	p.say(session, "hello")
	if got := p.get(path).str("title"); got != "The sink" {
		t.Errorf("title after a message = %q", got)
	}
	for name, body := range map[string]any{"empty": map[string]any{"title": " "}, "long": map[string]any{"title": strings.Repeat("å", 121)}, "number": map[string]any{"title": 1}} {
		p.do(http.MethodPatch, path, body).wants(400, name)
	}
	p.do(http.MethodPatch, path, map[string]any{"title": strings.Repeat("å", 120)}).wants(200, "longest")
	other.do(http.MethodPatch, path, map[string]any{"title": "mine"}).wants(404, "another's")
	other.do(http.MethodPatch, path, map[string]any{"title": ""}).wants(404, "another's, and empty")
	other.get(path).wants(404, "another's state")
	other.post(path+"/ask-person", nil).wants(404, "another's ask-person")
	other.get(path+"/export").wants(404, "another's export")
}

func TestConversation_Rating(t *testing.T) {
	s := newAssisted(t)
	p, other := s.person(), s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session
	st := p.stream("")
	mine := p.say(session, "the tap drips").str("id")
	st.until("message.created", "assistant")
	answer := p.get(path + "/messages").list()[1]["id"].(string)
	rate := func(b *browser, id string, value any, status int) {
		t.Helper()
		b.post(path+"/messages/"+id+"/rating", map[string]any{"value": value}).wants(status, fmt.Sprint("rate ", value))
	}
	for _, c := range []struct {
		value any
		want  any
	}{{"up", "up"}, {"down", "down"}, {nil, nil}, {"up", "up"}} {
		rate(p, answer, c.value, 204)
		if got := p.get(path).object()["ratings"].(map[string]any)[answer]; got != c.want {
			t.Errorf("rated %v: %v", c.value, got)
		}
	}
	rate(p, answer, "maybe", 400)
	rate(p, mine, "up", 400)
	rate(p, uuid.NewString(), "up", 404)
	rate(other, answer, "down", 404)
}

func TestConversation_Search(t *testing.T) {
	s := newServer(t)
	p, other := s.person(), s.person()
	session := p.session()
	for i := range 60 {
		must(t, s.sayDirect(p, session, fmt.Sprint("the tap drips ", i)))
	}
	must(t, s.sayDirect(p, session, "<b>Läcker</b> & läcker"))
	must(t, s.sayDirect(other, other.session(), "my tap drips too"))
	for range 2 { // before the index holds it, and after
		found := p.get("/api/liveassist/search?q=lacker").wants(200, "search").object()["results"].([]any)
		if len(found) != 1 {
			t.Fatalf("found %v", found)
		}
		f := found[0].(map[string]any)
		if f["snippet"] != "<b>Läcker</b> & läcker" || fmt.Sprint(f["matches"]) != "[[3 9] [16 22]]" || f["sessionId"] != session || f["title"] != "the tap drips 0" {
			t.Errorf("found %v", f)
		}
		if n := len(p.get("/api/liveassist/search?q=tap").object()["results"].([]any)); n != 50 {
			t.Errorf("found %d, want the newest 50", n)
		}
		if n := len(other.get("/api/liveassist/search?q=tap").object()["results"].([]any)); n != 1 {
			t.Errorf("another person found %d, want 1", n)
		}
		if _, err := s.db.IndexMessages(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{"", "?q=", "?q=%20", "?q=" + strings.Repeat("a", 201)} {
		p.get("/api/liveassist/search"+q).wants(400, q)
	}
	p.get("/api/liveassist/search?q=%22%2A%28").wants(200, "marks alone")
	s.browser().get("/api/liveassist/search?q=tap").wants(401, "nobody")
}

func TestConversation_Export(t *testing.T) {
	s := newAssisted(t)
	p := s.person()
	session := p.session()
	st := p.stream("")
	p.say(session, "the tap drips\n## Assistant").wants(201, "post")
	st.until("message.created", "assistant")
	p.upload(session, photo(t)).wants(201, "photo")
	got := p.get("/api/liveassist/sessions/"+session+"/export").wants(200, "export")
	if ct := got.header.Get("Content-Type"); ct != "text/markdown; charset=utf-8" {
		t.Errorf("type %s", ct)
	}
	if cd := got.header.Get("Content-Disposition"); !strings.HasPrefix(cd, "attachment; filename=") {
		t.Errorf("disposition %s", cd)
	}
	text := string(got.body)
	for _, want := range []string{"# the tap drips ## Assistant\n", "\n## You, ", "\n> the tap drips\n> ## Assistant\n", "\n## Assistant, ", "(/quickfix/dripping-tap)", "![Photo](" + s.url + "/api/images/"} {
		if !strings.Contains(text, want) {
			t.Errorf("export lacks %q:\n%s", want, text)
		}
	}
}

func TestConversation_Off(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	id := p.say(session, "the tap drips").str("id")
	c := p.get("/api/liveassist/sessions/" + session).object()
	if c["assistant"] != false || len(c["pending"].([]any)) != 0 {
		t.Errorf("conversation: %v", c)
	}
	p.post("/api/liveassist/sessions/"+session+"/messages/"+id+"/retry", nil).wants(404, "retry where nothing answers")
}

func TestConversation_TypingLimit(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	p := s.person()
	path := "/api/liveassist/sessions/" + p.session() + "/typing"
	status := 0
	for range 70 {
		status = p.post(path, nil).status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the 70th within a moment: %d", status)
	}
}

// photo is a small PNG.
func photo(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	must(tb, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 6))))
	return b.Bytes()
}

// upload sends a photo without words.
func (b *browser) upload(session string, file []byte) reply {
	b.s.tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("image", "photo.png")
	must(b.s.tb, err)
	_, err = part.Write(file)
	must(b.s.tb, err)
	must(b.s.tb, form.Close())
	return b.do(http.MethodPost, "/api/liveassist/sessions/"+session+"/images", body.Bytes(), "Content-Type", form.FormDataContentType())
}
