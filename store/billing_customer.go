package store

import (
	"context"

	"liveassist/domain"
)

// Customer is a customer of Stripe and whom it belongs to.
type Customer struct {
	ID      string
	User    domain.UserID
	Deleted bool // at Stripe
}

// Customer returns a customer, or domain.ErrNotFound.
func (tx *Tx) Customer(id string) (Customer, error) {
	c := Customer{ID: id}
	err := tx.QueryRow(`SELECT user_id, deleted_at <> 0 FROM stripe_customers WHERE id = ?`, id).Scan(&c.User, &c.Deleted)
	return c, err
}

// BindCustomer gives a customer to a person and reports whether it was anybody's before:
// then it stays that person's. Nobody's account gets none.
func (tx *Tx) BindCustomer(id string, user domain.UserID) (bool, error) {
	n, err := tx.Exec(`INSERT INTO stripe_customers (id, user_id, created_at)
		SELECT ?1, id, ?3 FROM users WHERE id = ?2 ON CONFLICT (id) DO NOTHING`,
		id, string(user), tx.Now.UnixMilli())
	return n == 0, err
}

// DeleteCustomer notes that Stripe has deleted a customer.
func (tx *Tx) DeleteCustomer(id string) error {
	_, err := tx.Exec(`UPDATE stripe_customers SET deleted_at = ? WHERE id = ? AND deleted_at = 0`, tx.Now.UnixMilli(), id)
	return err
}

// BindCustomer gives a customer to a person, unless it is another's: domain.ErrNotFound.
func (db *DB) BindCustomer(ctx context.Context, id string, user domain.UserID) error {
	return db.Write(ctx, "bind customer", func(tx *Tx) error {
		if _, err := tx.BindCustomer(id, user); err != nil {
			return err
		}
		c, err := tx.Customer(id)
		if err == nil && c.User != user {
			err = domain.ErrNotFound
		}
		return err
	})
}

// DeleteCustomer notes that Stripe does not know a customer any more.
func (db *DB) DeleteCustomer(ctx context.Context, id string) error {
	return db.Write(ctx, "delete customer", func(tx *Tx) error { return tx.DeleteCustomer(id) })
}

// CustomerOf returns the customer that a person has at Stripe, the newest where there are
// several, or domain.ErrNotFound.
func (db *DB) CustomerOf(ctx context.Context, user domain.UserID) (string, error) {
	var id string
	err := db.queryRow(ctx, `SELECT id FROM stripe_customers WHERE user_id = ? AND deleted_at = 0 ORDER BY created_at DESC, id DESC LIMIT 1`,
		string(user)).Scan(&id)
	return id, err
}

// CustomerUser returns whose customer id is, or domain.ErrNotFound.
func (db *DB) CustomerUser(ctx context.Context, id string) (domain.UserID, error) {
	var user domain.UserID
	err := db.queryRow(ctx, `SELECT user_id FROM stripe_customers WHERE id = ?`, id).Scan(&user)
	return user, err
}
