//go:build litestream

package backup

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver of the database that is copied
)

// TestReplicator_Close: a stop in the middle of the first transfer sends everything, and one
// before it does not say that the backup is complete.
func TestReplicator_Close(t *testing.T) {
	type moment int
	const (
		never moment = iota // nothing runs at all
		start
		owning
		sending
	)
	for _, c := range []struct {
		name     string
		stop     moment // when the server's context ends
		owned    bool
		own      error // why the place cannot be owned
		log      string
		restored bool
	}{
		{name: "in the first transfer", stop: sending, log: "backup is complete", restored: true},
		{name: "before the first transfer", stop: start, owned: true, log: "backup is complete", restored: true},
		{name: "while the place is taken", stop: owning, log: "backup is complete", restored: true},
		{name: "when the place cannot be taken", stop: owning, own: sql.ErrConnDone, log: "backup lacks the last changes"},
		{name: "before anything began", stop: never, log: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			name, place := filepath.Join(dir, "a.db"), Target{URL: t.TempDir()}
			mustWrite(t, name)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var log bytes.Buffer
			r, err := New(Options{
				File: name, Target: place, Clock: time.Now, Owned: c.owned,
				Log: slog.New(slog.NewTextHandler(&log, nil)),
				Own: func(ctx context.Context) error {
					cancel()
					if c.stop == owning && ctx.Err() != nil {
						return ctx.Err()
					}
					return c.own
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if c.stop == start {
				cancel()
			}
			if c.stop != never {
				if err := r.Run(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(log.String(), c.log) || c.log == "" && log.Len() > 0 {
				t.Errorf("the log says %q, want %q", &log, c.log)
			}
			back := filepath.Join(t.TempDir(), "b.db")
			_, err = Restore(t.Context(), RestoreOptions{Target: place, File: back, Log: slog.New(slog.DiscardHandler)})
			if !c.restored {
				if !errors.Is(err, ErrNoBackup) {
					t.Errorf("restore: %v, want %v", err, ErrNoBackup)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			assertWritten(t, back)
		})
	}
}

func mustWrite(t *testing.T, name string) {
	t.Helper()
	db := mustOpen(t, name)
	if _, err := db.ExecContext(t.Context(), "PRAGMA journal_mode=WAL; CREATE TABLE t (v); INSERT INTO t VALUES (42)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func assertWritten(t *testing.T, name string) {
	t.Helper()
	db := mustOpen(t, name)
	defer db.Close()
	var v int
	if err := db.QueryRowContext(t.Context(), "SELECT v FROM t").Scan(&v); err != nil || v != 42 {
		t.Errorf("%s holds %d, %v, want 42", name, v, err)
	}
}

func mustOpen(t *testing.T, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", name)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
