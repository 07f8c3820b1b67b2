package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// How much of a deletion one transaction takes: everybody else's writes wait for it.
const (
	deleteMessages = 300
	deleteImages   = 10 // with their bytes, 10 MiB each at the most
	blankEvents    = 1000
)

// BeginDeletion takes an account away at once: its logins, its address and its name are
// gone when this returns, and it cannot be undone. What else was the person's goes piece by
// piece (FinishDeletion), also across a crash. It answers domain.ErrNotFound where the
// password has changed since its hash was looked at. It returns the logins that ended.
func (db *DB) BeginDeletion(ctx context.Context, id domain.UserID, passwordHash string) (ended []Login, err error) {
	err = db.Write(ctx, "delete account", func(tx *Tx) error {
		var key string
		if err := tx.QueryRow(`SELECT email_key FROM users WHERE id = ? AND password_hash = ?`, string(id), passwordHash).Scan(&key); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO deleted_accounts (id, deleted_at) VALUES (?, ?)`, string(id), tx.Now.UnixMilli()); err != nil {
			return err
		}
		// The row stays until all that refers to it is gone; it says nothing any more, and no password fits.
		if _, err := tx.Exec(`UPDATE users SET email = '', email_key = 'deleted:' || id, name = '', password_hash = '', role = 'user',
			email_confirmed_at = NULL WHERE id = ?`, string(id)); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM mails WHERE email_key = ?`, key); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM account_tokens WHERE email_key = ?`, key); err != nil {
			return err
		}
		// Stripe's events hold names and addresses of payers; the ledger's rows stay without them.
		if _, err := tx.Exec(`UPDATE webhook_events SET raw = NULL WHERE user_id = ?`, string(id)); err != nil {
			return err
		}
		tx.Changed(id, userDoc(id))
		ended, err = tx.endLogins(id, TokenHash{})
		return err
	})
	return ended, err
}

// OpenDeletions returns the accounts whose deletion has begun and not ended.
func (db *DB) OpenDeletions(ctx context.Context) ([]domain.UserID, error) {
	rows, err := db.query(ctx, `SELECT id FROM deleted_accounts WHERE done_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read deletions: %w", err)
	}
	return collect(rows, func(r scanner) (id domain.UserID, err error) { return id, r.Scan(&id) })
}

// FinishDeletion removes all that is left of an account whose deletion has begun, in small
// transactions. Every document that goes is named, so that the mirror loses it too.
func (db *DB) FinishDeletion(ctx context.Context, id domain.UserID) error {
	for _, piece := range []func(*Tx, domain.UserID) (int64, error){deleteSomeMessages, deleteSomeImages, blankSomeEvents} {
		for {
			var n int64
			err := db.Write(ctx, "delete account's data", func(tx *Tx) (err error) {
				n, err = piece(tx, id)
				return err
			})
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return db.Write(ctx, "end deletion", func(tx *Tx) error { return tx.endDeletion(id) })
}

// deleteSomeMessages deletes messages and names them.
func deleteSomeMessages(tx *Tx, id domain.UserID) (int64, error) {
	docs, err := tx.deleted(CollMessages, `DELETE FROM liveassist_messages WHERE seq IN
		(SELECT m.seq FROM liveassist_sessions s JOIN liveassist_messages m ON m.session_id = s.id WHERE s.user_id = ? LIMIT ?) RETURNING `+messageDocID, string(id), deleteMessages)
	if len(docs) > 0 {
		tx.Changed(id, docs...)
	}
	return int64(len(docs)), err
}

// deleteSomeImages deletes pictures; they are no documents.
func deleteSomeImages(tx *Tx, id domain.UserID) (int64, error) {
	return tx.Exec(`DELETE FROM images WHERE rowid IN (SELECT rowid FROM images WHERE user_id = ? LIMIT ?)`, string(id), deleteImages)
}

// blankSomeEvents empties what the outbox keeps for pages that come back. The rows stay:
// the mirror still reads which documents they name.
func blankSomeEvents(tx *Tx, id domain.UserID) (int64, error) {
	return tx.Exec(`UPDATE outbox SET event = '', data = '' WHERE seq IN (SELECT seq FROM outbox_by_person WHERE user_id = ? LIMIT ?)`, string(id), blankEvents)
}

// endDeletion deletes the account's row with all that was written for it meanwhile.
func (tx *Tx) endDeletion(id domain.UserID) error {
	docs, err := tx.deleted(CollMessages, `DELETE FROM liveassist_messages WHERE session_id IN (SELECT id FROM liveassist_sessions WHERE user_id = ?) RETURNING `+messageDocID, string(id))
	if err != nil {
		return err
	}
	sessions, err := tx.deleted(CollSessions, `DELETE FROM liveassist_sessions WHERE user_id = ? RETURNING id`, string(id))
	if err != nil {
		return err
	}
	xp, err := tx.deleted(CollXP, `DELETE FROM xp_events WHERE user_id = ? RETURNING _id`, string(id))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM users WHERE id = ?`, string(id)); err != nil {
		return err
	}
	docs = append(append(append(docs, sessions...), xp...), userDoc(id))
	for len(docs) > 0 { // entries of a size that the mirror takes at once
		n := min(len(docs), deleteMessages)
		tx.Changed(id, docs[:n]...)
		docs = docs[n:]
	}
	_, err = tx.Exec(`UPDATE deleted_accounts SET done_at = ? WHERE id = ?`, tx.Now.UnixMilli(), string(id))
	return err
}

// deleted runs a deletion that returns the _id of each row, and names their documents.
func (tx *Tx) deleted(collection, query string, args ...any) ([]domain.DocRef, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("delete from %s: %w", collection, err)
	}
	return collect(rows, func(r scanner) (domain.DocRef, error) {
		d := domain.DocRef{Collection: collection}
		return d, r.Scan(&d.ID)
	})
}

// AccountDeleted reports whether an id is the one of an account that was deleted.
func (tx *Tx) AccountDeleted(id domain.UserID) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM deleted_accounts WHERE id = ?`, string(id)).Scan(&n)
	return n > 0, err
}
