package assist

import "strings"

// unit is one thing that a question says, in all the ways in which a guide may say it.
type unit struct {
	weight       float64
	alternatives []alternative
}

type alternative struct {
	phrase string  // stems with blanks between
	share  float64 // of what a match counts
}

// maxUnits is how many things of a question count: a long story says most at its beginning.
const maxUnits = 24

// units takes a question apart: phrases of the lexicon first, then single words, each
// with other words for the same, corrected, or as the parts of a compound.
func (f *finder) units(question string) []unit {
	tokens := f.split(question)
	var list []unit
	said := map[string]bool{}
	for i := 0; i < len(tokens) && len(list) < maxUnits; {
		phrase, n := f.phraseAt(tokens[i:])
		t := tokens[i]
		i += n
		switch {
		case said[phrase]:
		case n > 1 || f.knows(phrase):
			list = append(list, unit{1, append(f.others(phrase, 1), f.wordsOf(phrase, tokens[i-n:i])...)})
		case f.empty(t) || isNumber(t.folded):
		default:
			list = append(list, f.unitsOf(t)...)
		}
		said[phrase] = true
	}
	return list
}

// phraseAt returns the longest phrase of the lexicon that tokens begin with, or the first
// word alone, and how many words it has.
func (f *finder) phraseAt(tokens []token) (string, int) {
	for n := min(maxPhrase, len(tokens)); n > 1; n-- {
		if phrase := stems(tokens[:n]); f.knows(phrase) {
			return phrase, n
		}
	}
	return tokens[0].stem, 1
}

// others returns a phrase, all that the lexicon names the same, and what it hints at.
func (f *finder) others(phrase string, share float64) []alternative {
	list := []alternative{{phrase, share}}
	for _, p := range f.same[phrase] {
		list = append(list, alternative{p, share * sameShare})
	}
	for _, p := range f.hints[phrase] {
		list = append(list, alternative{p, share * hintShare})
	}
	return list
}

// wordsOf returns the words of a phrase that only hints at something: they say something
// by themselves too.
func (f *finder) wordsOf(phrase string, tokens []token) []alternative {
	if len(tokens) == 1 || f.same[phrase] != nil {
		return nil
	}
	var list []alternative
	for _, t := range tokens {
		if !f.empty(t) {
			list = append(list, f.others(t.stem, sameShare)...)
		}
	}
	return list
}

// unitsOf returns what a single word says.
func (f *finder) unitsOf(t token) []unit {
	if f.speller.stems[t.stem] {
		return []unit{{1, f.others(t.stem, 1)}}
	}
	if first, last := f.speller.parted(t.folded); first != "" && last != "" {
		return []unit{{0.6, f.others(f.stem(first), 1)}, {1, f.others(f.stem(last), 1)}}
	}
	if list := f.corrected(t); list != nil {
		return list
	}
	switch first, last := f.speller.parted(t.folded); {
	case last != "":
		return []unit{{0.8, f.others(f.stem(last), 1)}}
	case first != "":
		return []unit{{0.6, f.others(f.stem(first), 1)}}
	}
	return []unit{{1, nil}}
}

// corrected returns what a misspelt word may say; nil where nothing is near.
func (f *finder) corrected(t token) []unit {
	var all []alternative
	for _, w := range f.speller.correct(t.folded) {
		if f.stop[w] {
			return []unit{}
		}
		all = append(all, f.others(f.stem(w), typoShare)...)
	}
	if all == nil {
		return nil
	}
	return []unit{{1, all}}
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
