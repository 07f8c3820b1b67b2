package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const (
	// checkpointAt is how many pages of 4 KiB wait in the write-ahead log before they are
	// moved into the database file: 8 MB, a burst of photos. A log that stays short is written
	// over in place, and a sync that makes no file longer takes half the time.
	checkpointAt = 2000
	// longLog is at how many pages the writer waits for that: a log that is written faster
	// than it is moved never begins anew by itself.
	longLog = 2 * checkpointAt
	// checkpointEvery is how often the log is looked at while something is written.
	checkpointEvery = 20 * time.Millisecond
)

// checkpointer moves the write-ahead log into the database file, on a connection of its
// own. SQLite does it within a commit, and then everybody's writes wait: a text that met
// one took 30 ms.
type checkpointer struct {
	pool *sql.DB
	w    *writer
	quit context.CancelFunc
	gone chan struct{}
}

func startCheckpointer(ctx context.Context, path string, w *writer) (*checkpointer, error) {
	pool, err := sql.Open("sqlite", dsn(path, writerPragmas+ownLog))
	if err != nil {
		return nil, fmt.Errorf("open database for checkpoints: %w", err)
	}
	pool.SetMaxOpenConns(1)
	ctx, quit := context.WithCancel(context.WithoutCancel(ctx))
	c := &checkpointer{pool: pool, w: w, quit: quit, gone: make(chan struct{})}
	go c.run(ctx)
	return c, nil
}

func (c *checkpointer) close() error {
	c.quit()
	<-c.gone
	return c.pool.Close()
}

func (c *checkpointer) run(ctx context.Context) {
	defer close(c.gone)
	for {
		select {
		case <-c.w.committed:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(checkpointEvery):
		case <-ctx.Done():
			return
		}
		written, moved, err := logState(ctx, c.pool)
		if err != nil || written-moved < checkpointAt && written < longLog {
			continue
		}
		c.move(ctx)
		if written >= longLog {
			// The rest, while nothing is added: the next commit begins the log anew.
			c.w.between(ctx, func() { c.move(ctx) })
		}
	}
}

// move takes what can be taken without waiting for anybody; what a reader still reads stays
// for the next time. A failure, as on a full disk, is left to the writer, which meets it
// too: the log only grows.
func (c *checkpointer) move(ctx context.Context) {
	_, _ = c.pool.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
}

// logState returns how many pages stand in the log and how many of them the database file has.
//
// It asks SQLite and never reads the log's index itself: whoever closes a file gives up all of
// the process's POSIX locks on it. Another process would then take itself for the first, and
// make the index anew under the writer.
func logState(ctx context.Context, pool *sql.DB) (written, moved int64, err error) {
	var busy int
	if err := pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &written, &moved); err != nil {
		return 0, 0, fmt.Errorf("look at the log: %w", err)
	}
	return written, moved, nil
}
