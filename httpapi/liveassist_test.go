package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestLiveAssist_Conversation(t *testing.T) {
	s := newServer(t)
	p := s.person()
	if got := p.get("/api/users/me").object()["liveassist_session_id"]; got != nil {
		t.Errorf("liveassist_session_id before any session: %v", got)
	}
	first, second := p.session(), p.session()
	for i, text := range []string{"The tap drips", "Which <b>washer</b>?\nåäö 🔧 \u2028"} {
		got := p.say(first, text)
		if got.status != http.StatusCreated || got.str("text") != text || got.str("role") != "user" || got.str("sessionId") != first {
			t.Fatalf("message %d: %d %s", i, got.status, got.body)
		}
	}
	list := p.get("/api/liveassist/sessions/" + first + "/messages").list()
	if len(list) != 2 || list[0]["text"] != "The tap drips" {
		t.Fatalf("messages: %v", list)
	}
	// The conversation that was active last comes first, and a second device starts from it.
	sessions := p.get("/api/liveassist/sessions").list()
	if len(sessions) != 2 || sessions[0]["id"] != first || sessions[1]["id"] != second {
		t.Fatalf("sessions: %v", sessions)
	}
	if sessions[0]["title"] != "The tap drips" || sessions[0]["lastMessage"].(map[string]any)["id"] != list[1]["id"] || sessions[1]["lastMessage"] != nil {
		t.Errorf("session items: %v", sessions)
	}
	if got := p.get("/api/users/me").object()["liveassist_session_id"]; got != first {
		t.Errorf("liveassist_session_id = %v, want %s", got, first)
	}
}

