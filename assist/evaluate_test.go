package assist

import (
	"bufio"
	"fmt"
	"os"
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
	defer file.Close()
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
