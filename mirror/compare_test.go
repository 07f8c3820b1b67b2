package mirror_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"liveassist/domain"
	"liveassist/store"
)

// mustEqual compares every document of every collection, with types and order of fields,
// and returns how many there are.
func mustEqual(t *testing.T, db *store.DB, mdb *mongo.Database) (total int) {
	t.Helper()
	for _, collection := range store.Collections() {
		want := map[string]string{}
		err := db.Find(t.Context(), collection, nil, func(d domain.Document) error {
			want[d[0].Value.(string)] = wantText(d)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := mongoTexts(t, mdb.Collection(collection))
		for id, text := range want {
			if got[id] != text {
				t.Errorf("%s %s: got %s, want %s", collection, id, got[id], text)
			}
		}
		for id, text := range got {
			if _, ok := want[id]; !ok {
				t.Errorf("%s has %s, which SQLite does not: %s", collection, id, text)
			}
		}
		total += len(want)
	}
	if t.Failed() {
		t.FailNow()
	}
	return total
}

func mongoTexts(t *testing.T, c *mongo.Collection) map[string]string {
	t.Helper()
	found, err := c.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.D
	if err := found.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, d := range docs {
		texts[fmt.Sprint(d[0].Value)] = gotText(d)
	}
	if len(texts) != len(docs) {
		t.Errorf("%s: %d documents with %d _ids", c.Name(), len(docs), len(texts))
	}
	return texts
}

// wantText shows a value of the database as mongosh would show it in the mirror.
func wantText(v any) string {
	switch v := v.(type) {
	case domain.Document:
		parts := make([]string, len(v))
		for i, f := range v {
			parts[i] = f.Name + ": " + wantText(f.Value)
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case int64:
		if v > math.MaxInt32 || v < math.MinInt32 {
			return fmt.Sprintf("Long('%d')", v)
		}
		return strconv.FormatInt(v, 10)
	case time.Time:
		return v.UTC().Format("ISODate('2006-01-02T15:04:05.000Z')")
	case nil:
		return "null"
	}
	return fmt.Sprintf("%q", v)
}

// gotText shows a value of MongoDB in the same way; types that no document should have
// show as such.
func gotText(v any) string {
	switch v := v.(type) {
	case bson.D:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = e.Key + ": " + gotText(e.Value)
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case int32:
		return strconv.Itoa(int(v))
	case int64:
		return fmt.Sprintf("Long('%d')", v)
	case bson.DateTime:
		return v.Time().UTC().Format("ISODate('2006-01-02T15:04:05.000Z')")
	case string:
		return fmt.Sprintf("%q", v)
	case nil:
		return "null"
	}
	return fmt.Sprintf("%T(%v)", v, v)
}