func TestLiveAssist_OnlyTheOwner(t *testing.T) {
	s := newServer(t)
	owner, other := s.person(), s.person()
	session, none := owner.session(), uuid.NewString()
	sent := owner.say(session, "secret")
	for _, c := range []struct{ method, path string }{
		{http.MethodGet, "/api/liveassist/sessions/%s/messages"},
		{http.MethodPost, "/api/liveassist/sessions/%s/messages"},
	} {
		foreign := other.do(c.method, fmt.Sprintf(c.path, session), map[string]any{"text": "hello"})
		missing := other.do(c.method, fmt.Sprintf(c.path, none), map[string]any{"text": "hello"})
		if foreign.status != http.StatusNotFound || missing.status != http.StatusNotFound || string(foreign.body) != string(missing.body) {
			t.Errorf("%s: foreign %d %s, missing %d %s; want the same 404", c.method, foreign.status, foreign.body, missing.status, missing.body)
		}
	}
	// Another person's message is no place to page from either.
	mine := other.session()
	if got := other.get("/api/liveassist/sessions/" + mine + "/messages?before=" + sent.str("id")); got.status != http.StatusNotFound {
		t.Errorf("before = another's message: %d", got.status)
	}
	if n := len(owner.get("/api/liveassist/sessions/" + session + "/messages").list()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestLiveAssist_SameIDOnce(t *testing.T) {
	s := newServer(t)
	p, other := s.person(), s.person()
	session, id := p.session(), uuid.NewString()
	path := "/api/liveassist/sessions/" + session + "/messages"
	var wg sync.WaitGroup
	statuses := make([]int, 20)
	for i := range statuses {
		wg.Go(func() { statuses[i] = p.post(path, map[string]any{"id": id, "text": "once"}).status })
	}
	wg.Wait()
	slices.Sort(statuses)
	if statuses[0] != 200 || statuses[18] != 200 || statuses[19] != 201 {
		t.Errorf("statuses of 20 tries: %v, want 201 once and 200 else", statuses)
	}
	// Whatever else the retry says, the first message is the answer.
	for name, body := range map[string]map[string]any{
		"other text": {"id": id, "text": "changed"}, "blank": {"id": id, "text": " "}, "upper case id": {"id": strings.ToUpper(id), "text": "x"},
	} {
		if got := p.post(path, body); got.status != http.StatusOK || got.str("text") != "once" {
			t.Errorf("retry with %s: %d %s", name, got.status, got.body)
		}
	}
	if got := p.post("/api/liveassist/sessions/"+p.session()+"/messages", map[string]any{"id": id, "text": "elsewhere"}); got.status != http.StatusOK || got.str("sessionId") != session {
		t.Errorf("retry in another session: %d %s", got.status, got.body)
	}
	if n := len(p.get(path).list()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	// Another person may use the same id: it is another message.
	theirs := other.session()
	if got := other.post("/api/liveassist/sessions/"+theirs+"/messages", map[string]any{"id": id, "text": "mine"}); got.status != http.StatusCreated || got.str("text") != "mine" {
		t.Errorf("another person's same id: %d %s", got.status, got.body)
	}
}

func TestLiveAssist_BadInput(t *testing.T) {
	s := newServer(t)
	p := s.person()
	path := "/api/liveassist/sessions/" + p.session() + "/messages"
	for name, c := range map[string]struct {
		body   any
		status int
	}{
		"empty":        {map[string]any{"text": ""}, 400},
		"blank":        {map[string]any{"text": " \n\t\u00a0\u200b\u3000"}, 400},
		"missing":      {map[string]any{}, 400},
		"number":       {map[string]any{"text": 5}, 400},
		"too long":     {map[string]any{"text": strings.Repeat("å", 8001)}, 400},
		"bad id":       {map[string]any{"text": "x", "id": "not-a-uuid"}, 400},
		"empty id":     {map[string]any{"text": "x", "id": ""}, 400},
		"id of number": {map[string]any{"text": "x", "id": 5}, 400},
		"broken":       {"{", 400},
		"huge":         {map[string]any{"text": strings.Repeat("x", maxJSON)}, 413},
	} {
		if got := p.post(path, c.body); got.status != c.status || got.str("message") == "" {
			t.Errorf("%s: %d %s, want %d", name, got.status, got.body, c.status)
		}
	}
	if got := p.post(path, map[string]any{"text": strings.Repeat("🔧", 8000)}); got.status != http.StatusCreated {
		t.Errorf("8,000 characters of four bytes: %d %s", got.status, got.body)
	}
	if n := len(p.get(path).list()); n != 1 {
		t.Errorf("%d messages, want 1: a refused one was stored", n)
	}
	for query, want := range map[string]int{"limit=0": 400, "limit=-1": 400, "limit=x": 400, "before=x": 404, "before=" + uuid.NewString(): 404, "limit=100000": 200} {
		if got := p.get(path + "?" + query); got.status != want {
			t.Errorf("?%s: %d, want %d", query, got.status, want)
		}
	}
	for _, bad := range []string{"x", "..%2f..", "%00", "'%20OR%201=1--", strings.Repeat("a", 5000)} {
		if got := p.get("/api/liveassist/sessions/" + bad + "/messages"); got.status != http.StatusNotFound {
			t.Errorf("session %.20q: %d", bad, got.status)
		}
	}
}

func TestLiveAssist_Paging(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session + "/messages"
	for i := range 25 {
		if i == 12 {
			s.clock.add(-time.Hour) // the clock goes back: the order must not
		}
		p.say(session, fmt.Sprint("m", i))
	}
	all := p.get(path).list()
	var paged []map[string]any
	for page := p.get(path + "?limit=10").list(); len(page) > 0; page = p.get(path + "?limit=10&before=" + paged[0]["id"].(string)).list() {
		paged = append(slices.Clone(page), paged...)
	}
	if len(all) != 25 || len(paged) != 25 {
		t.Fatalf("%d in all, %d paged, want 25", len(all), len(paged))
	}
	for i := range all {
		if all[i]["text"] != fmt.Sprint("m", i) || paged[i]["id"] != all[i]["id"] {
			t.Errorf("place %d: %v / %v", i, all[i]["text"], paged[i]["text"])
		}
		if i > 0 && all[i-1]["createdAt"].(string) > all[i]["createdAt"].(string) {
			t.Errorf("createdAt goes back at %d", i)
		}
	}
}

func TestLiveAssist_WriteLimit(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	p := s.person()
	session := p.session()
	var last reply
	for range 130 {
		if last = p.say(session, "x"); last.status != http.StatusCreated {
			break
		}
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" {
		t.Errorf("the 130th message at once: %d", last.status)
	}
}
