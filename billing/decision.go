package billing

import (
	"time"

	"liveassist/domain"
)

// Kind says what an event is for us.
type Kind string

// The kinds of decisions.
const (
	Grant   Kind = "grant"   // somebody paid for a period
	End     Kind = "end"     // a subscription, or all of a customer, or what one payment bought ends
	Restore Kind = "restore" // money that was to go back stays: what it bought counts again
	Inform  Kind = "inform"  // nothing is bought or lost, but something is known now
	Park    Kind = "park"    // it may matter, and nothing can be made of it yet
	Ignore  Kind = "ignore"  // it is not for us
)

// Decision is what an event means, before anybody has looked into the database.
type Decision struct {
	Kind Kind
	Why  string    // for the ledger and the log
	At   time.Time // when it happened at Stripe; zero where the event does not say

	// Users are the people that the event itself names, the most trusted first. The first
	// one counts; a subscription or customer that is known counts where there is none.
	Users        []string
	Customer     string
	Subscription string
	Session      string
	// Foreign says that all prices that the event names are of another product: then it
	// counts only with a user or subscription of ours.
	Foreign bool

	Plan    domain.Plan // empty where the event does not say
	Period  *Period     // with Grant
	Payment PaymentHealth
	State   *State // with events about a subscription
	Refs    Refs   // the payment, with Grant and with money that goes back
	Back    Back   // with money that goes back
	Scope   Scope  // with End and Restore
}

// Period is time that was paid for.
type Period struct {
	// Key is the same for all events that tell of one payment, so that it counts once.
	Key string
	// End is the end of the paid period; zero where the event does not say: then it is
	// estimated from Decision.At and the plan.
	End time.Time
	// Starts is set on a creation and on a renewal: then the image counter starts anew.
	Starts bool
	// Once is set for a payment without a subscription: nothing will renew it.
	Once bool
}

// Refs name a payment; each may be empty. One that a grant and a refund both have must agree.
type Refs struct{ Intent, Charge, Invoice string }

func (r Refs) empty() bool { return r == Refs{} }

// State is what Stripe says of a subscription.
type State struct {
	Status string
	// Cancels says that it ends with the period that runs.
	Cancels  bool
	CancelAt time.Time // zero where no end is set
	TrialEnd time.Time // zero outside a trial
	// First is set for the event of the creation: within one second all others are newer.
	First bool
}

// PaymentHealth is what an event says of a subscription's payments.
type PaymentHealth string

// What is known of payments.
const (
	PaymentUnknown    PaymentHealth = ""
	PaymentOK         PaymentHealth = "ok"
	PaymentProcessing PaymentHealth = "processing"
	PaymentFailing    PaymentHealth = "failing"
)

// Back is a step of money on its way back.
type Back string

// The steps of refunds and disputes.
const (
	BackNone        Back = ""
	RefundPartial   Back = "refund_partial"
	RefundFull      Back = "refund_full"
	RefundFailed    Back = "refund_failed"
	DisputeOpen     Back = "dispute_open"
	DisputeWon      Back = "dispute_won"
	DisputeLost     Back = "dispute_lost"
	DisputeHarmless Back = "dispute_closed" // an inquiry that took no money
)

// Scope says what an End or Restore is about.
type Scope string

// The scopes.
const (
	ScopeNone         Scope = ""
	ScopeSubscription Scope = "subscription"
	ScopeCustomer     Scope = "customer"
	ScopePayment      Scope = "payment"
)

// Context is what decides beside the event itself.
type Context struct {
	Live   bool                   // the key is a live one; no key is test mode
	Prices map[string]domain.Plan // the price ids that are ours; empty where none are configured
}

func ignore(why string) Decision { return Decision{Kind: Ignore, Why: why} }

func park(why string) Decision { return Decision{Kind: Park, Why: why} }
