//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// diskSpace returns how many bytes are free for this user where dir lies, and how many
// there are.
func diskSpace(dir string) (free, total uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("disk space: %w", err)
	}
	block := uint64(s.Bsize) //nolint:gosec,unconvert // its type depends on the system, and it is a size
	return s.Bavail * block, s.Blocks * block, nil
}
