package store

import (
	"fmt"
	"testing"
)

// TestDB_PurgeIndex: of a deleted message not a word stays in the file's tables.
func TestDB_PurgeIndex(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	other, theirs := s.mustTalk("b@example.com")
	const stay = 100
	for i := range stay {
		s.mustSay(other, theirs, clientID(i), fmt.Sprint("the tap drips ", i))
		if i == 10 {
			s.mustSay(user, session, clientID(i), "my xylophone")
		}
	}
	if _, err := s.IndexMessages(t.Context(), 2*stay); err != nil {
		t.Fatal(err)
	}
	kept := func() int64 {
		return s.mustInt(`SELECT COUNT(*) FROM message_words_data WHERE instr(block, CAST('xylophone' AS BLOB)) > 0`)
	}
	if kept() == 0 {
		t.Fatal("the word is nowhere: this test looks in the wrong place")
	}
	s.mustExec(`DELETE FROM liveassist_messages WHERE user_id = ?`, string(user))
	merge := func() {
		for more := true; more; {
			var err error
			if more, err = s.MergeIndex(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	merge()
	if kept() == 0 {
		t.Error("the word has gone by itself: is a purge needed?")
	}
	if begun, err := s.PurgeIndex(t.Context()); err != nil || !begun {
		t.Fatalf("purge: %v, %v, want that it begins", begun, err)
	}
	merge()
	if n := kept(); n != 0 {
		t.Errorf("%d blocks still hold the word", n)
	}
	if begun, err := s.PurgeIndex(t.Context()); err != nil || begun {
		t.Errorf("once more: %v, %v, want nothing to do", begun, err)
	}
	if got := len(s.mustFind(other, "tap")); got != MaxFound {
		t.Errorf("the neighbour finds %d, want %d", got, MaxFound)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM message_words_docsize`); n != stay {
		t.Errorf("%d messages are in the index, want %d", n, stay)
	}
}
