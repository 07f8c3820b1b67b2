package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// EachMessage hands a person's conversation to yield, oldest first, until it returns an
// error. No read is open while yield works, so that a slow one holds nobody up.
func (db *DB) EachMessage(ctx context.Context, user domain.UserID, session domain.SessionID, yield func(domain.Message) error) error {
	var after int64
	for {
		rows, err := db.query(ctx, `SELECT m.seq, `+messageColumns+` FROM liveassist_messages m
			WHERE m.session_id = ? AND m.user_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?`, string(session), string(user), after, MaxPage)
		if err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		page, err := collect(rows, func(r scanner) (domain.Message, error) {
			var m messageRow
			err := r.Scan(append([]any{&after}, m.dest()...)...)
			if err != nil {
				return domain.Message{}, err
			}
			return m.message(), nil
		})
		if err != nil {
			return err
		}
		for _, m := range page {
			if err := yield(m); err != nil {
				return err
			}
		}
		if len(page) < MaxPage {
			return nil
		}
	}
}
