package assist

import (
	"fmt"
	"strings"

	"liveassist/assist/guides"
)

// intent is what somebody wants besides describing a problem.
type intent string

const (
	intentNone         intent = ""
	intentGreet        intent = "greet"
	intentThanks       intent = "thanks"
	intentBye          intent = "bye"
	intentWorked       intent = "worked"
	intentPerson       intent = "person"
	intentNext         intent = "next"
	intentBack         intent = "back"
	intentTools        intent = "tools"
	intentSafety       intent = "safety"
	intentProfessional intent = "professional"
	dangerGas          intent = "danger_gas"
	dangerFire         intent = "danger_fire"
	dangerShock        intent = "danger_shock"
)

// danger reports whether somebody must be warned before anything else.
func (i intent) danger() bool { return strings.HasPrefix(string(i), "danger_") }

// aboutGuide reports whether an intent has a sense only while a guide is talked about.
func (i intent) aboutGuide() bool {
	switch i {
	case intentWorked, intentNext, intentBack, intentTools, intentSafety, intentProfessional:
		return true
	default:
		return false
	}
}

// intents are the phrases of a language, folded, and what they mean.
type intents map[string]intent

func loadIntents(x *lexicon, lang guides.Lang) (intents, error) {
	text, err := lexicons.ReadFile("lexicon/" + string(lang) + ".intents")
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	list := intents{}
	for line := range lines(string(text)) {
		name, phrases, _ := strings.Cut(line, ":")
		for p := range strings.SplitSeq(phrases, ",") {
			list[written(x.split(p))] = intent(name)
		}
	}
	return list, nil
}

// maxIntent is how many words a phrase of an intent has at the most.
const maxIntent = 6

// meaning is what a message says besides its problem.
type meaning struct {
	intent intent
	danger intent // or none
	rest   int    // words with a sense that belong to no phrase
	words  int
}

// understand reads the intents in a message: of several the longest phrase counts, a wish
// for a person before all others.
func (f *finder) understand(text string) meaning {
	tokens := f.split(text)
	m := meaning{words: len(tokens)}
	longest := 0
	for i := 0; i < len(tokens); {
		n := min(maxIntent, len(tokens)-i)
		for ; n > 0; n-- {
			if _, ok := f.intents[written(tokens[i:i+n])]; ok {
				break
			}
		}
		if n == 0 {
			if !f.empty(tokens[i]) {
				m.rest++
			}
			i++
			continue
		}
		switch in := f.intents[written(tokens[i:i+n])]; {
		case in.danger():
			m.danger = in
			m.rest += n
		case in == intentPerson, n > longest && m.intent != intentPerson, n == longest && m.intent == intentGreet:
			m.intent, longest = in, n
		}
		i += n
	}
	return m
}

// written is a phrase as it is written, folded.
func written(list []token) string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = t.folded
	}
	return strings.Join(words, " ")
}
