package domain

import (
	"fmt"
	"strconv"
	"time"
)

// Timestamp is a time in Unix milliseconds: how the database keeps times, and, rendered
// as RFC 3339 in UTC, how the API shows them.
type Timestamp int64

// At returns t as a Timestamp.
func At(t time.Time) Timestamp { return Timestamp(t.UnixMilli()) }

// Time returns ts as a time in UTC.
func (ts Timestamp) Time() time.Time { return time.UnixMilli(int64(ts)).UTC() }

// String renders ts in the API's form.
func (ts Timestamp) String() string { return ts.Time().Format(TimeLayout) }

// MarshalJSON implements json.Marshaler.
func (ts Timestamp) MarshalJSON() ([]byte, error) {
	return ts.appendJSON(make([]byte, 0, len(TimeLayout)+2)), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (ts *Timestamp) UnmarshalJSON(b []byte) error {
	s, err := strconv.Unquote(string(b))
	if err != nil {
		return fmt.Errorf("time %s: %w", b, err)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("time %s: %w", b, err)
	}
	*ts = At(t)
	return nil
}
