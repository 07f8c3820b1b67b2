package store

import (
	"context"
	"fmt"
	"time"

	"liveassist/domain"
)

// Standing is what the users table says of a person's plan, allowance and XP.
type Standing struct {
	domain.Subscription
	ImageCounter int
	XP           int
}

// Standing returns how a person stands, or domain.ErrNotFound.
func (tx *Tx) Standing(user domain.UserID) (Standing, error) {
	var s Standing
	var expiry *int64
	err := tx.QueryRow(`SELECT subscription_status, subscription_expiry, subscription_cancels, subscription_past_due,
		subscription_plan, subscription_payment, image_counter, xp FROM users WHERE id = ?`, string(user)).
		Scan(&s.Status, &expiry, &s.Cancels, &s.PastDue, &s.Plan, &s.Payment, &s.ImageCounter, &s.XP)
	if expiry != nil {
		ts := domain.Timestamp(*expiry)
		s.Expiry = &ts
	}
	return s, err
}

// SetStanding stores how a person stands.
func (tx *Tx) SetStanding(user domain.UserID, s Standing) error {
	var expiry any
	if s.Expiry != nil {
		expiry = int64(*s.Expiry)
	}
	_, err := tx.Exec(`UPDATE users SET subscription_status = ?, subscription_expiry = ?, subscription_cancels = ?, subscription_past_due = ?,
		subscription_plan = ?, subscription_payment = ?, image_counter = ?, xp = ? WHERE id = ?`,
		string(s.Status), expiry, s.Cancels, s.PastDue, string(s.Plan), string(s.Payment), s.ImageCounter, s.XP, string(user))
	return err
}

// AwardOnce enters XP that a person gets once in a life. The id is empty where they have
// it already.
func (tx *Tx) AwardOnce(user domain.UserID, amount int, reason string) (id string, err error) {
	id = tx.NewID()
	n, err := tx.Exec(`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		id, string(user), amount, reason, tx.Now.UnixMilli())
	if n == 0 {
		id = ""
	}
	return id, err
}

// UserDoc names a person's document.
func UserDoc(user domain.UserID) domain.DocRef { return userDoc(user) }

// XPDoc names the document of an XP event.
func XPDoc(id string) domain.DocRef { return domain.DocRef{Collection: CollXP, ID: id} }

// due is true for people that read as paid in the table and whose time is over: ?1 is now,
// ?2 now without the grace of those that renew.
const due = `subscription_status = 'paid' AND subscription_expiry <= CASE subscription_cancels WHEN 1 THEN ?1 ELSE ?2 END`

// DueUsers returns at most limit people whose subscription has run out and who are stored
// as paid still.
func (db *DB) DueUsers(ctx context.Context, now time.Time, grace time.Duration, limit int) ([]domain.UserID, error) {
	rows, err := db.query(ctx, `SELECT id FROM users WHERE `+due+` AND subscription_expiry <= ?1 LIMIT ?3`,
		now.UnixMilli(), now.Add(-grace).UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read ended subscriptions: %w", err)
	}
	return collect(rows, func(r scanner) (id domain.UserID, err error) {
		err = r.Scan(&id)
		return id, err
	})
}
