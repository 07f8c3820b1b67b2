package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// Subscription is what is known of one subscription, or of one payment without one. The
// ...At fields say when Stripe made a statement: an older one never overwrites a newer.
type Subscription struct {
	ID       string
	User     domain.UserID
	Customer string
	Once     bool // a single payment: nothing renews it
	Granted  bool // a period of it was paid for

	Plan   domain.Plan
	PlanAt domain.Timestamp

	PeriodEnd  domain.Timestamp // the latest paid end that an invoice told; 0: none has
	EstimateAt domain.Timestamp // begin of a paid period whose end no event has told; 0: none
	TrialEnd   domain.Timestamp

	Status   string
	StatusAt domain.Timestamp
	Cancels  bool
	CancelAt domain.Timestamp

	Payment   string
	PaymentAt domain.Timestamp

	EndedAt domain.Timestamp // 0: it has not ended
	EndedBy string

	// What follows from the others, for LeadingSubscriptions:
	EndAt  domain.Timestamp // the end of the paid time, told or estimated
	Ending bool             // it ends then instead of renewing
}

const subscriptionColumns = `id, user_id, customer, once, granted, plan, plan_at, period_end, estimate_at, trial_end,
	status, status_at, cancels, cancel_at, payment, payment_at, ended_at, ended_by, end_at, ending`

func scanSubscription(r scanner) (Subscription, error) {
	var s Subscription
	err := r.Scan(&s.ID, &s.User, &s.Customer, &s.Once, &s.Granted, &s.Plan, &s.PlanAt, &s.PeriodEnd, &s.EstimateAt, &s.TrialEnd,
		&s.Status, &s.StatusAt, &s.Cancels, &s.CancelAt, &s.Payment, &s.PaymentAt, &s.EndedAt, &s.EndedBy, &s.EndAt, &s.Ending)
	return s, err
}

// Subscription returns a subscription, or domain.ErrNotFound.
func (tx *Tx) Subscription(id string) (Subscription, error) {
	return scanSubscription(tx.QueryRow(`SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = ?`, id))
}

// PutSubscription stores a subscription as it stands now. It stays its person's.
func (tx *Tx) PutSubscription(s Subscription) error {
	_, err := tx.Exec(`INSERT INTO subscriptions (`+subscriptionColumns+`, said_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, once = excluded.once, granted = excluded.granted,
			plan = excluded.plan, plan_at = excluded.plan_at, period_end = excluded.period_end, estimate_at = excluded.estimate_at,
			trial_end = excluded.trial_end, status = excluded.status, status_at = excluded.status_at, cancels = excluded.cancels,
			cancel_at = excluded.cancel_at, payment = excluded.payment, payment_at = excluded.payment_at,
			ended_at = excluded.ended_at, ended_by = excluded.ended_by, end_at = excluded.end_at, ending = excluded.ending, said_at = excluded.said_at`,
		s.ID, string(s.User), s.Customer, s.Once, s.Granted, string(s.Plan), int64(s.PlanAt), int64(s.PeriodEnd), int64(s.EstimateAt), int64(s.TrialEnd),
		s.Status, int64(s.StatusAt), s.Cancels, int64(s.CancelAt), s.Payment, int64(s.PaymentAt), int64(s.EndedAt), s.EndedBy,
		int64(s.EndAt), s.Ending, int64(max(s.StatusAt, s.PaymentAt)), tx.Now.UnixMilli())
	return err
}

// LeadingSubscriptions returns those of a person's subscriptions that decide how they
// stand: of those that renew and of those that end, the one that lasts longest, and the
// one that Stripe spoke of last. One may come twice.
func (tx *Tx) LeadingSubscriptions(user domain.UserID) ([]Subscription, error) {
	const lasting = `SELECT * FROM (SELECT ` + subscriptionColumns + ` FROM subscriptions
		WHERE user_id = ?1 AND granted = 1 AND ended_at = 0 AND ending = `
	rows, err := tx.Query(lasting+`0 ORDER BY end_at DESC LIMIT 1) UNION ALL `+lasting+`1 ORDER BY end_at DESC LIMIT 1) UNION ALL
		SELECT * FROM (SELECT `+subscriptionColumns+` FROM subscriptions WHERE user_id = ?1 ORDER BY said_at DESC, id DESC LIMIT 1)`, string(user))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return collect(rows, scanSubscription)
}

// SubscriptionsOfCustomer returns all subscriptions that a customer has or had.
func (tx *Tx) SubscriptionsOfCustomer(customer string) ([]Subscription, error) {
	rows, err := tx.Query(`SELECT `+subscriptionColumns+` FROM subscriptions
		WHERE customer = ?1 AND user_id = (SELECT user_id FROM stripe_customers WHERE id = ?1)`, customer)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return collect(rows, scanSubscription)
}

// SubscriptionsOf returns all subscriptions that a person has or had.
func (db *DB) SubscriptionsOf(ctx context.Context, user domain.UserID) ([]Subscription, error) {
	rows, err := db.query(ctx, `SELECT `+subscriptionColumns+` FROM subscriptions WHERE user_id = ?`, string(user))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return collect(rows, scanSubscription)
}

// BillingState returns a number that a job of billing remembers, 0 where it has not yet.
func (db *DB) BillingState(ctx context.Context, name string) (int64, error) {
	var v int64
	err := db.queryRow(ctx, `SELECT COALESCE((SELECT value FROM billing_state WHERE name = ?), 0)`, name).Scan(&v)
	return v, err
}

// SetBillingState remembers a number.
func (db *DB) SetBillingState(ctx context.Context, name string, value int64) error {
	return db.Write(ctx, "remember "+name, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO billing_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

// LastingSubscriptions returns those of a person's subscriptions that were paid for, or
// given, and have not ended.
func (tx *Tx) LastingSubscriptions(user domain.UserID) ([]Subscription, error) {
	rows, err := tx.Query(`SELECT `+subscriptionColumns+` FROM subscriptions WHERE user_id = ? AND granted = 1 AND ended_at = 0`, string(user))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return collect(rows, scanSubscription)
}
