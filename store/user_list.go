package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"liveassist/domain"
)

// UserKey is a place in a list of people; the zero value is its beginning. Those whose
// address fits come first, then those whose name does.
type UserKey struct {
	ByName bool
	Text   string // the address or name
	ID     domain.UserID
}

const personSelect = `SELECT ` + personColumns + ` FROM users u `

// Users returns at most limit people that follow a place: where nothing is looked for, the
// newest first; else those whom the text names, and where to go on (nil: at the end).
func (db *DB) Users(ctx context.Context, text string, after UserKey, limit int) ([]domain.User, *UserKey, error) {
	text = strings.TrimSpace(text)
	switch id, isID := domain.ParseID(text); {
	case text == "":
		return db.newestUsers(ctx, after.ID, limit)
	case isID:
		list, err := db.usersNamed(ctx, id)
		return list, nil, err
	case stripeID(text):
		list, err := db.usersOfStripe(ctx, text)
		return list, nil, err
	}
	var found []domain.User
	if !after.ByName {
		list, err := db.usersByEmail(ctx, emailKey(text), after.Text, limit+1)
		if err != nil {
			return nil, nil, err
		}
		if len(list) > limit {
			list = list[:limit]
			return list, &UserKey{Text: emailKey(list[limit-1].Email)}, nil
		}
		found, after = list, UserKey{ByName: true}
	}
	list, err := db.usersByName(ctx, text, after, limit+1-len(found))
	if err != nil {
		return nil, nil, err
	}
	found = append(found, list...)
	if len(found) <= limit {
		return found, nil, nil
	}
	found = found[:limit]
	next := after
	if n := len(list) - 1; n > 0 {
		next.Text, next.ID = list[n-1].Name, list[n-1].ID
	}
	return found, &next, nil
}

func (db *DB) newestUsers(ctx context.Context, before domain.UserID, limit int) ([]domain.User, *UserKey, error) {
	if before == "" {
		before = last
	}
	rows, err := db.query(ctx, personSelect+`WHERE u.id < ? ORDER BY u.id DESC LIMIT ?`, string(before), limit+1)
	list, err := people(rows, err)
	if err != nil || len(list) <= limit {
		return list, nil, err
	}
	list = list[:limit]
	return list, &UserKey{ID: list[limit-1].ID}, nil
}

// usersNamed returns the person with an id, if there is one.
func (db *DB) usersNamed(ctx context.Context, id string) ([]domain.User, error) {
	rows, err := db.query(ctx, personSelect+`WHERE u.id = ?`, id)
	return people(rows, err)
}

// usersByEmail looks from one lower bound on: with two, SQLite would begin at the prefix and
// pass over all that was shown before.
func (db *DB) usersByEmail(ctx context.Context, prefix, after string, limit int) ([]domain.User, error) {
	from := prefix
	if after >= prefix {
		from = after + "\x00" // the first that follows it
	}
	rows, err := db.query(ctx, personSelect+`WHERE u.email_key >= ? AND u.email_key < ? ORDER BY u.email_key LIMIT ?`, from, prefix+last, limit)
	return people(rows, err)
}

// usersByName leaves out those whom their address has found already. It reads on among
// those of the same name first: as one comparison of pairs, SQLite would go through all.
func (db *DB) usersByName(ctx context.Context, prefix string, after UserKey, limit int) ([]domain.User, error) {
	if after.Text == "" {
		after.Text = prefix
	}
	email := emailKey(prefix)
	rows, err := db.query(ctx, personSelect+`WHERE u.name COLLATE NOCASE = ? AND u.id > ?
		AND NOT (u.email_key >= ? AND u.email_key < ?) ORDER BY u.id LIMIT ?`, after.Text, string(after.ID), email, email+last, limit)
	same, err := people(rows, err)
	if err != nil || len(same) == limit {
		return same, err
	}
	rows, err = db.query(ctx, personSelect+`WHERE u.name COLLATE NOCASE > ? AND u.name COLLATE NOCASE < ?
		AND NOT (u.email_key >= ? AND u.email_key < ?) ORDER BY u.name COLLATE NOCASE, u.id LIMIT ?`,
		after.Text, prefix+last, email, email+last, limit-len(same))
	list, err := people(rows, err)
	return append(same, list...), err
}

// stripeID reports whether a text is the name of something at Stripe by which a person can
// be found.
func stripeID(text string) bool {
	for _, prefix := range []string{"cus_", "sub_", "cs_", "in_", "pi_", "ch_", "evt_"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

func (db *DB) usersOfStripe(ctx context.Context, id string) ([]domain.User, error) {
	rows, err := db.query(ctx, personSelect+`WHERE u.id IN (SELECT user_id FROM stripe_customers WHERE id = ?1
		UNION ALL SELECT user_id FROM subscriptions WHERE id = ?1
		UNION ALL SELECT user_id FROM webhook_events WHERE event_id = ?1
		UNION ALL SELECT s.user_id FROM grants g CROSS JOIN subscriptions s ON s.id = g.subscription WHERE g.session = ?1 AND g.session <> ''
		UNION ALL SELECT s.user_id FROM grants g CROSS JOIN subscriptions s ON s.id = g.subscription WHERE g.invoice = ?1 AND g.invoice <> ''
		UNION ALL SELECT s.user_id FROM grants g CROSS JOIN subscriptions s ON s.id = g.subscription WHERE g.intent = ?1 AND g.intent <> ''
		UNION ALL SELECT s.user_id FROM grants g CROSS JOIN subscriptions s ON s.id = g.subscription WHERE g.charge = ?1 AND g.charge <> '')`, id)
	return people(rows, err)
}

func people(rows *sql.Rows, err error) ([]domain.User, error) {
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return collect(rows, func(r scanner) (domain.User, error) { return scanUser(r) })
}

// DeskSession is a conversation of a person, as the console lists it: without its text.
type DeskSession struct {
	ID           domain.SessionID `json:"id"`
	Title        string           `json:"title"`
	Desk         domain.Desk      `json:"desk"`
	CreatedAt    domain.Timestamp `json:"createdAt"`
	LastActiveAt domain.Timestamp `json:"lastActiveAt"`
}

// DeskSessions returns at most limit of a person's conversations, latest activity first.
func (db *DB) DeskSessions(ctx context.Context, user domain.UserID, limit int) ([]DeskSession, error) {
	rows, err := db.query(ctx, `SELECT s.id, s.title, s.desk, s.created_at, `+lastActive+` FROM liveassist_sessions s
		WHERE s.user_id = ? ORDER BY s.last_active_at DESC LIMIT ?`, string(user), limit)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	return collect(rows, func(r scanner) (s DeskSession, err error) {
		err = r.Scan(&s.ID, &s.Title, &s.Desk, &s.CreatedAt, &s.LastActiveAt)
		return s, err
	})
}
