package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

var errOwnWords = domain.E(domain.KindInvalidRequest, "Only replies can be rated.")

// Rate notes what a person thinks of a reply; domain.RatingNone takes it back.
func (db *DB) Rate(ctx context.Context, user domain.UserID, session domain.SessionID, id domain.MessageID, value domain.Rating) error {
	return db.Write(ctx, "rate reply", func(tx *Tx) error {
		var seq int64
		var role domain.Author
		err := tx.QueryRow(`SELECT seq, role FROM liveassist_messages WHERE user_id = ? AND id = ? AND session_id = ?`,
			string(user), string(id), string(session)).Scan(&seq, &role)
		if err != nil {
			return err
		}
		if role == domain.AuthorUser {
			return errOwnWords
		}
		if value == domain.RatingNone {
			_, err = tx.Exec(`DELETE FROM ratings WHERE message = ?`, seq)
			return err
		}
		_, err = tx.Exec(`INSERT INTO ratings (message, session_id, value, rated_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (message) DO UPDATE SET value = excluded.value, rated_at = excluded.rated_at`,
			seq, string(session), string(value), tx.Now.UnixMilli())
		return err
	})
}

// ratings returns what was thought of a conversation's replies.
func (db *DB) ratings(ctx context.Context, session domain.SessionID) (map[domain.MessageID]domain.Rating, error) {
	rows, err := db.query(ctx, `SELECT m.id, r.value FROM ratings r JOIN liveassist_messages m ON m.seq = r.message
		WHERE r.session_id = ? ORDER BY r.message DESC LIMIT ?`, string(session), maxOpen)
	if err != nil {
		return nil, fmt.Errorf("read ratings: %w", err)
	}
	all := map[domain.MessageID]domain.Rating{}
	_, err = collect(rows, func(r scanner) (struct{}, error) {
		var id domain.MessageID
		var value domain.Rating
		err := r.Scan(&id, &value)
		all[id] = value
		return struct{}{}, err
	})
	return all, err
}
