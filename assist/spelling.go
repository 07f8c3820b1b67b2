package assist

import (
	"slices"
	"strings"
)

// speller knows the words of a language's guides, and what somebody may have meant.
type speller struct {
	stem  func(string) string
	known map[string]bool // words as written, folded
	stems map[string]bool
	words []string        // the known ones, sorted
	parts map[string]bool // known words and stems that a compound may be made of
}

func newSpeller(stem func(string) string) *speller {
	return &speller{stem: stem, known: map[string]bool{}, stems: map[string]bool{}, parts: map[string]bool{}}
}

// learn takes a word as spelt right; part says that a compound may hold it.
func (s *speller) learn(t token, part bool) {
	if !s.known[t.folded] {
		s.known[t.folded] = true
		s.words = append(s.words, t.folded)
	}
	s.stems[t.stem] = true
	if part && len(t.folded) >= minPart {
		s.parts[t.folded] = true
		s.parts[t.stem] = true
	}
}

// Lengths of words, in letters, from which on a guess is worth more than it errs.
const (
	minPart     = 3 // of a compound's part
	minHead     = 4 // of a part that is all that is known of a compound
	minTypo     = 5 // of a word with one slip
	minTwoTypos = 8 // of a word with two
)

// correct returns the known words that are nearest to w, at most three, where any is near
// enough.
func (s *speller) correct(w string) []string {
	allowed := 1
	switch {
	case len(w) < minTypo:
		return nil
	case len(w) >= minTwoTypos:
		allowed = 2
	}
	var best []string
	for _, k := range s.words {
		if abs(len(k)-len(w)) > allowed || len(k) < minTypo || k[0] != w[0] && k[1] != w[1] {
			continue
		}
		d := distance(w, k, allowed)
		if d > allowed {
			continue
		}
		if d < allowed {
			allowed, best = d, nil
		}
		best = append(best, k)
	}
	slices.Sort(best)
	return best[:min(len(best), 3)]
}

// parted returns the parts of a compound, the last one being what it is a kind of; nil
// where it cannot be told. Where one part alone is known, the other is left out.
func (s *speller) parted(w string) (first, last string) {
	for i := minPart; i <= len(w)-minPart; i++ { // the longest last part comes first
		l := s.part(strings.TrimSuffix(w[:i], "s"))
		if l == "" {
			l = s.part(w[:i])
		}
		if r := s.part(w[i:]); l != "" && r != "" {
			return l, r
		}
	}
	for i := 2; i <= len(w)-minHead; i++ {
		if r := s.part(w[i:]); r != "" {
			return "", r
		}
	}
	for i := len(w) - 2; i > minHead; i-- {
		if l := s.part(strings.TrimSuffix(w[:i], "s")); l != "" {
			return l, ""
		}
	}
	return "", ""
}

// part returns the known form of a compound's part, or nothing.
func (s *speller) part(w string) string {
	switch {
	case len(w) < minPart:
		return ""
	case s.parts[w]:
		return w
	}
	if stem := s.stem(w); len(stem) >= minPart && s.parts[stem] {
		return stem
	}
	return ""
}

// distance is how many slips (a letter too much, missing, wrong, or two swapped) lead from
// a to b; anything above limit is as good as any other.
func distance(a, b string, limit int) int {
	if len(a) > maxWord || len(b) > maxWord {
		return limit + 1
	}
	var rows [3][maxWord + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, two := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
