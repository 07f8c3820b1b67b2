package main

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// diskSpace returns how many bytes are free for this user where dir lies, and how many
// there are.
func diskSpace(dir string) (free, total uint64, err error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, fmt.Errorf("disk space: %w", err)
	}
	if err := windows.GetDiskFreeSpaceEx(path, &free, &total, nil); err != nil {
		return 0, 0, fmt.Errorf("disk space: %w", err)
	}
	return free, total, nil
}
