package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"liveassist/domain"
)

// How long things with MongoDB may take. The driver tells the server the rest of an
// operation's time (maxTimeMS), so that no write that was given up is carried out later,
// over a newer one.
const (
	reachTimeout     = 5 * time.Second // to find a server that takes writes; a URL may say otherwise
	operationTimeout = 30 * time.Second
	closeTimeout     = 2 * time.Second
)

// How much goes to MongoDB, or comes from it, at once.
const (
	// FerretDB 1.24 takes one of its 100 connections to SQLite for each document that a
	// command replaces, gives them back only at its end, and waits for ever for the 101st.
	writesAtOnce = 50
	idsAtOnce    = 500
)

// errTaken says that the target's cursor is not the one that this mirror left there.
var errTaken = errors.New("the target was emptied, or something else mirrors into it")

// indexes are for the questions that a person asks in mongosh.
//
//nolint:gochecknoglobals // a constant table
var indexes = map[string][]string{
	"users":               {"email"},
	"liveassist_sessions": {"userId"},
	"liveassist_messages": {"sessionId", "userId"},
	"webhook_events":      {"eventId", "userId"},
	"xp_events":           {"userId"},
}

// target is the MongoDB database that becomes the mirror.
type target struct {
	db *mongo.Database
}

// dial prepares a connection; the first operation opens it.
func dial(url, database string) (*target, error) {
	opts := options.Client().SetAppName("liveassist").SetServerSelectionTimeout(reachTimeout).SetConnectTimeout(reachTimeout).
		ApplyURI(url).
		// Whatever the URL says: the cursor moves behind writes that the server has, and it
		// is read where it was written.
		SetWriteConcern(writeconcern.Majority()).SetReadPreference(readpref.Primary())
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &target{db: client.Database(database)}, nil
}

// close ends the connections, also after ctx has ended.
func (t *target) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	_ = t.db.Client().Disconnect(ctx) // there is nothing left to save
}

// cursor reads the target's cursor; its ID is empty where there is none.
func (t *target) cursor(ctx context.Context) (c cursor, err error) {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	err = t.db.Collection(cursorCollection).FindOne(ctx, bson.D{{Key: "_id", Value: cursorID}}).Decode(&c)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return cursor{}, nil
	}
	if err != nil {
		return cursor{}, fmt.Errorf("read cursor: %w", err)
	}
	return c, nil
}

// putCursor replaces the target's cursor, whatever it was.
func (t *target) putCursor(ctx context.Context, c cursor) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	_, err := t.db.Collection(cursorCollection).ReplaceOne(ctx, bson.D{{Key: "_id", Value: cursorID}}, c, options.Replace().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("begin cursor: %w", err)
	}
	return nil
}

// move replaces the cursor from by to, and answers errTaken where from is not there.
func (t *target) move(ctx context.Context, from, to cursor) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	res, err := t.db.Collection(cursorCollection).ReplaceOne(ctx, bson.D{
		{Key: "_id", Value: cursorID},
		{Key: "database", Value: from.Database},
		{Key: "state", Value: from.State},
		{Key: "seq", Value: from.Seq},
	}, to)
	if err != nil {
		return fmt.Errorf("move cursor: %w", err)
	}
	if res.MatchedCount == 0 {
		return errTaken
	}
	return nil
}

// check answers errTaken where the target's cursor is not c.
func (t *target) check(ctx context.Context, c cursor) error {
	got, err := t.cursor(ctx)
	if err != nil {
		return err
	}
	if got.Database != c.Database || got.State != c.State || got.Seq != c.Seq {
		return errTaken
	}
	return nil
}

// index makes a collection's indexes; those that exist stay as they are.
func (t *target) index(ctx context.Context, collection string) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	for _, field := range indexes[collection] {
		// One by one: FerretDB 1.24 panics at two that exist.
		_, err := t.db.Collection(collection).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: field, Value: 1}}})
		if err != nil && !hasCode(err, codeIndexOptionsConflict, codeIndexKeySpecsConflict) {
			return fmt.Errorf("index %s of %s: %w", field, collection, err)
		}
	}
	return nil
}

// write puts docs into a collection, each over the one with its _id, and deletes those
// named by gone. No _id may come twice: the server chooses the order.
func (t *target) write(ctx context.Context, collection string, docs []domain.Document, gone []string) error {
	ops := make([]mongo.WriteModel, 0, len(docs)+len(gone))
	for _, d := range docs {
		doc, err := encode(d)
		if err != nil {
			return fault{"a document of " + collection + " has no form in MongoDB", err}
		}
		ops = append(ops, mongo.NewReplaceOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: idOf(d)}}).SetReplacement(doc))
	}
	for _, id := range gone {
		ops = append(ops, mongo.NewDeleteOneModel().SetFilter(bson.D{{Key: "_id", Value: id}}))
	}
	for some := range slices.Chunk(ops, writesAtOnce) {
		if err := t.bulk(ctx, collection, some); err != nil {
			return fmt.Errorf("write %s: %w", collection, err)
		}
	}
	return nil
}

func (t *target) bulk(ctx context.Context, collection string, ops []mongo.WriteModel) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	_, err := t.db.Collection(collection).BulkWrite(ctx, ops, options.BulkWrite().SetOrdered(false))
	return err
}

// delete deletes the documents with the given _ids, which may be of any type.
func (t *target) delete(ctx context.Context, collection string, ids []bson.RawValue) error {
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	if _, err := t.db.Collection(collection).DeleteMany(ctx, filter); err != nil {
		return fmt.Errorf("delete from %s: %w", collection, err)
	}
	return nil
}

// eachID hands the _ids of a collection to yield, in pieces.
func (t *target) eachID(ctx context.Context, collection string, yield func([]bson.RawValue) error) error {
	found, err := t.findIDs(ctx, collection)
	if err != nil {
		return fmt.Errorf("list %s: %w", collection, err)
	}
	defer func() { _ = found.Close(context.WithoutCancel(ctx)) }() // the server forgets it by itself
	ids := make([]bson.RawValue, 0, idsAtOnce)
	for nextID(ctx, found) {
		id := found.Current.Lookup("_id")
		id.Value = slices.Clone(id.Value) // the driver uses its buffer again
		if ids = append(ids, id); len(ids) == idsAtOnce {
			if err := yield(ids); err != nil {
				return err
			}
			ids = ids[:0]
		}
	}
	if err := found.Err(); err != nil {
		return fmt.Errorf("list %s: %w", collection, err)
	}
	return yield(ids)
}

func (t *target) findIDs(ctx context.Context, collection string) (*mongo.Cursor, error) {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	return t.db.Collection(collection).Find(ctx, bson.D{}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(idsAtOnce))
}

// nextID moves found on; each round trip to the server may take operationTimeout.
func nextID(ctx context.Context, found *mongo.Cursor) bool {
	if found.RemainingBatchLength() > 0 {
		return found.Next(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	return found.Next(ctx)
}
