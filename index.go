package main

import (
	"context"
	"time"
)

const (
	// indexEvery is how often the search's index is brought up to date; until then a search
	// reads what is new.
	indexEvery = 2 * time.Second
	// indexAtOnce is how many messages go into the index in one transaction: some 2 ms, for
	// which everybody else's writes wait.
	indexAtOnce = 25
	// indexRest is how long the writer is left to others after each, and at least as long as
	// it took; indexBusy times as long while more than busyWrites come a second. People come
	// first, and the index is never left behind for good.
	indexRest  = 5 * time.Millisecond
	indexBusy  = 20
	busyWrites = 1000
)

// index keeps the search's index up to date until ctx ends.
func (p *product) index(ctx context.Context) error {
	tick := time.NewTicker(indexEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := p.indexNew(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("index of messages failed", "error", err)
		}
	}
}

// indexNew takes in what is new, in small transactions with a rest after each: after an
// upgrade that may be every message there is. What an earlier one left to merge is merged
// before the next, or a search would look in more and more places.
func (p *product) indexNew(ctx context.Context) error {
	pace := p.newPace()
	for ctx.Err() == nil {
		begin := time.Now()
		n, err := p.db.IndexMessages(ctx, indexAtOnce)
		if err != nil || n == 0 {
			return err
		}
		pace.rest(ctx, time.Since(begin))
		if err := p.mergeIndex(ctx, pace); err != nil || n < indexAtOnce {
			return err
		}
	}
	return nil
}

// mergeIndex puts the index together as far as it has to be.
func (p *product) mergeIndex(ctx context.Context, pace *pace) error {
	for ctx.Err() == nil {
		begin := time.Now()
		more, err := p.db.MergeIndex(ctx)
		if err != nil || !more {
			return err
		}
		pace.rest(ctx, time.Since(begin))
	}
	return nil
}

// purgeIndex has the words of deleted messages gone from the index's file.
func (p *product) purgeIndex(ctx context.Context) {
	begun, err := p.db.PurgeIndex(ctx)
	if begun && err == nil {
		err = p.mergeIndex(ctx, p.newPace())
	}
	if err != nil && ctx.Err() == nil {
		p.log.Error("purge of index failed", "error", err)
	}
}

// pace is how a job that writes leaves room for people.
type pace struct {
	writes func() int64 // how many there were, of everybody
	seen   int64
	at     time.Time
}

func (p *product) newPace() *pace {
	writes := func() int64 { return p.db.Stats().Writes }
	return &pace{writes: writes, seen: writes(), at: time.Now()}
}

// rest waits after a piece that took so long, or until ctx ends.
func (p *pace) rest(ctx context.Context, took time.Duration) {
	now, writes := time.Now(), p.writes()
	busy := float64(writes-p.seen) > busyWrites*now.Sub(p.at).Seconds()
	p.seen, p.at = writes, now
	wait := max(indexRest, took)
	if busy {
		wait = indexBusy * took
	}
	select {
	case <-ctx.Done():
	case <-time.After(wait):
	}
}
