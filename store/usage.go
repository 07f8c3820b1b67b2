package store

import (
	"context"
	"fmt"
	"time"

	"liveassist/domain"
)

// turnAtOnce is how many counters one transaction sets back.
const turnAtOnce = 500

// TurnDay sets the image counters of days gone by to zero and tells the people's pages.
// grace and limit are SUBSCRIPTION_GRACE and FREE_IMAGES_PER_DAY.
func (db *DB) TurnDay(ctx context.Context, grace time.Duration, limit int) error {
	for {
		n := 0
		err := db.Write(ctx, "turn the day", func(tx *Tx) error {
			users, err := tx.countedBefore(domain.DayOf(tx.Now))
			if err != nil {
				return err
			}
			n = len(users)
			for _, id := range users {
				if err := tx.clearCounter(id, grace, limit); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < turnAtOnce {
			return err
		}
	}
}

func (tx *Tx) countedBefore(day domain.Day) ([]domain.UserID, error) {
	rows, err := tx.Query(`SELECT id FROM users WHERE image_counter > 0 AND image_day < ? LIMIT ?`, int64(day), turnAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	return collect(rows, func(r scanner) (id domain.UserID, err error) {
		err = r.Scan(&id)
		return id, err
	})
}

// clearCounter sets a person's image counter to zero.
func (tx *Tx) clearCounter(id domain.UserID, grace time.Duration, limit int) error {
	if _, err := tx.Exec(`UPDATE users SET image_counter = 0 WHERE id = ?`, string(id)); err != nil {
		return err
	}
	u, err := tx.User(id)
	if err != nil {
		return err
	}
	usage := domain.UsageUpdated{Type: domain.EventUsageUpdated}
	if !u.Subscription.ActiveAt(tx.Now, grace) {
		usage.Limit = &limit
	}
	return tx.Announce(id, domain.EventUsageUpdated, usage, userDoc(id))
}
