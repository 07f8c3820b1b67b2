package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Temp is a file that is gone when it is closed, or when the process ends.
type Temp struct{ *os.File }

// TempFile makes a temporary file beside the database, which is the one place where a
// read-only container can write.
func (db *DB) TempFile() (*Temp, error) {
	f, err := os.CreateTemp(filepath.Dir(db.path), "upload-*")
	if err != nil {
		return nil, fmt.Errorf("make temporary file: %w", Translate(err))
	}
	// Unlinked at once where the system allows it, so that a crash leaves nothing.
	_ = os.Remove(f.Name())
	return &Temp{f}, nil
}

// Close ends the file.
func (t *Temp) Close() error {
	err := t.File.Close()
	if rm := os.Remove(t.Name()); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	return err
}

// Translate marks an error of the file system that means "no room" as ErrFull.
func Translate(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(ErrFull, err)
	}
	return err
}
