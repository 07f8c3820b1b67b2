package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func mustHasher(tb testing.TB) *hasher {
	tb.Helper()
	h, err := newHasher(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func TestHasher_Hash(t *testing.T) {
	h := mustHasher(t)
	salts := map[string]bool{}
	for _, password := range []string{"åäö 🔑 \x00 end", "åäö 🔑 \x00 end", strings.Repeat("x", 4096)} {
		encoded, err := h.hash(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
		const want = "$argon2id$v=19$m=19456,t=2,p=1$"
		if !strings.HasPrefix(encoded, want) {
			t.Errorf("hash %s, want %s...", encoded, want)
		}
		parts := strings.Split(encoded, "$")
		for i, size := range map[int]int{4: 16, 5: 32} {
			if b, err := base64.RawStdEncoding.DecodeString(parts[i]); err != nil || len(b) != size {
				t.Errorf("part %d of %s has %d bytes, %v, want %d", i, encoded, len(b), err, size)
			}
		}
		if salts[parts[4]] {
			t.Error("two hashes have the same salt")
		}
		salts[parts[4]] = true
		for other, want := range map[string]bool{password: true, password[:len(password)-1]: false} {
			if ok, err := h.matches(t.Context(), other, encoded); err != nil || ok != want {
				t.Errorf("%.20q against the hash of %.20q: %v, %v, want %v", other, password, ok, err, want)
			}
		}
	}
}

// TestHasher_Matches_Reference: a hash that the reference implementation made, with other
// parameters than ours (phc-winner-argon2: src/test.c).
func TestHasher_Matches_Reference(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h := mustHasher(t)
	for password, want := range map[string]bool{"password": true, "Password": false} {
		if ok, err := h.matches(t.Context(), password, reference); err != nil || ok != want {
			t.Errorf("%q: %v, %v, want %v", password, ok, err, want)
		}
	}
}

// TestHasher_Matches_Unknown: no hash matches nothing, not even the secret behind the decoy.
func TestHasher_Matches_Unknown(t *testing.T) {
	h := mustHasher(t)
	for _, password := range []string{"", "x", h.decoy} {
		if ok, err := h.matches(t.Context(), password, ""); ok || err != nil {
			t.Errorf("%.20q against no hash: %v, %v, want false", password, ok, err)
		}
	}
	if mustHasher(t).decoy == h.decoy {
		t.Error("two programs have the same decoy")
	}
}

// TestHasher_Matches_Broken: a stored hash of another form is an error, never a match and
// never a panic.
func TestHasher_Matches_Broken(t *testing.T) {
	h := mustHasher(t)
	for _, encoded := range []string{
		"x", "$", "$argon2id$", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=16$m=8,t=1,p=1$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=8,t=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=8,t=1,p=0$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=8,t=1,p=1$!$AAAA", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$!", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$",
		"$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA$", "$2a$10$abcdefghijklmnopqrstuv",
	} {
		if ok, err := h.matches(t.Context(), "x", encoded); ok || !errors.Is(err, errHashFormat) {
			t.Errorf("%s: %v, %v, want errHashFormat", encoded, ok, err)
		}
	}
}

// TestHasher_InTurn: two at once and no more, the others wait, and nobody for longer than
// maxHashWait or their own patience. Time is the bubble's.
func TestHasher_InTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hasher{turns: make(chan struct{}, hashersAtOnce)}
		var running, peak, done, busy atomic.Int64
		work := func() error {
			peak.Store(max(peak.Load(), running.Add(1)))
			time.Sleep(4 * time.Second)
			running.Add(-1)
			done.Add(1)
			return nil
		}
		var wg sync.WaitGroup
		for range 10 { // at 0, 4 and 8 s two each get their turn; the last four wait 10 s
			wg.Go(func() {
				if err := h.inTurn(context.Background(), work); errors.Is(err, errBusy) {
					busy.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if got := running.Load(); got != 2 {
			t.Errorf("%d run at once, want 2", got)
		}

		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		if err := h.inTurn(ctx, func() error { t.Error("it ran"); return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("out of patience: %v, want context.DeadlineExceeded", err)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %v, want 1s", waited)
		}
		wg.Wait()
		if peak.Load() != 2 || done.Load() != 6 || busy.Load() != 4 {
			t.Errorf("at once %d, done %d, busy %d; want 2, 6, 4", peak.Load(), done.Load(), busy.Load())
		}
		if err := h.inTurn(context.Background(), func() error { return nil }); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestHasher_InTurn_Panic: a turn is given back whatever happens in it.
func TestHasher_InTurn_Panic(t *testing.T) {
	h := &hasher{turns: make(chan struct{}, hashersAtOnce)}
	for range hashersAtOnce + 1 {
		func() {
			defer func() { _ = recover() }()
			_ = h.inTurn(t.Context(), func() error { panic("boom") })
		}()
	}
	if got := len(h.turns); got != 0 {
		t.Errorf("%d turns are taken, want none", got)
	}
}

// BenchmarkHash is one sign-in's work.
func BenchmarkHash(b *testing.B) {
	h := mustHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.hash(context.Background(), goodPassword); err != nil {
			b.Fatal(err)
		}
	}
}
