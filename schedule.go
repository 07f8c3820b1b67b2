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
	keepEvents  = 7 * 24 * time.Hour // a page that was away for longer fetches anew
	pruneAtOnce = 5000               // rows a transaction, so that nobody's write waits long
)

// schedule does what time brings until ctx ends.
func (p *product) schedule(ctx context.Context) error {
	state := time.NewTicker(stateEvery)
	defer state.Stop()
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	p.turnState(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-state.C:
			p.turnState(ctx)
		case <-prune.C:
			p.prune(ctx)
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

// prune deletes what nobody needs any more, in small pieces.
func (p *product) prune(ctx context.Context) {
	if err := p.db.PruneLogins(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("prune logins failed", "error", err)
	}
	for ctx.Err() == nil {
		n, err := p.db.PruneOutbox(ctx, time.Now().Add(-keepEvents), pruneAtOnce)
		if err != nil && ctx.Err() == nil {
			p.log.Error("prune outbox failed", "error", err)
		}
		if err != nil || n < pruneAtOnce {
			return
		}
	}
}
