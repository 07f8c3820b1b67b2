package billing

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"liveassist/domain"
)

// provider is who takes the money: Stripe, or the sandbox that plays it on a laptop.
type provider interface {
	// prices returns what the plans cost, as far as they are set up.
	prices(ctx context.Context) ([]Price, error)
	// createCustomer returns the id of a customer for a person; the same one for the same
	// person within a day. It is another than gone, a customer that is no more.
	createCustomer(ctx context.Context, u domain.User, gone string) (string, error)
	// createCheckout returns the address of a payment page, or errCustomerGone.
	createCheckout(ctx context.Context, p purchase) (string, error)
	// createPortal returns the address where a customer manages subscriptions, or
	// errCustomerGone.
	createPortal(ctx context.Context, customer, returnURL string) (string, error)
	// session returns a checkout session as Stripe would write it, or domain.ErrNotFound.
	session(ctx context.Context, id string) (json.RawMessage, error)
	// cancel ends a subscription at once; one that has ended already is no error.
	cancel(ctx context.Context, subscription string) error
}

// errCustomerGone says that the provider does not know a customer: deleted there, or of
// another key's mode.
var errCustomerGone = errors.New("the customer is not known at Stripe")

// Price is what a plan costs.
type Price struct {
	Plan     domain.Plan `json:"plan"`
	Amount   int64       `json:"amount"`   // in the currency's minor unit
	Currency string      `json:"currency"` // ISO 4217, in lower case as Stripe writes it
	Interval string      `json:"interval"`
	Sandbox  bool        `json:"sandbox,omitempty"`
}

// purchase is what a payment page is for.
type purchase struct {
	User       domain.UserID
	Customer   string
	Plan       domain.Plan
	SuccessURL string // with the literal {CHECKOUT_SESSION_ID} for Stripe to fill in
	CancelURL  string
	At         time.Time
}
