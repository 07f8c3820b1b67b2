package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

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

// TestDB_Search_Folds: in whatever way a word is written, a search for it finds it.
func TestDB_Search_Folds(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, clientID(1), "ÅSA köpte Cre\u0300me brûlée: 漢字テスト 한국어 🔧42kg (x²) \u1e9eTRASSE İstanbul ٣٤ don't")
	for _, state := range []string{"not indexed", "indexed"} {
		for _, c := range []struct {
			queries string
			want    int
		}{
			{"åsa|Asa|A\u030aSA|ås|KÖPTE|kopte|ko\u0308pt|crème|CREME BRULEE|bru\u0302|漢字|漢字テスト|한국어|한국|하|٣٤|42kg|42|x²|ßtrasse|istan|İST|DON|t", 1},
			{"å|X|٣|sa|ø|op|字|국|kg|2|strasse|34|🔧|dont|asax", 0}, // one letter begins no longer word
		} {
			for query := range strings.SplitSeq(c.queries, "|") {
				if got := len(s.mustFind(user, query)); got != c.want {
					t.Errorf("%s: %q found %d, want %d", state, query, got, c.want)
				}
			}
		}
		s.mustIndex()
	}
}

// TestFold_Unicode61 holds the folding against SQLite's own, which an earlier index was
// made with: Latin letters come out the same. (Of Greek and Cyrillic ones it kept the diacritics,
// which a question had not, so that their words were lost as soon as they were indexed.)
func TestFold_Unicode61(t *testing.T) {
	s := mustOpen(t)
	err := s.Write(t.Context(), "fold", func(tx *Tx) error {
		if _, err := tx.Exec(`CREATE VIRTUAL TABLE temp.letters USING fts5 (letter, tokenize = 'unicode61 remove_diacritics 2')`); err != nil {
			return err
		}
		if _, err := tx.Exec(`CREATE VIRTUAL TABLE temp.folded USING fts5vocab (temp, letters, instance)`); err != nil {
			return err
		}
		for r := rune('0'); r <= 0x1eff; r++ {
			if unicode.IsLetter(r) && unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) {
				if _, err := tx.Exec(`INSERT INTO temp.letters (rowid, letter) VALUES (?, ?)`, r, "x"+string(r)); err != nil {
					return err
				}
			}
		}
		rows, err := tx.Query(`SELECT doc, term FROM temp.folded`)
		if err != nil {
			return err
		}
		n := 0
		_, err = collect(rows, func(r scanner) (any, error) {
			var letter rune
			var term string
			if err := r.Scan(&letter, &term); err != nil {
				return nil, err
			}
			n++
			if strings.ContainsRune("ſẛǠǡǢǣǮǯǼǽǾǿ", letter) {
				return nil, nil // it leaves these alone, by accident
			}
			if got := Fold("x" + string(letter)); got != term {
				t.Errorf("%U %c: folded to %q, unicode61 has %q", letter, letter, got, term)
			}
			return nil, nil
		})
		if n < 1000 {
			t.Errorf("looked at %d letters", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFold_Letters: a folded letter stays as it is when it is folded again, and is one word
// to the index, whose tokenizer knows ASCII alone.
func TestFold_Letters(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		folded := Fold(string(r))
		if folded == "" || Fold(folded) != folded {
			t.Errorf("%U: folded to %q, and that to %q", r, folded, Fold(folded))
		}
		for _, f := range folded {
			if !unicode.IsLetter(f) && !unicode.IsNumber(f) && !unicode.Is(unicode.M, f) {
				t.Errorf("%U: folded to %q, which is more than a word", r, folded)
			}
		}
	}
}

// alphabet has what could fall apart, or together, on its way through the index.
var alphabet = []rune("aAbB zZåÅäÄöÖéßẞıİσςΣ" + "\u0301\u0308\u030a\u0345\u200d" + "🔧👩漢字カ한하ก็ा" + " -_.,:;'\"*()^+{}\\/\x00\n" + "0189٣½²")

// TestDB_Search_Agrees: the index finds what a look through the texts finds, whatever they
// and the question are made of.
func TestDB_Search_Agrees(t *testing.T) {
	s := mustOpen(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		user, session := s.mustTalk(fmt.Sprintf("%d@example.com", n))
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 30, -1), 1, 6).Draw(rt, "texts")
		queries := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 6, -1), 1, 4).Draw(rt, "queries")
		for i, text := range texts {
			s.mustSay(user, session, clientID(i), text)
			// A part of what is there, written another way.
			part := []rune(text)
			from := rapid.IntRange(0, len(part)-1).Draw(rt, "from")
			to := rapid.IntRange(from, len(part)).Draw(rt, "to")
			queries = append(queries, string(part[from:to]), strings.ToUpper(string(part[from:to])), norm.NFD.String(string(part[from:])), norm.NFC.String(text))
		}
		before := make([][]string, len(queries))
		for i, q := range queries {
			before[i] = s.mustFind(user, q)
		}
		s.mustIndex()
		for i, q := range queries {
			if after := s.mustFind(user, q); !slices.Equal(before[i], after) {
				rt.Errorf("%q: %q before the index, %q after", q, before[i], after)
			}
		}
	})
}

