//go:build litestream

package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// defaultEvery is how often changes are sent. With the time that one transfer takes it is
// what a lost machine loses: at most two seconds, where a transfer takes less than 1.5.
const defaultEvery = 500 * time.Millisecond

const (
	maxWait     = 10 * time.Second // between two attempts while they fail
	remindEvery = 5 * time.Minute  // a failure that lasts is logged again
)

// Replicator copies a database as it changes.
type Replicator struct {
	opts  Options
	place place

	// The goroutine's own, and after it Close's:
	begun    bool
	live     *live // nil before it was opened
	reminded time.Time

	mu     sync.Mutex // guards status
	status Status
}

// New returns a Replicator that does nothing yet.
func New(opts Options) (*Replicator, error) {
	p, err := opts.Target.parse()
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(opts.File, "?%#") {
		return nil, fmt.Errorf("cannot copy %s: Litestream takes no ?, %% or # in its name", opts.File)
	}
	opts.Every = cmp.Or(opts.Every, defaultEvery)
	return &Replicator{opts: opts, place: p, status: Status{Synced: opts.Clock()}}, nil
}

// Run sends changes until ctx ends. It does not give up: while the place is away, changes
// wait beside the database, on the same disk.
func (r *Replicator) Run(ctx context.Context) error {
	r.begun = true
	r.follow(ctx)
	// After a very early stop: to own the place is noted in the database, which Close, that
	// sends everything, finds closed.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := r.own(last); err != nil {
		r.failed(err)
	}
	return nil
}

// follow sends what is new, again and again, until ctx ends.
func (r *Replicator) follow(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	wait := r.opts.Every
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		began := r.opts.Clock()
		err := r.sync(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.failed(err)
			wait = min(2*wait, maxWait)
		default:
			r.worked(began)
			wait = r.opts.Every
		}
		timer.Reset(max(0, wait-r.opts.Clock().Sub(began)))
	}
}

// Close sends what is left. It comes when nobody writes to the database any more, and no
// connection to it is open: only then does the log stay whole for the next start, which
// else would have to send the whole database again.
func (r *Replicator) Close() error {
	if !r.begun {
		return nil
	}
	// Not bounded by the server's context, which has ended.
	ctx, cancel := context.WithTimeout(context.Background(), 2*stopTimeout) //nolint:forbidigo // see above
	defer cancel()
	if err := r.finish(ctx); err != nil {
		r.failed(err)
		// All is on this disk, and the next start sends it: no reason to fail the stop.
		r.opts.Log.Error("backup lacks the last changes", "place", r.place.String(), "error", oneLine(err))
		return nil
	}
	r.opts.Log.Info("backup is complete", "place", r.place.String())
	return nil
}

// finish sends what is left and ends Litestream. Where it was never opened, as after a stop in
// the middle of the first transfer, it sends everything.
func (r *Replicator) finish(ctx context.Context) error {
	if !r.opts.Owned {
		return errNotOwned
	}
	var err error
	if r.live == nil {
		first, cancel := context.WithTimeout(ctx, stopTimeout)
		err = r.sync(first)
		cancel()
	}
	if r.live == nil {
		return err
	}
	if err != nil {
		r.live.hurry()
	}
	return errors.Join(err, r.live.close(ctx))
}

// Status says how it does.
func (r *Replicator) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// sync sends what is new. Where Litestream's notes turn out to be of no use, it begins anew
// without them, once.
func (r *Replicator) sync(ctx context.Context) error {
	err := r.send(ctx)
	if !mustForget(err) || ctx.Err() != nil {
		return err
	}
	r.opts.Log.Warn("backup begins anew with a whole copy", "reason", oneLine(err))
	if err := r.forget(ctx); err != nil {
		return fmt.Errorf("begin anew: %w", err)
	}
	return r.send(ctx)
}

// forget ends Litestream without a word and deletes its notes. The next open finds out
// where the backup is and goes on from there with a whole snapshot.
func (r *Replicator) forget(ctx context.Context) error {
	if l := r.live; l != nil {
		r.live = nil
		l.hurry()
		_ = l.close(ctx) // it fails for the reason that brought us here
	}
	return os.RemoveAll(Notes(r.opts.File))
}

func (r *Replicator) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if r.live == nil {
		if err := r.own(ctx); err != nil {
			return err
		}
		l, err := open(ctx, r.opts.File, r.place, quiet(r.opts.Log))
		if err != nil {
			return err
		}
		r.live = l
	}
	return r.live.sync(ctx)
}

// own makes sure that the backup in the place is this database's, before Litestream, which
// also tidies up there, is let at it.
func (r *Replicator) own(ctx context.Context) error {
	if r.opts.Owned {
		return nil
	}
	taken, err := r.place.taken(ctx, quiet(r.opts.Log))
	if err != nil {
		return err
	}
	if taken {
		return errForeign
	}
	if err := r.opts.Own(ctx); err != nil {
		return err
	}
	r.opts.Owned = true
	return nil
}

func (r *Replicator) worked(began time.Time) {
	r.mu.Lock()
	before := r.status
	r.status.Synced, r.status.Ever, r.status.Problem = began, true, ""
	r.status.Syncs++
	r.mu.Unlock()
	switch {
	case before.Problem != "":
		r.opts.Log.Info("backup works again", "place", r.place.String())
	case !before.Ever:
		r.opts.Log.Info("backup follows the database", "place", r.place.String())
	}
}

func (r *Replicator) failed(err error) {
	now := r.opts.Clock()
	r.mu.Lock()
	first := r.status.Problem == ""
	r.status.Failures++
	r.status.Problem = oneLine(err)
	lag := r.status.Lag(now)
	r.mu.Unlock()
	if first || now.Sub(r.reminded) >= remindEvery {
		r.reminded = now
		r.opts.Log.Error("backup failed and tries again", "place", r.place.String(), "lag", lag.Round(time.Second), "error", oneLine(err))
	}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
