package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"liveassist/account"
	"liveassist/domain"
	"liveassist/store"
)

// jumpingClock is a machine's clock that somebody sets.
type jumpingClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *jumpingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *jumpingClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// TestFault_ClockJumps sets the clock years forth and back while a person writes: the
// conversation keeps its order and no time in it goes back, events keep their numbers and
// come once, what the outbox must keep is kept, a sign-in ends when its time is over and is
// not ended by a clock that goes back and a photo counts again on another day.
func TestFault_ClockJumps(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	clock := &jumpingClock{now: time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)}
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: clock.Now, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	accounts, err := account.New(db, clock.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	u, token, err := accounts.Register(t.Context(), account.Registration{Email: "a@example.com", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	session, err := db.CreateSession(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	var said []domain.MessageID
	ranOut := false
	for step, jump := range []time.Duration{0, time.Hour, -2 * time.Hour, 20 * day, -365 * day, 360 * day, 3650 * day, -3650 * day, -day, day} {
		clock.jump(jump)
		for range 5 {
			m, known, err := db.AddMessage(t.Context(), store.NewMessage{User: u.ID, Session: session, Role: domain.AuthorUser, Text: fmt.Sprint("after jump ", step)})
			if err != nil || known {
				t.Fatalf("jump %v: %v, known %v", jump, err, known)
			}
			said = append(said, m.ID)
		}
		if err := errors.Join(db.TurnDay(t.Context(), 0, 2), db.PruneLogins(t.Context())); err != nil {
			t.Errorf("jump %v: %v", jump, err)
		}
		if _, err := db.PruneOutbox(t.Context(), clock.Now().Add(-7*day), pruneAtOnce); err != nil {
			t.Errorf("jump %v: %v", jump, err)
		}
		// Whoever was not seen for ten years is signed out; a clock that goes back, by
		// however much, signs nobody out. What holds after both is nobody's promise.
		_, _, err := accounts.Authenticate(t.Context(), token)
		if far := jump >= 3650*day; far || !ranOut {
			ranOut = ranOut || far
			if (err != nil) != far {
				t.Errorf("jump %v: signed in: %v", jump, err)
			}
		}
		mayPhoto(t, db, u.ID, session, jump)
	}
	assertOrder(t, db, u.ID, session, said)
}

// mayPhoto sends one photo: after each jump to another day there is room for it, and nothing
// but the limit may refuse it.
func mayPhoto(t *testing.T, db *store.DB, user domain.UserID, session domain.SessionID, jump time.Duration) {
	t.Helper()
	picture := store.NewImage{ContentType: "image/png", Width: 1, Height: 1, Bytes: []byte{1}, PreviewType: "image/png", Preview: []byte{1}, Hash: "x"}
	_, _, err := db.AddImage(t.Context(), store.NewMessage{User: user, Session: session, Role: domain.AuthorUser}, picture, store.Allowance{PerDay: 2})
	if err != nil && (jump.Abs() >= 24*time.Hour || !errors.Is(err, store.ErrImageLimit)) {
		t.Errorf("jump %v: photo: %v", jump, err)
	}
}

// assertOrder reads the conversation, and the events from the oldest that are kept.
func assertOrder(t *testing.T, db *store.DB, user domain.UserID, session domain.SessionID, said []domain.MessageID) {
	t.Helper()
	list, err := db.Messages(t.Context(), user, session, "", 500)
	if err != nil {
		t.Fatal(err)
	}
	var before domain.Message
	next := 0
	for _, m := range list {
		if m.CreatedAt.Time().Before(before.CreatedAt.Time()) {
			t.Errorf("message of %v after one of %v", m.CreatedAt, before.CreatedAt)
		}
		before = m
		if next < len(said) && m.ID == said[next] {
			next++
		}
	}
	if next != len(said) {
		t.Errorf("%d of %d messages are in the order in which they came", next, len(said))
	}
	newest, err := db.NewestSeq(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	events, err := db.EventsAfter(t.Context(), user, 0, 1000)
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events are kept, %v, want at least the newest", len(events), err)
	}
	seen, last := map[string]bool{}, int64(0)
	for _, e := range events {
		if e.Seq <= last || e.Seq > newest {
			t.Errorf("event %d after %d, the newest is %d", e.Seq, last, newest)
		}
		last = e.Seq
		if _, id, ok := bytes.Cut(e.Data, []byte(`"id":"`)); ok && e.Name == "message.created" {
			if seen[string(id[:36])] {
				t.Errorf("message %s is announced twice", id[:36])
			}
			seen[string(id[:36])] = true
		}
	}
}
