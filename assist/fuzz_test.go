package assist

import (
	"strings"
	"testing"

	"liveassist/assist/guides"
)

// Whatever a person writes, it is understood as something, and what it finds is of the guides.
func FuzzFinders(f *testing.F) {
	for _, s := range []string{"my tap drips", "kranen droppar och jag luktar gas", "I want to talk to a person", "", "\xff", "a\x00b", "\u202e", `"tap" AND NOT (`, "tap*^:", "１２３", strings.Repeat("drip ", 300), strings.Repeat("å", 9000)} {
		f.Add(s)
	}
	finders := testFinders()
	if err := finders.wait(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4*8000 {
			return // no message is longer
		}
		lang, _ := finders.Language(text)
		for _, l := range []guides.Lang{guides.English, guides.Swedish} {
			m := finders.byLang[l].understand(text)
			if m.danger != "" && phraseBook[l].danger[m.danger] == "" {
				t.Fatalf("%q is the danger %q, for which there are no words", text, m.danger)
			}
			hits, err := finders.Find(t.Context(), l, text, 3)
			if err != nil || len(hits) > 3 {
				t.Fatalf("%q: %d hits, %v", text, len(hits), err)
			}
			for _, h := range hits {
				if h.Guide.Slug == "" || h.Guide.Lang != l || h.Step < 1 || h.Step > len(h.Guide.Steps) {
					t.Fatalf("%q finds %+v", text, h)
				}
			}
		}
		if lang != "" && lang != guides.English && lang != guides.Swedish {
			t.Fatalf("%q is of the language %q", text, lang)
		}
	})
}
