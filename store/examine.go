package store

import (
	"context"
	"fmt"
)

// QuickCheck asks SQLite whether the database file is sound, and returns what it found:
// nothing where it is. It reads the whole file, beside a server that runs.
func (db *DB) QuickCheck(ctx context.Context) ([]string, error) {
	rows, err := db.query(ctx, `PRAGMA quick_check(10)`)
	if err != nil {
		return nil, fmt.Errorf("check database: %w", err)
	}
	defer rows.Close()
	var problems []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("check database: %w", err)
		}
		if line != "ok" {
			problems = append(problems, line)
		}
	}
	return problems, rows.Err()
}
