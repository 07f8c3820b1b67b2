package account

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

func TestRegistration_Check(t *testing.T) {
	long := strings.Repeat("x", 64)
	for _, c := range []struct {
		name, email, password, person string
		ok                            bool
	}{
		{"plain", "a@example.com", "12345678", "", true},
		{"dots, plus, subdomain", "a.b+c@mail.example.co.uk", "12345678", "Anna B.", true},
		{"international", "åsa.öberg@exämple.se", "12345678", "Åsa Öberg", true},
		{"blanks around", "  a@example.com\t", "12345678", "  Anna  ", true},
		{"quote in the local part", "o'neill@example.com", "12345678", "O'Neill", true},
		{"longest address", long[:60] + "@" + long + "." + long + "." + long[:60] + ".de", "12345678", "", true},

		{"no address", "", "12345678", "", false},
		{"blank address", "   ", "12345678", "", false},
		{"no at", "example.com", "12345678", "", false},
		{"no local part", "@example.com", "12345678", "", false},
		{"no domain", "a@", "12345678", "", false},
		{"two ats", "a@b@example.com", "12345678", "", false},
		{"two addresses", "a@example.com,b@example.com", "12345678", "", false},
		{"two addresses, semicolon", "a@example.com;b@example.com", "12345678", "", false},
		{"a name with it", "Anna <a@example.com>", "12345678", "", false},
		{"brackets", "<a@example.com>", "12345678", "", false},
		{"comment", "a@example.com (Anna)", "12345678", "", false},
		{"group", "g:a@example.com;", "12345678", "", false},
		{"blank inside", "a b@example.com", "12345678", "", false},
		{"quoted blank", `"a b"@example.com`, "12345678", "", false},
		{"no-break space", "a\u00a0b@example.com", "12345678", "", false},
		{"line break in it", "a@example.com\r\nBcc: b@example.com", "12345678", "", false},
		{"line feed in it", "a\n@example.com", "12345678", "", false},
		{"NUL", "a\x00@example.com", "12345678", "", false},
		{"delete", "a\x7f@example.com", "12345678", "", false},
		{"line separator", "a\u2028@example.com", "12345678", "", false},
		{"zero-width space: another's address to the eye", "a\u200b@example.com", "12345678", "", false},
		{"right-to-left override", "a\u202e@example.com", "12345678", "", false},
		{"byte order mark", "\ufeffa@example.com", "12345678", "", false},
		{"broken UTF-8", "a\xff@example.com", "12345678", "", false},
		{"trailing dot in the local part", "a.@example.com", "12345678", "", false},
		{"too long", long + "@" + long + "." + long + "." + long + ".de", "12345678", "", false},

		{"seven characters", "a@example.com", "1234567", "", false},
		{"no password", "a@example.com", "", "", false},
		{"eight characters of two bytes", "a@example.com", "åäöåäöåä", "", true},
		{"seven characters of four bytes", "a@example.com", "🔑🔑🔑🔑🔑🔑🔑", "", false},
		{"eight blanks", "a@example.com", "        ", "", true}, // theirs to choose; nothing is cut
		{"longest password", "a@example.com", strings.Repeat("ä", 1024), "", true},
		{"too long a password", "a@example.com", strings.Repeat("x", 1025), "", false},

		{"longest name", "a@example.com", "12345678", strings.Repeat("ö", 100), true},
		{"too long a name", "a@example.com", "12345678", strings.Repeat("x", 101), false},
		{"two lines", "a@example.com", "12345678", "Anna\nB.", false},
		{"header injection", "a@example.com", "12345678", "Anna\r\nBcc: b@example.com", false},
		{"control character", "a@example.com", "12345678", "Anna\x1b[31m", false},
		{"markup is text", "a@example.com", "12345678", "<script>alert(1)</script>", true},
	} {
		r := Registration{Email: c.email, Password: c.password, Name: c.person}
		err := r.Check()
		if (err == nil) != c.ok {
			t.Errorf("%s: %v, want ok: %v", c.name, err, c.ok)
		}
		if err != nil && domain.KindOf(err) != domain.KindInvalidRequest {
			t.Errorf("%s: kind %s, want %s", c.name, domain.KindOf(err), domain.KindInvalidRequest)
		}
		if err == nil && (r.Email != strings.TrimSpace(c.email) || r.Name != strings.TrimSpace(c.person) || r.Password != c.password) {
			t.Errorf("%s: became %q", c.name, r)
		}
	}
}

// TestService_Register_Refused: what is refused is refused before anything is stored.
func TestService_Register_Refused(t *testing.T) {
	a := mustAccounts(t)
	if _, _, err := a.Register(t.Context(), Registration{Email: "nope", Password: goodPassword}); domain.KindOf(err) != domain.KindInvalidRequest {
		t.Errorf("register: %v, want %s", err, domain.KindInvalidRequest)
	}
	a.mustRegister("a@example.com")
	_, token, err := a.Register(t.Context(), Registration{Email: " A@EXAMPLE.com ", Password: goodPassword})
	if domain.KindOf(err) != domain.KindEmailTaken {
		t.Errorf("register again: %v, want %s", err, domain.KindEmailTaken)
	}
	if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
		t.Errorf("the refused one's token: %v, want ErrSignedOut", err)
	}
}

