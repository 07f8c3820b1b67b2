package supervise

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// killDescendants ends all processes below this one, and names those that still ran. Orphans
// have come back to this process, so that its children's trees are all there is.
func killDescendants() (names []string) {
	seen := map[int]bool{}
	const rounds = 100 // at 20 ms: a process that was killed takes a moment to be gone
	for range rounds {
		alive := descendants(os.Getpid())
		for _, p := range alive {
			if !seen[p.pid] {
				seen[p.pid] = true
				names = append(names, "process "+p.name)
			}
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
		}
		reap()
		if len(alive) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return names
}

// killMarked ends the processes that carry a run's id in their environment, and names them. It is
// for a run whose supervisor was killed: its orphans have gone to init.
func killMarked(runID string) (names []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || !strings.Contains("\x00"+string(b), "\x00"+EnvRun+"="+runID+"\x00") {
			continue
		}
		if p, ok := parseStat(filepath.Join(filepath.Dir(f), "stat")); ok {
			names = append(names, "process "+p.name)
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
	return names
}

// reap collects the children that have ended.
func reap() {
	for {
		pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
		if err != nil || pid <= 0 {
			return
		}
	}
}

type proc struct {
	pid, parent int
	name        string
}

// descendants lists the living processes below pid; zombies do not count.
func descendants(pid int) (below []proc) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	children := map[int][]proc{}
	for _, f := range files {
		if p, ok := parseStat(f); ok {
			children[p.parent] = append(children[p.parent], p)
		}
	}
	queue := []int{pid}
	for len(queue) > 0 {
		for _, p := range children[queue[0]] {
			below = append(below, p)
			queue = append(queue, p.pid)
		}
		queue = queue[1:]
	}
	return below
}

// parseStat reads /proc/PID/stat: "12 (name) S 1 ...". The name may hold spaces and brackets.
func parseStat(file string) (proc, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return proc{}, false // it has ended meanwhile
	}
	text := string(b)
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return proc{}, false
	}
	fields := strings.Fields(text[end+1:])
	pid, err := strconv.Atoi(strings.TrimSpace(text[:open]))
	if err != nil || len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" {
		return proc{}, false
	}
	parent, err := strconv.Atoi(fields[1])
	return proc{pid: pid, parent: parent, name: text[open+1:end] + " (pid " + strconv.Itoa(pid) + ")"}, err == nil
}
