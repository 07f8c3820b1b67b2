package mirror

import (
	"strings"
	"testing"

	"liveassist/domain"
)

func TestCursor_distrust(t *testing.T) {
	good := cursor{ID: cursorID, Database: "a", State: stateFollowing, Seq: 10, Entry: "users/1"}
	same := history{identity: "a", oldest: 5, newest: 12, entry: "users/1", known: true}
	tests := map[string]struct {
		cursor  func(*cursor)
		history func(*history)
		want    string // part of the reason; empty: the cursor is trusted
	}{
		"Good":        {},
		"Level":       {history: func(h *history) { h.newest = 10 }},
		"NextIsThere": {history: func(h *history) { h.oldest, h.known, h.entry = 11, false, "" }},
		"EmptyOutbox": {cursor: func(c *cursor) { c.Seq, c.Entry = 0, "" }, history: func(h *history) { *h = history{identity: "a"} }},
		"None":        {cursor: func(c *cursor) { *c = cursor{} }, want: "no cursor"},
		"Foreign":     {history: func(h *history) { h.identity = "b" }, want: "another database"},
		"Copying":     {cursor: func(c *cursor) { c.State = stateCopying }, want: "did not finish"},
		"Beyond":      {history: func(h *history) { h.newest = 9 }, want: "restored"},
		"TooOld":      {history: func(h *history) { h.oldest = 12 }, want: "no longer has"},
		"OtherPast":   {history: func(h *history) { h.entry = "users/2" }, want: "another history"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, h := good, same
			if tt.cursor != nil {
				tt.cursor(&c)
			}
			if tt.history != nil {
				tt.history(&h)
			}
			got := c.distrust(h)
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestEntry_sign: an entry of another time has another sign, and so has one that names other
// documents.
func TestEntry_sign(t *testing.T) {
	docs := func(id string) []domain.DocRef {
		return []domain.DocRef{{Collection: "a", ID: id}, {Collection: "b", ID: "2"}}
	}
	e := Entry{Seq: 7, Docs: docs("1"), At: 1000}
	for name, other := range map[string]Entry{
		"later":             {Seq: 7, Docs: docs("1"), At: 1001},
		"another document":  {Seq: 7, Docs: docs("3"), At: 1000},
		"without documents": {Seq: 7, At: 1000},
	} {
		if e.sign() == other.sign() {
			t.Errorf("%s: the same sign %q", name, e.sign())
		}
	}
	if same := (Entry{Seq: 7, Docs: docs("1"), At: 1000}); same.sign() != e.sign() {
		t.Errorf("%q and %q for the same entry", same.sign(), e.sign())
	}
}
