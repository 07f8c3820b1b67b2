// Package supervise runs a test binary as a child, and removes whatever the child leaves:
// processes, containers, networks, images, temporary files. A test cannot promise that by
// itself, because a panic in a goroutine, a time-out or a kill ends it without a last word.
//
// It is for Linux: orphans come back to the supervisor (PR_SET_CHILD_SUBREAPER), and /proc
// names them.
package supervise

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"liveassist/e2e/stack"
)

// EnvRun holds the run's id in the environment of every process of a run, the product's included.
const EnvRun = stack.EnvRun

// Further environment of a child.
const (
	envDir  = "LIVEASSIST_E2E_DIR"  // the run's directory
	envBase = "LIVEASSIST_E2E_BASE" // where directories of runs are made
)

const (
	prefix       = "liveassist-run-" // of the directories of runs
	cleanWithin  = time.Minute       // for all of the cleaning
	interruptFor = 15 * time.Second  // what the child may take to end after a signal
)

// Run is what a child knows of itself.
type Run struct {
	ID  string // lower case letters and digits: it goes into names of images
	Dir string // for temporary files; removed when the child has ended
}

// Current returns the run that this process belongs to. It panics outside of one: then TestMain
// does not call Main.
func Current() Run {
	r := Run{ID: os.Getenv(EnvRun), Dir: os.Getenv(envDir)}
	if r.ID == "" || r.Dir == "" {
		panic("supervise: this process is not supervised; TestMain must call supervise.Main")
	}
	return r
}

// Fresh returns this process's environment for a further run of its own, beside this one and not
// within it: the path of a browser's socket may have 107 characters.
func Fresh() []string {
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool { return strings.HasPrefix(kv, "LIVEASSIST_E2E_") })
	return append(env, "TMPDIR="+os.Getenv(envBase))
}

// Main is for TestMain: it runs the tests (m.Run) in a supervised child and returns the exit
// code. A child that passes and leaves something fails all the same.
func Main(run func() int) int {
	if os.Getenv(EnvRun) != "" {
		return run()
	}
	runtime.LockOSThread() // the child is killed when the thread that started it ends
	code, err := supervise(os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "supervise:", err)
		return 1
	}
	return code
}

func supervise(log io.Writer) (code int, err error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("become a subreaper: %w", err)
	}
	sweepStale(log)
	r, err := newRun()
	if err != nil {
		return 0, err
	}
	code, err = runChild(r)
	left, cleanErr := clean(r)
	for _, l := range left {
		fmt.Fprintln(log, "supervise: removed what the run left:", l)
	}
	if err := errors.Join(err, cleanErr); err != nil {
		return 0, err
	}
	if code == 0 && len(left) > 0 {
		return 0, errors.New("the tests passed but did not clean up after themselves")
	}
	return code, nil
}

func newRun() (Run, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return Run{}, fmt.Errorf("make the run's directory: %w", err)
	}
	r := Run{ID: strings.ToLower(rand.Text()[:10]), Dir: dir}
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o700); err != nil {
		return Run{}, fmt.Errorf("make the run's directory: %w", err)
	}
	return r, writeOwner(r)
}

// runChild runs this binary again with the same arguments, hands signals on, and returns its
// exit code.
func runChild(r Run) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find this binary: %w", err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	defer signal.Stop(signals)

	cmd := exec.Command(self, os.Args[1:]...) //nolint:noctx // it is ended by signals
	cmd.Env = append(os.Environ(), EnvRun+"="+r.ID, envDir+"="+r.Dir, envBase+"="+filepath.Dir(r.Dir), "TMPDIR="+filepath.Join(r.Dir, "tmp"))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start the tests: %w", err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the exit code is read below
		close(done)
	}()
	var kill <-chan time.Time
	for {
		select {
		case <-done:
			return exitCode(cmd.ProcessState), nil
		case s := <-signals:
			_ = cmd.Process.Signal(s)
			kill = time.After(interruptFor)
		case <-kill:
			_ = cmd.Process.Kill()
		}
	}
}

// exitCode is never 0 for a process that a signal ended.
func exitCode(s *os.ProcessState) int {
	if code := s.ExitCode(); code >= 0 {
		return code
	}
	return 1
}

// clean removes what is left of a run, and names it. The run's directory is no leftover.
func clean(r Run) (left []string, err error) {
	left = killDescendants()
	ctx, cancel := context.WithTimeout(context.Background(), cleanWithin)
	defer cancel()
	things, err := sweepEngine(ctx, r.ID)
	left = append(left, things...)
	return left, errors.Join(err, removeAll(r.Dir))
}

// sweepEngine removes containers, networks and images, where there is an engine.
func sweepEngine(ctx context.Context, runID string) ([]string, error) {
	if os.Getenv("E2E_CONTAINERS") == "off" {
		return nil, nil
	}
	if !stack.EngineAnswers(ctx) {
		return nil, nil // without one there was nothing to leave there
	}
	return stack.Sweep(ctx, runID)
}

// removeAll removes a directory, also one with directories that nobody may write to.
func removeAll(dir string) error {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the run's directory: %w", err)
	}
	return nil
}
