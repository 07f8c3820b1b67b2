package store

import (
	"context"
	"encoding/json"
	"fmt"

	"liveassist/domain"
)

// LedgerEntry is one of Stripe's events as the console shows it.
type LedgerEntry struct {
	Seq         int64             `json:"-"`
	ID          string            `json:"id"`
	EventID     string            `json:"eventId"`
	Type        string            `json:"type"`
	Session     *string           `json:"sessionId"`
	User        *Who              `json:"user"`
	Status      WebhookStatus     `json:"status"`
	Why         string            `json:"why"`
	Times       int               `json:"times"`
	CreatedAt   domain.Timestamp  `json:"createdAt"`
	ProcessedAt *domain.Timestamp `json:"processedAt"`
}

// LedgerFilter chooses events; an empty field takes all.
type LedgerFilter struct {
	Status WebhookStatus
	Type   string
	User   domain.UserID
}

const ledgerColumns = `w.seq, w._id, w.event_id, w.type, w.session_id, w.user_id, COALESCE(u.email, ''), w.status, w.why, w.times, w.created_at, w.processed_at`

const (
	ledgerSelect = `SELECT ` + ledgerColumns + ` FROM webhook_events w LEFT JOIN users u ON u.id = w.user_id `
	ledgerEnd    = ` AND w.seq < ? ORDER BY w.seq DESC LIMIT ?`

	ledgerAll      = ledgerSelect + `WHERE w.seq < ? ORDER BY w.seq DESC LIMIT ?`
	ledgerOfUser   = ledgerSelect + `WHERE w.user_id = ?1 AND (?2 = '' OR w.status = ?2) AND (?3 = '' OR w.type = ?3) AND w.seq < ?4 ORDER BY w.seq DESC LIMIT ?5`
	ledgerByStatus = ledgerSelect + `WHERE w.status = ?` + ledgerEnd
	ledgerByType   = ledgerSelect + `WHERE w.type = ?` + ledgerEnd
	ledgerByBoth   = ledgerSelect + `WHERE w.status = ? AND w.type = ?` + ledgerEnd
)

// Ledger returns at most limit of Stripe's events with a number below before, newest first.
func (db *DB) Ledger(ctx context.Context, f LedgerFilter, before int64, limit int) ([]LedgerEntry, error) {
	query, args := ledgerAll, []any{}
	switch status := string(f.Status); {
	case f.User != "":
		query, args = ledgerOfUser, []any{string(f.User), status, f.Type}
	case status != "" && f.Type != "":
		query, args = ledgerByBoth, []any{status, f.Type}
	case status != "":
		query, args = ledgerByStatus, []any{status}
	case f.Type != "":
		query, args = ledgerByType, []any{f.Type}
	}
	rows, err := db.query(ctx, query, append(args, before, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return collect(rows, func(r scanner) (LedgerEntry, error) { return scanLedger(r) })
}

func scanLedger(r scanner, more ...any) (LedgerEntry, error) {
	var e LedgerEntry
	var user *string
	var email string
	var processed *int64
	err := r.Scan(append([]any{
		&e.Seq, &e.ID, &e.EventID, &e.Type, &e.Session, &user, &email, &e.Status, &e.Why, &e.Times, &e.CreatedAt, &processed,
	}, more...)...)
	if user != nil {
		e.User = &Who{ID: domain.UserID(*user), Email: email}
	}
	e.ProcessedAt = (*domain.Timestamp)(processed)
	return e, err
}

// LedgerDetail is an event with its body and with what it waits for.
type LedgerDetail struct {
	LedgerEntry
	Raw      json.RawMessage `json:"raw"` // null where it is not kept any more
	WaitsFor []string        `json:"waitsFor"`
}

// LedgerEntry returns one of Stripe's events by its _id, or domain.ErrNotFound.
func (db *DB) LedgerEntry(ctx context.Context, id string) (LedgerDetail, error) {
	var d LedgerDetail
	var raw []byte
	var err error
	d.LedgerEntry, err = scanLedger(db.queryRow(ctx, `SELECT `+ledgerColumns+`, w.raw FROM webhook_events w LEFT JOIN users u ON u.id = w.user_id WHERE w._id = ?`, id), &raw)
	if err != nil {
		return d, err
	}
	if json.Valid(raw) {
		d.Raw = raw
	}
	rows, err := db.query(ctx, `SELECT key FROM webhook_parked WHERE event = ?`, d.Seq)
	if err != nil {
		return d, fmt.Errorf("read what an event waits for: %w", err)
	}
	d.WaitsFor, err = collect(rows, func(r scanner) (key string, err error) {
		err = r.Scan(&key)
		return key, err
	})
	return d, err
}

// Webhook returns an event of the ledger by its number, or domain.ErrNotFound.
func (db *DB) Webhook(ctx context.Context, seq int64) (Webhook, error) {
	return scanWebhook(db.queryRow(ctx, `SELECT `+webhookColumns+` FROM webhook_events WHERE seq = ?`, seq))
}

// About returns whom the event is about, empty while nobody is known.
func (e LedgerEntry) About() domain.UserID {
	if e.User == nil {
		return ""
	}
	return e.User.ID
}
