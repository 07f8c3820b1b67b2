package domain

import (
	"errors"
	"fmt"
	"testing"
)

func TestError(t *testing.T) {
	cause := errors.New("UNIQUE constraint failed: users.email_key")
	plain := E(KindEmailTaken, "There is an account.")
	caused := plain.Because(cause)
	if plain.Cause != nil {
		t.Error("Because changed the error that everybody shares")
	}
	if !errors.Is(caused, cause) {
		t.Error("the cause is lost")
	}
	if got, want := caused.Error(), "email_taken: There is an account.: UNIQUE constraint failed: users.email_key"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if got, want := plain.Error(), "email_taken: There is an account."; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	for err, want := range map[error]Kind{
		plain: KindEmailTaken, caused: KindEmailTaken, fmt.Errorf("register: %w", caused): KindEmailTaken,
		errors.Join(cause, plain): KindEmailTaken, cause: KindInternal,
	} {
		if got := KindOf(err); got != want {
			t.Errorf("KindOf(%v) = %s, want %s", err, got, want)
		}
	}
	if got := KindOf(nil); got != KindInternal {
		t.Errorf("KindOf(nil) = %s, want %s", got, KindInternal)
	}
}

// TestKinds are part of the API (CONTRACT section 2): add to them, rename none.
func TestKinds(t *testing.T) {
	for kind, want := range map[Kind]string{
		KindInvalidRequest: "invalid_request", KindInvalidSignature: "invalid_signature", KindUnauthenticated: "unauthenticated",
		KindLimitExceeded: "limit_exceeded", KindForbidden: "forbidden", KindNotFound: "not_found", KindMethodNotAllowed: "method_not_allowed",
		KindEmailTaken: "email_taken", KindAlreadySubscribed: "already_subscribed", KindConflict: "conflict", KindTooLarge: "too_large",
		KindUnsupportedMediaType: "unsupported_media_type", KindRateLimited: "rate_limited", KindProcessingError: "processing_error",
		KindBillingUnavailable: "billing_unavailable",
		KindMailUnavailable:    "mail_unavailable",
	} {
		if string(kind) != want {
			t.Errorf("kind %s, want %s", kind, want)
		}
	}
	if got, want := (DocRef{Collection: "users", ID: "1"}).String(), "users/1"; got != want {
		t.Errorf("DocRef = %s, want %s", got, want)
	}
}
