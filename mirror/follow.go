package mirror

import (
	"context"
	"errors"
	"slices"
	"time"

	"liveassist/domain"
)

// errGap says that entries between the cursor and now were deleted before they were read.
var errGap = errors.New("the outbox lost entries that the target misses")

// follow passes on entries, batch after batch, until something goes wrong.
func (m *Mirror) follow(ctx context.Context, t *target, c cursor) error {
	checked := m.opts.Clock()
	for {
		n, err := m.pass(ctx, t, &c)
		if err != nil {
			return err
		}
		m.works()
		now := m.opts.Clock()
		switch {
		case n > 0:
			checked = now
		case now.Sub(checked) >= checkEvery:
			if err := t.check(ctx, c); err != nil {
				return err
			}
			checked = now
		}
		if n == batchSize {
			continue // there is more
		}
		select {
		case <-m.wake:
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pass brings one batch of entries to the target, moves the cursor behind it and returns
// how many entries there were.
func (m *Mirror) pass(ctx context.Context, t *target, c *cursor) (int, error) {
	entries, err := m.opts.Source.EntriesAfter(ctx, c.Seq, batchSize)
	if err != nil {
		return 0, sourceError(err)
	}
	if len(entries) == 0 {
		return 0, nil
	}
	// Asked after the reading: had entries been deleted before it, this would show.
	oldest, err := m.opts.Source.Oldest(ctx)
	if err != nil {
		return 0, sourceError(err)
	}
	if oldest > c.Seq+1 {
		return 0, errGap
	}
	last := entries[len(entries)-1]
	m.health.exists(last.Seq, m.opts.Clock())
	if err := m.renew(ctx, t, m.changed(entries)); err != nil {
		return 0, err
	}
	next := *c
	next.Seq, next.Entry, next.At = last.Seq, last.sign(), m.opts.Clock()
	if err := t.move(ctx, *c, next); err != nil {
		return 0, err
	}
	*c = next
	m.health.reached(c.Seq, m.opts.Clock())
	return len(entries), nil
}

// changed returns the documents that entries name, each once. Each is read after the
// entries were, so it is at least as new as the last of them, and one write of it stands
// for all its changes.
func (m *Mirror) changed(entries []Entry) map[string][]string {
	seen := map[domain.DocRef]bool{}
	ids := map[string][]string{} // collection -> _id
	for _, e := range entries {
		for _, d := range e.Docs {
			if !seen[d] && slices.Contains(m.opts.Collections, d.Collection) {
				seen[d] = true
				ids[d.Collection] = append(ids[d.Collection], d.ID)
			}
		}
	}
	return ids
}

// renew makes the named documents in the target what they are in the database.
func (m *Mirror) renew(ctx context.Context, t *target, ids map[string][]string) error {
	for _, collection := range m.opts.Collections {
		if len(ids[collection]) == 0 {
			continue
		}
		var docs []domain.Document
		var gone []string
		for _, id := range ids[collection] {
			d, err := m.opts.Source.FindOne(ctx, collection, id)
			switch {
			case errors.Is(err, domain.ErrNotFound):
				gone = append(gone, id)
			case err != nil:
				return sourceError(err)
			default:
				docs = append(docs, d)
			}
		}
		if err := t.write(ctx, collection, docs, gone); err != nil {
			return err
		}
		m.health.wrote(len(docs), len(gone))
	}
	return nil
}
