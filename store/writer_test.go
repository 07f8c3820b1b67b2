package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"liveassist/domain"
)

// hold keeps the writer busy until the returned function is called: what is written
// meanwhile waits, and then shares one commit.
func (s *testStore) hold() (release func()) {
	s.tb.Helper()
	running, free, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- s.Write(context.Background(), "hold", func(*Tx) error {
			close(running)
			<-free
			return nil
		})
	}()
	<-running
	return func() {
		s.tb.Helper()
		close(free)
		if err := <-done; err != nil {
			s.tb.Errorf("hold: %v", err)
		}
	}
}

// note is a write that leaves a row in meta and an entry in the outbox.
func note(key string) func(*Tx) error {
	return func(tx *Tx) error {
		if _, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('note:' || ?, '')`, key); err != nil {
			return err
		}
		return tx.Announce("u", "noted", key)
	}
}

// notes returns the keys that were noted, sorted.
func (s *testStore) notes() []string {
	s.tb.Helper()
	rows, err := s.query(s.tb.Context(), `SELECT SUBSTR(key, 6) FROM meta WHERE key LIKE 'note:%' ORDER BY key`)
	if err != nil {
		s.tb.Fatal(err)
	}
	keys, err := collect(rows, func(r scanner) (k string, err error) { err = r.Scan(&k); return k, err })
	if err != nil {
		s.tb.Fatal(err)
	}
	return keys
}

// batch runs all writes in one commit and returns their errors.
func (s *testStore) batch(fns ...func(*Tx) error) []error {
	s.tb.Helper()
	release := s.hold()
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() { errs[i] = s.Write(context.Background(), fmt.Sprintf("write %d", i), fn) })
		synctest.Wait() // one after the other, so that their order is known
	}
	before := s.Stats().Batches
	release()
	wg.Wait()
	synctest.Wait()
	if got, want := s.Stats().Batches-before, int64(2); got != want {
		s.tb.Fatalf("commits = %d, want %d: one to hold, one for the batch", got, want)
	}
	return errs
}

// assertAnnounced holds what OnCommit was told against the rows of the outbox.
func (s *testStore) assertAnnounced() {
	s.tb.Helper()
	s.settle()
	rows, err := s.query(s.tb.Context(), `SELECT seq, user_id, event, data, docs FROM outbox ORDER BY seq`)
	if err != nil {
		s.tb.Fatal(err)
	}
	var last int64
	stored, err := collect(rows, func(r scanner) (string, error) {
		var seq int64
		var user, event, data, docs string
		err := r.Scan(&seq, &user, &event, &data, &docs)
		if seq <= last {
			s.tb.Errorf("outbox number %d after %d", seq, last)
		}
		last = seq
		return fmt.Sprint(seq, user, event, data, docs), err
	})
	if err != nil {
		s.tb.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	announced := make([]string, len(s.announced))
	for i, e := range s.announced {
		announced[i] = fmt.Sprint(e.Seq, string(e.User), e.Name, string(e.Data), encodeDocs(e.Docs))
	}
	if !slices.Equal(announced, stored) {
		s.tb.Errorf("announced\n\t%s\nstored\n\t%s", strings.Join(announced, "\n\t"), strings.Join(stored, "\n\t"))
	}
}

func TestDB_Write_SharesCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		const n = 2 * maxBatch
		release := s.hold()
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if err := s.Write(context.Background(), "note", note(fmt.Sprintf("%03d", i))); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if got := s.Stats().Queue; got != n {
			t.Errorf("queue = %d, want %d", got, n)
		}
		before := s.Stats()
		release()
		wg.Wait()
		synctest.Wait()
		after := s.Stats()
		if got, want := after.Batches-before.Batches, int64(3); got != want {
			t.Errorf("commits = %d, want %d (one held, two full ones)", got, want)
		}
		if got, want := after.Writes-before.Writes, int64(n+1); got != want {
			t.Errorf("writes = %d, want %d", got, want)
		}
		if got := len(s.notes()); got != n {
			t.Errorf("stored = %d, want %d", got, n)
		}
		s.assertAnnounced()
	})
}

// TestDB_Write_Neighbours: in one commit, each write stands or falls alone.
func TestDB_Write_Neighbours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		failure := errors.New("no")
		with := func(key string, end func(tx *Tx) error) func(*Tx) error {
			return func(tx *Tx) error {
				if err := note(key)(tx); err != nil {
					return err
				}
				return end(tx)
			}
		}
		errs := s.batch(
			note("a"),
			with("failed", func(*Tx) error { return failure }),
			note("b"),
			with("panicked", func(*Tx) error { panic("boom") }),
			note("c"),
			with("conflict", func(tx *Tx) error { return note("a")(tx) }),
			note("d"),
			with("nil", func(*Tx) error { var e *Entry; e.Seq = 1; return nil }),
			with("broken", func(tx *Tx) error { _, err := tx.Exec(`INSERT INTO no_such_table VALUES (1)`); return err }),
			note("e"),
		)
		if got, want := s.notes(), []string{"a", "b", "c", "d", "e"}; !slices.Equal(got, want) {
			t.Errorf("stored %v, want %v", got, want)
		}
		for i, fails := range []bool{false, true, false, true, false, true, false, true, true, false} {
			if (errs[i] != nil) != fails {
				t.Errorf("write %d: error %v, want one: %v", i, errs[i], fails)
			}
		}
		if !errors.Is(errs[1], failure) {
			t.Errorf("error = %v, want the function's own", errs[1])
		}
		if errs[3] == nil || !strings.Contains(errs[3].Error(), "write 3: panic: boom") {
			t.Errorf("error = %v, want the panic with the write's name", errs[3])
		}
		if !errors.Is(errs[5], ErrConflict) {
			t.Errorf("error = %v, want ErrConflict", errs[5])
		}
		s.assertAnnounced()
	})
}

func TestDB_Write_Cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		ctx, cancel := context.WithCancel(context.Background())
		release := s.hold()
		var errWaiting, errDuring error
		var wg sync.WaitGroup
		wg.Go(func() { errWaiting = s.Write(ctx, "waiting", note("waiting")) })
		synctest.Wait()
		cancel()
		early := make(chan error, 100)
		for i := range 100 { // with room in the queue, either branch of submit may be taken
			wg.Go(func() { early <- s.Write(ctx, "early", note(fmt.Sprint("early", i))) })
		}
		during, cancelDuring := context.WithCancel(context.Background())
		wg.Go(func() {
			errDuring = s.Write(during, "during", func(tx *Tx) error { cancelDuring(); return note("during")(tx) })
		})
		synctest.Wait()
		release()
		wg.Wait()
		if !errors.Is(errWaiting, context.Canceled) {
			t.Errorf("cancelled while it waited: %v, want context.Canceled", errWaiting)
		}
		for range 100 {
			if err := <-early; !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled before: %v, want context.Canceled", err)
			}
		}
		if errDuring != nil {
			t.Errorf("cancelled while it ran: %v, want stored", errDuring)
		}
		if got, want := s.notes(), []string{"during"}; !slices.Equal(got, want) {
			t.Errorf("stored %v, want %v", got, want)
		}
	})
}

// TestDB_Write_QueueFull: whoever cannot even queue gives up when its caller does.
func TestDB_Write_QueueFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		release := s.hold()
		var wg sync.WaitGroup
		for range cap(s.writer.jobs) {
			wg.Go(func() {
				if err := s.Write(context.Background(), "nothing", func(*Tx) error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := s.Write(ctx, "too much", note("too much")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want context.DeadlineExceeded", err)
		}
		release()
		wg.Wait()
		if got := s.notes(); len(got) != 0 {
			t.Errorf("stored %v, want nothing", got)
		}
	})
}

// TestDB_Write_CommitFails: a commit that SQLite refuses is everybody's error, and nobody's
// write is there.
func TestDB_Write_CommitFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		own := domain.E(domain.KindEmailTaken, "taken")
		errs := s.batch(
			note("a"),
			func(*Tx) error { return own },
			func(tx *Tx) error { // the foreign key is looked at when all is committed
				if _, err := tx.Exec(`PRAGMA defer_foreign_keys = 1`); err != nil {
					return err
				}
				_, err := tx.Exec(`INSERT INTO liveassist_sessions (id, user_id, created_at, last_active_at) VALUES ('s', 'nobody', 0, 0)`)
				return err
			},
			note("b"),
		)
		for i, err := range errs {
			switch {
			case i == 1 && !errors.Is(err, own):
				t.Errorf("write %d: %v, want its own error", i, err)
			case i != 1 && (err == nil || !strings.Contains(err.Error(), fmt.Sprintf("write %d: COMMIT: ", i))):
				t.Errorf("write %d: %v, want the commit's error", i, err)
			}
		}
		if got := s.notes(); len(got) != 0 {
			t.Errorf("stored %v, want nothing", got)
		}
		if got, want := s.Stats().Failures, int64(1); got != want {
			t.Errorf("failures = %d, want %d", got, want)
		}
		s.assertAnnounced()
		if err := s.Write(t.Context(), "note", note("c")); err != nil {
			t.Errorf("the next write: %v", err)
		}
		synctest.Wait() // OnCommit comes after the answer
		s.assertAnnounced()
	})
}

// TestDB_Write_Locked: where another process keeps the database locked for long, the write
// fails, and the writer goes on afterwards. Time is the bubble's: nobody waits 10 s.
func TestDB_Write_Locked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		other := &testStore{tb: t, dir: s.dir, clock: s.clock, ids: s.ids}
		other.mustReopen(func(o *Options) { o.Shared = true })
		release := other.hold()
		start := time.Now()
		err := s.Write(context.Background(), "note", note("a"))
		if err == nil || !strings.Contains(err.Error(), "locked") {
			t.Errorf("error = %v, want that the database is locked", err)
		}
		if waited := time.Since(start); waited < 9*time.Second || waited > 20*time.Second {
			t.Errorf("waited %v, want about the 10 s of busy_timeout", waited)
		}
		release()
		other.mustClose()
		if err := s.Write(context.Background(), "note", note("b")); err != nil {
			t.Errorf("after the lock: %v", err)
		}
		if got, want := s.notes(), []string{"b"}; !slices.Equal(got, want) {
			t.Errorf("stored %v, want %v", got, want)
		}
	})
}
