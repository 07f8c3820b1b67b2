package supervise_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"liveassist/e2e/stack"
	"liveassist/e2e/supervise"
)

func TestMain(m *testing.M) { os.Exit(supervise.Main(m.Run)) }

// TestSabotage is no test of its own: TestMain_CleansUpAfter runs it in a further supervised
// process, where it starts everything that can be left behind and then ends as it is told.
func TestSabotage(t *testing.T) {
	how, note := os.Getenv("SABOTAGE"), os.Getenv("SABOTAGE_NOTE")
	if how == "" {
		t.Skip("run by TestMain_CleansUpAfter")
	}
	run := supervise.Current()
	root, product, err := stack.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stack.Start(t.Context(), stack.Options{Root: root, Product: product, Dir: t.TempDir(), RunID: run.ID, Containers: containers()})
	if err != nil {
		t.Fatal(err)
	}
	sleeper := exec.Command("setsid", "sleep", "300") // in a session of its own, as browsers start theirs
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(note, []byte(run.ID+" "+run.Dir+" "+strconv.Itoa(sleeper.Process.Pid)), 0o600); err != nil {
		t.Fatal(err)
	}
	switch how {
	case "fail":
		t.Fatal("sabotage: fail")
	case "panic in a goroutine":
		go panic("sabotage: panic in a goroutine")
		select {}
	case "pass":
		return
	default: // "hang", "interrupt", "kill": until the test's time is over or a signal comes
		select {}
	}
}

func containers() bool { return os.Getenv("E2E_CONTAINERS") != "off" }

func TestMain_CleansUpAfter(t *testing.T) {
	for _, how := range []string{"fail", "panic in a goroutine", "hang", "interrupt", "pass"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			note := filepath.Join(t.TempDir(), "note")
			out, code := sabotage(t, how, note)
			if code == 0 {
				t.Errorf("got exit code 0, want a failure: %s", out)
			}
			checkGone(t, note, out)
		})
	}
}

// TestMain_CleansUpAfterSupervisorKilled: nobody can clean up after kill -9 at once, so the next
// run does.
func TestMain_CleansUpAfterSupervisorKilled(t *testing.T) {
	note := filepath.Join(t.TempDir(), "note")
	out, _ := sabotage(t, "kill", note)
	_, _ = sabotage(t, "", note) // a next run, which has nothing to do
	checkGone(t, note, out)
}

// sabotage runs TestSabotage under a supervisor of its own.
func sabotage(t *testing.T, how, note string) (string, int) {
	t.Helper()
	timeout := "2m"
	if how == "hang" {
		timeout = "25s"
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestSabotage$", "-test.timeout="+timeout)
	cmd.Env = append(supervise.Fresh(), "SABOTAGE="+how, "SABOTAGE_NOTE="+note)
	if s, ok := map[string]os.Signal{"interrupt": syscall.SIGTERM, "kill": syscall.SIGKILL}[how]; ok {
		go signalWhen(t.Context(), cmd, note, s)
	}
	cmd.WaitDelay = 10 * time.Second // a killed supervisor's orphans hold the pipe
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// signalWhen signals cmd once the run has written its note.
func signalWhen(ctx context.Context, cmd *exec.Cmd, note string, s os.Signal) {
	for ctx.Err() == nil {
		if b, err := os.ReadFile(note); err == nil && len(b) > 0 {
			_ = cmd.Process.Signal(s)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func checkGone(t *testing.T, note, out string) {
	t.Helper()
	b, err := os.ReadFile(note)
	if err != nil {
		t.Fatalf("the run did not come to its sabotage: %v: %s", err, out)
	}
	var runID, dir, pid string
	if _, err := fmt.Sscan(string(b), &runID, &dir, &pid); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the run's directory is still there: %v", err)
	}
	if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil && !strings.Contains(string(stat), ") Z") {
		t.Errorf("process %s still runs", pid)
	}
	if !containers() {
		return
	}
	left, err := stack.Leftovers(context.Background(), runID)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the engine: %q, %v", left, err)
	}
}
