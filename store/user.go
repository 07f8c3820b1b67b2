package store

import (
	"context"
	"errors"
	"strings"

	"liveassist/domain"
)

// NewUser is what an account begins with.
type NewUser struct {
	Email        string
	Name         string
	PasswordHash string
	// Letter asks the new address to be proven; nil where it is not to be asked.
	Letter *Letter
}

// emailKey folds an address so that two spellings of it compare equal.
func emailKey(email string) string { return strings.ToLower(email) }

// CreateUser stores an account and its first login in one transaction. An address that
// is taken answers domain.KindEmailTaken.
func (db *DB) CreateUser(ctx context.Context, nu NewUser, login NewLogin) (domain.User, error) {
	var u domain.User
	err := db.Write(ctx, "create user", func(tx *Tx) error {
		u = domain.User{
			ID: domain.UserID(tx.NewID()), Email: nu.Email, Name: nu.Name, Role: domain.RoleUser,
			Subscription: domain.Subscription{Status: domain.StatusFree, Payment: domain.PaymentNone},
			CreatedAt:    domain.At(tx.Now),
		}
		if err := tx.insertUser(u, nu.PasswordHash); err != nil {
			return err
		}
		if nu.Letter != nil {
			if err := tx.addLetter(*nu.Letter); err != nil {
				return err
			}
		}
		return tx.addLogin(u.ID, login)
	})
	return u, err
}

func (tx *Tx) insertUser(u domain.User, passwordHash string) error {
	var confirmed any
	if u.ConfirmedAt != 0 {
		confirmed = int64(u.ConfirmedAt)
	}
	_, err := tx.Exec(`INSERT INTO users (id, email, email_key, name, password_hash, created_at, email_confirmed_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		string(u.ID), u.Email, emailKey(u.Email), u.Name, passwordHash, int64(u.CreatedAt), confirmed)
	if errors.Is(err, ErrConflict) {
		return domain.E(domain.KindEmailTaken, "There is an account with this e-mail address already.").Because(err)
	}
	if err != nil {
		return err
	}
	tx.Changed(u.ID, userDoc(u.ID))
	return nil
}

// accountColumns are those of the person's row, userColumns with the latest conversation
// too; scanUser takes either, the first with an empty text at the end.
const accountColumns = `u.id, u.email, u.name, u.role, u.subscription_status, u.subscription_expiry, u.subscription_cancels,
	u.subscription_past_due, u.subscription_plan, u.subscription_payment, u.image_counter, u.image_day, u.xp, u.created_at, COALESCE(u.email_confirmed_at, 0)`

const userColumns = accountColumns + `,
	COALESCE((SELECT s.id FROM liveassist_sessions s WHERE s.user_id = u.id
		AND s.last_active_at >= (SELECT MAX(x.last_active_at) FROM liveassist_sessions x WHERE x.user_id = u.id) - 60000 -- touchEvery
		ORDER BY ` + lastActive + ` DESC LIMIT 1), '')`

func scanUser(r scanner, more ...any) (domain.User, error) {
	var u domain.User
	var expiry *int64
	s := &u.Subscription
	err := r.Scan(append([]any{
		&u.ID, &u.Email, &u.Name, &u.Role, &s.Status, &expiry, &s.Cancels,
		&s.PastDue, &s.Plan, &s.Payment, &u.ImageCounter, &u.ImageDay, &u.XP, &u.CreatedAt, &u.ConfirmedAt, &u.LatestSession,
	}, more...)...)
	if expiry != nil {
		ts := domain.Timestamp(*expiry)
		s.Expiry = &ts
	}
	return u, err
}

// User returns the person with the given id.
func (db *DB) User(ctx context.Context, id domain.UserID) (domain.User, error) {
	return scanUser(db.queryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = ?`, string(id)))
}

// User returns the person with the given id as this transaction sees them.
func (tx *Tx) User(id domain.UserID) (domain.User, error) {
	return scanUser(tx.QueryRow(`SELECT `+userColumns+` FROM users u WHERE u.id = ?`, string(id)))
}

// UserByEmail returns the person with the given address and the hash of their password.
func (db *DB) UserByEmail(ctx context.Context, email string) (u domain.User, passwordHash string, err error) {
	u, err = scanUser(db.queryRow(ctx, `SELECT `+userColumns+`, u.password_hash FROM users u WHERE u.email_key = ?`, emailKey(email)), &passwordHash)
	return u, passwordHash, err
}

// PasswordHash returns the hash of a person's password.
func (db *DB) PasswordHash(ctx context.Context, id domain.UserID) (string, error) {
	var hash string
	err := db.queryRow(ctx, `SELECT password_hash FROM users WHERE id = ?`, string(id)).Scan(&hash)
	return hash, err
}

// ChangePassword stores a new hash, if the old one is still what was looked at (else
// domain.ErrNotFound), and ends the person's other logins and the links by which a password
// could be set. It returns the logins that ended.
func (db *DB) ChangePassword(ctx context.Context, id domain.UserID, oldHash, newHash string, keep TokenHash) (ended []Login, err error) {
	err = db.Write(ctx, "change password", func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?`, newHash, string(id), oldHash)
		if err != nil {
			return err
		}
		if n == 0 {
			return domain.ErrNotFound
		}
		if err := tx.dropLinks(id, LetterReset); err != nil {
			return err
		}
		ended, err = tx.endLogins(id, keep)
		return err
	})
	return ended, err
}

func userDoc(id domain.UserID) domain.DocRef {
	return domain.DocRef{Collection: CollUsers, ID: string(id)}
}
