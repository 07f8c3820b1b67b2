package store

import (
	"context"
	"fmt"
	"time"
)

// LetterKind says what a mail is for.
type LetterKind string

// The mails that people get.
const (
	LetterRegister LetterKind = "register" // somebody wants an account with this address
	LetterConfirm  LetterKind = "confirm"  // an account's address is to be proven
	LetterReset    LetterKind = "reset"    // somebody has forgotten a password
)

// Letter is a mail that waits to be sent. Whether its address has an account is not
// looked up before it is sent.
type Letter struct {
	ID       string // made by the store
	Kind     LetterKind
	Email    string // as it was entered
	Lang     string
	Attempts int
	// Of a registration: what the account will be.
	Name         string
	PasswordHash string
}

// AddLetter stores a mail that is to be sent.
func (db *DB) AddLetter(ctx context.Context, l Letter) error {
	return db.Write(ctx, "add letter", func(tx *Tx) error { return tx.addLetter(l) })
}

func (tx *Tx) addLetter(l Letter) error {
	now := tx.Now.UnixMilli()
	_, err := tx.Exec(`INSERT INTO mails (id, kind, email, email_key, name, password_hash, lang, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), string(l.Kind), l.Email, emailKey(l.Email), l.Name, l.PasswordHash, l.Lang, now, now)
	return err
}

// DueLetters returns at most limit mails whose time has come, the longest due first.
func (db *DB) DueLetters(ctx context.Context, now time.Time, limit int) ([]Letter, error) {
	rows, err := db.query(ctx, `SELECT id, kind, email, lang, attempts, name, password_hash FROM mails WHERE next_at <= ? ORDER BY next_at, id LIMIT ?`, now.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", err)
	}
	return collect(rows, func(r scanner) (Letter, error) {
		var l Letter
		err := r.Scan(&l.ID, &l.Kind, &l.Email, &l.Lang, &l.Attempts, &l.Name, &l.PasswordHash)
		return l, err
	})
}

// PostponeLetter counts an attempt that failed and lets the mail wait.
func (db *DB) PostponeLetter(ctx context.Context, id string, wait time.Duration) error {
	return db.Write(ctx, "postpone letter", func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE mails SET attempts = attempts + 1, next_at = ? WHERE id = ?`, tx.Now.Add(wait).UnixMilli(), id)
		return err
	})
}

// DropLetter forgets a mail that was sent or given up.
func (db *DB) DropLetter(ctx context.Context, id string) error {
	return db.Write(ctx, "drop letter", func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM mails WHERE id = ?`, id)
		return err
	})
}
