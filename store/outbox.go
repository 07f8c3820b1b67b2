package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"liveassist/domain"
)

// Entry is one row of the outbox. Event.Name is empty where there is nothing to announce.
type Entry struct {
	domain.Event
	Docs []domain.DocRef
	At   domain.Timestamp // of the transaction
}

func encodeDocs(docs []domain.DocRef) string {
	switch len(docs) {
	case 0:
		return ""
	case 1:
		return docs[0].String()
	}
	parts := make([]string, len(docs))
	for i, d := range docs {
		parts[i] = d.String()
	}
	return strings.Join(parts, " ")
}

func decodeDocs(s string) []domain.DocRef {
	var docs []domain.DocRef
	for part := range strings.FieldsSeq(s) {
		if c, id, ok := strings.Cut(part, "/"); ok {
			docs = append(docs, domain.DocRef{Collection: c, ID: id})
		}
	}
	return docs
}

// outboxColumns is how many values a row of the outbox has.
const outboxColumns = 5

// OR FAIL: a statement that fails ends the transaction anyhow, and needs no copies of the pages
// that it changes, as one that is to be taken back alone does.
const (
	insertOutbox1 = `INSERT OR FAIL INTO outbox (user_id, event, data, docs, created_at) VALUES (?, ?, ?, ?, ?)`
	threeMore     = `, (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)`
	insertOutbox4 = insertOutbox1 + threeMore
	insertOutbox8 = insertOutbox4 + threeMore + `, (?, ?, ?, ?, ?)`
)

// insertOutbox stores several rows at once, at two thirds of what they cost one by one: the
// largest number first that is not too many.
//
//nolint:gochecknoglobals // a constant table
var insertOutbox = []struct {
	rows  int
	query string
}{{8, insertOutbox8}, {4, insertOutbox4}, {1, insertOutbox1}}

// writeOutbox stores the entries of a batch and notes their numbers. SQLite numbers a row
// one above the highest there is; since the newest row is never pruned, numbers only grow.
func (w *writer) writeOutbox(ctx context.Context, entries []Entry, now time.Time) error {
	args := make([]any, 0, outboxColumns*insertOutbox[0].rows)
	for _, insert := range insertOutbox {
		for len(entries) >= insert.rows {
			some := entries[:insert.rows]
			entries = entries[insert.rows:]
			s, err := w.stmt(ctx, insert.query)
			if err != nil {
				return err
			}
			args = args[:0]
			for i := range some {
				e := &some[i]
				args = append(args, string(e.User), e.Name, string(e.Data), encodeDocs(e.Docs), now.UnixMilli())
			}
			res, err := s.ExecContext(ctx, args...)
			if err != nil {
				return fmt.Errorf("write outbox: %w", err)
			}
			last, err := res.LastInsertId()
			if err != nil {
				return fmt.Errorf("write outbox: %w", err)
			}
			for i := range some {
				some[i].Seq, some[i].At = last-int64(len(some)-1-i), domain.Timestamp(now.UnixMilli())
			}
		}
	}
	return nil
}

// NewestSeq returns the number of the newest outbox entry, 0 where there is none.
func (db *DB) NewestSeq(ctx context.Context) (int64, error) {
	var seq int64
	err := db.queryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM outbox`).Scan(&seq)
	return seq, err
}

// OldestSeq returns the number of the oldest entry that is still kept, 0 where there is none.
func (db *DB) OldestSeq(ctx context.Context) (int64, error) {
	var seq int64
	err := db.queryRow(ctx, `SELECT COALESCE(MIN(seq), 0) FROM outbox`).Scan(&seq)
	return seq, err
}

// EventsAfter returns at most limit of a person's events that follow the entry number
// after, oldest first.
func (db *DB) EventsAfter(ctx context.Context, user domain.UserID, after int64, limit int) ([]domain.Event, error) {
	rows, err := db.query(ctx, `SELECT seq, event, data FROM outbox_by_person
		WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?`, string(user), after, limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return collect(rows, func(r scanner) (domain.Event, error) {
		e := domain.Event{User: user}
		err := r.Scan(&e.Seq, &e.Name, &e.Data)
		return e, err
	})
}

// EntriesAfter returns at most limit entries that follow the entry number after, oldest
// first, for the mirror. It leaves none out, also those without documents: else the mirror
// could not tell that it has seen all.
func (db *DB) EntriesAfter(ctx context.Context, after int64, limit int) ([]Entry, error) {
	rows, err := db.query(ctx, `SELECT seq, user_id, docs, created_at FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return collect(rows, func(r scanner) (Entry, error) {
		var e Entry
		var user, text string
		err := r.Scan(&e.Seq, &user, &text, &e.At)
		e.User, e.Docs = domain.UserID(user), decodeDocs(text)
		return e, err
	})
}

// PruneOutbox looks at the limit oldest entries, deletes those of them that are older than
// before, and returns how many. The newest entry always stays, so that no number is used
// twice. It looks at no more: everybody else's writes wait for it.
func (db *DB) PruneOutbox(ctx context.Context, before time.Time, limit int) (int64, error) {
	var n int64
	err := db.Write(ctx, "prune outbox", func(tx *Tx) error {
		var err error
		n, err = tx.Exec(`DELETE FROM outbox WHERE created_at < ? AND seq < (SELECT MAX(seq) FROM outbox)
			AND seq <= (SELECT MAX(seq) FROM (SELECT seq FROM outbox ORDER BY seq LIMIT ?))`,
			before.UnixMilli(), limit)
		return err
	})
	return n, err
}
