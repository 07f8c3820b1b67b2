// Package domain holds the nouns of LiveAssist and the rules that need no I/O.
package domain

import (
	"errors"
	"time"
)

// Kind says what went wrong in a form that programs may rely on. Kinds are part of
// the public API: new ones may be added, none is ever renamed.
type Kind string

// The kinds of CONTRACT section 2. httpapi maps each to its HTTP status.
const (
	KindInternal             Kind = "internal_error"
	KindInvalidRequest       Kind = "invalid_request"
	KindInvalidSignature     Kind = "invalid_signature"
	KindUnauthenticated      Kind = "unauthenticated"
	KindLimitExceeded        Kind = "limit_exceeded"
	KindForbidden            Kind = "forbidden"
	KindNotFound             Kind = "not_found"
	KindMethodNotAllowed     Kind = "method_not_allowed"
	KindEmailTaken           Kind = "email_taken"
	KindAlreadySubscribed    Kind = "already_subscribed"
	KindConflict             Kind = "conflict"
	KindTooLarge             Kind = "too_large"
	KindUnsupportedMediaType Kind = "unsupported_media_type"
	KindRateLimited          Kind = "rate_limited"
	KindProcessingError      Kind = "processing_error"
	KindBillingUnavailable   Kind = "billing_unavailable"
	KindMailUnavailable      Kind = "mail_unavailable"
)

// Codes tell errors of one kind apart.
const (
	CodeImageDayLimit = "IMAGE_DAY_LIMIT" // an image beyond the free daily allowance
	CodeWrongPassword = "WRONG_PASSWORD"  // the password that confirms a change is not the person's
	CodeLinkInvalid   = "LINK_INVALID"    // a link from a mail that was used, has run out or never was
)

// Error is the one error type that reaches a person: Kind is for programs, Message for
// people, Cause for the log. Every other error is internal and shows nothing outside.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	// RetryAfter is how long a caller should wait; only rate limits set it.
	RetryAfter time.Duration
	Cause      error
}

// E returns an error of the given kind with a message for a person.
func E(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Because attaches the internal cause, which is logged and never shown.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error implements error.
func (e *Error) Error() string {
	if e.Cause != nil {
		return string(e.Kind) + ": " + e.Message + ": " + e.Cause.Error()
	}
	return string(e.Kind) + ": " + e.Message
}

// Unwrap gives errors.Is and errors.As the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of err, and KindInternal where it carries none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// ErrNotFound is what a caller gets for a thing that does not exist and for a thing
// that belongs to another person: the two must not be told apart.
var ErrNotFound = E(KindNotFound, "There is nothing here.")
