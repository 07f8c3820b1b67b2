package billing

import (
	"encoding/json"
	"strconv"
	"time"
)

// The types of this file read one JSON value each and never fail: what is not of the
// expected form reads as missing. Events come signed by Stripe, but in the versions of a
// decade.

// text is a string.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	return nil
}

// flag is a boolean.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = string(b) == "true"
	return nil
}

// amount is a sum of money in the currency's minor unit.
type amount int64

// UnmarshalJSON implements json.Unmarshaler.
func (a *amount) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		n = 0
	}
	*a = amount(n)
	return nil
}

// epoch is a time in Unix seconds; 0 is no time.
type epoch int64

// maxEpoch is the last second of the year 9999: what lies beyond has no RFC 3339 form.
const maxEpoch = 253402300799

// UnmarshalJSON implements json.Unmarshaler.
func (e *epoch) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n < 0 || n > maxEpoch {
		n = 0
	}
	*e = epoch(n)
	return nil
}

func (e epoch) time() time.Time {
	if e == 0 {
		return time.Time{}
	}
	return time.Unix(int64(e), 0).UTC()
}

// metadata holds the string values of an object's metadata.
type metadata map[string]text

// UnmarshalJSON implements json.Unmarshaler.
func (m *metadata) UnmarshalJSON(b []byte) error {
	*m = nil
	if !isObject(b) {
		return nil
	}
	return json.Unmarshal(b, (*map[string]text)(m))
}

// ref is another object, named by its id or expanded.
type ref struct {
	ID       string
	Metadata metadata // of an expanded object
	Deleted  bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *ref) UnmarshalJSON(b []byte) error {
	*r = ref{}
	if !isObject(b) {
		return (*text)(&r.ID).UnmarshalJSON(b)
	}
	var o struct {
		ID       text     `json:"id"`
		Metadata metadata `json:"metadata"`
		Deleted  flag     `json:"deleted"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	r.ID, r.Metadata, r.Deleted = string(o.ID), o.Metadata, bool(o.Deleted)
	return nil
}

// list is one of Stripe's lists ({"data": [...]}).
type list[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	if !isObject(b) {
		return nil
	}
	var o struct {
		Data []T `json:"data"`
	}
	err := tolerant(json.Unmarshal(b, &o))
	*l = o.Data
	return err
}
