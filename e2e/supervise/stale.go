package supervise

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// owner says which process a run belongs to. It is kept in the run's directory, so that the
// next run can clean up after a supervisor that was killed itself.
type owner struct {
	Run string `json:"run"`
	PID int    `json:"pid"`
}

const ownerFile = "owner.json"

func writeOwner(r Run) error {
	b, err := json.Marshal(owner{Run: r.ID, PID: os.Getpid()})
	if err != nil {
		return fmt.Errorf("note the run's owner: %w", err)
	}
	if err := os.WriteFile(filepath.Join(r.Dir, ownerFile), b, 0o600); err != nil {
		return fmt.Errorf("note the run's owner: %w", err)
	}
	return nil
}

// sweepStale removes what runs left whose supervisor is gone.
func sweepStale(log io.Writer) {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range dirs {
		var o owner
		b, err := os.ReadFile(filepath.Join(dir, ownerFile))
		if err != nil || json.Unmarshal(b, &o) != nil || o.Run == "" || alive(o.PID) {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), cleanWithin)
		left, err := sweepEngine(ctx, o.Run)
		cancel()
		left = append(left, killMarked(o.Run)...)
		for _, l := range left {
			fmt.Fprintln(log, "supervise: removed what an earlier run left:", l)
		}
		if err == nil {
			err = removeAll(dir)
		}
		if err != nil {
			fmt.Fprintln(log, "supervise: an earlier run:", err)
		}
	}
}

func alive(pid int) bool { return pid > 0 && syscall.Kill(pid, 0) != syscall.ESRCH }
