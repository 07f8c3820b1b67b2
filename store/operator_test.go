package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"liveassist/domain"
)

// TestDB_Evidence: a time line that is read page by page is the whole one, each fact once,
// also where much happened in one instant and the clock was set back.
func TestDB_Evidence(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	for i := range 12 {
		err := s.Write(t.Context(), "happen", func(tx *Tx) error {
			if err := tx.Audit(Act{Action: domain.AuditUserRead, User: u.ID}); err != nil {
				return err
			}
			w := Webhook{EventID: fmt.Sprint("evt_", i), Type: "x", User: u.ID, Status: WebhookProcessed}
			if _, err := tx.AddWebhook(&w); err != nil {
				return err
			}
			_, err := tx.AwardOnce(u.ID, 1, fmt.Sprint("reason ", i))
			return errors.Join(err, tx.Announce(u.ID, "thing", i, userDoc(u.ID)), tx.Announce(u.ID, "thing", i, userDoc(u.ID)))
		})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Add(map[int]time.Duration{3: time.Second, 7: -time.Hour}[i])
	}
	whole, next, err := s.Evidence(t.Context(), u.ID, EvidenceKey{}, 1000)
	if err != nil || next != nil || len(whole) != 12*7 {
		t.Fatalf("%d facts, more: %v, %v, want %d", len(whole), next, err, 12*7)
	}
	name := func(e Evidence) string { return fmt.Sprint(e.Kind, " ", e.ID) }
	for _, limit := range []int{1, 2, 5, 100} {
		var got []string
		key := EvidenceKey{}
		for pages := 0; ; pages++ {
			page, next, err := s.Evidence(t.Context(), u.ID, key, limit)
			if err != nil || pages > 100 {
				t.Fatalf("page %d: %v", pages, err)
			}
			for _, e := range page {
				got = append(got, name(e))
			}
			if next == nil {
				break
			}
			key = *next
		}
		var want []string
		for _, e := range whole {
			want = append(want, name(e))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %d facts, want %d, each once", limit, len(got), len(want))
		}
	}
	if got := []EvidenceKind{whole[0].Kind, whole[1].Kind, whole[2].Kind}; !slices.IsSortedFunc(whole, func(a, b Evidence) int { return int(a.At - b.At) }) {
		t.Errorf("out of order, beginning with %v", got)
	}
}

// TestDB_Inbox_Ties: conversations of one instant are all there, whatever the page's size.
func TestDB_Inbox_Ties(t *testing.T) {
	s := mustOpen(t)
	u, operator := s.mustUser("a@example.com"), s.mustUser("o@example.com")
	const n = 7
	for i := range 3 * n {
		session := s.mustSession(u.ID)
		desk, by := []domain.Desk{domain.DeskWaiting, domain.DeskOperator, domain.DeskClosed}[i%3], domain.UserID("")
		if desk == domain.DeskOperator {
			by = operator.ID
		}
		if err := s.Write(t.Context(), "desk", func(tx *Tx) error { return tx.SetDesk(u.ID, session, desk, by) }); err != nil {
			t.Fatal(err)
		}
	}
	for state, want := range map[InboxState]int{InboxWaiting: n, InboxMine: n, InboxDone: n, InboxAll: 3 * n} {
		for _, limit := range []int{1, 3, n, 100} {
			seen := map[domain.SessionID]bool{}
			count := 0
			for key := (InboxKey{}); ; {
				list, err := s.Inbox(t.Context(), state, operator.ID, key, limit)
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range list {
					seen[item.Session.ID] = true
				}
				if count += len(list); len(list) < limit {
					break
				}
				key = list[limit-1].Key(state)
			}
			if count != want || len(seen) != want {
				t.Errorf("%s in pages of %d: %d, %d of them different, want %d", state, limit, count, len(seen), want)
			}
		}
	}
	if list, err := s.Inbox(t.Context(), InboxMine, u.ID, InboxKey{}, 10); err != nil || len(list) != 0 {
		t.Errorf("another operator's: %d, %v", len(list), err)
	}
}

// TestDB_ReleaseDesks: what nobody can answer any more waits for the next operator, also
// when the account is gone.
func TestDB_ReleaseDesks(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	stays, leaves, gone := s.mustUser("1@example.com"), s.mustUser("2@example.com"), s.mustUser("3@example.com")
	sessions := map[domain.UserID]domain.SessionID{}
	for _, o := range []domain.User{stays, leaves, gone} {
		if err := s.SetRole(t.Context(), string(o.ID), domain.RoleOperator); err != nil {
			t.Fatal(err)
		}
		sessions[o.ID] = s.mustSession(u.ID)
		if err := s.Take(t.Context(), o.ID, sessions[o.ID], ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetRole(t.Context(), leaves.Email, domain.RoleUser); err != nil {
		t.Fatal(err)
	}
	s.mustExec(`DELETE FROM users WHERE id = ?`, string(gone.ID))
	if err := s.ReleaseDesks(t.Context()); err != nil {
		t.Fatal(err)
	}
	for o, want := range map[domain.UserID]domain.Desk{stays.ID: domain.DeskOperator, leaves.ID: domain.DeskWaiting, gone.ID: domain.DeskWaiting} {
		if c, err := s.Conversation(t.Context(), u.ID, sessions[o]); err != nil || c.Desk != want {
			t.Errorf("desk %s, %v, want %s", c.Desk, err, want)
		}
	}
}
