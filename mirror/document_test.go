package mirror

import (
	"math"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/domain"
)

func TestEncode(t *testing.T) {
	at := time.Date(2026, 11, 24, 1, 2, 3, 456e6, time.FixedZone("", 3600))
	got, err := encode(domain.Document{
		{Name: "z", Value: "text"},
		{Name: "a", Value: int64(500)},
		{Name: "low", Value: int64(math.MinInt32)},
		{Name: "lower", Value: int64(math.MinInt32) - 1},
		{Name: "high", Value: int64(math.MaxInt32)},
		{Name: "higher", Value: int64(math.MaxInt32) + 1},
		{Name: "at", Value: at},
		{Name: "image", Value: domain.Document{{Name: "width", Value: int64(1)}}},
		{Name: "none", Value: nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := bson.MarshalExtJSON(got, true, false)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"z":"text","a":{"$numberInt":"500"},"low":{"$numberInt":"-2147483648"},"lower":{"$numberLong":"-2147483649"},` +
		`"high":{"$numberInt":"2147483647"},"higher":{"$numberLong":"2147483648"},"at":{"$date":{"$numberLong":"1795478523456"}},` +
		`"image":{"width":{"$numberInt":"1"}},"none":null}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestEncode_ErrUnknownType(t *testing.T) {
	if _, err := encode(domain.Document{{Name: "x", Value: 1.5}}); err == nil {
		t.Error("a float64 was taken, which the database never gives")
	}
}
