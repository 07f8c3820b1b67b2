package store

import (
	"testing"
	"time"

	"liveassist/domain"
)

// TestDB_Sessions_Lag: last_active_at may stay behind while the assistant answers; nobody
// who reads sees that: not the list, not the latest conversation, not the document.
func TestDB_Sessions_Lag(t *testing.T) {
	now := testStart
	s := mustOpen(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	user, first := s.mustTalk("a@example.com")
	second := s.mustSession(user)
	say := func(session domain.SessionID) domain.Message {
		t.Helper()
		now = now.Add(touchEvery / 4)
		return s.mustSay(user, session, "", "tap")
	}
	say(first)
	say(second)
	m := say(first)
	if behind := s.mustInt(`SELECT MAX(last_active_at) FROM liveassist_sessions`); behind >= int64(m.CreatedAt) {
		t.Fatal("nothing is behind, the test would show nothing")
	}
	check := func(latest domain.SessionID, at domain.Timestamp) {
		t.Helper()
		list, err := s.Sessions(t.Context(), user)
		if err != nil || list[0].ID != latest || list[0].LastActiveAt != at {
			t.Errorf("the list begins with %+v, %v, want %s at %d", list[0], err, latest, at)
		}
		if u, err := s.User(t.Context(), user); err != nil || u.LatestSession != latest {
			t.Errorf("the latest is %s, %v, want %s", u.LatestSession, err, latest)
		}
		if got := s.mustDocuments(CollSessions, Match{"_id", string(latest)}, Match{"lastActiveAt", time.UnixMilli(int64(at))}); len(got) != 1 {
			t.Errorf("no document says %d", at)
		}
	}
	check(first, m.CreatedAt)
	m = say(second)
	check(second, m.CreatedAt)
	say(first)
	say(second)
	m = say(second)
	check(second, m.CreatedAt)
	if behind := int64(m.CreatedAt) - s.mustInt(`SELECT last_active_at FROM liveassist_sessions WHERE id = ?`, string(second)); behind >= touchEvery.Milliseconds() {
		t.Errorf("last_active_at is %d ms behind", behind)
	}
	m = say(first)
	for column := `SELECT last_active_at FROM liveassist_sessions WHERE id = ?`; s.mustInt(column, string(first)) >= int64(m.CreatedAt); {
		m = say(first)
	}
	// Operators' lists go by the column: with a person there it is exact.
	if err := s.Write(t.Context(), "close", func(tx *Tx) error { return tx.SetDesk(user, first, domain.DeskClosed, "") }); err != nil {
		t.Fatal(err)
	}
	if n := s.mustInt(`SELECT last_active_at FROM liveassist_sessions WHERE id = ?`, string(first)); n != int64(m.CreatedAt) {
		t.Errorf("at the desk last_active_at is %d, want %d", n, m.CreatedAt)
	}
}
