package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"liveassist/backup"
	"liveassist/store"
)

// restoreCommand brings the database back from the continuous backup.
type restoreCommand struct {
	At time.Time `name:"at" placeholder:"TIME" help:"Bring back the state of this moment (2026-03-14T15:09:26Z) instead of the newest."`
}

// Run restores into an empty data directory.
func (c *restoreCommand) Run(ctx context.Context, s *settings, stdout, stderr *os.File) error {
	if s.BackupURL == "" {
		return usageError{errors.New("restore: BACKUP_URL is required: it says where the backup lies")}
	}
	of, err := restore(ctx, s, c.At, s.logger(stderr))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "restored %s as it was at %s\n", store.Path(s.DataDir), of.UTC().Format(time.RFC3339))
	return nil
}

// restore fills an empty data directory and returns of when its state is.
func restore(ctx context.Context, s *settings, at time.Time, log *slog.Logger) (of time.Time, err error) {
	if !backup.Built {
		return of, usageError{fmt.Errorf("BACKUP_URL: %w", backup.ErrNotBuilt)}
	}
	err = store.Restore(ctx, s.DataDir, time.Now(), s.backupTarget().String(), func(ctx context.Context, file string) error {
		if err := os.RemoveAll(backup.Notes(store.Path(s.DataDir))); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		of, err = backup.Restore(ctx, backup.RestoreOptions{Target: s.backupTarget(), File: file, At: at, Log: log})
		return err
	})
	return of, err
}

// restoreLost brings the database back where the volume is empty and there is a backup of
// it. A backup that cannot be reached ends the start: an empty database in its place would
// be taken for the truth.
func restoreLost(ctx context.Context, s *settings, log *slog.Logger) error {
	if s.BackupURL == "" {
		return nil
	}
	if !backup.Built {
		return usageError{fmt.Errorf("BACKUP_URL: %w", backup.ErrNotBuilt)}
	}
	empty, err := store.Empty(s.DataDir)
	if err != nil || !empty {
		return err
	}
	began := time.Now()
	of, err := restore(ctx, s, time.Time{}, log)
	switch {
	case errors.Is(err, backup.ErrNoBackup):
		log.Info("no backup yet: beginning with an empty database", "place", s.backupTarget().String())
		return nil
	case err != nil:
		return fmt.Errorf("the data directory is empty, and whether there is a backup could not be found out: %w", err)
	}
	log.Info("restored the database from its backup", "place", s.backupTarget().String(), "state_of", of.UTC().Format(time.RFC3339), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// newBackup returns what copies the database as it changes, nil where no place is set.
func newBackup(ctx context.Context, s *settings, db *store.DB, log *slog.Logger) (*backup.Replicator, error) {
	if s.BackupURL == "" {
		return nil, nil //nolint:nilnil // no backup is no failure
	}
	place := s.backupTarget().String()
	was, err := db.BackupPlace(ctx)
	if err != nil {
		return nil, err
	}
	r, err := backup.New(backup.Options{
		File: store.Path(s.DataDir), Target: s.backupTarget(), Clock: time.Now, Log: log,
		Owned: was == place,
		Own:   func(ctx context.Context) error { return db.SetBackupPlace(ctx, place) },
	})
	if err != nil {
		return nil, fmt.Errorf("BACKUP_URL: %w", err)
	}
	return r, nil
}

// endBackup sends what is left when the database has been closed.
func (p *product) endBackup() error {
	if p.backup == nil {
		return nil
	}
	return p.backup.Close()
}

// replicate keeps the backup going until ctx ends.
func (p *product) replicate(ctx context.Context) error {
	if p.backup == nil {
		return nil
	}
	return p.backup.Run(ctx)
}

func (s *settings) backupTarget() backup.Target {
	return backup.Target{URL: s.BackupURL, Endpoint: s.BackupEndpoint, Region: s.BackupRegion}
}

// checkBackup looks at the place of the backup.
func (s *settings) checkBackup(bad func(name, format string, args ...any)) {
	if s.BackupURL == "" {
		return
	}
	t := s.backupTarget()
	if err := t.Check(); err != nil {
		bad("BACKUP_URL", "%w", err)
		return
	}
	data, err := filepath.Abs(s.DataDir)
	if err != nil || t.Dir() == "" {
		return
	}
	if rel, err := filepath.Rel(data, t.Dir()); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		bad("BACKUP_URL", "%s lies within the data directory, and would be lost with it", t.Dir())
	}
}

// wayOut adds to the refusal of a damaged database what to do.
func wayOut(err error, s *settings) error {
	if !errors.Is(err, store.ErrCorrupt) {
		return err
	}
	file := store.Path(s.DataDir)
	if s.BackupURL == "" {
		return fmt.Errorf("%w; the way out: move %s, %[2]s-wal and %[2]s-shm away and put a copy made by `liveassist backup` in its place", err, file)
	}
	return fmt.Errorf("%w; the way out: move %s, %[2]s-wal and %[2]s-shm away, then run `liveassist restore` (or `liveassist restore --at TIME` for a moment before the damage) and start again", err, file)
}
