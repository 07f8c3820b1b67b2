package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

// TestDB_Sessions: the latest active comes first, with its title and last message, and
// every list and every view of the person agrees on which that is.
func TestDB_Sessions(t *testing.T) {
	s := mustOpen(t)
	user := s.mustUser("a@example.com").ID
	stranger, strangers := s.mustTalk("b@example.com")
	s.mustSay(stranger, strangers, clientID(1), "not yours")

	var ids []domain.SessionID
	for range 3 {
		s.clock.Add(time.Minute)
		ids = append(ids, s.mustSession(user))
	}
	assert := func(want ...domain.SessionID) {
		t.Helper()
		list, err := s.Sessions(t.Context(), user)
		if err != nil {
			t.Fatal(err)
		}
		var got []domain.SessionID
		for _, x := range list {
			got = append(got, x.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("sessions %v, want %v", got, want)
		}
		u, err := s.User(t.Context(), user)
		if err != nil || u.LatestSession != want[0] {
			t.Errorf("latest session %v, %v, want %v", u.LatestSession, err, want[0])
		}
	}
	assert(ids[2], ids[1], ids[0])

	s.clock.Add(time.Minute)
	s.mustSay(user, ids[0], clientID(1), "\n  The   tap\tdrips  ")
	last := s.mustSay(user, ids[0], clientID(2), "Still")
	assert(ids[0], ids[2], ids[1])

	list, err := s.Sessions(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	if got := list[0]; got.Title != "The tap drips" || got.LastMessage == nil || *got.LastMessage != last || got.LastActiveAt != last.CreatedAt {
		t.Errorf("session %+v, want the title of the first and the last message %+v", got, last)
	}
	if got := list[1]; got.Title != "" || got.LastMessage != nil || got.CreatedAt != domain.At(testStart.Add(3*time.Minute)) {
		t.Errorf("session %+v, want an empty one of the third minute", got)
	}

	s.clock.Add(-time.Hour) // the clock goes back: whoever is active is still the latest
	s.mustSay(user, ids[1], clientID(3), strings.Repeat("x", 100))
	list, err = s.Sessions(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	if got := list[2]; got.ID != ids[1] || got.LastActiveAt != got.CreatedAt {
		t.Errorf("session %+v: lastActiveAt went back", got)
	}
	if list, err := s.Sessions(t.Context(), s.mustUser("c@example.com").ID); err != nil || list == nil || len(list) != 0 {
		t.Errorf("no sessions read as %#v, %v, want an empty list", list, err)
	}
}

// TestDB_CreateSession announces the document to the mirror, and nothing to pages.
func TestDB_CreateSession(t *testing.T) {
	s := mustOpen(t)
	user := s.mustUser("a@example.com").ID
	after := s.mustInt(`SELECT MAX(seq) FROM outbox`)
	id := s.mustSession(user)
	entries, err := s.EntriesAfter(t.Context(), after, 10)
	if err != nil || len(entries) != 1 {
		t.Fatalf("entries %v, %v, want one", entries, err)
	}
	want := []domain.DocRef{{Collection: CollSessions, ID: string(id)}}
	if got := entries[0]; !slices.Equal(got.Docs, want) || got.User != user {
		t.Errorf("entry %+v, want %v of %v", got, want, user)
	}
	if events, err := s.EventsAfter(t.Context(), user, 0, 10); err != nil || len(events) != 0 {
		t.Errorf("events %v, %v, want none", events, err)
	}
	if _, err := s.CreateSession(t.Context(), "nobody"); err == nil {
		t.Error("a conversation of nobody was stored: foreign keys are off")
	}
}
