package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Sizes are what the database takes on disk, in bytes.
type Sizes struct {
	Database, Log int64 // the file, and the write-ahead log beside it
}

// Sizes looks at the files.
func (db *DB) Sizes() (Sizes, error) {
	var s Sizes
	for path, size := range map[string]*int64{db.path: &s.Database, db.path + "-wal": &s.Log} {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the log goes when the last connection does
		}
		if err != nil {
			return s, fmt.Errorf("size of database: %w", err)
		}
		*size = info.Size()
	}
	return s, nil
}
