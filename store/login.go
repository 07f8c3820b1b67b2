package store

import (
	"context"
	"time"

	"liveassist/domain"
)

// TokenHash is the SHA-256 of a login's token: what a thief of the database would find.
type TokenHash [32]byte

// NewLogin is a browser that signs in.
type NewLogin struct {
	Token TokenHash
	TTL   time.Duration
}

// Login is a signed-in browser.
type Login struct {
	Token     TokenHash
	UserID    domain.UserID
	ExpiresAt domain.Timestamp
}

// AddLogin signs a browser in.
func (db *DB) AddLogin(ctx context.Context, user domain.UserID, l NewLogin) error {
	return db.Write(ctx, "add login", func(tx *Tx) error { return tx.addLogin(user, l) })
}

func (tx *Tx) addLogin(user domain.UserID, l NewLogin) error {
	_, err := tx.Exec(`INSERT INTO logins (token_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)`,
		l.Token[:], string(user), tx.Now.UnixMilli(), tx.Now.Add(l.TTL).UnixMilli())
	return err
}

// Login returns the login with the given token that is still good at now.
func (db *DB) Login(ctx context.Context, token TokenHash, now time.Time) (Login, error) {
	l := Login{Token: token}
	err := db.queryRow(ctx, `SELECT user_id, expires_at FROM logins WHERE token_hash = ? AND expires_at > ?`, token[:], now.UnixMilli()).Scan(&l.UserID, &l.ExpiresAt)
	return l, err
}

// ExtendLogin lets a login that still exists last for ttl from now.
func (db *DB) ExtendLogin(ctx context.Context, token TokenHash, ttl time.Duration) error {
	return db.Write(ctx, "extend login", func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE logins SET expires_at = ? WHERE token_hash = ?`, tx.Now.Add(ttl).UnixMilli(), token[:])
		return err
	})
}

// EndLogin signs a browser out.
func (db *DB) EndLogin(ctx context.Context, token TokenHash) error {
	return db.Write(ctx, "end login", func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM logins WHERE token_hash = ?`, token[:])
		return err
	})
}

// PruneLogins deletes the logins that have run out.
func (db *DB) PruneLogins(ctx context.Context) error {
	return db.Write(ctx, "prune logins", func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM logins WHERE expires_at <= ?`, tx.Now.UnixMilli())
		return err
	})
}
