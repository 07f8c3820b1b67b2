package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"liveassist/domain"
)

// Tx is a write transaction. It is valid only within the function it was handed to.
type Tx struct {
	Now time.Time // the one now of the transaction
	ctx context.Context
	w   *writer
	out []Entry
	// rows are closed at the end at the latest: open ones would keep the connection.
	rows []*sql.Rows
	// lost is the error at which SQLite rolled the whole transaction back by itself. From
	// then on nothing more may run: each statement would commit alone.
	lost error
	// wrote says that something was changed. A statement that fails leaves nothing behind.
	wrote bool
}

// call runs a job's function. A panic in it is the job's error: its neighbours in the
// batch and the writer go on.
func (w *writer) call(ctx context.Context, j *job, now time.Time) {
	tx := &Tx{Now: now, ctx: ctx, w: w}
	defer func() {
		if p := recover(); p != nil {
			j.err = fmt.Errorf("%s: panic: %v\n%s", j.op, p, debug.Stack())
		}
		for _, rows := range tx.rows {
			_ = rows.Close()
		}
		j.out, j.lost, j.wrote = tx.out, tx.lost, tx.wrote
		tx.w = nil
	}()
	j.err = j.fn(tx)
}

// NewID returns a new UUID that grows with time.
func (tx *Tx) NewID() string { return tx.w.opts.NewID() }

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	_, n, err := tx.exec(query, args...)
	return n, err
}

// insert stores at most one row and returns its number, 0 where it stored none.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	res, n, err := tx.exec(query, args...)
	if err != nil || n == 0 {
		return 0, err
	}
	return res.LastInsertId()
}

func (tx *Tx) exec(query string, args ...any) (res sql.Result, n int64, err error) {
	s, err := tx.stmt(query)
	if err != nil {
		return nil, 0, err
	}
	res, err = s.ExecContext(tx.ctx, args...)
	if err != nil {
		return nil, 0, tx.failed(err)
	}
	n, err = res.RowsAffected()
	tx.wrote = tx.wrote || n > 0
	return res, n, err
}

// QueryRow runs a query for at most one row.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	s, err := tx.stmt(query)
	if err != nil {
		return Row{err: err}
	}
	tx.wrote = tx.wrote || !s.reads
	row := s.QueryRowContext(tx.ctx, args...)
	return Row{row: row, err: tx.failed(row.Err())}
}

// Query runs a query; the caller closes the rows before the next statement.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	tx.wrote = tx.wrote || !s.reads
	rows, err := s.QueryContext(tx.ctx, args...)
	if err == nil {
		tx.rows = append(tx.rows, rows)
	}
	return rows, tx.failed(err)
}

// stmt returns the prepared form of a query that runs next.
func (tx *Tx) stmt(query string) (*statement, error) {
	if tx.lost != nil {
		return nil, tx.lost
	}
	s, err := tx.w.stmt(tx.ctx, query)
	if err == nil && !s.posts {
		tx.w.talks.forget()
	}
	return s, err
}

// failed translates a statement's error, and notes whether the transaction went with it.
func (tx *Tx) failed(err error) error {
	if losesTransaction(err) {
		tx.lost = translate(err)
	}
	return translate(err)
}

// Announce adds an event for a person's open pages to the transaction, and names the
// documents that changed with it.
func (tx *Tx) Announce(user domain.UserID, event string, data any, docs ...domain.DocRef) error {
	b, err := encode(data)
	if err != nil {
		return fmt.Errorf("announce %s: %w", event, err)
	}
	tx.out = append(tx.out, Entry{Event: domain.Event{User: user, Name: event, Data: b}, Docs: docs})
	return nil
}

// encode prefers the encoder that a type brings along: messages are announced all the time.
func encode(data any) ([]byte, error) {
	if m, ok := data.(domain.Message); ok {
		return m.AppendJSON(nil), nil
	}
	return json.Marshal(data)
}

// Changed names documents that changed without anything to announce.
func (tx *Tx) Changed(user domain.UserID, docs ...domain.DocRef) {
	tx.out = append(tx.out, Entry{Event: domain.Event{User: user}, Docs: docs})
}

// Row is the answer to a query for one row.
type Row struct {
	row *sql.Row
	err error
}

// Scan copies the row's columns. No row is domain.ErrNotFound.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return translate(r.row.Scan(dest...))
}
