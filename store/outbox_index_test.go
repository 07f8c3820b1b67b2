package store

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"liveassist/domain"
)

// eventsOf returns what EventsAfter tells of a person's events, page by page.
func (s *testStore) eventsOf(user domain.UserID, after int64, page int) []string {
	s.tb.Helper()
	var list []string
	for {
		events, err := s.EventsAfter(s.tb.Context(), user, after, page)
		if err != nil {
			s.tb.Fatal(err)
		}
		for _, e := range events {
			list = append(list, fmt.Sprintf("%d %s", e.Seq, e.Data))
			after = e.Seq
		}
		if len(events) < page {
			return list
		}
	}
}

// TestDB_EventsAfter_Index: a person's events are the same whether the job has entered all
// rows of the outbox, some or none, and pages end and begin anywhere.
func TestDB_EventsAfter_Index(t *testing.T) {
	s := mustOpen(t)
	s.index.close() // the test says when
	var want []string
	var seqs []int64
	for i := range 60 {
		user := domain.UserID([]string{"a", "b", "b", "c"}[i%4])
		err := s.Write(t.Context(), "say", func(tx *Tx) error {
			tx.Changed(user) // a row without an event is nobody's
			return tx.Announce(user, "said", i)
		})
		if err != nil {
			t.Fatal(err)
		}
		seq := s.mustInt(`SELECT MAX(seq) FROM outbox`)
		seqs = append(seqs, seq)
		if user == "b" {
			want = append(want, fmt.Sprintf("%d %d", seq, i))
		}
	}
	for _, entered := range []int{0, 1, 7, 40, 1000} {
		for n := 0; n < entered; {
			k, err := s.indexOutbox(t.Context(), min(5, entered-n))
			if err != nil {
				t.Fatal(err)
			}
			if n += k; k == 0 {
				break
			}
		}
		for _, page := range []int{1, 3, 1000} {
			if got := s.eventsOf("b", 0, page); !slices.Equal(got, want) {
				t.Errorf("up to %d, pages of %d:\n%v, want\n%v", s.mustInt(`SELECT upto FROM outbox_state`), page, got, want)
			}
		}
		if got := s.eventsOf("b", seqs[29], 4); !slices.Equal(got, want[15:]) {
			t.Errorf("after the middle: %v, want %v", got, want[15:])
		}
	}
	if left := s.mustInt(`SELECT (SELECT MAX(seq) FROM outbox) - upto FROM outbox_state`); left != 0 {
		t.Errorf("%d rows are not entered at the end", left)
	}
	if n, all := s.mustInt(`SELECT COUNT(*) FROM outbox_people`), s.mustInt(`SELECT COUNT(*) FROM outbox WHERE event <> ''`); n != all {
		t.Errorf("%d entries for %d events", n, all)
	}
}

// TestDB_OutboxIndex_Follows: what is blanked or pruned leaves no entry behind, entered or not.
func TestDB_OutboxIndex_Follows(t *testing.T) {
	s := mustOpen(t)
	s.index.close()
	for _, enter := range []bool{true, false} {
		for _, user := range []domain.UserID{"a", "b"} {
			if err := s.Write(t.Context(), "say", func(tx *Tx) error { return tx.Announce(user, "said", user) }); err != nil {
				t.Fatal(err)
			}
		}
		if enter {
			if _, err := s.indexOutbox(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Write(t.Context(), "blank", func(tx *Tx) error { _, err := blankSomeEvents(tx, "a"); return err }); err != nil {
		t.Fatal(err)
	}
	if got := s.eventsOf("a", 0, 10); len(got) != 0 {
		t.Errorf("blanked and still told: %v", got)
	}
	if got := s.eventsOf("b", 0, 10); len(got) != 2 {
		t.Errorf("of another: %v, want 2", got)
	}
	if _, err := s.PruneOutbox(t.Context(), s.options().Clock().Add(time.Hour), 100); err != nil {
		t.Fatal(err)
	}
	if n, rows := s.mustInt(`SELECT COUNT(*) FROM outbox_people`), s.mustInt(`SELECT COUNT(*) FROM outbox`); n != 0 || rows != 1 {
		t.Errorf("%d entries and %d rows after pruning, want 0 and 1", n, rows)
	}
}

// TestDB_OutboxIndex_Job: the job enters what was written, at the latest after indexLate, also
// what an earlier run of the program left.
func TestDB_OutboxIndex_Job(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		s.mustUser("a@example.com")
		s.mustClose()
		s.mustReopen()
		if left := s.mustInt(`SELECT (SELECT MAX(seq) FROM outbox) - upto FROM outbox_state`); left == 0 {
			t.Fatal("nothing waits, the test would show nothing")
		}
		time.Sleep(indexLate + indexEvery)
		synctest.Wait()
		if left := s.mustInt(`SELECT (SELECT MAX(seq) FROM outbox) - upto FROM outbox_state`); left != 0 {
			t.Errorf("%d rows are not entered after %v", left, indexLate)
		}
	})
}
