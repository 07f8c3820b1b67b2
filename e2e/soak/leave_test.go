package main

import (
	"fmt"
	"net"
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
const pidFile = "SOAK_TEST_PID_FILE"

// TestMain makes this test program three: a stub of the product, the soak itself, and the
// tests. The stub comes first, because it inherits the environment of the others.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("DATA_DIR") != "":
		panic(stubProduct(os.Getenv("DATA_DIR")))
	case os.Getenv(pidFile) != "":
		main()
	default:
		os.Exit(m.Run())
	}
}

// stubProduct is up, answers nothing, and writes files until the end.
func stubProduct(dir string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	for range 4 {
		go func() {
			for {
				_ = os.MkdirAll(dir, 0o700)
				if f, err := os.CreateTemp(dir, ""); err == nil {
					_ = f.Close()
					_ = os.Remove(f.Name())
				}
			}
		}()
	}
	if err := os.WriteFile(os.Getenv(pidFile), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return err
	}
	fmt.Printf("LiveAssist is ready: http://%s\n", l.Addr())
	return http.Serve(l, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })) //nolint:gosec // for this test alone
}

// TestSoak_LeavesNothing ends the program while it waits for its server: the server is dead
// before the program ends, and nothing is left in the directory for temporary files.
func TestSoak_LeavesNothing(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			tmp, pid := t.TempDir(), filepath.Join(t.TempDir(), "pid")
			cmd := exec.Command(os.Args[0], "-product", os.Args[0], "-minutes", "1", "-streams", "1")
			cmd.Env = append(os.Environ(), "TMPDIR="+tmp, pidFile+"="+pid)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			server := waitForPID(t, pid)
			time.Sleep(100 * time.Millisecond) // into the load
			begin := time.Now()
			if err := cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it ended after %v", took)
			}
			if err := syscall.Kill(server, 0); err != syscall.ESRCH {
				t.Errorf("the server is there still: %v", err)
				_ = syscall.Kill(server, syscall.SIGKILL)
			}
			if dirs, err := os.ReadDir(tmp); err != nil || len(dirs) > 0 {
				t.Errorf("left %v, %v", dirs, err)
			}
		})
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
