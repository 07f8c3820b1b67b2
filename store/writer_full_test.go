package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"liveassist/domain"
)

// limitPages lets the database grow to n pages and no further; 0 takes the limit away.
func (s *testStore) limitPages(n int64) {
	s.tb.Helper()
	if n == 0 {
		n = 1 << 30
	}
	err := s.Write(s.tb.Context(), "limit", func(tx *Tx) error {
		var now int64
		return tx.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", n)).Scan(&now)
	})
	if err != nil {
		s.tb.Fatalf("limit pages: %v", err)
	}
}

// TestDB_Write/Full fills the database while many write: every answer is "stored" or
// ErrFull, what was answered as stored is there, nothing else is, and it goes on when
// there is room again.
func TestDB_Write_Full(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("full@example.com")
	s.limitPages(s.mustInt("PRAGMA page_count") + 60)

	const writers, each = 16, 40
	var mu sync.Mutex
	stored := map[domain.MessageID]bool{}
	refused := 0
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				id := clientID(w*each + i)
				_, _, err := s.AddMessage(context.Background(), NewMessage{User: user, Session: session, ID: id, Role: domain.AuthorUser, Text: text2k})
				mu.Lock()
				switch {
				case err == nil:
					stored[id] = true
				case errors.Is(err, ErrFull):
					refused++
				default:
					t.Errorf("write on a full database: %v, want ErrFull", err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(stored) == 0 || refused == 0 {
		t.Fatalf("stored %d, refused %d: want some of both", len(stored), refused)
	}
	s.assertExactly(user, session, stored)
	if got, want := s.Stats().Queue, 0; got != want {
		t.Errorf("queue = %d, want %d", got, want)
	}
	if err := s.Ready(t.Context()); err != nil && !errors.Is(err, ErrFull) {
		t.Errorf("ready on a full database: %v, want ErrFull or nil", err)
	}

	s.limitPages(0)
	s.mustSay(user, session, clientID(1e6), "room again")
	stored[clientID(1e6)] = true
	s.assertExactly(user, session, stored)
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("ready with room again: %v", err)
	}
}

var text2k = string(make2k())

func make2k() []byte {
	b := make([]byte, 2000)
	for i := range b {
		b[i] = 'a' + byte(i%26)
	}
	return b
}

// assertExactly holds the conversation and the outbox against the set of messages that were
// answered as stored.
func (s *testStore) assertExactly(user domain.UserID, session domain.SessionID, want map[domain.MessageID]bool) {
	s.tb.Helper()
	got := map[domain.MessageID]int{}
	before := domain.MessageID("")
	for {
		page, err := s.Messages(s.tb.Context(), user, session, before, 100)
		if err != nil {
			s.tb.Fatalf("read messages: %v", err)
		}
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			got[m.ID]++
		}
		before = page[0].ID
	}
	for id, n := range got {
		if n != 1 || !want[id] {
			s.tb.Errorf("message %s is there %d times, answered as stored: %v", id, n, want[id])
		}
	}
	for id := range want {
		if got[id] != 1 {
			s.tb.Errorf("message %s was answered as stored and is there %d times", id, got[id])
		}
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM outbox WHERE event = ?`, domain.EventMessageCreated); int(n) != len(want) {
		s.tb.Errorf("outbox announces %d messages, want %d", n, len(want))
	}
}
