package account

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"testing"
	"time"

	"liveassist/store"
)

func numberedToken(n int) (t store.TokenHash) {
	binary.BigEndian.PutUint64(t[:], uint64(n))
	return t
}

// TestSeen_Ended: a login that has ended stays so, whoever looked it up or prolonged it in
// the same moment.
func TestSeen_Ended(t *testing.T) {
	s, err := newSeen()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10_000 {
		l := store.Login{Token: numberedToken(i), UserID: "u"}
		s.add(l)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for _, f := range []func(){func() { s.extend(l) }, func() { s.end(l) }, func() { s.add(l) }} {
			wg.Go(func() { <-start; f() })
		}
		close(start)
		wg.Wait()
		if got, ok := s.get(l.Token); !ok || !got.ended {
			t.Fatalf("try %d: the login is back", i)
		}
	}
}

func TestSeen_Add(t *testing.T) {
	s, err := newSeen()
	if err != nil {
		t.Fatal(err)
	}
	l := store.Login{Token: numberedToken(1), UserID: "u"}
	if got := s.add(l); got.ended || got.Login != l {
		t.Errorf("added %+v, want %+v", got, l)
	}
	s.end(l)
	if got := s.add(l); !got.ended {
		t.Error("a look-up that began before the end brought the login back")
	}
	if s.extend(l); !s.add(l).ended {
		t.Error("an extension that began before the end brought the login back")
	}
	s.forget(l.Token)
	if got := s.add(l); got.ended {
		t.Error("a login that was forgotten is remembered as ended")
	}
}

// TestService_Authenticate_Remembered: a login that was seen costs no query, and still runs
// out on time.
func TestService_Authenticate_Remembered(t *testing.T) {
	a := mustAccounts(t)
	_, token := a.mustRegister("a@example.com")
	want, _, err := a.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel() // whoever asks the database now gets an error
	if got, _, err := a.Authenticate(gone, token); err != nil || got != want {
		t.Errorf("seen: %+v, %v, want %+v without a query", got, err, want)
	}
	if _, _, err := a.Authenticate(gone, "another"); !errors.Is(err, context.Canceled) {
		t.Errorf("never seen: %v, want the database's error, not a sign-out", err)
	}
	a.add(LoginTTL - time.Millisecond)
	if _, _, err := a.Authenticate(gone, token); !errors.Is(err, context.Canceled) {
		t.Errorf("to be extended: %v, want the database's error", err)
	}
	a.add(time.Millisecond)
	if _, _, err := a.Authenticate(gone, token); !errors.Is(err, ErrSignedOut) {
		t.Errorf("after 30 days: %v, want ErrSignedOut", err)
	}
}

// TestService_SignOut_Fails: where the end cannot be stored, the login is still good, and
// the person is told that it did not work.
func TestService_SignOut_Fails(t *testing.T) {
	a := mustAccounts(t)
	_, token := a.mustRegister("a@example.com")
	l, _, err := a.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.SignOut(gone, l); !errors.Is(err, context.Canceled) {
		t.Errorf("sign out: %v, want context.Canceled", err)
	}
	if _, _, err := a.Authenticate(t.Context(), token); err != nil {
		t.Errorf("after a sign-out that failed: %v, want still good", err)
	}
}
