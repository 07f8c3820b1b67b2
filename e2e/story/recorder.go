// Package story plays the story that the evidence tells: people, payments, a browser, and the
// databases behind them. Each step makes claims, and each claim is kept with what was seen.
package story

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"liveassist/e2e/evidence"
)

// Recorder keeps the claims of a story.
type Recorder struct {
	mu    sync.Mutex
	steps []evidence.Step
	fail  func(text string)
}

// NewRecorder returns one that calls fail for each claim that was found false.
func NewRecorder(fail func(text string)) *Recorder {
	return &Recorder{steps: evidence.StepTitles(), fail: fail}
}

// Steps returns all steps with their verdicts: a step passed when it made claims and all are true.
func (r *Recorder) Steps() []evidence.Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	steps := slices.Clone(r.steps)
	for i, s := range steps {
		steps[i].Verdict = evidence.Passed
		if len(s.Claims) == 0 || slices.ContainsFunc(s.Claims, func(c evidence.Claim) bool { return !c.OK }) {
			steps[i].Verdict = evidence.Failed
		}
	}
	return steps
}

// Passed reports whether every step did.
func (r *Recorder) Passed() bool {
	return !slices.ContainsFunc(r.Steps(), func(s evidence.Step) bool { return s.Verdict != evidence.Passed })
}

// Add keeps a claim.
func (r *Recorder) Add(step string, c evidence.Claim) {
	r.mu.Lock()
	i := slices.IndexFunc(r.steps, func(s evidence.Step) bool { return s.ID == step })
	if i < 0 {
		r.mu.Unlock()
		panic("story: there is no step " + step)
	}
	r.steps[i].Claims = append(r.steps[i].Claims, c)
	r.mu.Unlock()
	if !c.OK {
		r.fail(fmt.Sprintf("step %s: %s: %s", step, c.Text, c.Detail))
	}
}

// Step returns the step's own recorder.
func (r *Recorder) Step(id string) Step { return Step{id: id, r: r} }

// Step records the claims of one step.
type Step struct {
	id string
	r  *Recorder
}

// OK claims that ok is true.
func (s Step) OK(text string, ok bool, detail string, args ...any) bool {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	s.r.Add(s.id, evidence.Claim{Text: text, OK: ok, Detail: detail, By: "test"})
	return ok
}

// Equal claims that got is want.
func (s Step) Equal(text string, got, want any) bool {
	if reflect.DeepEqual(got, want) {
		return s.OK(text, true, show(got))
	}
	return s.OK(text, false, "got "+show(got)+", want "+show(want))
}

// NoError claims that something worked.
func (s Step) NoError(text string, err error) bool {
	if err != nil {
		return s.OK(text, false, err.Error())
	}
	return s.OK(text, true, "")
}

func show(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", v)
	}
	return string(b)
}
