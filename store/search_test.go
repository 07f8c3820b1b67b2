package store

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"liveassist/domain"
)

// mustFind returns the texts' marked parts of each found message, newest first.
func (s *testStore) mustFind(user domain.UserID, query string) []string {
	s.tb.Helper()
	found, err := s.Search(s.tb.Context(), user, query)
	if err != nil {
		s.tb.Fatalf("search %q: %v", query, err)
	}
	out := []string{}
	for _, f := range found {
		units := utf16.Encode([]rune(f.Snippet))
		var parts []string
		for _, m := range f.Matches {
			parts = append(parts, string(utf16.Decode(units[m[0]:m[1]])))
		}
		out = append(out, strings.Join(parts, "|"))
	}
	return out
}

func (s *testStore) mustIndex() {
	s.tb.Helper()
	for {
		n, err := s.IndexMessages(s.tb.Context(), 3)
		if err != nil {
			s.tb.Fatalf("index: %v", err)
		}
		if n < 3 {
			return
		}
	}
}

// TestDB_Search finds the same before the index holds the messages and after.
func TestDB_Search(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	other, theirs := s.mustTalk("b@example.com")
	for i, text := range []string{
		"The dishwasher leaks", "🔧🔧 DISHWASHER again", "Diskmaskinen läcker på GOLVET", "nothing of the sort", "u" + strings.ReplaceAll(string(other), "-", ""),
	} {
		s.mustSay(user, session, clientID(i), text)
	}
	s.mustSay(other, theirs, clientID(1), "my dishwasher leaks, u"+strings.ReplaceAll(string(user), "-", ""))
	check := func(state string) {
		for query, want := range map[string][]string{
			"dishwasher":            {"DISHWASHER", "dishwasher"},
			"dish":                  {"DISHWASHER", "dishwasher"},
			"leaks dishw":           {"dishwasher|leaks"},
			"LACKER":                {"läcker"},
			"läcker golv":           {"läcker|GOLVET"},
			"washer":                {},
			`"dish" OR* (leaks) -`:  {},
			`"dishwasher" (leaks)*`: {"dishwasher|leaks"},
			"":                      {},
			" ,.*\"'":               {},
			"owner : x":             {},
			"the":                   {"the", "The"},
		} {
			if got := s.mustFind(user, query); !slices.Equal(got, want) {
				t.Errorf("%s: search %q = %q, want %q", state, query, got, want)
			}
		}
		if got := s.mustFind(other, "leaks"); !slices.Equal(got, []string{"leaks"}) {
			t.Errorf("%s: another person finds %q, want the own message", state, got)
		}
	}
	check("not indexed")
	s.mustIndex()
	if got, want := s.mustInt(`SELECT upto FROM message_words_state`), int64(6); got != want {
		t.Fatalf("indexed up to %d, want %d", got, want)
	}
	check("indexed")
}

// TestDB_Search_Deleted: a deleted message is not found, nor does its word stick to the
// message that gets its number.
func TestDB_Search_Deleted(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	for i, text := range []string{"keep apple", "drop apple", "drop pear"} {
		s.mustSay(user, session, clientID(i), text)
	}
	s.mustIndex()
	s.mustExec(`DELETE FROM liveassist_messages WHERE text LIKE 'drop%'`)
	s.mustSay(user, session, clientID(7), "new plum")
	s.mustSay(user, session, clientID(8), "newer plum")
	for _, state := range []string{"not indexed", "indexed"} {
		for query, want := range map[string]int{"apple": 1, "pear": 0, "plum": 2, "drop": 0} {
			if got := len(s.mustFind(user, query)); got != want {
				t.Errorf("%s: %q found %d, want %d", state, query, got, want)
			}
		}
		s.mustIndex()
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("före ", 100) + "träffen här " + strings.Repeat("efter 🔧 ", 100)
	got, matches := snippet(long, parseQuery("traff har"))
	if len(got) > snippetLength+len("……") || !strings.HasPrefix(got, "…före ") || !strings.HasSuffix(got, "…") || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("snippet = %q", got)
	}
	units := utf16.Encode([]rune(got))
	if len(matches) != 2 || string(utf16.Decode(units[matches[0][0]:matches[0][1]])) != "träffen" || string(utf16.Decode(units[matches[1][0]:matches[1][1]])) != "här" {
		t.Errorf("matches = %v in %q", matches, got)
	}
}

// BenchmarkSearch searches 100,000 messages of one person, and as many of others.
func BenchmarkSearch(b *testing.B) {
	s := mustOpen(b)
	words := vocabulary()
	draw := rand.New(rand.NewPCG(1, 2))
	user, session := s.mustTalk("a@example.com")
	other, theirs := s.mustTalk("b@example.com")
	for batch := range 200 {
		err := s.Write(b.Context(), "fill", func(tx *Tx) error {
			for i := range 1000 {
				text := make([]string, 12)
				for j := range text {
					text[j] = words[int(draw.ExpFloat64()*300)%len(words)]
				}
				nm := NewMessage{User: user, Session: session, Role: domain.AuthorAssistant, Text: strings.Join(text, " ")}
				if i%2 == 0 {
					nm.User, nm.Session = other, theirs
				}
				if _, err := tx.addMessage(nm); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(batch, err)
		}
	}
	for {
		n, err := s.IndexMessages(b.Context(), 1000)
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	var times []time.Duration
	for b.Loop() {
		query := words[draw.IntN(len(words))]
		switch draw.IntN(4) {
		case 0:
			query += " " + words[draw.IntN(200)]
		case 1:
			query = query[:2+draw.IntN(2)]
		case 2:
			query = words[draw.IntN(5)]
		}
		start := time.Now()
		if _, err := s.Search(b.Context(), user, query); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
}

// vocabulary is 3,000 made-up words.
func vocabulary() []string {
	syllables := []string{"ka", "lo", "mi", "ren", "sto", "vä", "du", "pe", "tri", "har", "ny", "gol", "bes", "fu"}
	words := make([]string, 3000)
	for i := range words {
		n := i
		for range 2 + i%3 {
			words[i] += syllables[n%len(syllables)]
			n = n/len(syllables) + i
		}
		words[i] += strconv.Itoa(i % 7)
	}
	return words
}
