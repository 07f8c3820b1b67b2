package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// documentForm is the form of the documents in document.go. It is raised when that changes,
// so that a mirror copies all of them anew.
const documentForm = 1

// Identity names this database and the form of its documents: a mirror that followed
// another one must not go on from its cursor.
func (db *DB) Identity(ctx context.Context) (string, error) {
	var id string
	if err := db.queryRow(ctx, `SELECT value FROM meta WHERE key = 'identity'`).Scan(&id); err != nil {
		return "", fmt.Errorf("read the database's identity: %w", err)
	}
	return fmt.Sprintf("%s/%d", id, documentForm), nil
}

// Page returns at most limit documents of a collection whose _id is greater than after, in
// the order of _id.
func (db *DB) Page(ctx context.Context, name, after string, limit int) ([]domain.Document, error) {
	c, ok := collections[name]
	if !ok {
		return nil, fmt.Errorf("%w %q", ErrNoCollection, name)
	}
	id := c.columns[0].expr
	rows, err := db.query(ctx, "SELECT "+c.selection()+" FROM "+c.table+" WHERE "+id+" > ? ORDER BY "+id+" LIMIT ?", after, limit) //nolint:gosec // all parts are constants of document.go
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer rows.Close()
	var page []domain.Document
	for rows.Next() {
		d, err := c.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		page = append(page, d)
	}
	return page, translate(rows.Err())
}
