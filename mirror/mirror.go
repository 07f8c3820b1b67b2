// Package mirror keeps MongoDB equal to the database, for people and programs that read
// the documents there. It follows the outbox, in the background: the product never waits
// for MongoDB and never fails because of it.
//
// An entry of the outbox only names documents. The mirror reads each of them anew and
// replaces or deletes it in MongoDB, and then moves its cursor, which lies in MongoDB too,
// beside the documents that it speaks of. So doing something twice does no harm, and a
// crash, a lost answer and a server that was away for an hour are one case: read the
// cursor, go on. A target that the cursor cannot vouch for is copied as a whole, and loses
// the documents that the database does not have: the target belongs to the mirror alone.
package mirror

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"liveassist/domain"
)

// Entry is what the mirror needs of an entry of the outbox.
type Entry struct {
	Seq  int64
	Docs []domain.DocRef // the documents that changed; none for a mere announcement
	At   domain.Timestamp
}

// Source is the database that is mirrored.
type Source struct {
	// Identity names the database and the form of its documents. It stays while both do:
	// another one leads to a full copy.
	Identity func(ctx context.Context) (string, error)
	// Newest and Oldest return the numbers of the newest entry and of the oldest that is
	// kept, 0 where there is none. Numbers only grow; the newest entry is always kept.
	Newest func(ctx context.Context) (int64, error)
	Oldest func(ctx context.Context) (int64, error)
	// EntriesAfter returns at most limit entries that follow the number after, oldest
	// first, and leaves none out, also those without documents.
	EntriesAfter func(ctx context.Context, after int64, limit int) ([]Entry, error)
	// FindOne returns a document, or domain.ErrNotFound.
	FindOne func(ctx context.Context, collection, id string) (domain.Document, error)
	// Page returns the limit documents that follow the one with the _id after (the first ones,
	// where it is empty), in an order that stays, and fewer only where there are no more. Pages
	// keep a full copy from holding a read of the database open for as long as MongoDB takes: the
	// write-ahead log would grow all that while.
	Page func(ctx context.Context, collection, after string, limit int) ([]domain.Document, error)
}

// Options are what a Mirror needs from outside.
type Options struct {
	URL         string   // mongodb:// or mongodb+srv://
	Database    string   // the MongoDB database that becomes the mirror
	Collections []string // what is mirrored; entries that name other collections are passed over
	Source      Source
	PageSize    int // documents of a full copy that travel together; 0: 500
	Clock       func() time.Time
	Random      func() float64 // in [0, 1): spreads the retries of many servers
	Log         *slog.Logger
}

// Mirror follows the outbox. All methods may be called by many goroutines at once, Run once.
type Mirror struct {
	opts   Options
	hosts  string        // where URL leads, without user and password
	wake   chan struct{} // holds one wake-up
	health health
}

// How the mirror goes about it. None of these is a promise to the outside.
const (
	batchSize  = 500              // entries, or documents of a full copy, that travel together
	pollEvery  = 2 * time.Second  // for entries that other processes wrote (liveassist operator add)
	checkEvery = 15 * time.Second // how long an idle mirror believes that its target is as it was
)

// New returns a mirror that does nothing until Run. The error names what is wrong with the
// URL and shows no part of it that may be secret.
func New(opts Options) (*Mirror, error) {
	if err := CheckURL(opts.URL); err != nil {
		return nil, fmt.Errorf("mirror: URL %w", err)
	}
	opts.PageSize = cmp.Or(opts.PageSize, batchSize)
	return &Mirror{opts: opts, hosts: hosts(opts.URL), wake: make(chan struct{}, 1)}, nil
}

// Wake says that the entry newest is on disk. It never blocks.
func (m *Mirror) Wake(newest int64) {
	m.health.exists(newest, m.opts.Clock())
	select {
	case m.wake <- struct{}{}:
	default: // a wake-up waits already
	}
}

// Status says how the mirror does.
func (m *Mirror) Status() Status { return m.health.status() }

// Run mirrors until ctx ends; no failure ends it sooner.
func (m *Mirror) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := m.session(ctx); ctx.Err() == nil {
			delay := backoff(m.failed(err), m.opts.Random())
			select {
			case <-time.After(delay):
			case <-ctx.Done():
			}
		}
	}
	return nil
}

// session connects, brings the target level and follows until something goes wrong.
func (m *Mirror) session(ctx context.Context) error {
	newest, err := m.opts.Source.Newest(ctx)
	if err != nil {
		return sourceError(err)
	}
	m.health.exists(newest, m.opts.Clock())
	t, err := dial(m.opts.URL, m.opts.Database)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	c, err := m.settle(ctx, t)
	if err != nil {
		return err
	}
	m.health.reached(c.Seq, m.opts.Clock())
	return m.follow(ctx, t, c)
}

// settle returns the target's cursor, after a full copy where the cursor cannot vouch for
// the target.
func (m *Mirror) settle(ctx context.Context, t *target) (cursor, error) {
	c, err := t.cursor(ctx)
	if err != nil {
		return c, err
	}
	// Before a copy, while a new collection is empty: then an index costs nothing.
	for _, collection := range m.opts.Collections {
		if err := t.index(ctx, collection); err != nil {
			return c, err
		}
	}
	h, err := m.history(ctx, c.Seq)
	if err != nil {
		return c, sourceError(err)
	}
	if reason := c.distrust(h); reason != "" {
		return m.copyAll(ctx, t, h.identity, reason)
	}
	return c, nil
}

// history reads what the database says about its past around the entry seq.
func (m *Mirror) history(ctx context.Context, seq int64) (h history, err error) {
	src := m.opts.Source
	var errs [3]error
	h.identity, errs[0] = src.Identity(ctx)
	h.newest, errs[1] = src.Newest(ctx)
	h.oldest, errs[2] = src.Oldest(ctx)
	if err := errors.Join(errs[:]...); err != nil {
		return h, err
	}
	if seq <= 0 {
		return h, nil
	}
	entries, err := src.EntriesAfter(ctx, seq-1, 1)
	if err != nil {
		return h, err
	}
	if len(entries) > 0 && entries[0].Seq == seq {
		h.entry, h.known = entries[0].sign(), true
	}
	return h, nil
}
