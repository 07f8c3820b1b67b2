package story

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"liveassist/e2e/stack"
)

// Collections are those of the contract.
func Collections() []string {
	return []string{"users", "liveassist_sessions", "liveassist_messages", "webhook_events", "xp_events"}
}

// Database is the product's data, seen from both sides: MongoDB by its protocol, SQLite through
// `liveassist find`.
type Database struct {
	stack  *stack.Stack
	client *mongo.Client
}

// OpenDatabase connects to the MongoDB server.
func OpenDatabase(s *stack.Stack) (*Database, error) {
	client, err := mongo.Connect(options.Client().ApplyURI(s.MongoURL).SetServerSelectionTimeout(10 * time.Second))
	if err != nil {
		return nil, fmt.Errorf("open mongo: %w", err)
	}
	return &Database{stack: s, client: client}, nil
}

// Close ends the connection.
func (d *Database) Close(ctx context.Context) error { return d.client.Disconnect(ctx) }

// Filter is an equality of one field.
type Filter struct{ Field, Value string }

// All selects every document.
var All = Filter{} //nolint:gochecknoglobals // it is never changed

// JSON is the filter for `liveassist find`.
func (f Filter) JSON() string {
	if f == All {
		return "{}"
	}
	b, err := json.Marshal(map[string]string{f.Field: f.Value})
	if err != nil {
		panic("story: a filter cannot be encoded: " + err.Error())
	}
	return string(b)
}

// Mongo reads documents from MongoDB, ordered by _id.
func (d *Database) Mongo(ctx context.Context, collection string, f Filter) ([]bson.D, error) {
	filter := bson.D{}
	if f != All {
		filter = bson.D{{Key: f.Field, Value: f.Value}}
	}
	cursor, err := d.client.Database(stack.Database).Collection(collection).Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("mongo: find in %s: %w", collection, err)
	}
	docs := []bson.D{}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fmt.Errorf("mongo: read %s: %w", collection, err)
	}
	return docs, nil
}

// SQLite reads documents with `liveassist find`, ordered by _id. The lines are as it printed them.
func (d *Database) SQLite(ctx context.Context, collection string, f Filter) (docs []bson.D, lines []string, err error) {
	printed, err := d.stack.Find(ctx, collection, f.JSON())
	if err != nil {
		return nil, nil, err
	}
	for _, line := range printed {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var doc bson.D
		if err := bson.UnmarshalExtJSON([]byte(line), false, &doc); err != nil {
			return nil, nil, fmt.Errorf("find %s printed what is no extended JSON: %q: %w", collection, line, err)
		}
		docs, lines = append(docs, doc), append(lines, line)
	}
	slices.SortFunc(docs, func(a, b bson.D) int { return strings.Compare(idOf(a), idOf(b)) })
	slices.SortFunc(lines, strings.Compare)
	return docs, lines, nil
}

// One reads the only document of a filter from SQLite, as plain values.
func (d *Database) One(ctx context.Context, collection string, f Filter) (map[string]any, error) {
	docs, _, err := d.SQLite(ctx, collection, f)
	if err != nil {
		return nil, err
	}
	if len(docs) != 1 {
		return nil, fmt.Errorf("find %s %s: got %d documents, want 1", collection, f.JSON(), len(docs))
	}
	return Plain(docs[0])
}

// Difference says where MongoDB and SQLite differ in a collection; empty where they do not.
func (d *Database) Difference(ctx context.Context, collection string) (text string, documents int, err error) {
	inMongo, err := d.Mongo(ctx, collection, All)
	if err != nil {
		return "", 0, err
	}
	inSQLite, _, err := d.SQLite(ctx, collection, All)
	if err != nil {
		return "", 0, err
	}
	text, err = difference(inMongo, inSQLite)
	return text, len(inSQLite), err
}

func difference(inMongo, inSQLite []bson.D) (string, error) {
	mirrored := map[string]bson.D{}
	for _, doc := range inMongo {
		mirrored[idOf(doc)] = doc
	}
	var differences []string
	for _, doc := range inSQLite {
		id := idOf(doc)
		other, ok := mirrored[id]
		delete(mirrored, id)
		if !ok {
			differences = append(differences, id+" is missing in MongoDB")
			continue
		}
		same, err := SameDocument(doc, other)
		if err != nil {
			return "", err
		}
		if !same {
			differences = append(differences, id+" differs: MongoDB has "+show(other)+", SQLite has "+show(doc))
		}
	}
	for id := range mirrored {
		differences = append(differences, id+" is in MongoDB alone")
	}
	slices.Sort(differences)
	return strings.Join(differences, "; "), nil
}

// SameDocument compares two documents, whatever the order of their fields.
func SameDocument(a, b bson.D) (bool, error) {
	x, err := Plain(a)
	if err != nil {
		return false, err
	}
	y, err := Plain(b)
	return reflect.DeepEqual(x, y), err
}

// Plain turns a document into plain JSON values, with dates as {"$date": text}.
func Plain(doc bson.D) (map[string]any, error) {
	b, err := bson.MarshalExtJSON(doc, false, false)
	if err != nil {
		return nil, fmt.Errorf("encode a document: %w", err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("decode a document: %w", err)
	}
	return m, nil
}

func idOf(doc bson.D) string {
	for _, e := range doc {
		if e.Key == "_id" {
			return fmt.Sprint(e.Value)
		}
	}
	return ""
}
