package assist

import (
	"strings"

	"liveassist/assist/guides"
)

// detect returns the language of a text by its own words; ok is false where they do not
// decide.
func detect(text string, finders map[guides.Lang]*finder) (lang guides.Lang, ok bool) {
	score := map[guides.Lang]int{}
	for lang, f := range finders {
		for _, t := range f.split(text) {
			if f.stop[t.folded] {
				score[lang] += 2
			}
			if f.speller.stems[t.stem] || f.knows(t.stem) {
				score[lang]++
			}
		}
	}
	if strings.ContainsAny(strings.ToLower(text), "åäö") {
		score[guides.Swedish] += 3
	}
	switch en, sv := score[guides.English], score[guides.Swedish]; {
	case sv > en:
		return guides.Swedish, true
	case en > sv:
		return guides.English, true
	}
	return guides.English, false
}
