package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

func TestDB_CreateUser(t *testing.T) {
	s := mustOpen(t)
	token := TokenHash{7}
	got, err := s.CreateUser(t.Context(), NewUser{Email: "Åsa.Öberg@Exämple.SE", Name: "Åsa", PasswordHash: "$hash"}, NewLogin{Token: token, TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	want := domain.User{
		ID: domain.UserID(testID(1)), Email: "Åsa.Öberg@Exämple.SE", Name: "Åsa", Role: domain.RoleUser,
		Subscription: domain.Subscription{Status: domain.StatusFree, Payment: domain.PaymentNone}, CreatedAt: domain.At(testStart),
	}
	if got != want {
		t.Errorf("created %+v, want %+v", got, want)
	}
	if got, err := s.User(t.Context(), want.ID); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	if l, err := s.Login(t.Context(), token, testStart); err != nil || l.UserID != want.ID {
		t.Errorf("login %+v, %v, want one of %v", l, err, want.ID)
	}
	for _, email := range []string{"Åsa.Öberg@Exämple.SE", "åsa.öberg@exämple.se", "ÅSA.ÖBERG@EXÄMPLE.SE"} {
		u, hash, err := s.UserByEmail(t.Context(), email)
		if err != nil || u != want || hash != "$hash" {
			t.Errorf("by %s: %+v, %q, %v, want %+v", email, u, hash, err, want)
		}
	}
	for _, email := range []string{"", "asa.oberg@example.se", "åsa.öberg@exämple.se ", "%", "åsa.öberg@exämple.s_"} {
		if u, hash, err := s.UserByEmail(t.Context(), email); !errors.Is(err, domain.ErrNotFound) || hash != "" {
			t.Errorf("by %q: %+v, %q, %v, want domain.ErrNotFound", email, u, hash, err)
		}
	}
	if _, err := s.User(t.Context(), "nobody"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("nobody: %v, want domain.ErrNotFound", err)
	}
}

// TestDB_CreateUser_Taken: of many who register one address in several spellings at once,
// one gets it, and the others leave nothing, not even a login.
func TestDB_CreateUser_Taken(t *testing.T) {
	s := mustOpen(t)
	spellings := []string{"ärla@example.com", "ÄRLA@EXAMPLE.COM", "Ärla@Example.com", "äRLA@example.COM"}
	var mu sync.Mutex
	created := 0
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, err := s.CreateUser(context.Background(), NewUser{Email: spellings[i%len(spellings)], PasswordHash: "$hash"}, NewLogin{Token: TokenHash{byte(i)}, TTL: time.Hour})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				created++
			case domain.KindOf(err) != domain.KindEmailTaken:
				t.Errorf("register: %v, want %s", err, domain.KindEmailTaken)
			default:
				if e, ok := errors.AsType[*domain.Error](err); !ok || strings.Contains(e.Message, "UNIQUE") {
					t.Errorf("message for the person: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if created != 1 {
		t.Errorf("%d accounts were created, want 1", created)
	}
	for _, table := range []string{"users", "logins", "outbox"} {
		if n := s.mustInt(`SELECT COUNT(*) FROM ` + table); n != 1 {
			t.Errorf("%s has %d rows, want 1", table, n)
		}
	}
}

func TestDB_SetRole(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("Boss@Example.com")
	for _, role := range []domain.Role{domain.RoleOperator, domain.RoleOperator, domain.RoleUser} {
		if err := s.SetRole(t.Context(), "boss@example.COM", role); err != nil {
			t.Fatal(err)
		}
		if got, err := s.User(t.Context(), u.ID); err != nil || got.Role != role {
			t.Errorf("role %v, %v, want %v", got.Role, err, role)
		}
	}
	entries, err := s.EntriesAfter(t.Context(), 1, 10)
	if err != nil || len(entries) != 3 || entries[0].Docs[0] != userDoc(u.ID) {
		t.Errorf("entries %v, %v, want the user's document three times", entries, err)
	}
	if err := s.SetRole(t.Context(), "nobody@example.com", domain.RoleOperator); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("nobody: %v, want domain.ErrNotFound", err)
	}
	if err := s.SetRole(t.Context(), "boss@example.com", "emperor"); err == nil {
		t.Error("a role that does not exist was stored")
	}
}
