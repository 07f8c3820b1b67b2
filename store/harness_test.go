package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

// testStart is when the clock of a test stands at first.
var testStart = time.Date(2026, 3, 14, 15, 9, 26, 535e6, time.UTC)

// testClock stands still until a test moves it.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// testIDs makes UUIDs that can be told: 00000000-0000-7000-8000-000000000001 and on.
type testIDs struct {
	mu sync.Mutex
	n  int
}

func (g *testIDs) New() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	return testID(g.n)
}

func testID(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }

// clientID is a UUID as a browser makes it, told apart from the server's own.
func clientID(n int) domain.MessageID {
	return domain.MessageID(fmt.Sprintf("c0000000-0000-4000-8000-%012d", n))
}

// testStore is a real database in a directory of its own.
type testStore struct {
	*DB
	tb    testing.TB
	dir   string
	clock *testClock
	ids   *testIDs

	mu        sync.Mutex
	announced []Entry // what OnCommit was told, in order
}

// emptyDatabase is a database right after its migrations, made once for all tests.
var emptyDatabase = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "store-test-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := Open(context.Background(), Options{Dir: dir, Clock: time.Now, NewID: func() string { return "" }})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(Path(dir))
})

// mustPrepare puts an empty database into a directory.
func mustPrepare(tb testing.TB, dir string) *testStore {
	tb.Helper()
	empty, err := emptyDatabase()
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(Path(dir), empty, 0o600); err != nil {
		tb.Fatal(err)
	}
	return &testStore{tb: tb, dir: dir, clock: &testClock{now: testStart}, ids: &testIDs{}}
}

// mustOpen opens a new database; change adapts its options.
func mustOpen(tb testing.TB, change ...func(*Options)) *testStore {
	tb.Helper()
	s := mustPrepare(tb, tb.TempDir())
	s.mustReopen(change...)
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

// mustReopen opens the database again after a Close.
func (s *testStore) mustReopen(change ...func(*Options)) {
	s.tb.Helper()
	opts := s.options()
	for _, c := range change {
		c(&opts)
	}
	db, err := Open(s.tb.Context(), opts)
	if err != nil {
		s.tb.Fatalf("open: %v", err)
	}
	s.DB = db
}

func (s *testStore) options() Options {
	return Options{Dir: s.dir, Clock: s.clock.Now, NewID: s.ids.New, OnCommit: func(entries []Entry) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.announced = append(s.announced, entries...)
	}}
}

// settle waits until the writer has nothing more to tell: callers are answered before
// OnCommit is told.
func (s *testStore) settle() { s.writer.between(context.Background(), func() {}) }

func (s *testStore) mustClose() {
	s.tb.Helper()
	if err := s.Close(); err != nil {
		s.tb.Fatalf("close: %v", err)
	}
}

// mustUser makes an account with the given address.
func (s *testStore) mustUser(email string) domain.User {
	s.tb.Helper()
	var token TokenHash
	copy(token[:], email)
	u, err := s.CreateUser(s.tb.Context(), NewUser{Email: email, Name: "N. N.", PasswordHash: "$hash"}, NewLogin{Token: token, TTL: time.Hour})
	if err != nil {
		s.tb.Fatalf("create user %s: %v", email, err)
	}
	return u
}

func (s *testStore) mustSession(user domain.UserID) domain.SessionID {
	s.tb.Helper()
	id, err := s.CreateSession(s.tb.Context(), user)
	if err != nil {
		s.tb.Fatalf("create session: %v", err)
	}
	return id
}

// mustTalk makes an account and a conversation of it.
func (s *testStore) mustTalk(email string) (domain.UserID, domain.SessionID) {
	s.tb.Helper()
	u := s.mustUser(email)
	return u.ID, s.mustSession(u.ID)
}

// mustSay stores a message that is new.
func (s *testStore) mustSay(user domain.UserID, session domain.SessionID, id domain.MessageID, text string) domain.Message {
	s.tb.Helper()
	m, known, err := s.AddMessage(s.tb.Context(), NewMessage{User: user, Session: session, ID: id, Role: domain.AuthorUser, Text: text})
	if err != nil || known {
		s.tb.Fatalf("add message %s: known %v, error %v", id, known, err)
	}
	return m
}

// mustExec runs one statement in a write of its own.
func (s *testStore) mustExec(query string, args ...any) {
	s.tb.Helper()
	err := s.Write(s.tb.Context(), "test", func(tx *Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		s.tb.Fatalf("%s: %v", query, err)
	}
}

// mustInt reads one number.
func (s *testStore) mustInt(query string, args ...any) int64 {
	s.tb.Helper()
	var n int64
	if err := s.queryRow(s.tb.Context(), query, args...).Scan(&n); err != nil {
		s.tb.Fatalf("%s: %v", query, err)
	}
	return n
}

// texts is what was said, in the order of the list.
func texts(list []domain.Message) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.Text
	}
	return out
}
