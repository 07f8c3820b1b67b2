package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxBatch is how many writes share a commit at the most. Measured on two cores with this
// driver: 4.5 k durable inserts a second one by one, 50 k in batches of 128.
const maxBatch = 128

// enoughBatch is how many writes a commit does not wait for more with: of what they share
// (a sync, the newest pages of each table) each bears little by then, and the disk stands still
// while the processors are busy with those who may come: with 10 that waited, half a millisecond
// brought none more. 16 was 3 to 6 % above always waiting, which is at the edge of the noise.
const enoughBatch = 16

// ErrClosed says that the database takes no more writes.
var ErrClosed = errors.New("store: closed")

// job is one write on its way through the writer.
type job struct {
	ctx  context.Context
	op   string
	fn   func(*Tx) error
	err  error // set by the writer before done is closed
	done chan struct{}
	// out holds what fn announced; it counts only if fn succeeded.
	out []Entry
	// lost is why SQLite gave up the whole transaction under fn; nil where it did not.
	lost error
	// wrote says that fn changed something.
	wrote bool
}

// writer owns the one connection that writes. SQLite takes one writer at a time, so one
// goroutine runs all writes that wait in one transaction, commits once, and then answers each.
type writer struct {
	opts Options
	most int // how many writes share a commit
	pool *sql.DB
	conn *sql.Conn
	jobs chan *job
	rest chan func()   // to be run while no transaction is open
	quit chan struct{} // closed when no more jobs are taken
	gone chan struct{} // closed when the goroutine has ended
	// committed has something in it once a commit is done, for who looks after the log.
	committed chan struct{}

	mu     sync.RWMutex // guards closed against sends to jobs
	closed bool

	// The goroutine's own:
	stmts map[string]*statement
	talks talks

	stats   writerStats
	changes changes
	newest  atomic.Int64 // the newest number in the outbox that this process gave
}

func startWriter(ctx context.Context, pool *sql.DB, opts Options) (*writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open write connection: %w", err)
	}
	w := &writer{
		opts: opts, most: cmp.Or(opts.MaxBatch, maxBatch), pool: pool, conn: conn,
		jobs: make(chan *job, 4*maxBatch), rest: make(chan func()), quit: make(chan struct{}), gone: make(chan struct{}), committed: make(chan struct{}, 1),
		stmts: map[string]*statement{}, changes: newChanges(),
	}
	go w.run(context.WithoutCancel(ctx)) // a transaction belongs to many callers: none of them cancels it
	return w, nil
}

// Write runs fn in a transaction and returns after its commit is on disk. Writes of other
// callers share the commit; each stands or falls alone. The error is fn's own, or says why
// nothing was stored. op names the write in errors. fn must use tx alone and must not
// block: everybody else's writes wait for it. It may be run a second time, after all that the
// first did was taken back: what it returns to its caller it sets, and never adds to.
func (db *DB) Write(ctx context.Context, op string, fn func(tx *Tx) error) error {
	if db.writer == nil {
		return fmt.Errorf("%s: database is open for reading only", op)
	}
	j := &job{ctx: ctx, op: op, fn: fn, done: make(chan struct{})}
	if err := db.writer.submit(j); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	// No early return: whoever gives up here could not know whether it was stored.
	<-j.done
	return j.err
}

func (w *writer) submit(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

func (w *writer) close() error {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	w.mu.Unlock()
	if !closed {
		close(w.quit)
	}
	<-w.gone
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.pool.Close())...)
}

func (w *writer) run(ctx context.Context) {
	defer close(w.gone)
	batch := make([]*job, 0, maxBatch)
	for {
		select {
		case j := <-w.jobs:
			batch = append(batch[:0], j)
		case f := <-w.rest:
			f()
			continue
		case <-w.quit:
			// submit can put nothing in any more: what waits is the last.
			for {
				if batch = w.gather(batch[:0]); len(batch) == 0 {
					return
				}
				w.commit(ctx, batch)
			}
		}
		batch = w.await(batch)
		w.commit(ctx, batch)
		clear(batch)
	}
}

// between runs f while nothing is written, and returns when it has.
func (w *writer) between(ctx context.Context, f func()) {
	done := make(chan struct{})
	select {
	case w.rest <- func() { f(); close(done) }:
		<-done
	case <-ctx.Done():
	case <-w.quit:
	}
}

