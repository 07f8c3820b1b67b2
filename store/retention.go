package store

import (
	"context"
	"fmt"
	"time"
)

// DropWebhookBodies empties at most limit bodies of events that came before the given time
// and are settled, and returns how many. The ledger's rows stay; a parked event keeps its
// body, because something may still be made of it.
func (db *DB) DropWebhookBodies(ctx context.Context, before time.Time, limit int) (int64, error) {
	var n int64
	err := db.Write(ctx, "drop webhook bodies", func(tx *Tx) (err error) {
		n, err = tx.Exec(`UPDATE webhook_events SET raw = NULL WHERE seq IN (
			SELECT seq FROM webhook_events WHERE created_at < ? AND raw IS NOT NULL AND status <> 'parked' LIMIT ?)`, before.UnixMilli(), limit)
		return err
	})
	return n, err
}

// DropBody empties the body of one event.
func (tx *Tx) DropBody(seq int64) error {
	_, err := tx.Exec(`UPDATE webhook_events SET raw = NULL WHERE seq = ?`, seq)
	return err
}

// Space says how large the database is.
type Space struct {
	PageSize, Pages, Free int64
	// Shrinks says that free pages can be given back to the file system piece by piece. It
	// is settled when a database is made: one from before this could be keeps its size, and
	// uses free pages again. Its Backup shrinks.
	Shrinks bool
}

// Space returns how large the database is.
func (db *DB) Space(ctx context.Context) (Space, error) {
	var s Space
	var mode int
	for _, p := range []struct {
		query string
		dest  any
	}{{`PRAGMA page_size`, &s.PageSize}, {`PRAGMA page_count`, &s.Pages}, {`PRAGMA freelist_count`, &s.Free}, {`PRAGMA auto_vacuum`, &mode}} {
		if err := db.queryRow(ctx, p.query).Scan(p.dest); err != nil {
			return s, fmt.Errorf("%s: %w", p.query, err)
		}
	}
	s.Shrinks = mode == autoVacuumIncremental
	return s, nil
}

// autoVacuumIncremental is SQLite's number of that mode (sqlite.org/pragma.html#pragma_auto_vacuum).
const autoVacuumIncremental = 2

// Shrink gives 256 free pages (1 MiB) back to the file system. Where the database cannot
// shrink it changes nothing.
func (db *DB) Shrink(ctx context.Context) error {
	return db.Write(ctx, "shrink", func(tx *Tx) error {
		rows, err := tx.Query(`PRAGMA incremental_vacuum(256)`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() { // a page a step
		}
		return rows.Err()
	})
}