// TestDB_Search_Flat: the lists that a search reads hold the person's own messages alone,
// however many others say the same. Its work is their length.
func TestDB_Search_Flat(t *testing.T) {
	s := mustOpen(t)
	const own, others = 5, 40
	user, session := s.mustTalk("a@example.com")
	for i := range own {
		s.mustSay(user, session, clientID(i), "the kitchen tap")
	}
	for i := range 5 {
		other, theirs := s.mustTalk(fmt.Sprintf("b%d@example.com", i))
		for j := range others {
			s.mustSay(other, theirs, clientID(j), "the kitchen tap")
		}
	}
	s.mustIndex()
	s.vocabulary(func(tx *Tx) error {
		for _, begin := range []string{"the", "ki", "tap"} {
			var read, all int64
			key := ownerKey(user)
			err := tx.QueryRow(`SELECT COALESCE(SUM(doc) FILTER (WHERE term >= ?1 AND term < ?1 || '~'), 0), SUM(doc) FROM temp.vocabulary`, key+begin).Scan(&read, &all)
			if err != nil {
				return err
			}
			if read != own || all != 3*(own+5*others) {
				t.Errorf("%s*: a search goes through %d of %d places, want %d of %d", begin, read, all, own, 3*(own+5*others))
			}
			if want := `"` + key + begin + `"*`; matchOf(user, parseQuery(begin)) != want {
				t.Errorf("the question is %s, want %s", matchOf(user, parseQuery(begin)), want)
			}
		}
		return nil
	})
	if got := len(s.mustFind(user, "the kitchen tap")); got != own {
		t.Errorf("found %d, want %d", got, own)
	}
}

// vocabulary lets f look at the terms of the index (temp.vocabulary: term, doc, cnt).
func (s *testStore) vocabulary(f func(*Tx) error) {
	s.tb.Helper()
	err := s.Write(s.tb.Context(), "look at the index", func(tx *Tx) error {
		if _, err := tx.Exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, message_words, row)`); err != nil {
			return err
		}
		return f(tx)
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}

// TestDB_MergeIndex: many small pieces become few, and nothing is lost on the way.
func TestDB_MergeIndex(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	const n = 42
	for i := range n {
		s.mustSay(user, session, clientID(i), "the tap "+strconv.Itoa(i))
		if added, err := s.IndexMessages(t.Context(), 10); added != 1 || err != nil {
			t.Fatalf("index: %d, %v", added, err)
		}
		for more := true; more; {
			var err error
			if more, err = s.MergeIndex(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if pieces := s.mustInt(`SELECT COUNT(DISTINCT segid) FROM message_words_idx`); pieces < 1 || pieces > 6 {
		t.Errorf("%d pieces, want a few", pieces)
	}
	for i := range n {
		if got := len(s.mustFind(user, "tap "+strconv.Itoa(i))); got < 1 {
			t.Errorf("message %d is lost", i)
		}
	}
}

// TestMigrate_Search: an index of before, by words alone, is made anew, and meanwhile
// everything is found.
func TestMigrate_Search(t *testing.T) {
	s := &testStore{tb: t, dir: t.TempDir(), clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustOlder(writerPragmas, 6, append(slices.Clone(history[1]),
		`INSERT INTO message_words (rowid, owner, text) SELECT seq, 'uu', text FROM liveassist_messages`,
		`UPDATE message_words_state SET upto = (SELECT MAX(seq) FROM liveassist_messages)`)...)
	s.mustReopen()
	defer s.mustClose()
	for _, state := range []string{"not indexed", "indexed"} {
		if got := s.mustFind("u", "tap dri"); !slices.Equal(got, []string{"tap|drips"}) {
			t.Errorf("%s: found %q", state, got)
		}
		s.mustIndex()
	}
	if n := s.mustInt(`SELECT upto FROM message_words_state`); n != 1 {
		t.Errorf("indexed up to %d, want 1", n)
	}
	s.mustExec(`DELETE FROM liveassist_messages`)
	s.mustSay("u", "s", clientID(1), "another one")
	s.mustIndex()
	if got := s.mustFind("u", "tap"); len(got) != 0 {
		t.Errorf("the deleted message's words stick to the next one's number: %q", got)
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
