package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// pidFile names, for a stub of the product, the file that gets its process id.
const pidFile = "LOAD_TEST_PID_FILE"

// TestMain makes this test program three: a stub of the product, the load program itself,
// and the tests. The stub comes first, because it inherits the environment of the others.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("LISTEN_ADDR") != "":
		stubProduct()
	case os.Getenv(pidFile) != "":
		main()
	default:
		os.Exit(m.Run())
	}
}

// stubProduct is up, and answers nothing else: whoever measures it waits.
func stubProduct() {
	if err := os.WriteFile(os.Getenv(pidFile), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		panic(err)
	}
	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	panic(http.ListenAndServe(os.Getenv("LISTEN_ADDR"), nil))
}

// TestLoad_LeavesNothing ends the program in the middle of a measurement: its server and its
// directories go with it. One that is killed cannot clean up, but its server goes.
func TestLoad_LeavesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		signal syscall.Signal
		left   bool
	}{"interrupt": {syscall.SIGINT, false}, "term": {syscall.SIGTERM, false}, "hangup": {syscall.SIGHUP, false}, "kill": {syscall.SIGKILL, true}} {
		t.Run(name, func(t *testing.T) {
			tmp, pid := t.TempDir(), filepath.Join(t.TempDir(), "pid")
			cmd := exec.Command(os.Args[0], "-product", os.Args[0], "-only", "growth", "-charts", t.TempDir())
			cmd.Env = append(os.Environ(), "TMPDIR="+tmp, pidFile+"="+pid)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			server := waitForPID(t, pid)
			time.Sleep(100 * time.Millisecond) // into the measurement
			begin := time.Now()
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it ended after %v", took)
			}
			checkEnds(t, server)
			dirs, err := os.ReadDir(tmp)
			if err != nil || (len(dirs) > 0) != c.left {
				t.Errorf("left %v, %v", dirs, err)
			}
		})
	}
}

// TestWith_WaitsForNobody calls a run off while its measurement waits for an event.
func TestWith_WaitsForNobody(t *testing.T) {
	t.Setenv(pidFile, filepath.Join(t.TempDir(), "pid"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- with(ctx, liveassist{os.Args[0], "stub"}, func(*target) error {
			cancel()
			select {}
		})
	}()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("with = %v, want %v", err, context.Canceled)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for a server that is gone")
	}
}

// TestLoad_LeavesNothingOfAFailure has a product that cannot be started.
func TestLoad_LeavesNothingOfAFailure(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	nobody := liveassist{filepath.Join(tmp, "absent"), "absent"}
	if err := with(t.Context(), nobody, func(*target) error { return nil }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("with = %v, want that there is no such program", err)
	}
	if dirs, err := os.ReadDir(tmp); err != nil || len(dirs) > 0 {
		t.Errorf("left %v, %v", dirs, err)
	}
}

func waitForPID(t *testing.T, file string) int {
	t.Helper()
	for range 1000 {
		b, _ := os.ReadFile(file)
		if pid, err := strconv.Atoi(string(b)); err == nil {
			return pid
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the server did not come up")
	return 0
}

// checkEnds waits until a process is gone or, where nobody waits for orphans, dead.
func checkEnds(t *testing.T, pid int) {
	t.Helper()
	for range 300 {
		if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err != nil || isZombie(stat) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d runs still", pid)
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

func isZombie(stat []byte) bool {
	_, after, _ := bytes.Cut(stat[bytes.LastIndexByte(stat, ')'):], []byte(" ")) // the name before may hold anything
	return bytes.HasPrefix(after, []byte("Z"))
}
