package store

import (
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"liveassist/domain"
)

var (
	// ErrConflict says that a row with the same unique key exists.
	ErrConflict = errors.New("already exists")
	// ErrFull says that the disk, or the database, has no room.
	ErrFull = errors.New("no space left for the database")
)

// translate turns the driver's errors into those of this package, by their code.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return domain.ErrNotFound
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return errors.Join(ErrConflict, err)
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE:
		return errors.Join(ErrFull, err)
	}
	return err
}
