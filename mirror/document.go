package mirror

import (
	"fmt"
	"math"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/domain"
)

// encode returns d in MongoDB's form, its fields in the same order. A whole number that
// fits is an int32, as mongosh itself stores one: there it reads 500 and not Long('500'),
// and `find` and relaxed extended JSON show both alike.
func encode(d domain.Document) (bson.D, error) {
	out := make(bson.D, len(d))
	for i, f := range d {
		v, err := encodeValue(f.Value)
		if err != nil {
			return nil, fmt.Errorf("encode field %s: %w", f.Name, err)
		}
		out[i] = bson.E{Key: f.Name, Value: v}
	}
	return out, nil
}

func encodeValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, string:
		return v, nil
	case int64:
		if v >= math.MinInt32 && v <= math.MaxInt32 {
			return int32(v), nil
		}
		return v, nil
	case time.Time:
		return bson.NewDateTimeFromTime(v), nil
	case domain.Document:
		return encode(v)
	}
	return nil, fmt.Errorf("a %T has no form in MongoDB", v)
}

// idOf returns the _id of a document; documents of the database all have one.
func idOf(d domain.Document) string {
	for _, f := range d {
		if f.Name == "_id" {
			id, _ := f.Value.(string)
			return id
		}
	}
	return ""
}
