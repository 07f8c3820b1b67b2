package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"liveassist/domain"
)

// restoreJump is how far the outbox's numbers jump when a database comes back from a
// backup. What was written after the backup's state is lost, but its numbers are out in
// the world: open pages and the mirror hold them as cursors. So the next number must lie
// beyond all that the lost time can have given out. A million million is 230 days of the
// 50,000 entries a second that the writer reaches at its best; and 9,000 restores fit
// below 2^53, up to where numbers are exact in every client.
const restoreJump = 1_000_000_000_000

// Empty reports whether a data directory holds no database. A file of no bytes is none:
// it is what a first start leaves that was cut off.
func Empty(dir string) (bool, error) {
	info, err := os.Stat(Path(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("open database: %w", err)
	}
	return info.Size() == 0, nil
}

// Restore makes the database of an empty data directory out of what fetch writes to the
// file that it is given; from says where that comes from. It never touches a database that
// is there. The new one appears under its name only when it is complete, checked and on disk.
func Restore(ctx context.Context, dir string, now time.Time, from string, fetch func(ctx context.Context, file string) error) (err error) {
	lock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(dir, ".liveassist-restore-")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	part := filepath.Join(temp, FileName)
	if err := fetch(ctx, part); err != nil {
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := beginAnew(ctx, part, now, from); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return place(part, Path(dir))
}

// mustBeEmpty refuses a directory with a database, or with the log of one: SQLite would
// play that into the new file.
func mustBeEmpty(dir string) error {
	empty, err := Empty(dir)
	if err != nil {
		return err
	}
	if !empty {
		return fmt.Errorf("restore: %s exists: move it away first, with its -wal and -shm files", Path(dir))
	}
	if info, err := os.Stat(Path(dir) + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("restore: %s-wal belongs to an older database: move it away first", Path(dir))
	}
	return nil
}

// place gives a file its name. Link instead of rename: it fails where the name is taken.
func place(part, file string) error {
	if info, err := os.Stat(file); err == nil && info.Size() == 0 {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := os.Link(part, file); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := syncFile(filepath.Dir(file)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

// beginAnew checks a database that came from a backup, and lets its outbox begin anew
// beyond every number that was ever given. The old entries go: a cursor among them or in
// the gap is then older than the oldest entry, which makes pages fetch anew and the mirror
// copy everything. Had they stayed, a cursor in the gap would look as if it had missed
// nothing.
func beginAnew(ctx context.Context, file string, now time.Time, from string) (err error) {
	pool, err := sql.Open("sqlite", dsn(file, restorePragmas))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := checkAll(ctx, pool); err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = tx.Rollback() }() // without effect after the commit
	var newest int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM outbox`).Scan(&newest); err != nil {
		return fmt.Errorf("read outbox: %w", translate(err))
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM outbox -- all of it`); err != nil {
		return fmt.Errorf("empty outbox: %w", translate(err))
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO outbox (seq, user_id, event, data, docs, created_at) VALUES (?, '', '', '', '', ?)`,
		newest+restoreJump, now.UnixMilli()); err != nil {
		return fmt.Errorf("write outbox: %w", translate(err))
	}
	if _, err := tx.ExecContext(ctx, setBackupPlace, from); err != nil {
		return fmt.Errorf("note the backup's place: %w", translate(err))
	}
	return translate(tx.Commit())
}

const setBackupPlace = `INSERT INTO meta (key, value) VALUES ('backup_place', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

// BackupPlace returns where this database was last copied to or came from; empty where it
// never was.
func (db *DB) BackupPlace(ctx context.Context) (string, error) {
	var place string
	err := db.queryRow(ctx, `SELECT value FROM meta WHERE key = 'backup_place'`).Scan(&place)
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return "", fmt.Errorf("read the backup's place: %w", err)
	}
	return place, nil
}

// SetBackupPlace notes where this database is copied to.
func (db *DB) SetBackupPlace(ctx context.Context, place string) error {
	return db.Write(ctx, "note the backup's place", func(tx *Tx) error {
		_, err := tx.Exec(setBackupPlace, place)
		return err
	})
}
