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
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return errors.Join(ErrCorrupt, err)
	}
	return err
}

// losesTransaction reports whether SQLite may have rolled back the whole transaction at
// err, and not the statement alone (sqlite.org/lang_transaction.html, section 3).
func losesTransaction(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff { // the low byte is the kind, the rest says more about it
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT:
		return true
	}
	return false
}
