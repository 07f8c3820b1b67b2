package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"liveassist/mirror"
	"liveassist/store"
)

// newMirror returns the mirror into MongoDB, nil where none is configured.
func (p *product) newMirror() (*mirror.Mirror, error) {
	if p.settings.MongoURL == "" {
		return nil, nil //nolint:nilnil // no mirror is no failure
	}
	return mirror.New(mirror.Options{
		URL: p.settings.MongoURL, Database: p.settings.MongoDatabase, Collections: store.Collections(),
		Source: mirror.Source{
			Identity: p.db.Identity, Newest: p.db.NewestSeq, Oldest: p.db.OldestSeq,
			EntriesAfter: p.entriesAfter, FindOne: p.db.FindOne, Page: p.db.Page,
		},
		Clock: time.Now, Random: rand.Float64, Log: p.log,
	})
}

// entriesAfter hands the outbox to the mirror in its own words.
func (p *product) entriesAfter(ctx context.Context, after int64, limit int) ([]mirror.Entry, error) {
	entries, err := p.db.EntriesAfter(ctx, after, limit)
	list := make([]mirror.Entry, len(entries))
	for i, e := range entries {
		list[i] = mirror.Entry{Seq: e.Seq, Docs: e.Docs, At: e.At}
	}
	return list, err
}

// follow keeps the mirror going until ctx ends.
func (p *product) follow(ctx context.Context) error {
	if p.mirror == nil {
		return nil
	}
	if err := p.mirror.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// details says how the parts do that the product can do without, for readyz.
func (p *product) details() map[string]any {
	all := map[string]any{}
	if p.mirror != nil {
		s := p.mirror.Status()
		m := map[string]any{"connected": s.Connected, "lag": s.Lag}
		if s.Problem != "" {
			m["problem"] = s.Problem
		}
		all["mirror"] = m
	}
	if p.backup != nil {
		s := p.backup.Status()
		b := map[string]any{"lag_seconds": s.Lag(time.Now()).Seconds()}
		if s.Problem != "" {
			b["problem"] = s.Problem
		}
		all["backup"] = b
	}
	return all
}
