package httpapi

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"
)

func TestEvents_OwnAlone(t *testing.T) {
	s := newServer(t)
	p, other := s.person(), s.person()
	session := p.session()
	tabs := []*stream{p.stream(""), p.stream("")}
	spy := other.stream("?stream=" + string(p.id) + "&user=" + string(p.id) + "&lastEventId=")
	for _, st := range append(tabs, spy) {
		if st.status != 200 || st.header.Get("Content-Type") != "text/event-stream" || st.header.Get("X-Accel-Buffering") != "no" {
			t.Fatalf("stream: %d %v", st.status, st.header)
		}
		e := st.next()
		var u map[string]any
		must(t, json.Unmarshal([]byte(e.data), &u))
		if e.name != "ready" || e.retry != "2000" || u["image_limit"] == nil {
			t.Fatalf("first event: %+v", e)
		}
	}
	sent := p.say(session, "hello\nthere")
	for i, st := range tabs {
		if e := st.next(); e.name != "message.created" || e.data != string(sent.body) {
			t.Errorf("tab %d: %+v", i, e)
		}
	}
	spy.quiet(200 * time.Millisecond)
}

func TestEvents_Replay(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	st := p.stream("")
	st.next()
	p.say(session, "before")
	last := st.next().id
	st.cancel()
	const n = 600 // more than memory keeps, more than one page of the outbox
	for i := range n {
		must(t, s.sayDirect(p, session, fmt.Sprint("gap", i)))
	}
	for name, open := range map[string]func() *stream{
		"header": func() *stream { return p.stream("", "Last-Event-ID", last) },
		"query":  func() *stream { return p.stream("?lastEventId=" + last) },
	} {
		st := open()
		if e := st.next(); e.name != "ready" || e.id != last {
			t.Fatalf("%s: first event %+v, want ready with id %s", name, e, last)
		}
		before, err := strconv.Atoi(last)
		must(t, err)
		for i := range n {
			e := st.next()
			id, err := strconv.Atoi(e.id)
			must(t, err)
			var m map[string]any
			must(t, json.Unmarshal([]byte(e.data), &m))
			if m["text"] != fmt.Sprint("gap", i) || id <= before {
				t.Fatalf("%s: event %d is %v with id %d after %d", name, i, m["text"], id, before)
			}
			before = id
		}
		st.quiet(100 * time.Millisecond)
		st.cancel()
	}
}

func TestEvents_Reset(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	live := p.stream("")
	live.next()
	for i := range 5 {
		must(t, s.sayDirect(p, session, strconv.Itoa(i)))
		live.next() // so that the hub knows of it
	}
	newest, err := s.db.NewestSeq(t.Context())
	must(t, err)
	want := strconv.FormatInt(newest, 10)
	for name, id := range map[string]string{"beyond": strconv.FormatInt(newest+1000, 10), "beyond numbers": "99999999999999999999"} {
		st := p.stream("", "Last-Event-ID", id)
		if e := st.next(); e.name != "ready" {
			t.Errorf("%s: first event %+v", name, e)
		}
		if e := st.next(); e.name != "reset" || e.data != "{}" || e.id != want {
			t.Errorf("%s: %+v, want reset with id %s", name, e, want)
		}
		st.cancel()
	}
	// With an open page, memory may reach back to the beginning still.
	live.cancel()
	for deadline := time.Now().Add(5 * time.Second); s.hub.Online(p.id) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.db.PruneOutbox(t.Context(), time.Now().Add(time.Hour), 1000); err != nil {
		t.Fatal(err)
	}
	st := p.stream("", "Last-Event-ID", "1")
	if e := st.next(); e.name != "ready" || e.id != "1" {
		t.Errorf("pruned: ready %+v must not run ahead of the reset", e)
	}
	if e := st.next(); e.name != "reset" || e.id != want {
		t.Errorf("pruned: %+v, want reset with id %s", e, want)
	}
	st = p.stream("", "Last-Event-ID", want)
	st.next()
	st.quiet(100 * time.Millisecond)
	for _, bad := range []string{"abc", "-1", "1e3", "0x10", "1 2"} {
		if st := p.stream("", "Last-Event-ID", bad); st.status != 400 {
			t.Errorf("Last-Event-ID %q: %d, want 400", bad, st.status)
		}
	}
}

func TestEvents_ReconnectingAgainAndAgain(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	st := p.stream("")
	last := st.next().id
	st.cancel()
	const n = 300
	done := make(chan error, 1)
	go func() {
		for i := range n {
			if err := s.sayDirect(p, session, fmt.Sprint("live", i)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	var got []string
	for len(got) < n {
		st := p.stream("", "Last-Event-ID", last)
		for range 2 + len(got)%7 {
			e := st.next()
			last = e.id
			if e.name == "message.created" {
				var m struct{ Text string }
				must(t, json.Unmarshal([]byte(e.data), &m))
				got = append(got, m.Text)
			}
			if len(got) == n {
				break
			}
		}
		st.cancel()
	}
	must(t, <-done)
	for i, text := range got {
		if text != fmt.Sprint("live", i) {
			t.Fatalf("event %d is %s", i, text)
		}
	}
}
