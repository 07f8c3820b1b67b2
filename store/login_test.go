package store

import (
	"errors"
	"testing"
	"time"

	"liveassist/domain"
)

func TestDB_Login(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	token := TokenHash{1, 2, 3}
	if err := s.AddLogin(t.Context(), u.ID, "$hash", NewLogin{Token: token, TTL: time.Hour}); err != nil {
		t.Fatal(err)
	}
	want := Login{Token: token, UserID: u.ID, ExpiresAt: domain.At(testStart.Add(time.Hour))}
	for _, c := range []struct {
		at   time.Duration
		good bool
	}{{0, true}, {time.Hour - time.Millisecond, true}, {time.Hour, false}, {2 * time.Hour, false}} {
		got, err := s.Login(t.Context(), token, testStart.Add(c.at))
		if c.good && (err != nil || got != want) {
			t.Errorf("after %v: %+v, %v, want %+v", c.at, got, err, want)
		}
		if !c.good && !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("after %v: %+v, %v, want domain.ErrNotFound", c.at, got, err)
		}
	}
	if _, err := s.Login(t.Context(), TokenHash{9}, testStart); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("unknown token: %v, want domain.ErrNotFound", err)
	}

	s.clock.Add(30 * time.Minute)
	if err := s.ExtendLogin(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	want.ExpiresAt = domain.At(testStart.Add(90 * time.Minute))
	if got, err := s.Login(t.Context(), token, testStart.Add(80*time.Minute)); err != nil || got != want {
		t.Errorf("extended: %+v, %v, want %+v", got, err, want)
	}

	if err := s.EndLogin(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if err := s.ExtendLogin(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Login(t.Context(), token, testStart); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("signed out, then extended: %v, want domain.ErrNotFound", err)
	}
}

func TestDB_PruneLogins(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com") // its login has an hour
	for i, ttl := range []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute} {
		if err := s.AddLogin(t.Context(), u.ID, "$hash", NewLogin{Token: TokenHash{byte(i + 1)}, TTL: ttl}); err != nil {
			t.Fatal(err)
		}
	}
	s.clock.Add(2 * time.Minute)
	if err := s.PruneLogins(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.mustInt(`SELECT COUNT(*) FROM logins`); got != 2 {
		t.Errorf("%d logins are left, want the two that are good", got)
	}
	if _, err := s.Login(t.Context(), TokenHash{3}, s.clock.Now()); err != nil {
		t.Errorf("a good login: %v", err)
	}
}

// TestDB_AddLogin_OldPassword: nobody comes in with a password that was changed after it
// was looked at.
func TestDB_AddLogin_OldPassword(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	if ended, err := s.ChangePassword(t.Context(), u.ID, "$hash", "$new", TokenHash{}); err != nil || len(ended) != 1 {
		t.Fatalf("change: %v, %v, want one login to end", ended, err)
	}
	if err := s.AddLogin(t.Context(), u.ID, "$hash", NewLogin{Token: TokenHash{5}, TTL: time.Hour}); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("with the old hash: %v, want domain.ErrNotFound", err)
	}
	if _, err := s.ChangePassword(t.Context(), u.ID, "$hash", "$third", TokenHash{}); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a change from the old hash: %v, want domain.ErrNotFound", err)
	}
	if err := s.AddLogin(t.Context(), u.ID, "$new", NewLogin{Token: TokenHash{5}, TTL: time.Hour}); err != nil {
		t.Errorf("with the new hash: %v", err)
	}
}
