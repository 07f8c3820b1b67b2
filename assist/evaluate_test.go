package assist

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liveassist/assist/guides"
)

// question is an everyday description with the guide that should come first.
type question struct {
	lang guides.Lang
	slug string
	text string
}

func mustQuestions(tb testing.TB, path string) []question {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it is only read
	var list []question
	for sc := bufio.NewScanner(file); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "lang\t") {
			continue
		}
		parts := strings.SplitN(line, "\t", 3)
		if len(parts) != 3 {
			tb.Fatalf("%s: %q has not three columns", path, line)
		}
		list = append(list, question{guides.ParseLang(parts[0]), parts[1], parts[2]})
	}
	return list
}

// TestFinder_Find_Questions: the shares of questions whose guide comes first, and among
// the first three, may not fall, in no file and in neither language.
func TestFinder_Find_Questions(t *testing.T) {
	const floor1, floor3 = 0.80, 0.95
	files, err := filepath.Glob("testdata/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no questions: %v", err)
	}
	for _, path := range files {
		all := mustQuestions(t, path)
		for _, lang := range []guides.Lang{guides.English, guides.Swedish} {
			list := slices.DeleteFunc(slices.Clone(all), func(q question) bool { return q.lang != lang })
			if len(list) == 0 {
				continue
			}
			at1, at3 := evaluate(t, testFinders(), list)
			t.Logf("%s, %s: %d questions, %.0f %% first, %.0f %% among three", path, lang, len(list), 100*at1, 100*at3)
			if at1 < floor1 || at3 < floor3 {
				t.Errorf("%s, %s: %.3f first and %.3f among three, want %.2f and %.2f", path, lang, at1, at3, floor1, floor3)
			}
		}
	}
}

// TestQuestions_Slugs: a question names a guide that exists.
func TestQuestions_Slugs(t *testing.T) {
	library, err := guides.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range allQuestions(t) {
		if _, err := library.Get(q.lang, q.slug); err != nil {
			t.Errorf("%q: no guide %s", q.text, q.slug)
		}
	}
}

// TestFinder_Find_NothingOfOurs: what no guide is about leads to none with certainty.
func TestFinder_Find_NothingOfOurs(t *testing.T) {
	sure := 0
	for _, text := range strangers {
		lang, _ := testFinders().Language(text)
		hits, err := testFinders().Find(t.Context(), lang, text, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) > 0 && hits[0].sure() {
			sure++
			t.Logf("%q: %s %.1f/%.2f", text, hits[0].Guide.Slug, hits[0].Score, hits[0].Cover)
		}
	}
	if limit := len(strangers) / 10; sure > limit {
		t.Errorf("%d of %d are taken for a guide's, want at most %d", sure, len(strangers), limit)
	}
}

// strangers are questions that no guide is about.
var strangers = []string{
	"how do I bake sourdough bread", "what is the capital of france", "my car makes a strange sound when I brake", "my dog is sick",
	"can you write a poem about love", "how much does premium cost", "I forgot my password", "my laptop screen is cracked",
	"who won the football game yesterday", "how do I file my taxes", "the phone battery drains fast", "recommend a good restaurant",
	"my roof tiles blew off in the storm", "the elevator is stuck", "what is the weather tomorrow", "translate this to german",
	"hur bakar jag en kladdkaka", "vad heter sveriges huvudstad", "min katt har ont i tassen", "bilen startar inte när det är kallt",
	"hur säger jag upp min prenumeration", "vem vann matchen igår", "kan du skriva en dikt", "min mobil har sprucken skärm",
	"hur mycket kostar premium", "jag har ont i ryggen", "skorstenen ryker in", "hissen har stannat", "vilken tid går bussen", "jag vill sälja min lägenhet",
}

// allQuestions are those of every file in testdata: those that were used to choose figures,
// and those that were kept out of sight.
func allQuestions(tb testing.TB) []question {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.tsv")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no questions: %v", err)
	}
	var list []question
	for _, f := range files {
		list = append(list, mustQuestions(tb, f)...)
	}
	return list
}

// evaluate returns the shares of questions whose guide comes first, and among the first three.
func evaluate(tb testing.TB, f *Finders, list []question) (at1, at3 float64) {
	tb.Helper()
	for _, q := range list {
		lang, ok := f.Language(q.text)
		if !ok {
			lang = q.lang
		}
		hits, err := f.Find(tb.Context(), lang, q.text, 3)
		if err != nil {
			tb.Fatal(err)
		}
		place := -1
		var got []string
		for i, h := range hits {
			got = append(got, fmt.Sprintf("%s %.1f/%.2f", h.Guide.Slug, h.Score, h.Cover))
			if h.Guide.Slug == q.slug {
				place = i
			}
		}
		if place == 0 {
			at1++
		}
		if place >= 0 {
			at3++
		}
		if place != 0 || lang != q.lang {
			tb.Logf("%d %s/%s %s %q\n\t%s", place, q.lang, lang, q.slug, q.text, strings.Join(got, ", "))
		}
	}
	n := float64(len(list))
	return at1 / n, at3 / n
}
