package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"liveassist/domain"
)

// TestDB_Close_Drains: what was taken on is stored before Close returns.
func TestDB_Close_Drains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		const n = maxBatch + 10
		release := s.hold()
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if err := s.Write(context.Background(), "note", note(fmt.Sprintf("%03d", i))); err != nil {
					t.Errorf("write that waited when the database was closed: %v", err)
				}
			})
		}
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		select {
		case err := <-closed:
			t.Errorf("closed with writes under way: %v", err)
		default:
		}
		if err := s.Write(t.Context(), "late", note("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("write after close: %v, want ErrClosed", err)
		}
		release()
		wg.Wait()
		if err := <-closed; err != nil {
			t.Errorf("close: %v", err)
		}
		if err := s.Write(t.Context(), "late", note("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("write after close: %v, want ErrClosed", err)
		}
		s.mustReopen()
		if got := s.notes(); len(got) != n || slices.Contains(got, "late") {
			t.Errorf("stored %d, want %d and none that came late", len(got), n)
		}
		s.assertAnnounced()
	})
}

// TestDB_Close_UnderLoad: whoever races with Close is either stored or told.
func TestDB_Close_UnderLoad(t *testing.T) {
	s := mustOpen(t)
	for round := range 5 {
		var mu sync.Mutex
		stored := s.notes()
		var wg sync.WaitGroup
		started := make(chan struct{}, 1000)
		for w := range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("%d/%d/%d", round, w, i)
					err := s.Write(context.Background(), "note", note(key))
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("write: %v", err)
						return
					}
					mu.Lock()
					stored = append(stored, key)
					mu.Unlock()
					select {
					case started <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 40 {
			<-started
		}
		s.mustClose()
		wg.Wait()
		s.mustReopen()
		slices.Sort(stored)
		if got := s.notes(); !slices.Equal(got, stored) {
			t.Errorf("round %d: stored %d, answered as stored %d", round, len(got), len(stored))
		}
		s.assertAnnounced()
	}
}

// TestDB_Write_Commit: OnCommit is told only of what every reader can see.
func TestDB_Write_Commit(t *testing.T) {
	seen := 0
	var s *testStore
	s = mustOpen(t, func(o *Options) {
		o.OnCommit = func(entries []Entry) {
			for _, e := range entries {
				var data string
				if err := s.queryRow(context.Background(), `SELECT data FROM outbox WHERE seq = ?`, e.Seq).Scan(&data); err != nil || data != string(e.Data) {
					t.Errorf("entry %d was announced and reads as %q, %v", e.Seq, data, err)
				}
				seen++
			}
		}
	})
	var wg sync.WaitGroup
	const n = 200
	for i := range n {
		wg.Go(func() {
			key := strconv.Itoa(i)
			if err := s.Write(context.Background(), "note", note(key)); err != nil {
				t.Error(err)
				return
			}
			var one int
			if err := s.queryRow(context.Background(), `SELECT 1 FROM meta WHERE key = 'note:' || ?`, key).Scan(&one); err != nil {
				t.Errorf("note %s was answered as stored and reads as %v", key, err)
			}
		})
	}
	wg.Wait()
	s.mustClose() // the writer's goroutine has ended: seen is ours
	if seen != n {
		t.Errorf("announced %d, want %d", seen, n)
	}
	s.mustReopen()
}

// TestTx_Lost: when SQLite has given up the transaction under a function, nothing that the
// function goes on to do is stored, whatever it answers.
func TestTx_Lost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		s.limitPages(s.mustInt("PRAGMA page_count"))
		errs := s.batch(
			note("a"),
			func(tx *Tx) error {
				for tx.lost == nil {
					if _, err := tx.Exec(`INSERT INTO outbox (user_id, event, data, docs, created_at) VALUES ('', '', ?, '', 0)`, text2k); err != nil {
						break // a function that does not care
					}
				}
				_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('note:orphan', '')`)
				if err == nil {
					t.Error("a statement ran outside of any transaction")
				}
				if err := tx.QueryRow(`DELETE FROM meta RETURNING key`).Scan(new(string)); !errors.Is(err, ErrFull) {
					t.Errorf("query after the loss: %v, want ErrFull", err)
				}
				if rows, err := tx.Query(`SELECT key FROM meta`); !errors.Is(err, ErrFull) { //nolint:rowserrcheck // there are none
					t.Errorf("query after the loss: %v, %v, want ErrFull", rows, err)
				}
				return nil
			},
			note("b"),
		)
		for i, err := range errs {
			if !errors.Is(err, ErrFull) {
				t.Errorf("write %d: %v, want ErrFull", i, err)
			}
		}
		if got := s.notes(); len(got) != 0 {
			t.Errorf("stored %v, want nothing", got)
		}
		s.assertAnnounced()
		s.limitPages(0)
		if err := s.Write(t.Context(), "note", note("c")); err != nil {
			t.Errorf("with room again: %v", err)
		}
	})
}

// TestTx_Query: a function may read what it wrote, and a read that finds nothing says so.
func TestTx_Query(t *testing.T) {
	s := mustOpen(t)
	err := s.Write(t.Context(), "test", func(tx *Tx) error {
		if err := note("a")(tx); err != nil {
			return err
		}
		var key string
		if err := tx.QueryRow(`SELECT key FROM meta WHERE key = 'note:a'`).Scan(&key); err != nil || key != "note:a" {
			t.Errorf("own write reads as %q, %v", key, err)
		}
		if err := tx.QueryRow(`SELECT key FROM meta WHERE key = 'b'`).Scan(&key); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("nothing reads as %v, want domain.ErrNotFound", err)
		}
		rows, err := tx.Query(`SELECT SUBSTR(key, 6) FROM meta WHERE key LIKE 'note:%'`)
		if err != nil {
			return err
		}
		keys, err := collect(rows, func(r scanner) (k string, err error) { err = r.Scan(&k); return k, err })
		if err != nil || !slices.Equal(keys, []string{"a"}) {
			t.Errorf("own write reads as %v, %v", keys, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDB_Write_RowsLeftOpen: a function that panics with rows open does not stop the writer.
func TestDB_Write_RowsLeftOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		errs := s.batch(
			note("a"),
			func(tx *Tx) error {
				if err := note("x")(tx); err != nil {
					return err
				}
				rows, err := tx.Query(`SELECT seq FROM outbox UNION ALL SELECT 1 UNION ALL SELECT 2`) //nolint:rowserrcheck,sqlclosecheck // left open on purpose
				if err != nil {
					return err
				}
				rows.Next()
				panic("rows are open")
			},
			note("b"),
		)
		if errs[0] != nil || errs[1] == nil || errs[2] != nil {
			t.Errorf("errors %v, want the second alone", errs)
		}
		if got, want := s.notes(), []string{"a", "b"}; !slices.Equal(got, want) {
			t.Errorf("stored %v, want %v", got, want)
		}
		s.assertAnnounced()
	})
}
