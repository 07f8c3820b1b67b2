package mirror

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/domain"
)

// copyAll makes the target a copy of the whole database and returns the cursor from which
// it can be followed. What changes meanwhile is followed afterwards: the cursor is the
// newest entry from before the copy.
func (m *Mirror) copyAll(ctx context.Context, t *target, identity, reason string) (cursor, error) {
	began := m.opts.Clock()
	m.opts.Log.Info("mirror copies everything", "reason", reason, "server", m.hosts, "database", m.opts.Database)
	c, err := m.newCursor(ctx, identity)
	if err != nil {
		return c, sourceError(err)
	}
	if err := t.putCursor(ctx, c); err != nil {
		return c, err
	}
	var copied, deleted int
	for _, collection := range m.opts.Collections {
		n, err := m.copyCollection(ctx, t, collection)
		copied += n
		if err != nil {
			return c, err
		}
		n, err = m.deleteStrays(ctx, t, collection)
		deleted += n
		if err != nil {
			return c, err
		}
	}
	end := c
	end.State, end.At = stateFollowing, m.opts.Clock()
	if err := t.move(ctx, c, end); err != nil {
		return c, err
	}
	m.health.copied()
	m.opts.Log.Info("mirror copied everything", "documents", copied, "deleted", deleted, "took", m.opts.Clock().Sub(began))
	return end, nil
}

// newCursor returns a cursor that says: being copied, to be followed from now.
func (m *Mirror) newCursor(ctx context.Context, identity string) (cursor, error) {
	newest, err := m.opts.Source.Newest(ctx)
	if err != nil {
		return cursor{}, err
	}
	h, err := m.history(ctx, newest)
	return cursor{ID: cursorID, Database: identity, State: stateCopying, Seq: newest, Entry: h.entry, At: m.opts.Clock()}, err
}

// copyCollection writes all documents of a collection and returns how many there were. It ends
// with a page that is not full: what comes after that was read is followed, and to run behind
// it would never end on a busy server.
func (m *Mirror) copyCollection(ctx context.Context, t *target, collection string) (n int, err error) {
	for after := ""; ; {
		docs, err := m.opts.Source.Page(ctx, collection, after, m.opts.PageSize)
		if err != nil {
			return n, sourceError(err)
		}
		if err := t.write(ctx, collection, docs, nil); err != nil {
			return n, err
		}
		n += len(docs)
		m.health.wrote(len(docs), 0)
		if len(docs) < m.opts.PageSize {
			return n, nil
		}
		after = idOf(docs[len(docs)-1])
	}
}

// deleteStrays deletes what the target has and the database does not, and returns how
// many documents that were. It asks the database about each, so it needs no memory of all.
func (m *Mirror) deleteStrays(ctx context.Context, t *target, collection string) (n int, err error) {
	err = t.eachID(ctx, collection, func(ids []bson.RawValue) error {
		var strays []bson.RawValue
		for _, id := range ids {
			text, ok := id.StringValueOK()
			if ok {
				_, err := m.opts.Source.FindOne(ctx, collection, text)
				if err == nil {
					continue
				}
				if !errors.Is(err, domain.ErrNotFound) {
					return sourceError(err)
				}
			}
			strays = append(strays, id)
		}
		if err := t.delete(ctx, collection, strays); err != nil {
			return err
		}
		n += len(strays)
		m.health.wrote(0, len(strays))
		return nil
	})
	return n, err
}
