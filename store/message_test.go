package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

func TestDB_AddMessage(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.clock.Add(time.Second)
	got := s.mustSay(user, session, clientID(1), "Mein Wasserhahn tropft 🚰\n\x00\u202e'; DROP TABLE users; --")
	want := domain.Message{
		ID: clientID(1), SessionID: session, Role: domain.AuthorUser,
		Text: "Mein Wasserhahn tropft 🚰\n\x00\u202e'; DROP TABLE users; --", CreatedAt: domain.At(testStart.Add(time.Second)),
	}
	if got != want {
		t.Errorf("stored %+v, want %+v", got, want)
	}
	list, err := s.Messages(t.Context(), user, session, "", MaxPage)
	if err != nil || len(list) != 1 || list[0] != want {
		t.Errorf("read %+v, %v, want %+v", list, err, want)
	}
	if got, err := s.MessageOf(t.Context(), user, clientID(1)); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}

	events, err := s.EventsAfter(t.Context(), user, 0, 10)
	if err != nil || len(events) != 1 {
		t.Fatalf("events %v, %v, want one", events, err)
	}
	var announced domain.Message
	if err := json.Unmarshal(events[0].Data, &announced); err != nil || announced != want {
		t.Errorf("announced %s, want %+v", events[0].Data, want)
	}
	if events[0].Name != domain.EventMessageCreated || strings.ContainsAny(string(events[0].Data), "\n\r") {
		t.Errorf("event %s %q, want message.created on one line", events[0].Name, events[0].Data)
	}
}

// TestDB_AddMessage_WithoutID: the server makes an id.
func TestDB_AddMessage_WithoutID(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	a, b := s.mustSay(user, session, "", "a"), s.mustSay(user, session, "", "b")
	if _, ok := domain.ParseID(string(a.ID)); !ok || a.ID == b.ID {
		t.Errorf("ids %q and %q, want two UUIDs", a.ID, b.ID)
	}
}

// TestDB_AddMessage_Retry: the same id of the same person, twenty times at once, also with
// another text and in another conversation, is one message, one event, one move of the
// conversation.
func TestDB_AddMessage_Retry(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	other := s.mustSession(user)
	const tries = 20
	type answer struct {
		m     domain.Message
		known bool
	}
	answers := make([]answer, tries)
	var wg sync.WaitGroup
	for i := range tries {
		wg.Go(func() {
			in := session
			if i%2 == 1 {
				in = other
			}
			m, known, err := s.AddMessage(context.Background(), NewMessage{User: user, Session: in, ID: clientID(1), Role: domain.AuthorUser, Text: fmt.Sprint("try ", i)})
			if err != nil {
				t.Errorf("try %d: %v", i, err)
			}
			answers[i] = answer{m, known}
		})
	}
	wg.Wait()
	first := 0
	for i, a := range answers {
		if !a.known {
			first++
		}
		if a.m != answers[0].m {
			t.Errorf("try %d was answered %+v, and the first %+v", i, a.m, answers[0].m)
		}
	}
	if first != 1 {
		t.Errorf("%d tries were the first", first)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM liveassist_messages`); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM outbox WHERE event <> ''`); n != 1 {
		t.Errorf("%d events, want 1", n)
	}

	s.clock.Add(time.Hour)
	m, known, err := s.AddMessage(t.Context(), NewMessage{User: user, Session: session, ID: clientID(1), Role: domain.AuthorUser, Text: "an hour later"})
	if err != nil || !known || m != answers[0].m {
		t.Errorf("an hour later: %+v, known %v, %v; want the first message", m, known, err)
	}
	if n := s.mustInt(`SELECT MAX(last_active_at) FROM liveassist_sessions`); n != testStart.UnixMilli() {
		t.Errorf("the conversation was moved to %d by a retry", n)
	}
}

