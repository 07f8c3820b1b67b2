package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"liveassist/domain"
)

// The collections of CONTRACT section 6.
const (
	CollUsers    = "users"
	CollSessions = "liveassist_sessions"
	CollMessages = "liveassist_messages"
	CollWebhooks = "webhook_events"
	CollXP       = "xp_events"
)

// fieldType says how a column becomes a field.
type fieldType int

const (
	typeText   fieldType = iota
	typeNumber           // an integer
	typeDate             // milliseconds -> a BSON date
	typeTime             // milliseconds -> a string of CONTRACT section 2
	typeImage            // the message's picture: three columns -> {id, width, height}
)

type column struct {
	field string
	expr  string // SQL over the collection's table
	typ   fieldType
}

// ownMessages finds a person's messages, which no index has by person: each would cost every
// message a page more.
const ownMessages = `session_id IN (SELECT id FROM liveassist_sessions WHERE user_id = ?)`

// collection says which documents a table holds. Passwords and other secrets have no
// column here, so no reader of documents can see them.
type collection struct {
	table   string
	order   string
	columns []column
	// index is the column that finds an _id where that is none itself, and key is what an _id
	// holds of it.
	index string
	key   func(docID string) any
	// also has, by field, what else holds where the field has a value, in words that an index serves.
	also map[string]string
}

//nolint:gochecknoglobals // a constant table
var collections = map[string]collection{
	CollUsers: {table: "users", order: "created_at, id", columns: []column{
		{"_id", "id", typeText},
		{"email", "email", typeText},
		{"name", "name", typeText},
		{"role", "role", typeText},
		{"subscription_status", "subscription_status", typeText},
		{"subscription_expiry", "subscription_expiry", typeTime},
		{"image_counter", "image_counter", typeNumber},
		{"createdAt", "created_at", typeDate},
	}},
	CollSessions: {table: "liveassist_sessions AS s", order: "rowid", columns: []column{
		{"_id", "id", typeText},
		{"id", "id", typeText},
		{"userId", "user_id", typeText},
		{"createdAt", "created_at", typeDate},
		{"lastActiveAt", lastActive, typeDate},
	}},
	CollMessages: {table: "liveassist_messages", order: "seq", index: "seq", key: messageKey, also: map[string]string{"userId": ownMessages}, columns: []column{
		{"_id", messageDocID, typeText},
		{"id", "id", typeText},
		{"sessionId", "session_id", typeText},
		{"userId", "user_id", typeText},
		{"role", "role", typeText},
		{"text", "text", typeText},
		{"image", "image_id, image_width, image_height", typeImage},
		{"createdAt", "created_at", typeDate},
	}},
	CollWebhooks: {table: "webhook_events", order: "seq", columns: []column{
		{"_id", "_id", typeText},
		{"eventId", "event_id", typeText},
		{"type", "type", typeText},
		{"sessionId", "session_id", typeText},
		{"userId", "user_id", typeText},
		{"status", "status", typeText},
		{"createdAt", "created_at", typeDate},
		{"processedAt", "processed_at", typeDate},
	}},
	CollXP: {table: "xp_events", order: "seq", columns: []column{
		{"_id", "_id", typeText},
		{"userId", "user_id", typeText},
		{"amount", "amount", typeNumber},
		{"reason", "reason", typeText},
		{"ts", "ts", typeDate},
	}},
}

// Collections returns the names of all collections, sorted.
func Collections() []string { return slices.Sorted(maps.Keys(collections)) }

// ErrNoCollection says that there is no collection of that name.
var ErrNoCollection = errors.New("unknown collection")

// Match is an equality that a document must meet: Value is a string, a number (int64 or
// float64), a bool, a time.Time or nil.
type Match struct {
	Field string
	Value any
}

