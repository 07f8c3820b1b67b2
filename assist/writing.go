package assist

import (
	"fmt"
	"strings"
	"unicode"

	"liveassist/assist/guides"
	"liveassist/store"
)

// writing is a reply that is put together from the guides.
type writing struct {
	f *finder
	*phrases
	q     Question
	reply store.Reply
	text  strings.Builder
}

// add adds a paragraph.
func (w *writing) add(format string, args ...any) {
	if w.text.Len() > 0 {
		w.text.WriteString("\n\n")
	}
	fmt.Fprintf(&w.text, format, args...)
}

// begin presents the best guide with the step that fits.
func (w *writing) begin(hits []Hit) {
	h := hits[0]
	g := h.Guide
	w.add(w.match, g.Title, g.Minutes, w.difficulty[g.Difficulty])
	w.add(w.beSafe, safetyOf(g))
	if h.Step > 1 {
		w.add(w.earlier, h.Step)
	}
	w.step1(g, h.Step)
	if checks := bullets(g.Next); len(checks) > 0 {
		w.add(w.check, checks[0])
	}
	w.close(g, h.Step)
	if len(hits) > 1 && hits[1].maybe() && hits[1].Score >= closeScore*h.Score {
		w.add("%s", w.otherwise(hits[1].Guide))
	}
}

// stepOf gives one step; beyond the last one it hands over to a professional.
func (w *writing) stepOf(g guides.Guide, n int) {
	if n > len(g.Steps) {
		w.add(w.allDone, g.Title)
		w.add("%s", g.Professional)
		w.reply.Guide, w.reply.Step = g.Slug, len(g.Steps)
		return
	}
	w.step1(g, n)
	if n == len(g.Steps) {
		for _, c := range bullets(g.Next) {
			w.add(w.check, c)
			break
		}
	}
	w.close(g, n)
}

func (w *writing) step1(g guides.Guide, n int) {
	s := g.Steps[n-1]
	w.add(w.doStep, n, len(g.Steps), s.Title, s.Text)
	w.reply.Guide, w.reply.Step = g.Slug, n
}

// close ends with the guide's link and what to write next.
func (w *writing) close(g guides.Guide, n int) {
	w.add(w.open, g.Title, g.Slug)
	if n < len(g.Steps) {
		w.text.WriteString(" · ")
		fmt.Fprintf(&w.text, w.next, n+1)
		return
	}
	w.add("%s", w.last)
}

// list names guides with their links.
func (w *writing) list(hits []Hit) {
	var lines []string
	for _, h := range hits {
		if h.maybe() {
			lines = append(lines, fmt.Sprintf("- [%s](/quickfix/%s): %s", h.Guide.Title, h.Guide.Slug, h.Guide.Summary.Summary))
		}
	}
	w.add("%s", strings.Join(lines, "\n"))
}

func (w *writing) otherwise(g guides.Guide) string {
	return fmt.Sprintf("%s [%s](/quickfix/%s)", w.orElse, g.Title, g.Slug)
}

func (w *writing) toolsOf(g guides.Guide) {
	w.add(w.tools, g.Title, strings.Join(g.Tools, ", "))
	w.close(g, max(1, w.q.Step))
}

// endWell takes thanks, and a repair that worked, with what keeps it so.
func (w *writing) endWell(m meaning, g guides.Guide) {
	if m.intent == intentThanks {
		w.add("%s", w.thanks)
		return
	}
	w.add("%s", w.worked)
	if checks := bullets(g.Next); len(checks) > 0 {
		w.add("%s\n\n- %s", w.workedMore, strings.Join(checks, "\n- "))
	}
}

// askAboutPhoto asks what a photo without words is about.
func (w *writing) askAboutPhoto() {
	if g, ok := w.current(); ok {
		w.add(w.photoOf, g.Title)
		return
	}
	w.add("%s", w.photo)
}

// safetyOf is what must be known before the first step: all of it where current flows,
// else its first sentence.
func safetyOf(g guides.Guide) string {
	if g.Category == "electrical" {
		return g.Safety
	}
	return firstSentence(g.Safety)
}

// firstSentence ends where a full stop is followed by a blank and a capital letter.
func firstSentence(text string) string {
	for i, r := range text {
		if r != '.' || i+2 >= len(text) || text[i+1] != ' ' {
			continue
		}
		for _, next := range text[i+2:] {
			if unicode.IsUpper(next) {
				return text[:i+1]
			}
			break
		}
	}
	return text
}

// bullets returns the points of a Markdown list.
func bullets(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if point, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
			list = append(list, point)
		}
	}
	return list
}

// failure says in a language that no reply could be written.
func failure(lang guides.Lang) string {
	if lang == guides.Swedish {
		return "Det gick inte att skriva något svar just nu."
	}
	return "No reply could be written right now."
}
