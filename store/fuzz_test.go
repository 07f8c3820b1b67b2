package store

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"liveassist/domain"
)

// Whatever is looked for, the index understands the question, what is found is the asker's
// own, and the marks are within the snippet and in order.
func FuzzDB_Search(f *testing.F) {
	s := mustOpen(f)
	mine, other := s.mustUser("a@example.com"), s.mustUser("b@example.com")
	for _, u := range []domain.User{mine, other} {
		session := s.mustSession(u.ID)
		for _, text := range []string{"The tap drips near NEAR the sink", "Åsa says: \"a* OR b\" 100% of 5_0", "x'); DROP TABLE users; --", "\u1e9bolt 漢字 ١٢"} {
			s.mustSay(u.ID, session, "", text)
		}
	}
	if _, err := s.IndexMessages(f.Context(), 100); err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{"tap", "NEAR(tap sink)", `"a* OR b"`, "owner : u1", "^tap", "-tap", "a AND", "*", "%_", "\x00", "\xff", "Å", "e\u0301", "漢", strings.Repeat("a ", 100), strings.Repeat("(", 100)} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		for _, w := range parseQuery(q) {
			if strings.ContainsFunc(w.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) }) {
				t.Fatalf("word %q of %q is more than letters and digits", w.text, q)
			}
		}
		found, err := s.Search(t.Context(), mine.ID, q)
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		for _, m := range found {
			if _, err := s.MessageOf(t.Context(), mine.ID, m.ID); err != nil {
				t.Fatalf("%q finds another person's message: %v", q, err)
			}
			end, length := 0, len(utf16.Encode([]rune(m.Snippet)))
			for _, p := range m.Matches {
				if p[0] < end || p[1] <= p[0] || p[1] > length {
					t.Fatalf("%q: marks %v of %q", q, m.Matches, m.Snippet)
				}
				end = p[1]
			}
			if !utf8.ValidString(m.Snippet) {
				t.Fatalf("%q: snippet %q", q, m.Snippet)
			}
		}
	})
}

// Whatever an operator looks for among people, the answer is a list and not an error of SQL.
func FuzzDB_Users(f *testing.F) {
	s := mustOpen(f)
	s.mustUser("a@example.com")
	for _, q := range []string{"a@", "%", "_", "\\", "'", "cus_1", "sub_%", "\x00", "\xff", "A@EXAMPLE.COM"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		list, _, err := s.Users(t.Context(), q, UserKey{}, 10)
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		if len(list) > 1 {
			t.Fatalf("%q finds one person %d times", q, len(list))
		}
	})
}
