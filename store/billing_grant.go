package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// Grant is one payment and what became of it. Intent, Charge, Invoice and Session are
// Stripe's names for it, as far as they are known.
type Grant struct {
	Key          string
	Subscription string
	Intent       string
	Charge       string
	Invoice      string
	Session      string
	PeriodEnd    domain.Timestamp // 0: estimated
	PaidAt       domain.Timestamp
	Refund       string
	RefundAt     domain.Timestamp
	Dispute      string
	DisputeAt    domain.Timestamp
	EndedAt      domain.Timestamp
}

const grantColumns = `key, subscription, intent, charge, invoice, session, period_end, paid_at, refund, refund_at, dispute, dispute_at, ended_at`

func scanGrant(r scanner) (Grant, error) {
	var g Grant
	err := r.Scan(&g.Key, &g.Subscription, &g.Intent, &g.Charge, &g.Invoice, &g.Session, &g.PeriodEnd, &g.PaidAt,
		&g.Refund, &g.RefundAt, &g.Dispute, &g.DisputeAt, &g.EndedAt)
	return g, err
}

// AddGrant enters a payment, and reports whether it is new: a known one only gains the
// names that it lacked and a later end.
func (tx *Tx) AddGrant(g Grant) (isNew bool, err error) {
	n, err := tx.Exec(`INSERT INTO grants (key, subscription, intent, charge, invoice, session, period_end, paid_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
		g.Key, g.Subscription, g.Intent, g.Charge, g.Invoice, g.Session, int64(g.PeriodEnd), int64(g.PaidAt))
	if n == 1 || err != nil {
		return n == 1, err
	}
	return false, tx.NameGrant(g)
}

// NameGrant adds names that a known payment lacks, and a later end.
func (tx *Tx) NameGrant(g Grant) error {
	_, err := tx.Exec(`UPDATE grants SET
		intent = CASE intent WHEN '' THEN ? ELSE intent END, charge = CASE charge WHEN '' THEN ? ELSE charge END,
		invoice = CASE invoice WHEN '' THEN ? ELSE invoice END, session = CASE session WHEN '' THEN ? ELSE session END,
		period_end = MAX(period_end, ?) WHERE key = ?`,
		g.Intent, g.Charge, g.Invoice, g.Session, int64(g.PeriodEnd), g.Key)
	return err
}

// TakeBackGrant stores how the money of a payment stands that is on its way back.
func (tx *Tx) TakeBackGrant(g Grant) error {
	_, err := tx.Exec(`UPDATE grants SET refund = ?, refund_at = ?, dispute = ?, dispute_at = ?, ended_at = ? WHERE key = ?`,
		g.Refund, int64(g.RefundAt), g.Dispute, int64(g.DisputeAt), int64(g.EndedAt), g.Key)
	return err
}

// GrantsNamed returns the payments that bear one of the names; empty names find nothing.
func (tx *Tx) GrantsNamed(intent, charge, invoice string) ([]Grant, error) {
	rows, err := tx.Query(`SELECT `+grantColumns+` FROM grants WHERE key IN (
		SELECT key FROM grants WHERE intent = ?1 AND intent <> '' UNION
		SELECT key FROM grants WHERE charge = ?2 AND charge <> '' UNION
		SELECT key FROM grants WHERE invoice = ?3 AND invoice <> '')`, intent, charge, invoice)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return collect(rows, scanGrant)
}

// GrantsOfCustomer returns payments of a customer, two at the most: enough to tell whether
// there is exactly one.
func (tx *Tx) GrantsOfCustomer(customer string) ([]Grant, error) {
	rows, err := tx.Query(`SELECT `+grantColumns+` FROM grants
		WHERE subscription IN (SELECT id FROM subscriptions
			WHERE customer = ?1 AND user_id = (SELECT user_id FROM stripe_customers WHERE id = ?1)) LIMIT 2`, customer)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return collect(rows, scanGrant)
}

// RunningGrant returns the key of the payment behind the period of a subscription that
// ends last.
func (tx *Tx) RunningGrant(subscription string) (string, error) {
	var key string
	err := tx.QueryRow(`SELECT key FROM grants WHERE subscription = ? ORDER BY MAX(period_end, paid_at) DESC, key LIMIT 1`, subscription).Scan(&key)
	return key, err
}

// EndGrants marks a subscription's payments as ended, or, with at 0, as not.
func (tx *Tx) EndGrants(subscription string, at domain.Timestamp) error {
	_, err := tx.Exec(`UPDATE grants SET ended_at = ? WHERE subscription = ?`, int64(at), subscription)
	return err
}

// GrantsOf returns the payments of a subscription, the running one first.
func (db *DB) GrantsOf(ctx context.Context, subscription string) ([]Grant, error) {
	rows, err := db.query(ctx, `SELECT `+grantColumns+` FROM grants WHERE subscription = ? ORDER BY MAX(period_end, paid_at) DESC, key`, subscription)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return collect(rows, scanGrant)
}

// SessionPaid reports whether a checkout session's payment is booked for a person.
func (db *DB) SessionPaid(ctx context.Context, session string, user domain.UserID) (bool, error) {
	var n int
	err := db.queryRow(ctx, `SELECT COUNT(*) FROM subscriptions s JOIN grants g ON g.subscription = s.id WHERE s.user_id = ? AND g.session = ?`,
		string(user), session).Scan(&n)
	return n > 0, err
}
