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