// TestService_Secrets: neither a password nor a token is in any file of the database.
func TestService_Secrets(t *testing.T) {
	a := mustAccounts(t)
	u, first := a.mustRegister("a@example.com")
	second := a.mustSignIn("A@example.COM ")
	if first == second || len(first) < 43 {
		t.Errorf("tokens %q and %q, want two of 32 random bytes", first, second)
	}
	for _, token := range []Token{first, second} {
		l, extended, err := a.Authenticate(t.Context(), token)
		if err != nil || extended || l.UserID != u.ID || l.Token != token.Hash() {
			t.Errorf("token: %+v, %v, %v, want a login of %s", l, extended, err, u.ID)
		}
	}
	files, err := filepath.Glob(filepath.Join(a.dir, "liveassist.db*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	seen := false
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{goodPassword, string(first[:20]), string(second[:20])} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %q", f, secret)
			}
		}
		h := sha256.Sum256([]byte(first))
		seen = seen || bytes.Contains(b, h[:])
	}
	if !seen {
		t.Error("the token's hash is in no file: this test looks in the wrong place")
	}
}

// TestService_SignIn_Work: an unknown address and a wrong password get the same answer for
// the same work. A hash takes 19 MiB, so what was allocated counts the hashes.
func TestService_SignIn_Work(t *testing.T) {
	a := mustAccounts(t)
	a.mustRegister("a@example.com")
	hashes := func(email, password string) (int, error) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := a.SignIn(t.Context(), email, password, Device{})
		runtime.ReadMemStats(&after)
		return int((after.TotalAlloc - before.TotalAlloc) / (argonMemory << 10)), err
	}
	for name, c := range map[string]struct{ email, password string }{
		"right":                   {"a@example.com", goodPassword},
		"wrong password":          {"a@example.com", "wrong password"},
		"short password":          {"a@example.com", "x"},
		"unknown address":         {"b@example.com", goodPassword},
		"unknown, short password": {"b@example.com", "x"},
		"no address at all":       {"%", "wrong password"},
	} {
		n, err := hashes(c.email, c.password)
		if n != 1 {
			t.Errorf("%s: %d hashes, want 1", name, n)
		}
		if name == "right" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != errCredentials { //nolint:errorlint // the very same answer
			t.Errorf("%s: %v, want %v", name, err, errCredentials)
		}
	}
	if n, err := hashes("a@example.com", strings.Repeat("x", 5000)); n != 0 || !errors.Is(err, errCredentials) {
		t.Errorf("a password that nobody can have: %d hashes, %v, want none and %v", n, err, errCredentials)
	}
}

// TestService_Authenticate_Sliding: a browser that comes back within 30 days stays signed
// in for 30 more, at the price of one write a day; one that does not is signed out.
func TestService_Authenticate_Sliding(t *testing.T) {
	a := mustAccounts(t)
	_, token := a.mustRegister("a@example.com")
	const day = 24 * time.Hour
	for _, c := range []struct {
		after    time.Duration // since the step before
		extended bool
	}{{0, false}, {day, false}, {time.Minute, true}, {0, false}, {29 * day, true}, {30*day - time.Millisecond, true}, {time.Hour, false}} {
		a.add(c.after)
		l, extended, err := a.Authenticate(t.Context(), token)
		if err != nil || extended != c.extended {
			t.Fatalf("%v later: extended %v, %v, want %v", c.after, extended, err, c.extended)
		}
		if extended {
			if l, err = a.db.Login(t.Context(), token.Hash(), a.now); err != nil || l.ExpiresAt != domain.At(a.now.Add(LoginTTL)) {
				t.Errorf("%v later: good until %v, %v, want 30 days", c.after, l.ExpiresAt, err)
			}
		}
	}
	a.add(LoginTTL)
	for range 2 {
		if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("after 30 days away: %v, want ErrSignedOut", err)
		}
	}
}

func TestService_SignOut(t *testing.T) {
	a := mustAccounts(t)
	_, phone := a.mustRegister("a@example.com")
	laptop := a.mustSignIn("a@example.com")
	l, _, err := a.Authenticate(t.Context(), phone)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := a.SignOut(t.Context(), l); err != nil {
			t.Errorf("sign out: %v", err)
		}
	}
	if _, _, err := a.Authenticate(t.Context(), phone); !errors.Is(err, ErrSignedOut) {
		t.Errorf("signed out: %v, want ErrSignedOut", err)
	}
	if _, _, err := a.Authenticate(t.Context(), laptop); err != nil {
		t.Errorf("the other browser: %v", err)
	}
	for _, token := range []Token{"", "x", phone[:len(phone)-1], phone + "A", Token(strings.Repeat("x", 1<<16))} {
		if _, _, err := a.Authenticate(t.Context(), token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("token %.50q: %v, want ErrSignedOut", token, err)
		}
	}
}

// TestNew_NoRandomness: without randomness there is no service, and no predictable token.
func TestNew_NoRandomness(t *testing.T) {
	if _, err := New(nil, time.Now, bytes.NewReader(nil)); err == nil {
		t.Error("a service without randomness")
	}
	a := mustAccounts(t)
	a.mustRegister("a@example.com")
	for n, what := range map[int]string{0: "salt", 16: "token"} {
		a.random = bytes.NewReader(make([]byte, n))
		a.hasher.random = a.random
		if _, _, err := a.Register(t.Context(), Registration{Email: "b@example.com", Password: goodPassword}); err == nil {
			t.Errorf("an account without randomness for its %s", what)
		}
	}
	if _, _, err := a.SignIn(t.Context(), "a@example.com", goodPassword, Device{}); err == nil {
		t.Error("a login without randomness for its token")
	}
	if _, _, err := a.db.UserByEmail(t.Context(), "b@example.com"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("user b: %v, want none", err)
	}
}
