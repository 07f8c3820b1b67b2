package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

// TestOutbox_Load: under a load in which a part fails, what was announced is exactly what
// the outbox holds, in its order.
func TestOutbox_Load(t *testing.T) {
	s := mustOpen(t)
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := range 25 {
				fn := note(fmt.Sprintf("%d/%d", w, i))
				if i%5 == 0 {
					fn = func(tx *Tx) error { return errors.Join(note("never")(tx), errors.New("no")) }
				}
				if err := s.Write(context.Background(), "load", fn); (err != nil) != (i%5 == 0) {
					t.Errorf("write %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	s.mustClose()
	s.mustReopen()
	s.assertAnnounced()
	if got, want := len(s.announced), 16*20; got != want {
		t.Errorf("announced %d, want %d", got, want)
	}
}

// TestOutbox_Numbers only grow: also when the newest entries are the only ones left, across
// restarts, and after a write that failed.
func TestOutbox_Numbers(t *testing.T) {
	s := mustOpen(t)
	if n, err := s.NewestSeq(t.Context()); n != 0 || err != nil {
		t.Errorf("newest = %d, %v, want 0", n, err)
	}
	if n, err := s.OldestSeq(t.Context()); n != 0 || err != nil {
		t.Errorf("oldest = %d, %v, want 0", n, err)
	}
	last := int64(0)
	for i := range 20 {
		if err := s.Write(t.Context(), "note", note(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
		newest, err := s.NewestSeq(t.Context())
		if err != nil || newest <= last {
			t.Fatalf("number %d after %d, %v", newest, last, err)
		}
		last = newest
		s.clock.Add(time.Hour)
		switch i % 3 {
		case 0:
			if _, err := s.PruneOutbox(t.Context(), s.clock.Now(), 1000); err != nil {
				t.Fatal(err)
			}
			if oldest, err := s.OldestSeq(t.Context()); err != nil || oldest != newest {
				t.Errorf("oldest = %d, %v, want the newest %d: it stays", oldest, err, newest)
			}
		case 1:
			s.mustClose()
			s.mustReopen()
		case 2:
			_ = s.Write(t.Context(), "fail", func(tx *Tx) error { return errors.Join(note("x")(tx), errors.New("no")) })
		}
	}
}

// TestDB_PruneOutbox deletes the old ones in portions, oldest first, and no young ones.
func TestDB_PruneOutbox(t *testing.T) {
	s := mustOpen(t)
	for i := range 10 {
		if err := s.Write(t.Context(), "note", note(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(time.Hour)
	}
	left := func() (seqs []int64) {
		entries, err := s.EntriesAfter(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			seqs = append(seqs, e.Seq)
		}
		return seqs
	}
	before := testStart.Add(5 * time.Hour) // entries 1 to 5 are older
	for _, c := range []struct {
		limit int
		n     int64
		left  []int64
	}{{2, 2, []int64{3, 4, 5, 6, 7, 8, 9, 10}}, {2, 2, []int64{5, 6, 7, 8, 9, 10}}, {2, 1, []int64{6, 7, 8, 9, 10}}, {2, 0, []int64{6, 7, 8, 9, 10}}} {
		n, err := s.PruneOutbox(t.Context(), before, c.limit)
		if err != nil || n != c.n {
			t.Errorf("pruned %d, %v, want %d", n, err, c.n)
		}
		if got := left(); !slices.Equal(got, c.left) {
			t.Errorf("left %v, want %v", got, c.left)
		}
	}
	if n, err := s.PruneOutbox(t.Context(), s.clock.Now().Add(time.Hour), 100); err != nil || n != 4 {
		t.Errorf("pruned %d, %v, want all but the newest", n, err)
	}
	if got, want := left(), []int64{10}; !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
}

// TestDB_EventsAfter shows a person their own events, from any number on, in portions.
func TestDB_EventsAfter(t *testing.T) {
	s := mustOpen(t)
	anna, annas := s.mustTalk("anna@example.com")
	bob, bobs := s.mustTalk("bob@example.com")
	for i := range 5 {
		s.mustSay(anna, annas, clientID(i), fmt.Sprint("anna ", i))
		s.mustSay(bob, bobs, clientID(i), fmt.Sprint("bob ", i))
	}
	all, err := s.EventsAfter(t.Context(), anna, 0, 100)
	if err != nil || len(all) != 5 {
		t.Fatalf("%d events, %v, want 5", len(all), err)
	}
	for i, e := range all {
		if e.User != anna || e.Name != domain.EventMessageCreated || i > 0 && e.Seq <= all[i-1].Seq {
			t.Errorf("event %d: %+v", i, e)
		}
		rest, err := s.EventsAfter(t.Context(), anna, e.Seq, 100)
		if err != nil || len(rest) != 4-i {
			t.Errorf("after %d: %d events, %v, want %d", e.Seq, len(rest), err, 4-i)
		}
	}
	if page, err := s.EventsAfter(t.Context(), anna, all[0].Seq, 2); err != nil || len(page) != 2 || page[0].Seq != all[1].Seq {
		t.Errorf("page %v, %v, want the two after the first", page, err)
	}
	if none, err := s.EventsAfter(t.Context(), "nobody", 0, 100); err != nil || len(none) != 0 {
		t.Errorf("nobody's events: %v, %v", none, err)
	}
}

// TestDB_EntriesAfter shows every entry with its documents, also those without an event.
func TestDB_EntriesAfter(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, clientID(1), "hello")
	entries, err := s.EntriesAfter(t.Context(), 0, 10)
	if err != nil || len(entries) != 3 {
		t.Fatalf("entries %v, %v, want 3", entries, err)
	}
	docID := domain.DocRef{Collection: CollMessages, ID: "019cece5-2687-7000-8000-000000000001"}
	for i, want := range [][]domain.DocRef{{userDoc(user)}, {sessionDoc(session)}, {docID, sessionDoc(session)}} {
		if got := entries[i].Docs; !slices.Equal(got, want) {
			t.Errorf("entry %d names %v, want %v", i, got, want)
		}
		if at := entries[i].At; at != domain.Timestamp(testStart.UnixMilli()) {
			t.Errorf("entry %d is of %v, want %v", i, at, testStart)
		}
	}
	for _, ref := range entries[2].Docs {
		if _, err := s.FindOne(t.Context(), ref.Collection, ref.ID); err != nil {
			t.Errorf("document %v: %v", ref, err)
		}
	}
	if page, err := s.EntriesAfter(t.Context(), entries[0].Seq, 1); err != nil || len(page) != 1 || page[0].Seq != entries[1].Seq {
		t.Errorf("page %v, %v, want the second alone", page, err)
	}
}

// TestDB_Write_Entries: however many entries a commit has, each is told with the number of
// its own row.
func TestDB_Write_Entries(t *testing.T) {
	s := mustOpen(t)
	const most = 21
	for n := range most + 1 {
		err := s.Write(t.Context(), "announce", func(tx *Tx) error {
			for i := range n {
				if err := tx.Announce("u", "noted", fmt.Sprint(n, i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.assertAnnounced()
	if got, want := len(s.announced), most*(most+1)/2; got != want {
		t.Errorf("%d entries were told, want %d", got, want)
	}
}
