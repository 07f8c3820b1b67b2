package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// maxReaders is how many connections read at once. More than a few per core only take
// memory: a read of 50 messages is pure computing.
const maxReaders = 8

// reader is the pool of connections that only read, each on its snapshot of the WAL.
type reader struct {
	pool  *sql.DB
	stmts sync.Map // query text -> *sql.Stmt; queries are constants, so it stays small
}

func newReader(path string) (*reader, error) {
	pool, err := sql.Open("sqlite", dsn(path, readerPragmas))
	if err != nil {
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	pool.SetMaxOpenConns(maxReaders)
	pool.SetMaxIdleConns(maxReaders)
	return &reader{pool: pool}, nil
}

func (r *reader) close() error {
	r.stmts.Range(func(_, s any) bool {
		_ = s.(*sql.Stmt).Close()
		return true
	})
	return r.pool.Close()
}

func (r *reader) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := r.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := r.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", query, err)
	}
	if old, loaded := r.stmts.LoadOrStore(query, s); loaded {
		_ = s.Close() //nolint:sqlclosecheck // only the one that is not kept
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// query runs a read for many rows; the caller closes them.
func (db *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := db.read.stmt(ctx, query) //nolint:sqlclosecheck // the pool keeps and closes its statements
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	return rows, translate(err)
}

// queryRow runs a read for at most one row.
func (db *DB) queryRow(ctx context.Context, query string, args ...any) Row {
	s, err := db.read.stmt(ctx, query) //nolint:sqlclosecheck // the pool keeps and closes its statements
	if err != nil {
		return Row{err: err}
	}
	return Row{row: s.QueryRowContext(ctx, args...)}
}

// collect scans all rows with scan, closes them, and returns what it made of them: never
// nil without an error, so that an empty list is an empty list in JSON too.
func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, translate(rows.Err())
}

// scanner is a row that can be read: *sql.Rows or Row.
type scanner interface{ Scan(dest ...any) error }
