package guides

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"liveassist/domain"
)

func mustLoad(tb testing.TB) *Library {
	tb.Helper()
	l, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// TestGuides_Form holds every guide to the form that pages and answers rely on.
func TestGuides_Form(t *testing.T) {
	l := mustLoad(t)
	categories := []string{"plumbing", "appliances", "electrical", "heating", "doors-windows", "walls-floors", "outdoor", "devices"}
	between := func(g Guide, what string, n, least, most int) {
		t.Helper()
		if n < least || n > most {
			t.Errorf("%s/%s: %d %s, want %d to %d", g.Lang, g.Slug, n, what, least, most)
		}
	}
	for _, lang := range []Lang{English, Swedish} {
		if n := len(l.All(lang)); n < 40 {
			t.Errorf("%d guides in %s, want at least 40", n, lang)
		}
		for _, g := range l.All(lang) {
			between(g, "steps", len(g.Steps), 5, 9)
			between(g, "characters of summary", utf8.RuneCountInString(g.Summary.Summary), 20, 140)
			between(g, "characters of title", utf8.RuneCountInString(g.Title), 5, 60)
			between(g, "tags", len(g.Tags), 6, 12)
			between(g, "symptoms", len(g.Symptoms), 4, 7)
			between(g, "tools", len(g.Tools), 1, 12)
			between(g, "minutes", g.Minutes, 1, 480)
			if !slices.Contains(categories, g.Category) {
				t.Errorf("%s/%s: category %q", g.Lang, g.Slug, g.Category)
			}
			if !slices.Contains([]string{"easy", "medium", "hard"}, g.Difficulty) {
				t.Errorf("%s/%s: difficulty %q", g.Lang, g.Slug, g.Difficulty)
			}
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(g.Slug) {
				t.Errorf("%s/%s: slug", g.Lang, g.Slug)
			}
			checkTexts(t, g)
		}
	}
}

// checkTexts: no part is empty, doubled or more than bold and lists.
func checkTexts(t *testing.T, g Guide) {
	t.Helper()
	texts := map[string]string{"safety": g.Safety, "next": g.Next, "professional": g.Professional}
	for _, s := range g.Steps {
		if s.Title == "" || texts[s.Title] != "" {
			t.Errorf("%s/%s: step %q is empty or doubled", g.Lang, g.Slug, s.Title)
		}
		texts[s.Title] = s.Text
	}
	for name, text := range texts {
		if utf8.RuneCountInString(text) < 20 || strings.ContainsAny(text, "<>`#|") || strings.Contains(text, "](") || strings.Count(text, "**")%2 != 0 {
			t.Errorf("%s/%s: text of %q: %q", g.Lang, g.Slug, name, text)
		}
	}
	if !strings.HasPrefix(g.Next, "- ") {
		t.Errorf("%s/%s: what to check next is no list: %q", g.Lang, g.Slug, g.Next)
	}
	for _, list := range [][]string{g.Tags, g.Symptoms, g.Tools} {
		seen := map[string]bool{}
		for _, entry := range list {
			if key := strings.ToLower(entry); strings.TrimSpace(entry) == "" || seen[key] {
				t.Errorf("%s/%s: %q is empty or doubled", g.Lang, g.Slug, entry)
			} else {
				seen[key] = true
			}
		}
	}
}

// TestGuides_Languages: every guide exists in both languages, and they agree in what does
// not depend on the language.
func TestGuides_Languages(t *testing.T) {
	l := mustLoad(t)
	if en, sv := len(l.All(English)), len(l.All(Swedish)); en != sv {
		t.Errorf("%d guides in English, %d in Swedish", en, sv)
	}
	titles := map[string]string{}
	for _, en := range l.All(English) {
		sv, err := l.Get(Swedish, en.Slug)
		if err != nil {
			t.Errorf("%s is not there in Swedish", en.Slug)
			continue
		}
		if en.Category != sv.Category || en.Minutes != sv.Minutes || en.Difficulty != sv.Difficulty || len(en.Steps) != len(sv.Steps) {
			t.Errorf("%s: %s, %d min, %s, %d steps in English; %s, %d min, %s, %d steps in Swedish", en.Slug,
				en.Category, en.Minutes, en.Difficulty, len(en.Steps), sv.Category, sv.Minutes, sv.Difficulty, len(sv.Steps))
		}
		for _, title := range []string{en.Title, sv.Title} {
			if titles[title] != "" {
				t.Errorf("%s and %s have the same title %q", titles[title], en.Slug, title)
			}
			titles[title] = en.Slug
		}
	}
}

func TestLibrary_Get(t *testing.T) {
	l := mustLoad(t)
	if g, err := l.Get(Swedish, "blocked-sink"); err != nil || g.Title != "Stopp i vasken" || g.Lang != Swedish {
		t.Errorf("got %q, %v", g.Title, err)
	}
	for _, slug := range []string{"", "no-such-guide", "../en/blocked-sink", "zzz"} {
		if _, err := l.Get(English, slug); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%q: %v, want not found", slug, err)
		}
	}
	if got := l.List(English); len(got) != len(l.All(English)) || got[0].Slug > got[1].Slug {
		t.Errorf("list of %d, first %s", len(got), got[0].Slug)
	}
	for name, want := range map[string]Lang{"sv": Swedish, "en": English, "": English, "de": English} {
		if got := ParseLang(name); got != want {
			t.Errorf("language %q is %s, want %s", name, got, want)
		}
	}
}

// TestParse_Refuses: a file in another form is an error that says why.
func TestParse_Refuses(t *testing.T) {
	const front = "---\ntitle: T\n---\n"
	const good = front + "## Safety\na\n## Steps\n1. **A.** b\n2. **C** d\n## What to check next\n- e\n## When to call a professional\nf\n"
	g, err := parse([]byte(good))
	if err != nil || len(g.Steps) != 2 || g.Steps[0] != (Step{"A", "b"}) || g.Steps[1] != (Step{"C", "d"}) || g.Next != "- e" || g.Professional != "f" {
		t.Fatalf("%+v, %v", g, err)
	}
	for name, text := range map[string]string{
		"empty": "", "no front": "## Safety\n", "unknown field": strings.Replace(good, "title", "titel", 1),
		"section missing": strings.Replace(good, "## Safety\na\n", "", 1), "section renamed": strings.Replace(good, "Safety", "Danger", 1),
		"steps without numbers": strings.Replace(good, "1. **A.**", "**A.**", 1), "no steps": strings.Replace(good, "1. **A.** b\n2. **C** d\n", "none\n", 1),
	} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
