package assist

import (
	"embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/swedish"

	"liveassist/assist/guides"
	"liveassist/store"
)

//go:embed lexicon
var lexicons embed.FS

// lexicon is what is known of a language besides the guides.
type lexicon struct {
	lang guides.Lang
	stop map[string]bool // words that say nothing, folded
	// same holds the other ways to say a phrase, hints what it makes likely. Phrases are
	// stems with blanks between.
	same, hints map[string][]string
	// words are all single words of same, folded: they are spelt right.
	words []string
	// tokens are the words that were seen while the guides were indexed: cutting endings is
	// most of the work. Nothing is added once learned is set, so that many may read.
	tokens  map[string]token
	learned bool
}

// maxPhrase is how many words a phrase of the lexicon has at the most.
const maxPhrase = 4

func loadLexicon(lang guides.Lang) (*lexicon, error) {
	x := &lexicon{lang: lang, stop: map[string]bool{}, same: map[string][]string{}, hints: map[string][]string{}, tokens: map[string]token{}}
	stop, err := lexicons.ReadFile("lexicon/" + string(lang) + ".stop")
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	same, err := lexicons.ReadFile("lexicon/" + string(lang) + ".same")
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	for line := range lines(string(stop)) {
		for w := range strings.FieldsSeq(line) {
			x.stop[store.Fold(w)] = true
		}
	}
	for line := range lines(string(same)) {
		x.addGroup(line)
	}
	return x, nil
}

// lines yields the lines of a lexicon's file, without comments.
func lines(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && !yield(line) {
				return
			}
		}
	}
}

// addGroup reads "a, b, c", all the same, or "a, b > c, d", where a and b hint at c and d.
func (x *lexicon) addGroup(line string) {
	left, right, oneWay := strings.Cut(line, ">")
	from := x.phrases(left)
	to, into := from, x.same
	if oneWay {
		to, into = x.phrases(right), x.hints
	}
	for _, f := range from {
		for _, t := range to {
			if f != t {
				into[f] = append(into[f], t)
			}
		}
	}
}

func (x *lexicon) phrases(list string) []string {
	var out []string
	for p := range strings.SplitSeq(list, ",") {
		words := x.split(p)
		for _, w := range words {
			x.words = append(x.words, w.folded)
		}
		out = append(out, stems(words))
	}
	return out
}

// knows reports whether a phrase has an entry.
func (x *lexicon) knows(phrase string) bool { return x.same[phrase] != nil || x.hints[phrase] != nil }

// token is one word, folded, and its stem, folded too.
type token struct{ folded, stem string }

func stems(list []token) string {
	s := make([]string, len(list))
	for i, t := range list {
		s[i] = t.stem
	}
	return strings.Join(s, " ")
}

// spellings are words that a split at every mark would tear apart.
//
//nolint:gochecknoglobals // a constant
var spellings = strings.NewReplacer("wi-fi", "wifi", "wi fi", "wifi", "'", "", "’", "", "´", "", "`", "")

// split returns the words of text.
func (x *lexicon) split(text string) []token {
	var list []token
	words := strings.FieldsFunc(spellings.Replace(strings.ToLower(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
	})
	for _, w := range words {
		if len(w) > maxWord {
			continue
		}
		t, ok := x.tokens[w]
		if !ok {
			t = token{folded: store.Fold(w), stem: x.stem(w)}
			if !x.learned {
				x.tokens[strings.Clone(w)] = t
			}
		}
		list = append(list, t)
	}
	return list
}

// maxWord is how long a word can be, in bytes; more is no word.
const maxWord = 60

// stem folds after it has cut the ending: the stemmer knows letters as they are written.
func (x *lexicon) stem(w string) string {
	if x.lang == guides.Swedish {
		s := store.Fold(swedish.Stem(w, true))
		// The stemmer makes "fonst" of fönster and "fonstr" of fönstret.
		if strings.HasSuffix(s, "tr") || strings.HasSuffix(s, "dr") {
			s = s[:len(s)-1]
		}
		return s
	}
	return store.Fold(english.Stem(w, true))
}

// empty reports whether a word says nothing about what is broken.
func (x *lexicon) empty(t token) bool {
	return x.stop[t.folded] || utf8.RuneCountInString(t.folded) < 2
}
