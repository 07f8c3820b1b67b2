package account

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

var testStart = time.Date(2026, 3, 14, 15, 9, 26, 535e6, time.UTC)

// testAccounts is a Service on a real database, with a clock that stands still until a
// test moves it.
type testAccounts struct {
	*Service
	tb  testing.TB
	db  *store.DB
	dir string

	mu  sync.Mutex
	now time.Time
}

func mustAccounts(tb testing.TB) *testAccounts {
	tb.Helper()
	a := &testAccounts{tb: tb, dir: tb.TempDir(), now: testStart}
	var err error
	a.db, err = store.Open(tb.Context(), store.Options{Dir: a.dir, Clock: a.clock, NewID: uuid.NewString})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := a.db.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	if a.Service, err = New(a.db, a.clock, rand.Reader); err != nil {
		tb.Fatal(err)
	}
	return a
}

func (a *testAccounts) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *testAccounts) add(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

const goodPassword = "correct horse"

func (a *testAccounts) mustRegister(email string) (domain.User, Token) {
	a.tb.Helper()
	u, token, err := a.Register(a.tb.Context(), Registration{Email: email, Password: goodPassword})
	if err != nil {
		a.tb.Fatalf("register %s: %v", email, err)
	}
	return u, token
}

func (a *testAccounts) mustSignIn(email string) Token {
	a.tb.Helper()
	_, token, err := a.SignIn(a.tb.Context(), email, goodPassword, Device{})
	if err != nil {
		a.tb.Fatalf("sign in %s: %v", email, err)
	}
	return token
}
