//go:build litestream

package backup

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"liveassist/store"
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
		{name: "when the place cannot be taken", stop: owning, own: store.ErrClosed, log: "backup lacks the last changes"},
		{name: "before anything began", stop: never, log: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, place := t.TempDir(), Target{URL: t.TempDir()}
			mustWrite(t, dir)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var log bytes.Buffer
			r, err := New(Options{
				File: store.Path(dir), Target: place, Clock: time.Now, Owned: c.owned,
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
			back := t.TempDir()
			_, err = Restore(t.Context(), RestoreOptions{Target: place, File: store.Path(back), Log: slog.New(slog.DiscardHandler)})
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

// said is what the database holds.
const said = "somewhere"

func mustWrite(t *testing.T, dir string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: time.Now, NewID: t.Name, Replicated: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.SetBackupPlace(t.Context(), said), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func assertWritten(t *testing.T, dir string) {
	t.Helper()
	db, err := store.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.BackupPlace(t.Context())
	if err := errors.Join(err, db.Close()); err != nil || got != said {
		t.Errorf("%s holds %q, %v, want %q", dir, got, err, said)
	}
}
