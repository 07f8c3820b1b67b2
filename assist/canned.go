package assist

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"liveassist/assist/guides"
)

// Canned is a reply that an operator can send as it is: a guide in short, one of its steps,
// or when to call a professional.
type Canned struct {
	ID    string      `json:"id"`
	Guide string      `json:"guide"`
	Lang  guides.Lang `json:"lang"`
	Title string      `json:"title"`
	Text  string      `json:"text"` // Markdown
}

// maxCanned is how many replies a search finds at the most.
const maxCanned = 100

// CannedReplies returns the replies of the guides that have all words of q, the best guide
// first; without words, each guide in short. An operator who types needs what he types, so
// words count as they begin, and nothing is corrected.
func CannedReplies(library *guides.Library, lang guides.Lang, q string) []Canned {
	list := []Canned{}
	words := cannedWords(q)
	if len(words) == 0 {
		for _, g := range library.All(lang) {
			list = append(list, inShort(g))
		}
		return list
	}
	type hit struct {
		guide guides.Guide
		score int
	}
	var hits []hit
	for _, g := range library.All(lang) {
		if score := cannedScore(g, words); score > 0 {
			hits = append(hits, hit{g, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	for _, h := range hits {
		list = append(list, cannedOf(h.guide)...)
	}
	return list[:min(len(list), maxCanned)]
}

// cannedScore is 0 unless a guide has each of the words: in its title, its tags, or its
// symptoms and summary, which count less and less.
func cannedScore(g guides.Guide, words []string) int {
	title, tags := cannedWords(g.Title), cannedWords(strings.Join(g.Tags, " "))
	rest := cannedWords(strings.Join(g.Symptoms, " ") + " " + g.Summary.Summary)
	score := 0
	for _, w := range words {
		begins := func(s string) bool { return strings.HasPrefix(s, w) }
		switch {
		case slices.ContainsFunc(title, begins):
			score += 4
		case slices.ContainsFunc(tags, begins):
			score += 2
		case slices.ContainsFunc(rest, begins):
			score++
		default:
			return 0
		}
	}
	return score
}

func cannedWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func inShort(g guides.Guide) Canned {
	p := phraseBook[g.Lang]
	text := fmt.Sprintf(p.match, g.Title, g.Minutes, p.difficulty[g.Difficulty])
	if g.Safety != "" {
		text += "\n\n" + fmt.Sprintf(p.beSafe, g.Safety)
	}
	text += "\n\n" + fmt.Sprintf(p.open, g.Title, g.Slug)
	return Canned{ID: g.Slug, Guide: g.Slug, Lang: g.Lang, Title: g.Title, Text: text}
}

func cannedOf(g guides.Guide) []Canned {
	p := phraseBook[g.Lang]
	list := []Canned{inShort(g)}
	for i, s := range g.Steps {
		list = append(list, Canned{
			ID: fmt.Sprintf("%s#%d", g.Slug, i+1), Guide: g.Slug, Lang: g.Lang, Title: g.Title + ": " + s.Title,
			Text: fmt.Sprintf(p.doStep, i+1, len(g.Steps), s.Title, s.Text),
		})
	}
	if g.Professional != "" {
		list = append(list, Canned{ID: g.Slug + "#professional", Guide: g.Slug, Lang: g.Lang, Title: g.Title, Text: g.Professional})
	}
	return list
}
