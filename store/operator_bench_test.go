package store

import (
	"fmt"
	"testing"

	"liveassist/domain"
)

// benchPeople is how many people the console's lists are measured with.
const benchPeople = 100_000

func benchUsers(b *testing.B) *testStore {
	b.Helper()
	s := mustOpen(b)
	const atOnce = 1000
	for from := 0; from < benchPeople; from += atOnce {
		err := s.Write(b.Context(), "fill", func(tx *Tx) error {
			for i := from; i < from+atOnce; i++ {
				email := fmt.Sprintf("person%06d@example.com", i)
				_, err := tx.Exec(`INSERT INTO users (id, email, email_key, name, password_hash, created_at) VALUES (?, ?, ?, ?, 'x', ?)`,
					tx.NewID(), email, email, fmt.Sprintf("Name %06d", i%5000), tx.Now.UnixMilli())
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkDB_Users reads a page of 50 of 100,000 people: the newest, in the middle of the
// list, and by the beginning of an address and of a name.
func BenchmarkDB_Users(b *testing.B) {
	s := benchUsers(b)
	middle := UserKey{ID: domain.UserID(testID(benchPeople / 2))}
	for _, c := range []struct {
		name, text string
		after      UserKey
	}{
		{"Newest", "", UserKey{}},
		{"Middle", "", middle},
		{"Email", "person05", UserKey{}},
		{"EmailMiddle", "person05", UserKey{Text: "person055000@example.com"}},
		{"Name", "name 00", UserKey{}},
		{"NameMiddle", "name 00", UserKey{ByName: true, Text: "Name 002500", ID: middle.ID}},
		{"Nobody", "zzz", UserKey{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				list, _, err := s.Users(b.Context(), c.text, c.after, 50)
				if err != nil || len(list) != 50 && c.name != "Nobody" {
					b.Fatalf("%d people, %v", len(list), err)
				}
			}
		})
	}
}

// BenchmarkDB_Overview counts 100,000 people.
func BenchmarkDB_Overview(b *testing.B) {
	s := benchUsers(b)
	for b.Loop() {
		if _, err := s.Overview(b.Context(), testStart); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDB_Inbox reads a page of 50 of 100,000 conversations, half of which wait.
func BenchmarkDB_Inbox(b *testing.B) {
	s := mustOpen(b)
	u := s.mustUser("a@example.com")
	err := s.Write(b.Context(), "fill", func(tx *Tx) error {
		for i := range benchPeople {
			desk, waiting := "assistant", any(nil)
			if i%2 == 0 {
				desk, waiting = "waiting", int64(i)
			}
			_, err := tx.Exec(`INSERT INTO liveassist_sessions (id, user_id, created_at, last_active_at, desk, waiting_since) VALUES (?, ?, ?, ?, ?, ?)`,
				tx.NewID(), string(u.ID), int64(i), int64(i), desk, waiting)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		state InboxState
		after InboxKey
	}{
		{"Waiting", InboxWaiting, InboxKey{}},
		{"WaitingMiddle", InboxWaiting, InboxKey{At: benchPeople / 2, ID: last}},
		{"All", InboxAll, InboxKey{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if list, err := s.Inbox(b.Context(), c.state, "", c.after, 50); err != nil || len(list) != 50 {
					b.Fatalf("%d conversations, %v", len(list), err)
				}
			}
		})
	}
}
