package main

import (
	"context"
	"time"

	"liveassist/assist"
	"liveassist/assist/guides"
	"liveassist/store"
)

const (
	// repliesAtOnce is how many replies are written at once. Those of a model mostly wait.
	repliesAtOnce = 16
	// indexEvery is how often the search's index is brought up to date; until then a search
	// reads what is new.
	indexEvery = 2 * time.Second
	// indexAtOnce is how many messages go into the index in one transaction.
	indexAtOnce = 100
	// indexRest is how long the writer is left to others after each, and at least as long as
	// it took.
	indexRest = 5 * time.Millisecond
)

// newAssistant returns what answers by itself; nil where nothing is to.
func (p *product) newAssistant(ctx context.Context, library *guides.Library) *assist.Assistant {
	if p.settings.Assist == "off" {
		return nil
	}
	p.finders = assist.NewFinders(context.WithoutCancel(ctx), library, func(ctx context.Context, weights []float64, texts [][]string) (assist.WordIndex, error) {
		return store.NewGuideIndex(ctx, weights, texts)
	})
	return assist.New(assist.Options{
		Store: p.db, Answerer: p.answerer(), Finders: p.finders, Whisper: p.hub.Whisper, Clock: time.Now, Log: p.log, Replied: p.meters.replied, AtOnce: repliesAtOnce,
	})
}

// answerer is a model where one is configured, with the guides behind it.
func (p *product) answerer() assist.Answerer {
	s := p.settings
	fromGuides := assist.NewGuides(p.finders)
	if s.AssistURL == "" {
		return fromGuides
	}
	model := assist.NewModel(assist.ModelOptions{
		URL: s.AssistURL, Key: s.AssistKey, Name: s.AssistModel, Pictures: p.db, Finders: p.finders, Clock: time.Now,
	})
	return &assist.Fallback{Model: model, Guides: fromGuides, Clock: time.Now, Log: p.log, Asked: p.meters.asked}
}

// answer lets the assistant work until ctx ends.
func (p *product) answer(ctx context.Context) error {
	if p.assistant == nil {
		return nil
	}
	return p.assistant.Run(ctx)
}

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
// upgrade that may be every message there is, and people come first. What an earlier one
// left to merge is merged before the next, or a search would look in more and more places.
func (p *product) indexNew(ctx context.Context) error {
	for ctx.Err() == nil {
		begin := time.Now()
		n, err := p.db.IndexMessages(ctx, indexAtOnce)
		if err != nil || n == 0 {
			return err
		}
		rest(ctx, time.Since(begin))
		if err := p.mergeIndex(ctx); err != nil || n < indexAtOnce {
			return err
		}
	}
	return nil
}

// mergeIndex puts the index together as far as it has to be.
func (p *product) mergeIndex(ctx context.Context) error {
	for ctx.Err() == nil {
		begin := time.Now()
		more, err := p.db.MergeIndex(ctx)
		if err != nil || !more {
			return err
		}
		rest(ctx, time.Since(begin))
	}
	return nil
}

// purgeIndex has the words of deleted messages gone from the index's file.
func (p *product) purgeIndex(ctx context.Context) {
	begun, err := p.db.PurgeIndex(ctx)
	if begun && err == nil {
		err = p.mergeIndex(ctx)
	}
	if err != nil && ctx.Err() == nil {
		p.log.Error("purge of index failed", "error", err)
	}
}

// rest leaves the writer to others for as long as a piece took, or until ctx ends.
func rest(ctx context.Context, took time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(max(indexRest, took)):
	}
}
