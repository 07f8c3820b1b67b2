package store

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestCheckpointer_Locks: however often the log is looked at, the process keeps its POSIX lock on
// the log's index. Without it another process takes itself for the first one there, and makes
// the index anew under the writer.
func TestCheckpointer_Locks(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	for range 5 {
		s.mustSay(user, session, "", "tap")
		time.Sleep(2 * checkpointEvery)
	}
	info, err := os.Stat(Path(s.dir) + "-shm")
	if err != nil {
		t.Fatal(err)
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Fatal(err)
	}
	own := fmt.Sprintf(" %d ", os.Getpid())
	inode := fmt.Sprintf(":%d ", inodeOf(info))
	for line := range strings.Lines(string(locks)) {
		if strings.Contains(line, own) && strings.Contains(line, inode) {
			return
		}
	}
	t.Errorf("the process holds no lock on the log's index:\n%s", locks)
}

func inodeOf(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Ino
	}
	return 0
}
