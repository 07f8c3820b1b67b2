package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"liveassist/domain"
)

// Argon2id parameters: OWASP's Password Storage Cheat Sheet names 19 MiB, two passes and
// one lane as a minimum that is equal in strength to its larger ones.
const (
	argonMemory  = 19 << 10 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonKeySize = 32
	saltSize     = 16
)

// hashersAtOnce bounds the memory that sign-ins can take: two times 19 MiB.
const hashersAtOnce = 2

// maxHashWait is how long a sign-in waits for its turn before it is told to come back.
const maxHashWait = 10 * time.Second

// hasher computes password hashes, a bounded number at once.
type hasher struct {
	random io.Reader
	turns  chan struct{}
	gauge  hashGauge
	// decoy is a hash that no password has: compared with where an address is unknown, so
	// that the answer takes as long as for a wrong password.
	decoy string
}

func newHasher(random io.Reader) (*hasher, error) {
	secret := make([]byte, saltSize+argonKeySize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("read randomness: %w", err)
	}
	return &hasher{random: random, turns: make(chan struct{}, hashersAtOnce), decoy: phc(secret[:saltSize], secret[saltSize:])}, nil
}

// errBusy says that too many sign-ins wait already.
var errBusy = &domain.Error{Kind: domain.KindRateLimited, Message: "Many people are signing in right now. Please try again in a moment.", RetryAfter: 5 * time.Second}

// hash returns the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (encoded string, err error) {
	err = h.inTurn(ctx, func() (err error) {
		encoded, err = h.encode([]byte(password))
		return err
	})
	return encoded, err
}

// matches reports whether a password has the given hash; an empty hash takes as long as
// any and matches nothing.
func (h *hasher) matches(ctx context.Context, password, encoded string) (ok bool, err error) {
	unknown := encoded == ""
	if unknown {
		encoded = h.decoy
	}
	err = h.inTurn(ctx, func() (err error) {
		ok, err = compare(password, encoded)
		return err
	})
	return ok && !unknown, err
}

func (h *hasher) inTurn(ctx context.Context, work func() error) error {
	limit := time.NewTimer(maxHashWait)
	defer limit.Stop()
	entered := h.gauge.enter()
	select {
	case h.turns <- struct{}{}:
		h.gauge.leave(entered)
	case <-limit.C:
		h.gauge.leave(entered)
		return errBusy
	case <-ctx.Done():
		h.gauge.leave(entered)
		return ctx.Err()
	}
	defer func() { <-h.turns }()
	return work()
}

// encode computes the PHC string ($argon2id$v=19$m=...,t=...,p=...$salt$key).
func (h *hasher) encode(password []byte) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return phc(salt, argon2.IDKey(password, salt, argonPasses, argonMemory, argonLanes, argonKeySize)), nil
}

// phc renders a hash in the PHC string format.
func phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errHashFormat = errors.New("password hash has an unknown form")

// compare reports whether a password has the given hash, whatever parameters it was made with.
func compare(password, encoded string) (bool, error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errHashFormat
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, errHashFormat
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || passes == 0 || lanes == 0 {
		return false, errHashFormat
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, errHashFormat
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false, errHashFormat
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want))) //nolint:gosec // a hash of ours is 32 bytes
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
