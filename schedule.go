package main

import (
	"context"
	"time"
)

// How often the scheduler looks, and what it keeps.
const (
	stateEvery  = 20 * time.Second // stored values agree with the API within a minute
	pruneEvery  = time.Hour
	catchEvery  = time.Hour
	pruneAtOnce = 5000 // rows a transaction, so that nobody's write waits long
	// purgeHour is when the words of deleted messages leave the file, UTC: once a day, for it
	// writes all of the index anew.
	purgeHour = 2
	// bodiesAtOnce is less: a body is up to 1 MiB, and each is read to be let go.
	bodiesAtOnce = 200
)

// schedule does what time brings until ctx ends.
func (p *product) schedule(ctx context.Context) error {
	state := time.NewTicker(stateEvery)
	defer state.Stop()
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	p.turnState(ctx)
	p.tellSpace(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-state.C:
			p.turnState(ctx)
		case <-prune.C:
			p.prune(ctx, time.Now())
		}
	}
}

// catchUp books what Stripe could not deliver: at the start, and every hour, until ctx ends.
func (p *product) catchUp(ctx context.Context) error {
	again := time.NewTicker(catchEvery)
	defer again.Stop()
	for {
		if err := p.billing.CatchUp(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("catch-up failed", "error", err)
		}
		if _, err := p.billing.RetryParked(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("retry of parked events failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}

// turnState writes what the turn of the day, the end of a subscription and the end of an
// operator's role change.
func (p *product) turnState(ctx context.Context) {
	if err := p.billing.ExpireDue(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("end of subscriptions failed", "error", err)
	}
	if err := p.db.ReleaseDesks(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("release of conversations failed", "error", err)
	}
	if err := p.db.TurnDay(ctx, p.settings.Grace, p.settings.FreeImagesPerDay); err != nil && ctx.Err() == nil {
		p.log.Error("turn of the day failed", "error", err)
	}
}

// prune deletes what nobody needs any more, in small pieces, and gives back the room.
func (p *product) prune(ctx context.Context, now time.Time) {
	p.tidy(ctx, "prune logins", 0, func() (int64, error) { return 0, p.db.PruneLogins(ctx) })
	p.tidy(ctx, "prune links", 0, func() (int64, error) { return 0, p.db.PruneLinks(ctx) })
	p.tidy(ctx, "prune outbox", pruneAtOnce, func() (int64, error) {
		return p.db.PruneOutbox(ctx, now.Add(-p.settings.OutboxRetention), pruneAtOnce)
	})
	p.tidy(ctx, "drop webhook bodies", bodiesAtOnce, func() (int64, error) {
		return p.db.DropWebhookBodies(ctx, now.Add(-p.settings.WebhookRetention), bodiesAtOnce)
	})
	if now.UTC().Hour() == purgeHour {
		p.purgeIndex(ctx)
	}
	p.shrink(ctx)
}

// tidy repeats a piece of work until one is not full.
func (p *product) tidy(ctx context.Context, what string, full int64, piece func() (int64, error)) {
	for ctx.Err() == nil {
		n, err := piece()
		if err != nil && ctx.Err() == nil {
			p.log.Error(what+" failed", "error", err) //nolint:sloglint // one of four texts of this file
		}
		if err != nil || n < full || full == 0 {
			return
		}
	}
}

// Free pages are used again, so some are kept: shrinking and growing is work for nothing.
const (
	keepFree   = 1024 // pages
	freeShare  = 4    // one page in so many may be free
	shrinkRest = 50 * time.Millisecond
)

// tellSpace says once how it is with a database of an earlier version.
func (p *product) tellSpace(ctx context.Context) {
	if space, err := p.db.Space(ctx); err == nil && !space.Shrinks {
		p.log.Info("the database file does not shrink, free room in it is used again: it was made by an earlier version; a backup of it put in its place does")
	}
}

// shrink gives free pages back while there are many and nobody's write waits.
func (p *product) shrink(ctx context.Context) {
	for ctx.Err() == nil {
		space, err := p.db.Space(ctx)
		if err == nil && (!space.Shrinks || space.Free <= keepFree || space.Free*freeShare <= space.Pages || p.db.Stats().Queue > 0) {
			return
		}
		if err == nil {
			err = p.db.Shrink(ctx)
		}
		if err != nil {
			if ctx.Err() == nil {
				p.log.Error("shrink failed", "error", err)
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(shrinkRest):
		}
	}
}

// finishDeletions removes what a crash has left of accounts that were deleted: at the
// start, and every hour, until ctx ends.
func (p *product) finishDeletions(ctx context.Context) error {
	again := time.NewTicker(pruneEvery)
	defer again.Stop()
	for {
		open, err := p.db.OpenDeletions(ctx)
		for _, id := range open {
			if err = p.accounts.Finish(ctx, id); err != nil {
				break
			}
			p.log.Info("rest of a deleted account removed", "user", id)
		}
		if err != nil && ctx.Err() == nil {
			p.log.Error("rest of a deleted account is still there", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}