// await takes what waits, and where that is little lets whoever is on the way come along:
// while others are ready to run, more writes may be a moment away, and each one more makes the
// commit cheaper for all. Where nobody else is ready to run it takes no time.
func (w *writer) await(batch []*job) []*job {
	batch = w.gather(batch)
	for len(batch) < min(enoughBatch, w.most) {
		n := len(batch)
		runtime.Gosched()
		if batch = w.gather(batch); len(batch) == n {
			break
		}
	}
	return batch
}

// gather takes what waits, without waiting for more.
func (w *writer) gather(batch []*job) []*job {
	for len(batch) < w.most {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction and answers each of its jobs.
func (w *writer) commit(ctx context.Context, batch []*job) {
	start := w.opts.Clock()
	entries, err := w.transact(ctx, batch)
	if w.opts.Observe != nil {
		w.opts.Observe(len(batch), w.opts.Clock().Sub(start))
	}
	if err != nil {
		for _, j := range batch {
			if j.err == nil {
				j.err = fmt.Errorf("%s: %w", j.op, translate(err))
			}
		}
	}
	w.stats.observe(len(batch), err)
	select {
	case w.committed <- struct{}{}:
	default:
	}
	w.changes.bump(entries)
	for _, j := range batch {
		close(j.done)
	}
	if len(entries) > 0 && w.opts.OnCommit != nil {
		w.opts.OnCommit(entries)
	}
}

// errSpoilt says that a job failed after it had changed something.
var errSpoilt = errors.New("a write failed halfway")

// transact returns the outbox entries that are on disk now. On error nothing of the batch is.
//
// A savepoint for each job costs a copy of every page that it changes, and hardly any job
// fails once it has written. So a batch is run without them first; where a job did fail
// halfway, everything is taken back and run again with savepoints, and that job alone fails.
func (w *writer) transact(ctx context.Context, batch []*job) ([]Entry, error) {
	entries, err := w.attempt(ctx, batch, false)
	if errors.Is(err, errSpoilt) {
		return w.attempt(ctx, batch, true)
	}
	return entries, err
}

func (w *writer) attempt(ctx context.Context, batch []*job, savepoints bool) (entries []Entry, err error) {
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			// After some errors SQLite has rolled back by itself; then this one fails, harmlessly.
			_ = w.exec(ctx, "ROLLBACK")
			w.talks.forget()
		}
	}()
	if err := w.heedOthers(ctx); err != nil {
		return nil, err
	}
	now := w.opts.Clock()
	for _, j := range batch {
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if savepoints {
			err = w.guard(ctx, j, now)
		} else {
			err = w.trust(ctx, j, now)
		}
		if err != nil {
			return nil, err
		}
		if j.err == nil {
			entries = append(entries, j.out...)
		}
	}
	if err := w.writeOutbox(ctx, entries, now); err != nil {
		return nil, err
	}
	if err := w.exec(ctx, "COMMIT"); err != nil {
		return nil, err
	}
	if n := len(entries); n > 0 {
		w.newest.Store(entries[n-1].Seq)
	}
	return entries, nil
}

// trust runs a job that may fail before it writes and not after.
func (w *writer) trust(ctx context.Context, j *job, now time.Time) error {
	w.call(ctx, j, now)
	if j.lost == nil && j.err != nil && j.wrote {
		return errSpoilt
	}
	return j.lost
}

// guard runs a job in a savepoint, and takes back what it did where it fails.
func (w *writer) guard(ctx context.Context, j *job, now time.Time) error {
	if err := w.exec(ctx, "SAVEPOINT job"); err != nil {
		return err
	}
	w.call(ctx, j, now)
	if j.lost != nil {
		return j.lost
	}
	if j.err != nil {
		if err := w.exec(ctx, "ROLLBACK TO job"); err != nil {
			return err
		}
		w.talks.forget()
	}
	return w.exec(ctx, "RELEASE job")
}

// exec runs a prepared statement without arguments.
func (w *writer) exec(ctx context.Context, query string) error {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return err
	}
	if _, err := s.ExecContext(ctx); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// statement is a prepared query, with what the writer asks of it each time it runs.
type statement struct {
	*sql.Stmt
	reads bool // returns rows and changes nothing
	posts bool // changes nothing that talks keeps
}

// stmt returns the prepared form of query. Queries are constants of this program, so the
// map stays small.
func (w *writer) stmt(ctx context.Context, query string) (*statement, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	prepared, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", query, err)
	}
	reads := strings.HasPrefix(query, "SELECT")
	s := &statement{Stmt: prepared, reads: reads, posts: reads || slices.Contains(postStatements, query)}
	w.stmts[query] = s
	return s, nil
}
