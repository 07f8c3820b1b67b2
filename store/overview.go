package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"liveassist/domain"
)

// Overview is how the product stands, in numbers.
type Overview struct {
	People        int               `json:"people"`
	Paid          int               `json:"paid"`
	Operators     int               `json:"operators"`
	Waiting       int               `json:"waiting"`
	AtDesk        int               `json:"at_desk"`
	MessagesToday int               `json:"messages_today"`
	ImagesToday   int               `json:"images_today"`
	Webhooks      WebhookCounts     `json:"webhooks"`
	NewestWebhook *domain.Timestamp `json:"newest_webhook_at"`
}

// WebhookCounts are how many of Stripe's events stand how.
type WebhookCounts struct {
	Processed int `json:"processed"`
	Ignored   int `json:"ignored"`
	Parked    int `json:"parked"`
}

// Overview counts. Each count goes through an index that holds what it counts alone, or a
// few bytes a row.
func (db *DB) Overview(ctx context.Context, now time.Time) (Overview, error) {
	var o Overview
	var newest *int64
	today := domain.DayOf(now).End().Add(-24 * time.Hour).UnixMilli()
	err := db.queryRow(ctx, `SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM users WHERE subscription_status = 'paid'),
		(SELECT COUNT(*) FROM users WHERE role = 'operator'),
		(SELECT COUNT(*) FROM liveassist_sessions WHERE desk = 'waiting'), (SELECT COUNT(*) FROM liveassist_sessions WHERE desk = 'operator'),
		(SELECT COUNT(*) FROM images WHERE created_at >= ?),
		(SELECT COUNT(*) FROM webhook_events WHERE status = 'processed'), (SELECT COUNT(*) FROM webhook_events WHERE status = 'ignored'),
		(SELECT COUNT(*) FROM webhook_events WHERE status = 'parked'), (SELECT created_at FROM webhook_events ORDER BY seq DESC LIMIT 1)`, today).
		Scan(&o.People, &o.Paid, &o.Operators, &o.Waiting, &o.AtDesk, &o.ImagesToday, &o.Webhooks.Processed, &o.Webhooks.Ignored, &o.Webhooks.Parked, &newest)
	if err != nil {
		return o, fmt.Errorf("count: %w", err)
	}
	o.NewestWebhook = (*domain.Timestamp)(newest)
	first, err := db.firstMessageSince(ctx, today)
	if err != nil {
		return o, fmt.Errorf("count messages: %w", err)
	}
	err = db.queryRow(ctx, `SELECT COUNT(*) FROM liveassist_messages WHERE seq >= ?`, first).Scan(&o.MessagesToday)
	return o, err
}

// firstMessageSince returns the number of the first message that is not older than at. The
// times of messages grow with their numbers, so it halves the way: an index by time would
// cost every message that is sent.
func (db *DB) firstMessageSince(ctx context.Context, at int64) (int64, error) {
	var newest int64
	if err := db.queryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages`).Scan(&newest); err != nil {
		return 0, err
	}
	from, to := int64(0), newest+1
	for from < to {
		mid := from + (to-from)/2
		var created int64
		err := db.queryRow(ctx, `SELECT created_at FROM liveassist_messages WHERE seq >= ? ORDER BY seq LIMIT 1`, mid).Scan(&created)
		switch {
		case errors.Is(err, domain.ErrNotFound) || err == nil && created >= at:
			to = mid
		case err != nil:
			return 0, err
		default:
			from = mid + 1
		}
	}
	return from, nil
}
