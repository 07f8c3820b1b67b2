package domain

import "time"

// Role says what a person may do.
type Role string

// The two roles.
const (
	RoleUser     Role = "user"
	RoleOperator Role = "operator"
)

// PaymentState tells how a first payment stands that is not booked at once (bank debits).
type PaymentState string

// The payment states.
const (
	PaymentNone       PaymentState = "none"
	PaymentProcessing PaymentState = "processing"
	PaymentFailed     PaymentState = "failed"
)

// Subscription is what the database says of a person's plan. Status is the stored value;
// what a person has right now is ActiveAt.
type Subscription struct {
	Status  SubscriptionStatus
	Expiry  *Timestamp
	Cancels bool // ends at Expiry instead of renewing
	PastDue bool // a renewal payment failed
	Plan    Plan // empty while there is none
	Payment PaymentState
}

// ActiveAt reports whether the subscription counts at now. One that is expected to renew
// counts until grace after its expiry, because Stripe charges renewals about an hour late
// (seen: 61 minutes); one that ends at its expiry has no grace.
func (s Subscription) ActiveAt(now time.Time, grace time.Duration) bool {
	return s.Status == StatusPaid && s.Expiry != nil && now.Before(s.EndsAt(grace))
}

// EndsAt returns the instant at which a paid subscription stops to count.
func (s Subscription) EndsAt(grace time.Duration) time.Time {
	if s.Expiry == nil {
		return time.Time{}
	}
	if s.Cancels {
		return s.Expiry.Time()
	}
	return s.Expiry.Time().Add(grace)
}

// User is a person with an account.
type User struct {
	ID           UserID
	Email        string
	Name         string
	Role         Role
	Subscription Subscription
	ImageCounter int // images sent on ImageDay while free
	ImageDay     Day
	XP           int
	CreatedAt    Timestamp
	ConfirmedAt  Timestamp // when the address was proven; 0 until then
	// LatestSession is the conversation that was active last; empty while there is none.
	LatestSession SessionID
}

// ImagesOn returns how many free images the person has sent on the given day.
func (u User) ImagesOn(day Day) int {
	if u.ImageDay != day {
		return 0
	}
	return u.ImageCounter
}
