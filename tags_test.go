//go:build !litestream

package main

import "testing"

// buildTags are those of the program under test.
const buildTags = ""

// TestBackup_NotBuilt: a program without Litestream says so, instead of running without
// the backup that was asked for.
func TestBackup_NotBuilt(t *testing.T) {
	t.Parallel()
	env := []string{"LISTEN_ADDR=127.0.0.1:0", "BACKUP_URL=" + t.TempDir()}
	for _, args := range [][]string{nil, {"serve"}, {"restore"}} {
		assertFails(t, mustRun(t, env, args...), 2, "BACKUP_URL", "built without", "-tags litestream")
	}
}
