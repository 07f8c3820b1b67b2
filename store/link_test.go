package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liveassist/domain"
)

func (s *testStore) mustLink(l Link) TokenHash {
	s.tb.Helper()
	if err := s.AddLink(s.tb.Context(), l); err != nil {
		s.tb.Fatal(err)
	}
	return l.Token
}

// TestDB_ResetPassword_Race: of two uses at once of one link, and of two links of one
// person, exactly one sets the password.
func TestDB_ResetPassword_Race(t *testing.T) {
	for name, links := range map[string]int{"one link twice": 1, "two links": 2} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t)
			u := s.mustUser("a@example.com")
			for i := range links {
				s.mustLink(Link{Token: TokenHash{byte(i)}, Kind: LetterReset, User: u.ID, Email: "A@example.com", TTL: time.Hour})
			}
			var won atomic.Int64
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() {
					_, ended, err := s.ResetPassword(context.Background(), TokenHash{byte(i % links)}, "$new")
					if err == nil {
						won.Add(1)
						if len(ended) != 1 {
							t.Errorf("ended %d logins, want 1", len(ended))
						}
					} else if !errors.Is(err, domain.ErrNotFound) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("%d resets took effect, want 1", won.Load())
			}
			if n := s.mustInt(`SELECT COUNT(*) FROM logins`) + s.mustInt(`SELECT COUNT(*) FROM account_tokens`); n != 0 {
				t.Errorf("%d logins and links are left, want none", n)
			}
			if got, err := s.User(t.Context(), u.ID); err != nil || got.ConfirmedAt != domain.At(testStart) {
				t.Errorf("confirmed at %v, %v, want now: the link came to the address", got.ConfirmedAt, err)
			}
		})
	}
}

// TestDB_Link_Bounds: a link is good for its purpose, for its time, and for the address it
// was sent to.
func TestDB_Link_Bounds(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	reset := s.mustLink(Link{Token: TokenHash{1}, Kind: LetterReset, User: u.ID, Email: "a@example.com", TTL: time.Hour})
	confirm := s.mustLink(Link{Token: TokenHash{2}, Kind: LetterConfirm, User: u.ID, Email: "a@example.com", TTL: 24 * time.Hour})
	moved := s.mustLink(Link{Token: TokenHash{3}, Kind: LetterReset, User: u.ID, Email: "old@example.com", TTL: time.Hour})
	if _, _, err := s.ResetPassword(t.Context(), confirm, "$x"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("reset with a link to confirm: %v, want domain.ErrNotFound", err)
	}
	if _, err := s.ConfirmEmail(t.Context(), reset); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("confirm with a link to reset: %v, want domain.ErrNotFound", err)
	}
	if _, _, err := s.ResetPassword(t.Context(), moved, "$x"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("link of an address that the account has no more: %v, want domain.ErrNotFound", err)
	}
	s.clock.Add(time.Hour)
	if _, _, err := s.ResetPassword(t.Context(), reset, "$x"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("after its hour: %v, want domain.ErrNotFound", err)
	}
	if _, hash, _ := s.UserByEmail(t.Context(), "a@example.com"); hash != "$hash" {
		t.Errorf("password is %s, want the old one", hash)
	}
	if err := s.PruneLinks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.ConfirmEmail(t.Context(), confirm); err != nil || got.ConfirmedAt != domain.At(s.clock.Now()) {
		t.Errorf("confirm: %+v, %v, want confirmed now", got, err)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM account_tokens`); n != 0 {
		t.Errorf("%d links are left, want none", n)
	}
}

// TestDB_ConfirmRegistration: the account that comes into being is the one whose link is
// used, with its own password; the others of the address are void, also one under way.
func TestDB_ConfirmRegistration(t *testing.T) {
	s := mustOpen(t)
	for i, hash := range []string{"$mine", "$stranger"} {
		s.mustLink(Link{Token: TokenHash{byte(i)}, Kind: LetterRegister, Email: "Me@example.com", Name: "Me", PasswordHash: hash, TTL: time.Hour})
	}
	u, err := s.ConfirmRegistration(t.Context(), TokenHash{0})
	if err != nil || u.Email != "Me@example.com" || u.ConfirmedAt != domain.At(testStart) {
		t.Fatalf("confirmed %+v, %v", u, err)
	}
	if got, hash, err := s.UserByEmail(t.Context(), "me@example.com"); err != nil || hash != "$mine" || got != u {
		t.Errorf("account %+v with %s, %v, want %+v with $mine", got, hash, err, u)
	}
	if _, err := s.ConfirmRegistration(t.Context(), TokenHash{1}); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("the stranger's link: %v, want domain.ErrNotFound", err)
	}
	s.mustLink(Link{Token: TokenHash{9}, Kind: LetterRegister, Email: "me@example.com", PasswordHash: "$late", TTL: time.Hour})
	if _, err := s.ConfirmRegistration(t.Context(), TokenHash{9}); domain.KindOf(err) != domain.KindEmailTaken {
		t.Errorf("a link after the account is there: %v, want %s", err, domain.KindEmailTaken)
	}
}
