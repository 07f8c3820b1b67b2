package account

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"liveassist/domain"
)

// TestService_ChangePassword: all other browsers are out at once, also those that are
// remembered; the one that changed it stays in.
func TestService_ChangePassword(t *testing.T) {
	a := mustAccounts(t)
	_, here := a.mustRegister("a@example.com")
	there := a.mustSignIn("a@example.com")
	l, _, err := a.Authenticate(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Authenticate(t.Context(), there); err != nil { // now it is remembered
		t.Fatal(err)
	}
	for current, next := range map[string]string{"wrong password": "a new password", "": "a new password", goodPassword: "short"} {
		if _, err := a.ChangePassword(t.Context(), l, current, next); err == nil {
			t.Errorf("from %q to %q: no error", current, next)
		}
	}
	if _, _, err := a.Authenticate(t.Context(), there); err != nil {
		t.Errorf("after tries that failed: %v, want still good", err)
	}
	ended, err := a.ChangePassword(t.Context(), l, goodPassword, "a new password")
	if err != nil || len(ended) != 1 || ended[0].Token != there.Hash() {
		t.Fatalf("ended %v, %v, want the other login", ended, err)
	}
	if _, _, err := a.Authenticate(t.Context(), there); !errors.Is(err, ErrSignedOut) {
		t.Errorf("the other browser: %v, want ErrSignedOut", err)
	}
	if _, _, err := a.Authenticate(t.Context(), here); err != nil {
		t.Errorf("this browser: %v, want still good", err)
	}
	if _, err := a.ChangePassword(t.Context(), l, goodPassword, "another one"); !errors.Is(err, errWrongPassword) {
		t.Errorf("with the old one: %v, want errWrongPassword", err)
	}
}

// TestService_ChangePassword_Race: of many changes at once one takes effect, and nobody who
// signs in with the old password in that moment stays in.
func TestService_ChangePassword_Race(t *testing.T) {
	a := mustAccounts(t)
	_, here := a.mustRegister("a@example.com")
	l, _, err := a.Authenticate(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	var changed atomic.Int64
	var mu sync.Mutex
	var tokens []Token
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := a.ChangePassword(context.Background(), l, goodPassword, "a new password"); err == nil {
				changed.Add(1)
			} else if !errors.Is(err, errWrongPassword) {
				t.Error(err)
			}
		})
		wg.Go(func() {
			_, token, err := a.SignIn(context.Background(), "a@example.com", goodPassword, Device{})
			if err == nil {
				mu.Lock()
				tokens = append(tokens, token)
				mu.Unlock()
			} else if !errors.Is(err, errCredentials) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if changed.Load() != 1 {
		t.Errorf("%d changes took effect, want 1", changed.Load())
	}
	for _, token := range tokens {
		if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("a login by the old password: %v, want ErrSignedOut", err)
		}
	}
}

func TestService_SignOutEverywhere(t *testing.T) {
	a := mustAccounts(t)
	u, here := a.mustRegister("a@example.com")
	other, others := a.mustRegister("b@example.com")
	there := a.mustSignIn("a@example.com")
	for _, token := range []Token{here, there, others} {
		if _, _, err := a.Authenticate(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := a.Logins(t.Context(), u.ID); err != nil || len(list) != 2 {
		t.Errorf("logins %v, %v, want two", list, err)
	}
	if ended, err := a.SignOutEverywhere(t.Context(), u.ID); err != nil || len(ended) != 2 {
		t.Errorf("ended %v, %v, want two", ended, err)
	}
	for _, token := range []Token{here, there} {
		if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("afterwards: %v, want ErrSignedOut", err)
		}
	}
	if _, _, err := a.Authenticate(t.Context(), others); err != nil {
		t.Errorf("%s: %v, want still good", other.Email, err)
	}
}

// TestService_Delete: a wrong password or a cancellation that fails changes nothing.
func TestService_Delete(t *testing.T) {
	a := mustAccounts(t)
	u, token := a.mustRegister("a@example.com")
	asked := 0
	fails := errors.New("no stripe")
	cancel := func(err error) func() error { return func() error { asked++; return err } }
	if err := a.Delete(t.Context(), u.ID, "wrong password", cancel(nil)); !errors.Is(err, errWrongPassword) || asked != 0 {
		t.Errorf("wrong password: %v, asked %d times, want errWrongPassword before anything", err, asked)
	}
	if err := a.Delete(t.Context(), u.ID, goodPassword, cancel(fails)); !errors.Is(err, fails) {
		t.Errorf("cancellation fails: %v, want its error", err)
	}
	if _, _, err := a.Authenticate(t.Context(), token); err != nil {
		t.Errorf("after tries that failed: %v, want still good", err)
	}
	if err := a.Delete(t.Context(), u.ID, goodPassword, cancel(nil)); err != nil || asked != 2 {
		t.Fatalf("delete: %v, asked %d times", err, asked)
	}
	if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
		t.Errorf("afterwards: %v, want ErrSignedOut", err)
	}
	if _, _, err := a.SignIn(t.Context(), "a@example.com", goodPassword, Device{}); !errors.Is(err, errCredentials) {
		t.Errorf("sign in: %v, want errCredentials", err)
	}
	if err := a.Finish(t.Context(), u.ID); err != nil {
		t.Error(err)
	}
	if _, err := a.db.User(t.Context(), u.ID); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("the account: %v, want domain.ErrNotFound", err)
	}
	a.mustRegister("a@example.com") // the address is free again
}

func TestDeviceOf(t *testing.T) {
	for agent, want := range map[string]Device{
		"": {},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                            {"Chrome", "Windows"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              {"Edge", "Windows"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                     {"Firefox", "Linux"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                      {"Safari", "macOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":    {"Safari", "iPhone"},
		"Mozilla/5.0 (Linux; Android 15; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": {"Samsung Internet", "Android"},
		"curl/8.9.1": {"curl", ""},
	} {
		if got := DeviceOf(agent); got != want {
			t.Errorf("%s: %+v, want %+v", agent, got, want)
		}
	}
}
