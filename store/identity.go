package store

import (
	"context"
	"fmt"
)

// documentForm is the form of the documents in document.go. It is raised when that changes,
// so that a mirror copies all of them anew.
const documentForm = 2

// Identity names this database and the form of its documents: a mirror that followed
// another one must not go on from its cursor.
func (db *DB) Identity(ctx context.Context) (string, error) {
	var id string
	if err := db.queryRow(ctx, `SELECT value FROM meta WHERE key = 'identity'`).Scan(&id); err != nil {
		return "", fmt.Errorf("read the database's identity: %w", err)
	}
	return fmt.Sprintf("%s/%d", id, documentForm), nil
}
