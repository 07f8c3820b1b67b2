package bundle

import (
	"fmt"
	"strings"

	"liveassist/e2e/evidence"
)

// summary is the short form, for the page of a CI run.
func (w *writer) summary() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "## End-to-end evidence: %s\n\nCommit `%s`, %s, %s.\n\n", w.verdict(), w.commit, w.modeInWords(), w.Ended.Sub(w.Began).Round(1e9))
	b.WriteString("| step | verdict | |\n|---|---|---|\n")
	for _, s := range w.Steps {
		fmt.Fprintf(&b, "| %s. %s | %s | %s |\n", s.ID, s.Title, s.Verdict, cell(firstFailure(s)))
	}
	for _, p := range w.problems {
		fmt.Fprintf(&b, "\n- %s\n", cell(p))
	}
	return []byte(b.String())
}

// firstFailure says where a step failed, or how many claims it made.
func firstFailure(s evidence.Step) string {
	for _, c := range s.Claims {
		if !c.OK {
			return c.Text + ": " + c.Detail
		}
	}
	if len(s.Claims) == 0 {
		return "nothing was claimed: the story did not come this far"
	}
	return fmt.Sprintf("%d claims", len(s.Claims))
}

// cell keeps a text on one line of a table.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "|", `\|`).Replace(text)
}

func (w *writer) modeInWords() string {
	if w.Mode == evidence.Containers {
		return "in containers"
	}
	return "as plain processes (E2E_CONTAINERS=off): no container was involved"
}
