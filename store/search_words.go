package store

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a query, folded.
type word struct {
	text   string
	prefix bool // it may be the beginning of a longer one
}

const (
	maxQueryWords = 8
	// minPrefix is how long a word must be to stand for longer ones: a shorter one would
	// stand for nearly all.
	minPrefix = 2
)

// parseQuery returns the words of a query. They are made of letters, digits and marks alone.
func parseQuery(query string) []word {
	var list []word
	eachWord(query, func(_, _ int, folded string) bool {
		list = append(list, word{text: folded, prefix: utf8.RuneCountInString(folded) >= minPrefix})
		return len(list) < maxQueryWords
	})
	return list
}

// eachWord calls visit for each word of text with its place in bytes and its folded form,
// until it returns false. The index, its questions and what is not indexed yet all go
// through here, so that they agree on what a word is.
func eachWord(text string, visit func(begin, end int, folded string) bool) {
	begin := -1
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || begin >= 0 && unicode.Is(unicode.M, r) {
			if begin < 0 {
				begin = i
			}
			continue
		}
		if begin >= 0 && !visit(begin, i, Fold(text[begin:i])) {
			return
		}
		begin = -1
	}
	if begin >= 0 {
		visit(begin, len(text), Fold(text[begin:]))
	}
}

// Fold takes case and diacritics from a word.
func Fold(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

func (w word) matches(folded string) bool {
	return folded == w.text || w.prefix && strings.HasPrefix(folded, w.text)
}

// hasAll reports whether text has all words.
func hasAll(text string, wanted []word) bool {
	var seen [maxQueryWords]bool
	left := len(wanted)
	eachWord(text, func(_, _ int, folded string) bool {
		for i, w := range wanted {
			if !seen[i] && w.matches(folded) {
				seen[i] = true
				left--
			}
		}
		return left > 0
	})
	return left == 0
}

// How much of a message a result shows around the first match, in bytes.
const (
	snippetBefore = 60
	snippetLength = 220
)

// snippet cuts the part of text around the first match and returns where in it the words
// are, in UTF-16 code units.
func snippet(text string, wanted []word) (string, [][2]int) {
	var places [][2]int // bytes of text
	eachWord(text, func(begin, end int, folded string) bool {
		for _, w := range wanted {
			if w.matches(folded) {
				places = append(places, [2]int{begin, end})
				break
			}
		}
		return len(places) == 0 || begin < places[0][0]+snippetLength
	})
	from := 0
	if len(places) > 0 && places[0][0] > snippetBefore {
		from = wordEdge(text, places[0][0]-snippetBefore, places[0][0])
	}
	to := len(text)
	if to-from > snippetLength {
		to = from + snippetLength
		for to > from && !utf8.RuneStart(text[to]) {
			to--
		}
	}
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(text) {
		after = "…"
	}
	matches := [][2]int{}
	for _, p := range places {
		if p[1] <= to {
			begin := utf16Len(before) + utf16Len(text[from:p[0]])
			matches = append(matches, [2]int{begin, begin + utf16Len(text[p[0]:p[1]])})
		}
	}
	return before + text[from:to] + after, matches
}

// wordEdge returns the first place after a blank between from and to, and to where there
// is none.
func wordEdge(text string, from, to int) int {
	if i := strings.IndexAny(text[from:to], " \n\t"); i >= 0 {
		return from + i + 1
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	return from
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
