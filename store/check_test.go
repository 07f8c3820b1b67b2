package store

import (
	"errors"
	"os"
	"testing"
	"time"
)

// mustDamage changes the bytes of a closed database with change.
func (s *testStore) mustDamage(change func(b []byte) []byte) {
	s.tb.Helper()
	b, err := os.ReadFile(Path(s.dir))
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := os.WriteFile(Path(s.dir), change(b), 0o600); err != nil {
		s.tb.Fatal(err)
	}
}

// TestOpen_Damaged: a file with damage is refused, wherever that is, and left as it was.
func TestOpen_Damaged(t *testing.T) {
	overwrite := func(b []byte, from, to int) []byte {
		for i := from; i < to; i++ {
			b[i] = 0xA5
		}
		return b
	}
	for name, change := range map[string]func(b []byte) []byte{
		"Header":    func(b []byte) []byte { return overwrite(b, 0, 16) },
		"FirstPage": func(b []byte) []byte { return overwrite(b, 100, 4096) },
		"Middle":    func(b []byte) []byte { return overwrite(b, len(b)/2, len(b)/2+3*4096) },
		"LastPage":  func(b []byte) []byte { return overwrite(b, len(b)-4096, len(b)) },
		"Truncated": func(b []byte) []byte { return b[:len(b)/2] },
		"NotOurs":   func([]byte) []byte { return []byte("these are my holiday notes, and no database") },
	} {
		t.Run(name, func(t *testing.T) {
			s := mustPrepare(t, t.TempDir())
			s.mustReopen()
			user, session := s.mustTalk("a@example.com")
			for range 50 {
				s.mustSay(user, session, "", text2k)
			}
			s.mustClose()
			s.mustReopen()
			if !s.Checked() {
				t.Error("a small, sound database was not checked whole")
			}
			s.mustClose()
			s.mustDamage(change)
			before, err := os.ReadFile(Path(s.dir))
			if err != nil {
				t.Fatal(err)
			}
			if db, err := Open(t.Context(), s.options()); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("open: %v, %v, want ErrCorrupt", db, err)
			}
			after, err := os.ReadFile(Path(s.dir))
			if err != nil || string(after) != string(before) {
				t.Errorf("the refused file has changed (%v)", err)
			}
		})
	}
}

// TestCheck_Limit: a check that runs out of time says that it has not seen everything, and
// refuses nothing.
func TestCheck_Limit(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	for range 200 {
		s.mustSay(user, session, "", text2k)
	}
	if whole, err := check(t.Context(), s.read.pool, time.Nanosecond); whole || err != nil {
		t.Errorf("without time: %v, %v, want neither", whole, err)
	}
	if whole, err := check(t.Context(), s.read.pool, time.Minute); !whole || err != nil {
		t.Errorf("with time: %v, %v, want the whole", whole, err)
	}
}
