//go:build faults

package faults_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liveassist/e2e/evidence"
	"liveassist/e2e/faults"
	"liveassist/e2e/stack"
	"liveassist/e2e/supervise"
)

func TestMain(m *testing.M) { os.Exit(supervise.Main(m.Run)) }

// TestFaults plays the story once for each fault, with plain processes, and wants it red in the
// fault's step, with a report that says so.
func TestFaults(t *testing.T) {
	root, _, err := stack.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults.All() {
		t.Run(f.Name, func(t *testing.T) {
			dir, bundle := t.TempDir(), t.TempDir()
			if err := faults.Copy(t.Context(), root, dir); err != nil {
				t.Fatal(err)
			}
			if err := f.Plant(dir); err != nil {
				t.Fatal(err)
			}
			if f.Web {
				if err := faults.BuildWeb(t.Context(), root, dir); err != nil {
					t.Fatal(err)
				}
			}
			out, code := play(t.Context(), root, dir, bundle)
			if code == 0 {
				t.Fatalf("the run is green: %s", out)
			}
			checkRed(t, bundle, f, out)
		})
	}
}

func play(ctx context.Context, root, product, bundle string) (string, int) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-timeout", "15m", "-run", "^TestStory$", ".")
	cmd.Dir = filepath.Join(root, "e2e")
	cmd.Env = append(supervise.Fresh(), "E2E_PRODUCT="+product, "EVIDENCE_DIR="+bundle, "E2E_CONTAINERS=off")
	out, _ := cmd.CombinedOutput() // a failure is what is wanted
	return string(out), cmd.ProcessState.ExitCode()
}

// checkRed reads the bundle that the red run left.
func checkRed(t *testing.T, bundle string, f faults.Fault, out string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(bundle, evidence.ManifestFile))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var m evidence.Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m.Verdict != evidence.Failed {
		t.Errorf("got verdict %q, want failed", m.Verdict)
	}
	report, err := os.ReadFile(filepath.Join(bundle, evidence.ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(report), `<section id="step-`+f.Step+`" data-verdict="failed">`) {
		t.Errorf("the report does not show step %s as failed", f.Step)
	}
	i := slices.IndexFunc(m.Steps, func(s evidence.Step) bool { return s.ID == f.Step })
	for _, c := range m.Steps[i].Claims {
		if !c.OK && c.Text == f.Claim {
			t.Logf("found in step %s: %s: %s", f.Step, c.Text, c.Detail)
			return
		}
	}
	t.Errorf("step %s: %q was not found false: %s", f.Step, f.Claim, out)
}
