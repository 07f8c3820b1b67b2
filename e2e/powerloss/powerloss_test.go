package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// setting reads a number from the environment; `make soak` asks for more than `make test`.
func setting(tb testing.TB, name string, usual int) int {
	tb.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}

// needStrace skips the test where nothing can be traced; continuous integration must.
func needStrace(tb testing.TB) {
	tb.Helper()
	out, err := exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "true").CombinedOutput()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		tb.Fatalf("strace does not work here: %v %s", err, out)
	default:
		tb.Skipf("strace does not work here (%v %s): install it, and allow ptrace", err, out)
	}
}

// buildProduct builds the real server; replace holds a file of it and what stands there
// instead, for the one that must fail.
func buildProduct(tb testing.TB, replace map[string]string) string {
	tb.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	overlay := map[string]map[string]string{"Replace": {}}
	for name, text := range replace {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		overlay["Replace"][filepath.Join(root, name)] = file
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	b, err := json.Marshal(overlay)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), b, 0o600); err != nil {
		tb.Fatal(err)
	}
	bin := filepath.Join(dir, "liveassist")
	build := exec.CommandContext(tb.Context(), "go", "build", "-trimpath", "-overlay", filepath.Join(dir, "overlay.json"), "-o", bin, ".")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("build the product: %v\n%s", err, out)
	}
	return bin
}

// TestPowerLoss: whatever a power cut leaves of what was not yet synced, every acknowledged
// write is there, once and whole, SQLite finds nothing wrong, and the server starts.
func TestPowerLoss(t *testing.T) {
	needStrace(t)
	product, seed := buildProduct(t, nil), uint64(time.Now().UnixNano())
	r, err := record(t.Context(), product, t.TempDir(), time.Duration(setting(t, "POWERLOSS_SECONDS", 4))*time.Second, seed)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.due) < 100 || r.checkpoints < 2 || r.restarts == 0 {
		t.Fatalf("%d promises, %d checkpoints, %d ends in order: the load is no load", len(r.due), r.checkpoints, r.restarts)
	}
	started := 0
	see := func(dir string, how fate) error {
		if how != torn || started == 3 {
			return nil
		}
		started++
		s, err := startServer(t.Context(), product, dir, "", filepath.Join(t.TempDir(), "log"))
		if err != nil {
			return fmt.Errorf("start on what a power cut left: %w", err)
		}
		return s.end(syscall.SIGTERM)
	}
	o, err := r.cut(t.Context(), setting(t, "POWERLOSS_CUTS", 20), rand.New(rand.NewPCG(seed, 0)), t.TempDir(), see)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range o.broken {
		t.Error(line)
	}
	t.Logf("seed %d: %d acknowledged writes, %d checkpoints, %d cuts, %d rebuilt databases, %d calls unsynced in all, %d promises held", seed, len(r.due), r.checkpoints, o.cuts, o.rebuilt, o.pending, o.promised)
}

// TestPowerLoss_Normal shows that the test above can fail: with synchronous=NORMAL SQLite
// answers before the log is on the platter.
func TestPowerLoss_Normal(t *testing.T) {
	needStrace(t)
	source, err := os.ReadFile("../../store/store.go")
	if err != nil {
		t.Fatal(err)
	}
	weaker := bytes.ReplaceAll(source, []byte("synchronous(FULL)"), []byte("synchronous(NORMAL)"))
	if bytes.Equal(weaker, source) {
		t.Fatal("store/store.go does not say synchronous(FULL)")
	}
	r, err := record(t.Context(), buildProduct(t, map[string]string{"store/store.go": string(weaker)}), t.TempDir(), 2*time.Second, 1)
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.cut(t.Context(), 10, rand.New(rand.NewPCG(1, 1)), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.broken) < o.rebuilt/4 {
		t.Errorf("%d of %d rebuilt databases break a promise, want many", len(o.broken), o.rebuilt)
	}
}
