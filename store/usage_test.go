package store

import (
	"strconv"
	"testing"
	"time"

	"liveassist/domain"
)

// TestDB_TurnDay sets back the counters of days gone by, and those alone, and tells it.
func TestDB_TurnDay(t *testing.T) {
	s := mustOpen(t)
	yesterday := s.mustUser("yesterday@example.com").ID
	today := s.mustUser("today@example.com").ID
	never := s.mustUser("never@example.com").ID
	paid := s.mustUser("paid@example.com").ID
	day := domain.DayOf(testStart)
	set := func(user domain.UserID, counter int, day domain.Day) {
		s.mustExec(`UPDATE users SET image_counter = ?, image_day = ? WHERE id = ?`, counter, int64(day), string(user))
	}
	set(yesterday, 2, day-1)
	set(today, 1, day)
	set(paid, 1, day-30)
	s.mustExec(`UPDATE users SET subscription_status = 'paid', subscription_expiry = ? WHERE id = ?`, testStart.Add(-time.Hour).UnixMilli(), string(paid))

	turn := func() {
		t.Helper()
		if err := s.TurnDay(t.Context(), 2*time.Hour, 2); err != nil {
			t.Fatal(err)
		}
	}
	assert := func(user domain.UserID, counter int, events ...string) {
		t.Helper()
		u, err := s.User(t.Context(), user)
		if err != nil || u.ImageCounter != counter {
			t.Errorf("%s: counter = %d, %v, want %d", u.Email, u.ImageCounter, err, counter)
		}
		got, err := s.EventsAfter(t.Context(), user, 0, 10)
		if err != nil || len(got) != len(events) {
			t.Fatalf("%s: events %v, %v, want %v", u.Email, got, err, events)
		}
		for i, e := range got {
			if e.Name != domain.EventUsageUpdated || string(e.Data) != events[i] {
				t.Errorf("%s: event %s %s, want %s", u.Email, e.Name, e.Data, events[i])
			}
		}
	}
	const free = `{"type":"usage.updated","image_counter":0,"image_limit":2}`
	turn()
	assert(yesterday, 0, free)
	assert(today, 1)
	assert(never, 0)
	assert(paid, 0, `{"type":"usage.updated","image_counter":0,"image_limit":null}`) // in its grace

	turn() // nothing is told twice
	assert(yesterday, 0, free)

	s.clock.Add(testStart.Truncate(24 * time.Hour).Add(24*time.Hour - time.Millisecond).Sub(testStart))
	turn()
	assert(today, 1) // the last millisecond of the day
	s.clock.Add(time.Millisecond)
	turn()
	assert(today, 0, free)
	d, err := s.FindOne(t.Context(), CollUsers, string(today))
	if err != nil || field(d, "image_counter") != int64(0) {
		t.Errorf("document %v, %v, want counter 0", d, err)
	}
}

// TestDB_TurnDay_Many: more people than one transaction takes.
func TestDB_TurnDay_Many(t *testing.T) {
	s := mustOpen(t)
	const n = turnAtOnce + 1
	err := s.Write(t.Context(), "fill", func(tx *Tx) error {
		for i := range n {
			if _, err := tx.Exec(`INSERT INTO users (id, email, email_key, name, password_hash, image_counter, image_day, created_at) VALUES (?, ?, ?, '', '', 1, 1, 0)`,
				testID(i), strconv.Itoa(i), strconv.Itoa(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := s.Stats().Writes
	if err := s.TurnDay(t.Context(), 0, 2); err != nil {
		t.Fatal(err)
	}
	if got := s.Stats().Writes - before; got != 2 {
		t.Errorf("%d transactions, want 2", got)
	}
	if got := s.mustInt(`SELECT COUNT(*) FROM users WHERE image_counter > 0`); got != 0 {
		t.Errorf("%d counters are left", got)
	}
	if got := s.mustInt(`SELECT COUNT(DISTINCT user_id) FROM outbox WHERE event = 'usage.updated'`); got != n {
		t.Errorf("%d people were told, want %d", got, n)
	}
}

// field returns a field of a document.
func field(d domain.Document, name string) any {
	for _, f := range d {
		if f.Name == name {
			return f.Value
		}
	}
	return "no such field"
}
