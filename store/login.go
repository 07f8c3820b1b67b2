package store

import (
	"context"
	"fmt"
	"time"

	"liveassist/domain"
)

// TokenHash is the SHA-256 of a login's token: what a thief of the database would find.
type TokenHash [32]byte

// NewLogin is a browser that signs in.
type NewLogin struct {
	Token   TokenHash
	TTL     time.Duration
	Browser string // such as Firefox; empty where it is not known
	System  string // such as Windows
}

// Login is a signed-in browser.
type Login struct {
	Token     TokenHash
	UserID    domain.UserID
	ExpiresAt domain.Timestamp
}

// AddLogin signs a browser in, if the person's password still has the hash that was
// looked at; else it answers domain.ErrNotFound. So nobody comes in with a password that
// was changed in the same moment.
func (db *DB) AddLogin(ctx context.Context, user domain.UserID, passwordHash string, l NewLogin) error {
	return db.Write(ctx, "add login", func(tx *Tx) error {
		var one int
		if err := tx.QueryRow(`SELECT 1 FROM users WHERE id = ? AND password_hash = ?`, string(user), passwordHash).Scan(&one); err != nil {
			return err
		}
		return tx.addLogin(user, l)
	})
}

func (tx *Tx) addLogin(user domain.UserID, l NewLogin) error {
	_, err := tx.Exec(`INSERT INTO logins (token_hash, user_id, created_at, expires_at, browser, system, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		l.Token[:], string(user), tx.Now.UnixMilli(), tx.Now.Add(l.TTL).UnixMilli(), l.Browser, l.System, tx.Now.UnixMilli())
	return err
}

// Login returns the login with the given token that is still good at now.
func (db *DB) Login(ctx context.Context, token TokenHash, now time.Time) (Login, error) {
	l := Login{Token: token}
	err := db.queryRow(ctx, `SELECT user_id, expires_at FROM logins WHERE token_hash = ? AND expires_at > ?`, token[:], now.UnixMilli()).Scan(&l.UserID, &l.ExpiresAt)
	return l, err
}

// LoginInfo is a signed-in browser as its person sees it.
type LoginInfo struct {
	Token           TokenHash
	Browser, System string
	CreatedAt       domain.Timestamp
	SeenAt          domain.Timestamp // to the day: a login is written once a day at the most
}

// maxLogins is how many signed-in browsers one read returns at the most.
const maxLogins = 100

// LoginsOf returns the browsers in which a person is signed in at now.
func (db *DB) LoginsOf(ctx context.Context, user domain.UserID, now time.Time) ([]LoginInfo, error) {
	rows, err := db.query(ctx, `SELECT token_hash, browser, system, created_at, seen_at FROM logins WHERE user_id = ? AND expires_at > ? LIMIT ?`,
		string(user), now.UnixMilli(), maxLogins)
	if err != nil {
		return nil, fmt.Errorf("read logins: %w", err)
	}
	return collect(rows, func(r scanner) (LoginInfo, error) {
		var l LoginInfo
		var token []byte
		err := r.Scan(&token, &l.Browser, &l.System, &l.CreatedAt, &l.SeenAt)
		copy(l.Token[:], token)
		return l, err
	})
}

// ExtendLogin lets a login that still exists last for ttl from now.
func (db *DB) ExtendLogin(ctx context.Context, token TokenHash, ttl time.Duration) error {
	return db.Write(ctx, "extend login", func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE logins SET expires_at = ?, seen_at = ? WHERE token_hash = ?`, tx.Now.Add(ttl).UnixMilli(), tx.Now.UnixMilli(), token[:])
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

// EndLogins signs a person out everywhere and returns the logins that ended.
func (db *DB) EndLogins(ctx context.Context, user domain.UserID) (ended []Login, err error) {
	err = db.Write(ctx, "end logins", func(tx *Tx) error {
		ended, err = tx.endLogins(user, TokenHash{})
		return err
	})
	return ended, err
}

// endLogins ends all logins of a person but one; a zero hash is nobody's.
func (tx *Tx) endLogins(user domain.UserID, but TokenHash) ([]Login, error) {
	rows, err := tx.Query(`DELETE FROM logins WHERE user_id = ? AND token_hash <> ? RETURNING token_hash, expires_at`, string(user), but[:])
	if err != nil {
		return nil, fmt.Errorf("end logins: %w", err)
	}
	return collect(rows, func(r scanner) (Login, error) {
		l := Login{UserID: user}
		var token []byte
		err := r.Scan(&token, &l.ExpiresAt)
		copy(l.Token[:], token)
		return l, err
	})
}

// PruneLogins deletes the logins that have run out.
func (db *DB) PruneLogins(ctx context.Context) error {
	return db.Write(ctx, "prune logins", func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM logins WHERE expires_at <= ?`, tx.Now.UnixMilli())
		return err
	})
}
