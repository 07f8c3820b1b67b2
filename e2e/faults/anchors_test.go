package faults_test

import (
	"testing"

	"liveassist/e2e/evidence"
	"liveassist/e2e/faults"
	"liveassist/e2e/stack"
)

// TestAll_Plantable keeps the faults up to date with the product: each can still be put in, and
// names a step that there is. TestFaults, which takes minutes, shows that they are found.
func TestAll_Plantable(t *testing.T) {
	_, product, err := stack.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	steps := map[string]bool{}
	for _, s := range evidence.StepTitles() {
		steps[s.ID] = true
	}
	for _, f := range faults.All() {
		t.Run(f.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := faults.CopyFiles(product, dir, f); err != nil {
				t.Fatal(err)
			}
			if err := f.Plant(dir); err != nil {
				t.Error(err)
			}
			if !steps[f.Step] {
				t.Errorf("there is no step %q", f.Step)
			}
		})
	}
}
