package store

import (
	"context"
	"time"

	"liveassist/domain"
)

// Link is the secret in a mail, and what it is good for.
type Link struct {
	Token TokenHash
	Kind  LetterKind
	User  domain.UserID // empty for a registration
	Email string        // the address that the mail went to
	TTL   time.Duration
	// Of a registration: what the account will be.
	Name         string
	PasswordHash string
}

// AddLink makes a link good for once. It answers domain.ErrNotFound where its person is gone.
func (db *DB) AddLink(ctx context.Context, l Link) error {
	return db.Write(ctx, "add link", func(tx *Tx) error {
		if l.User != "" {
			if _, err := tx.User(l.User); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO account_tokens (token_hash, kind, user_id, email, email_key, name, password_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			l.Token[:], string(l.Kind), orNull(string(l.User)), l.Email, emailKey(l.Email), l.Name, l.PasswordHash, tx.Now.UnixMilli(), tx.Now.Add(l.TTL).UnixMilli())
		return err
	})
}

// LinkGood answers domain.ErrNotFound unless a link can still be used.
func (db *DB) LinkGood(ctx context.Context, token TokenHash, kind LetterKind, now time.Time) error {
	var one int
	return db.queryRow(ctx, `SELECT 1 FROM account_tokens WHERE token_hash = ? AND kind = ? AND expires_at > ?`, token[:], string(kind), now.UnixMilli()).Scan(&one)
}

// takeLink uses a link up. One that was used, has run out or never was is domain.ErrNotFound.
func (tx *Tx) takeLink(token TokenHash, kind LetterKind) (Link, error) {
	l := Link{Token: token, Kind: kind}
	err := tx.QueryRow(`DELETE FROM account_tokens WHERE token_hash = ? AND kind = ? AND expires_at > ?
		RETURNING COALESCE(user_id, ''), email, name, password_hash`, token[:], string(kind), tx.Now.UnixMilli()).Scan(&l.User, &l.Email, &l.Name, &l.PasswordHash)
	return l, err
}

func (tx *Tx) dropLinks(user domain.UserID, kind LetterKind) error {
	_, err := tx.Exec(`DELETE FROM account_tokens WHERE user_id = ? AND kind = ?`, string(user), string(kind))
	return err
}

// ConfirmEmail uses a link that proves a person's address. It answers domain.ErrNotFound
// also where the account has another address by now.
func (db *DB) ConfirmEmail(ctx context.Context, token TokenHash) (u domain.User, err error) {
	err = db.Write(ctx, "confirm e-mail", func(tx *Tx) error {
		l, err := tx.takeLink(token, LetterConfirm)
		if err != nil {
			return err
		}
		if err := tx.confirm(l); err != nil {
			return err
		}
		u, err = tx.User(l.User)
		return err
	})
	return u, err
}

// confirm notes that a link's address is proven, and drops what else asks for that.
func (tx *Tx) confirm(l Link) error {
	n, err := tx.Exec(`UPDATE users SET email_confirmed_at = COALESCE(email_confirmed_at, ?) WHERE id = ? AND email_key = ?`, tx.Now.UnixMilli(), string(l.User), emailKey(l.Email))
	if err != nil {
		return err
	}
	if n == 0 {
		return domain.ErrNotFound
	}
	return tx.dropLinks(l.User, LetterConfirm)
}

// ConfirmRegistration uses a link that makes an account: only now there is one. Where the
// address has got an account meanwhile it answers domain.KindEmailTaken.
func (db *DB) ConfirmRegistration(ctx context.Context, token TokenHash) (u domain.User, err error) {
	err = db.Write(ctx, "confirm registration", func(tx *Tx) error {
		l, err := tx.takeLink(token, LetterRegister)
		if err != nil {
			return err
		}
		now := domain.At(tx.Now)
		u = domain.User{
			ID: domain.UserID(tx.NewID()), Email: l.Email, Name: l.Name, Role: domain.RoleUser,
			Subscription: domain.Subscription{Status: domain.StatusFree, Payment: domain.PaymentNone}, CreatedAt: now, ConfirmedAt: now,
		}
		if err := tx.insertUser(u, l.PasswordHash); err != nil {
			return err
		}
		// Other registrations of the address are of no use any more.
		_, err = tx.Exec(`DELETE FROM account_tokens WHERE email_key = ? AND kind = 'register'`, emailKey(l.Email))
		return err
	})
	return u, err
}

// ResetPassword uses a link that sets a password. It proves the address too, and ends all
// logins and the person's other links. It returns the logins that ended.
func (db *DB) ResetPassword(ctx context.Context, token TokenHash, newHash string) (u domain.User, ended []Login, err error) {
	err = db.Write(ctx, "reset password", func(tx *Tx) error {
		l, err := tx.takeLink(token, LetterReset)
		if err != nil {
			return err
		}
		if err := tx.confirm(l); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE users SET password_hash = ? WHERE id = ?`, newHash, string(l.User)); err != nil {
			return err
		}
		if err := tx.dropLinks(l.User, LetterReset); err != nil {
			return err
		}
		if ended, err = tx.endLogins(l.User, TokenHash{}); err != nil {
			return err
		}
		u, err = tx.User(l.User)
		return err
	})
	return u, ended, err
}

// PruneLinks deletes the links that have run out.
func (db *DB) PruneLinks(ctx context.Context) error {
	return db.Write(ctx, "prune links", func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM account_tokens WHERE expires_at <= ?`, tx.Now.UnixMilli())
		return err
	})
}
