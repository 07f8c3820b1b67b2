package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// WebhookStatus says what became of one of Stripe's events.
type WebhookStatus string

// The statuses of CONTRACT section 6.
const (
	WebhookProcessed WebhookStatus = "processed"
	WebhookIgnored   WebhookStatus = "ignored"
	WebhookParked    WebhookStatus = "parked"
)

// Webhook is one of Stripe's events in the ledger.
type Webhook struct {
	Seq     int64
	DocID   string
	EventID string
	Type    string
	Session string        // the checkout session, where it is about one
	User    domain.UserID // empty while nobody is known
	Status  WebhookStatus
	Why     string
	Times   int // how often it came
	Raw     []byte
}

// Doc names the ledger's document.
func (w Webhook) Doc() domain.DocRef { return domain.DocRef{Collection: CollWebhooks, ID: w.DocID} }

// AddWebhook enters an event and gives it its number. It answers false where an event of
// this id and type is there already: then it has counted that it came again.
func (tx *Tx) AddWebhook(w *Webhook) (bool, error) {
	w.DocID, w.Times = tx.NewID(), 1
	var processed any
	if w.Status != WebhookParked {
		processed = tx.Now.UnixMilli()
	}
	err := tx.QueryRow(`INSERT INTO webhook_events (_id, event_id, type, session_id, user_id, status, created_at, processed_at, why, raw)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (event_id, type) DO UPDATE SET times = times + 1
		RETURNING seq, _id, COALESCE(user_id, ''), status, times`,
		w.DocID, w.EventID, w.Type, orNull(w.Session), orNull(string(w.User)), string(w.Status), tx.Now.UnixMilli(), processed, w.Why, w.Raw,
	).Scan(&w.Seq, &w.DocID, &w.User, &w.Status, &w.Times)
	return w.Times == 1, err
}

// SettleWebhook writes what became of a parked event.
func (tx *Tx) SettleWebhook(w Webhook) error {
	_, err := tx.Exec(`UPDATE webhook_events SET user_id = ?, status = ?, why = ?, processed_at = ? WHERE seq = ?`,
		orNull(string(w.User)), string(w.Status), w.Why, tx.Now.UnixMilli(), w.Seq)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM webhook_parked WHERE event = ?`, w.Seq)
	return err
}

// ParkWebhook notes which ids an event waits for.
func (tx *Tx) ParkWebhook(seq int64, keys []string) error {
	for _, k := range keys {
		if _, err := tx.Exec(`INSERT INTO webhook_parked (key, event) VALUES (?, ?) ON CONFLICT DO NOTHING`, k, seq); err != nil {
			return err
		}
	}
	return nil
}

// AnyParked reports whether any event waits for an id.
func (tx *Tx) AnyParked() (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM webhook_parked)`).Scan(&n)
	return n > 0, err
}

// maxWaiting is how many parked events one transaction takes up at the most; a job takes
// up the rest.
const maxWaiting = 100

// MaxWaitingKeys is how many ids WaitingFor looks for at once; fewer are filled up with empty ones,
// so that there is one statement for all.
const MaxWaitingKeys = 6

// WaitingFor returns the parked events that wait for one of the ids, in the order in which
// they came.
func (tx *Tx) WaitingFor(keys []string) ([]Webhook, error) {
	if len(keys) > MaxWaitingKeys {
		return nil, fmt.Errorf("look for parked events: %d ids at once", len(keys))
	}
	args := make([]any, MaxWaitingKeys, MaxWaitingKeys+1)
	for i := range args {
		args[i] = ""
		if i < len(keys) {
			args[i] = keys[i]
		}
	}
	rows, err := tx.Query(`SELECT `+webhookColumns+` FROM webhook_events WHERE status = 'parked'
		AND seq IN (SELECT event FROM webhook_parked WHERE key IN (`+sixMarks+`)) ORDER BY seq LIMIT ?`, append(args, maxWaiting)...)
	if err != nil {
		return nil, fmt.Errorf("look for parked events: %w", err)
	}
	return collect(rows, scanWebhook)
}

const sixMarks = `?, ?, ?, ?, ?, ?`

// Webhook returns an event of the ledger.
func (tx *Tx) Webhook(seq int64) (Webhook, error) {
	return scanWebhook(tx.QueryRow(`SELECT `+webhookColumns+` FROM webhook_events WHERE seq = ?`, seq))
}

const webhookColumns = `seq, _id, event_id, type, COALESCE(session_id, ''), COALESCE(user_id, ''), status, why, times, COALESCE(raw, x'')`

func scanWebhook(r scanner) (Webhook, error) {
	var w Webhook
	err := r.Scan(&w.Seq, &w.DocID, &w.EventID, &w.Type, &w.Session, &w.User, &w.Status, &w.Why, &w.Times, &w.Raw)
	return w, err
}

// ParkedWebhooks returns at most limit parked events with a number above after, in the
// order in which they came.
func (db *DB) ParkedWebhooks(ctx context.Context, after int64, limit int) ([]Webhook, error) {
	rows, err := db.query(ctx, `SELECT `+webhookColumns+` FROM webhook_events WHERE status = 'parked' AND seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read parked events: %w", err)
	}
	return collect(rows, scanWebhook)
}

// KnowsWebhook reports whether an event of this id and type is in the ledger.
func (db *DB) KnowsWebhook(ctx context.Context, eventID, typ string) (bool, error) {
	var n int
	err := db.queryRow(ctx, `SELECT COUNT(*) FROM webhook_events WHERE event_id = ? AND type = ?`, eventID, typ).Scan(&n)
	return n > 0, err
}

// CountParked returns how many events are parked.
func (db *DB) CountParked(ctx context.Context) (int, error) {
	var n int
	err := db.queryRow(ctx, `SELECT COUNT(*) FROM webhook_events WHERE status = 'parked'`).Scan(&n)
	return n, err
}

// orNull stores an empty text as NULL.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