// Find hands the documents of a collection that meet all matches to yield, in the order in
// which they were stored, until yield returns an error.
func (db *DB) Find(ctx context.Context, name string, matches []Match, yield func(domain.Document) error) error {
	c, ok := collections[name]
	if !ok {
		return fmt.Errorf("%w %q: there are %s", ErrNoCollection, name, strings.Join(Collections(), ", "))
	}
	where, args, possible := c.where(matches)
	if !possible {
		return nil
	}
	rows, err := db.read.pool.QueryContext(ctx, "SELECT "+c.selection()+" FROM "+c.table+where+" ORDER BY "+c.order, args...) //nolint:gosec // all parts are constants of this file
	if err != nil {
		return fmt.Errorf("find in %s: %w", name, translate(err))
	}
	defer rows.Close()
	for rows.Next() {
		d, err := c.scan(rows)
		if err != nil {
			return fmt.Errorf("find in %s: %w", name, err)
		}
		if err := yield(d); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// Page returns the limit documents of a collection that follow the one with the _id after (the
// first ones, where it is empty), fewer only where there are no more, in the order of the index
// that finds an _id.
func (db *DB) Page(ctx context.Context, name, after string, limit int) ([]domain.Document, error) {
	c, ok := collections[name]
	if !ok {
		return nil, fmt.Errorf("%w %q", ErrNoCollection, name)
	}
	query, key := c.page(after)
	rows, err := db.query(ctx, query, key, limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer rows.Close()
	var page []domain.Document
	for rows.Next() {
		d, err := c.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		page = append(page, d)
	}
	return page, translate(rows.Err())
}

// FindOne returns the document with the given _id, or domain.ErrNotFound.
func (db *DB) FindOne(ctx context.Context, name, id string) (domain.Document, error) {
	var found domain.Document
	err := db.Find(ctx, name, []Match{{"_id", id}}, func(d domain.Document) error {
		found = d
		return nil
	})
	if err == nil && found == nil {
		err = domain.ErrNotFound
	}
	return found, err
}

// page returns the query for what follows a document, and the first of its values; the other is
// the limit.
func (c collection) page(after string) (query string, key any) {
	index, key := c.columns[0].expr, any(after)
	if c.key != nil {
		index, key = c.index, c.key(after)
	}
	return "SELECT " + c.selection() + " FROM " + c.table + " WHERE " + index + " > ? ORDER BY " + index + " LIMIT ?", key
}

func (c collection) selection() string {
	exprs := make([]string, len(c.columns))
	for i, col := range c.columns {
		exprs[i] = col.expr
	}
	return strings.Join(exprs, ", ")
}

// where returns the condition for matches; possible is false where no document can meet them.
func (c collection) where(matches []Match) (cond string, args []any, possible bool) {
	var conds []string
	for _, m := range matches {
		i := slices.IndexFunc(c.columns, func(col column) bool { return col.field == m.Field })
		if i < 0 {
			// As in MongoDB, a field that no document has equals null and nothing else.
			if m.Value != nil {
				return "", nil, false
			}
			continue
		}
		arg, ok := c.columns[i].argument(m.Value)
		if !ok {
			return "", nil, false
		}
		if id, ok := arg.(string); ok && m.Field == "_id" && c.key != nil {
			conds = append(conds, c.index+" = ?")
			args = append(args, c.key(id))
		}
		expr := c.columns[i].expr
		if c.columns[i].typ == typeImage {
			expr, _, _ = strings.Cut(expr, ",")
		}
		conds = append(conds, expr+" IS ?")
		args = append(args, arg)
		if also := c.also[m.Field]; also != "" && arg != nil {
			conds = append(conds, also)
			args = append(args, arg)
		}
	}
	if len(conds) == 0 {
		return "", nil, true
	}
	return " WHERE " + strings.Join(conds, " AND "), args, true
}

// argument returns what the column must hold for the field to equal v; a value of another
// type equals nothing.
func (col column) argument(v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch col.typ {
	case typeText:
		s, ok := v.(string)
		return s, ok
	case typeNumber:
		switch n := v.(type) {
		case int64:
			return n, true
		case float64:
			return int64(n), n == float64(int64(n))
		}
	case typeDate:
		t, ok := v.(time.Time)
		return t.UnixMilli(), ok
	case typeTime:
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		t, err := time.Parse(domain.TimeLayout, s)
		return t.UnixMilli(), err == nil
	case typeImage:
	}
	return nil, false
}

func (c collection) scan(rows *sql.Rows) (domain.Document, error) {
	var dest []any
	for _, col := range c.columns {
		if col.typ == typeImage {
			dest = append(dest, new(any), new(any))
		}
		dest = append(dest, new(any))
	}
	if err := rows.Scan(dest...); err != nil {
		return nil, err
	}
	d := make(domain.Document, len(c.columns))
	at := 0
	next := func() any { v := *dest[at].(*any); at++; return v }
	for i, col := range c.columns {
		v := next()
		if col.typ == typeImage {
			w, h := next(), next()
			if v != nil {
				v = domain.Document{{Name: "id", Value: v}, {Name: "width", Value: w}, {Name: "height", Value: h}}
			}
		}
		d[i] = domain.Field{Name: col.field, Value: col.value(v)}
	}
	return d, nil
}

func (col column) value(v any) any {
	ms, ok := v.(int64)
	if !ok {
		return v
	}
	switch col.typ {
	case typeDate:
		return time.UnixMilli(ms).UTC()
	case typeTime:
		return domain.Timestamp(ms).String()
	case typeText, typeNumber, typeImage:
	}
	return v
}
