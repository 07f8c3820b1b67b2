package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// maxXPEvents is how much of a person's history one read returns at the most.
const maxXPEvents = 500

// XPEvents returns a person's XP history, the newest first.
func (db *DB) XPEvents(ctx context.Context, user domain.UserID) ([]domain.XPEvent, error) {
	rows, err := db.query(ctx, `SELECT user_id, amount, reason, ts FROM xp_events WHERE user_id = ? ORDER BY seq DESC LIMIT ?`, string(user), maxXPEvents)
	if err != nil {
		return nil, fmt.Errorf("read xp events: %w", err)
	}
	return collect(rows, func(r scanner) (domain.XPEvent, error) {
		var e domain.XPEvent
		err := r.Scan(&e.UserID, &e.Amount, &e.Reason, &e.TS)
		return e, err
	})
}