// TestDB_AddMessage_IDOfTwo: an id belongs to a person; another's same id is another message.
func TestDB_AddMessage_IDOfTwo(t *testing.T) {
	s := mustOpen(t)
	anna, annas := s.mustTalk("anna@example.com")
	bob, bobs := s.mustTalk("bob@example.com")
	a := s.mustSay(anna, annas, clientID(1), "Anna's")
	b := s.mustSay(bob, bobs, clientID(1), "Bob's")
	if a.Text != "Anna's" || b.Text != "Bob's" {
		t.Errorf("stored %q and %q", a.Text, b.Text)
	}
	for user, want := range map[domain.UserID]domain.Message{anna: a, bob: b} {
		if got, err := s.MessageOf(t.Context(), user, clientID(1)); err != nil || got != want {
			t.Errorf("read %+v, %v, want %+v", got, err, want)
		}
	}
	docs := map[string]bool{}
	for _, user := range []domain.UserID{anna, bob} {
		if err := s.Find(t.Context(), CollMessages, []Match{{"userId", string(user)}}, func(d domain.Document) error {
			docs[field(d, "_id").(string)] = true
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(docs) != 2 || docs[string(clientID(1))] {
		t.Errorf("documents %v, want two, with ids of the server's", docs)
	}
}

// TestDB_AddMessage_Foreign: nobody writes into another's conversation, nor into one that
// does not exist; the two cannot be told apart and leave nothing.
func TestDB_AddMessage_Foreign(t *testing.T) {
	s := mustOpen(t)
	_, annas := s.mustTalk("anna@example.com")
	bob, _ := s.mustTalk("bob@example.com")
	before := s.mustInt(`SELECT MAX(seq) FROM outbox`)
	for _, session := range []domain.SessionID{annas, domain.SessionID(testID(999)), ""} {
		_, known, err := s.AddMessage(t.Context(), NewMessage{User: bob, Session: session, ID: clientID(1), Role: domain.AuthorUser, Text: "hello"})
		if known || !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("session %q: known %v, %v, want domain.ErrNotFound", session, known, err)
		}
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM liveassist_messages`); n != 0 {
		t.Errorf("%d messages, want none", n)
	}
	if after := s.mustInt(`SELECT MAX(seq) FROM outbox`); after != before {
		t.Errorf("the outbox grew from %d to %d", before, after)
	}
}

// TestDB_AddMessage_ClockGoesBack: the order is that of storing, and createdAt never goes
// back within a conversation.
func TestDB_AddMessage_ClockGoesBack(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	var want []string
	for i, step := range []time.Duration{time.Second, -time.Hour, -time.Hour, time.Minute, 3 * time.Hour, -time.Millisecond} {
		s.clock.Add(step)
		want = append(want, strconv.Itoa(i))
		s.mustSay(user, session, clientID(100-i), strconv.Itoa(i)) // ids that fall
	}
	list, err := s.Messages(t.Context(), user, session, "", MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(list); !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if !slices.IsSortedFunc(list, func(a, b domain.Message) int { return int(a.CreatedAt - b.CreatedAt) }) {
		t.Errorf("createdAt goes back: %v", list)
	}
	newest := list[len(list)-1].CreatedAt
	if n := s.mustInt(`SELECT last_active_at FROM liveassist_sessions`); domain.Timestamp(n) != newest {
		t.Errorf("lastActiveAt = %d, want %d", n, newest)
	}
}

// TestDB_Messages_Paging walks a whole conversation backwards, beside another one with
// messages in between: each message comes once and in order, whatever the page's size.
func TestDB_Messages_Paging(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	other := s.mustSession(user)
	var want []string
	for i := range 57 {
		s.mustSay(user, other, clientID(1000+i), "other")
		want = append(want, strconv.Itoa(i))
		s.mustSay(user, session, clientID(i), strconv.Itoa(i))
	}
	for _, size := range []int{1, 7, 19, 56, 57, 58, MaxPage} {
		var got []string
		before := domain.MessageID("")
		for {
			page, err := s.Messages(t.Context(), user, session, before, size)
			if err != nil {
				t.Fatalf("size %d: %v", size, err)
			}
			if len(page) > size {
				t.Fatalf("size %d: page of %d", size, len(page))
			}
			if len(page) == 0 {
				break
			}
			got = append(texts(page), got...)
			before = page[0].ID
		}
		if !slices.Equal(got, want) {
			t.Errorf("size %d: %v, want %v", size, got, want)
		}
	}
}

// TestDB_Messages_Foreign: what is not the person's is not there.
func TestDB_Messages_Foreign(t *testing.T) {
	s := mustOpen(t)
	anna, annas := s.mustTalk("anna@example.com")
	bob, bobs := s.mustTalk("bob@example.com")
	bobs2 := s.mustSession(bob)
	s.mustSay(anna, annas, clientID(1), "secret")
	s.mustSay(bob, bobs, clientID(2), "hello")
	s.mustSay(bob, bobs2, clientID(3), "hello")
	for name, c := range map[string]struct {
		session domain.SessionID
		before  domain.MessageID
	}{
		"another's conversation":           {annas, ""},
		"no conversation":                  {domain.SessionID(testID(999)), ""},
		"before of another's message":      {bobs, clientID(1)},
		"before of another conversation":   {bobs, clientID(3)},
		"before of no message":             {bobs, clientID(4)},
		"another's conversation by before": {annas, clientID(1)},
	} {
		list, err := s.Messages(t.Context(), bob, c.session, c.before, MaxPage)
		if !errors.Is(err, domain.ErrNotFound) || len(list) != 0 {
			t.Errorf("%s: %v, %v, want domain.ErrNotFound", name, list, err)
		}
	}
	if _, err := s.MessageOf(t.Context(), bob, clientID(1)); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("another's message: %v, want domain.ErrNotFound", err)
	}
	if err := s.OwnsSession(t.Context(), bob, annas); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("another's conversation: %v, want domain.ErrNotFound", err)
	}
	if list, err := s.Messages(t.Context(), bob, s.mustSession(bob), "", MaxPage); err != nil || list == nil || len(list) != 0 {
		t.Errorf("an empty conversation reads as %#v, %v, want an empty list", list, err)
	}
}
