package billing

import (
	"errors"
	"strings"

	"github.com/stripe/stripe-go/v76/webhook"
)

// Why a delivery is not taken for Stripe's.
var (
	ErrNoSecret      = errors.New("no signing secret is set")
	ErrNotSigned     = errors.New("not signed")
	ErrInvalidHeader = errors.New("the signature header cannot be read")
	ErrBadSignature  = errors.New("no signature fits the signing secrets")
	// ErrTooOld says that a good signature is more than five minutes old: either somebody
	// replays a delivery, or this machine's clock is wrong.
	ErrTooOld = errors.New("the signature is too old; is the clock right?")
)

// Secrets are signing secrets of which each is good: more than one while one is rotated.
type Secrets []string

// ParseSecrets reads comma-separated secrets. Blanks around them are dropped, because a
// newline at the end would make every event fail; so are empty ones, because an empty
// secret verifies forgeries.
func ParseSecrets(s string) Secrets {
	var secrets Secrets
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			secrets = append(secrets, part)
		}
	}
	return secrets
}

// Verify reports whether one of the secrets signed the payload at most five minutes ago.
//
// It uses the check of webhook.ConstructEventWithOptions without its decoding: that builds
// a map of the whole object, which nobody here reads, and refuses events of the form that
// Stripe calls thin. ParseEvent reads the envelope of any version.
func (s Secrets) Verify(payload []byte, header string) error {
	if len(s) == 0 {
		return ErrNoSecret
	}
	var worst error
	for _, secret := range s {
		err := webhook.ValidatePayload(payload, header, secret)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, webhook.ErrNotSigned):
			return ErrNotSigned
		case errors.Is(err, webhook.ErrInvalidHeader):
			return ErrInvalidHeader
		case errors.Is(err, webhook.ErrTooOld) && webhook.ValidatePayloadIgnoringTolerance(payload, header, secret) == nil:
			// The library looks at the time first: only with a good signature it tells of the clock.
			worst = ErrTooOld
		case worst == nil:
			worst = ErrBadSignature
		}
	}
	return worst
}
