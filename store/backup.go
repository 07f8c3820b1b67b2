package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of the database to a new file, also while a server has
// it open. The file appears under its name only when it is complete and on disk.
func (db *DB) Backup(ctx context.Context, file string) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("backup: %s exists already", file)
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), ".liveassist-backup-")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	part := filepath.Join(dir, FileName)
	if err := createPrivate(part); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := db.copyTo(ctx, part); err != nil {
		return fmt.Errorf("backup: %w", translate(err))
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	// Link instead of rename: it fails where the name was taken meanwhile.
	if err := os.Link(part, file); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return syncFile(filepath.Dir(file))
}

// copyTo fills an empty file with one snapshot of the database.
func (db *DB) copyTo(ctx context.Context, file string) (err error) {
	pool, err := sql.Open("sqlite", dsn(db.path, backupPragmas))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1) // the mode below is the connection's
	var mode int
	if err := pool.QueryRowContext(ctx, `PRAGMA auto_vacuum`).Scan(&mode); err != nil {
		return err
	}
	if mode != autoVacuumIncremental {
		// The copy can shrink, whatever the original can.
		if _, err := pool.ExecContext(ctx, `PRAGMA auto_vacuum = 2`); err != nil {
			return err
		}
	}
	_, err = pool.ExecContext(ctx, `VACUUM INTO ?`, file)
	return err
}

func syncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // the operator chose the path
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
