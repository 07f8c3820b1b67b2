package billing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Event is one of Stripe's events, of any API version: the envelope, and the object that
// it tells of as it came.
type Event struct {
	ID       string
	Type     string
	Account  string // the connected account that it comes from; empty for our own
	Livemode bool
	Created  time.Time       // zero where the event does not say
	Object   json.RawMessage // nil where the event carries none
	Raw      []byte          // the whole event
}

// ErrNoEvent says that a body is no event: no JSON object, or one without id or type.
var ErrNoEvent = errors.New("no event")

// ParseEvent reads an event's envelope. A field of the wrong type reads as missing: what
// an event must have to mean something is for Decide to say.
func ParseEvent(raw []byte) (Event, error) {
	var e struct {
		ID       text  `json:"id"`
		Type     text  `json:"type"`
		Account  text  `json:"account"`
		Livemode flag  `json:"livemode"`
		Created  epoch `json:"created"`
		Data     struct {
			Object rawObject `json:"object"`
		} `json:"data"`
	}
	if !isObject(raw) {
		return Event{}, fmt.Errorf("%w: the body is not a JSON object", ErrNoEvent)
	}
	if err := tolerant(json.Unmarshal(raw, &e)); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrNoEvent, err)
	}
	if e.ID == "" || e.Type == "" {
		return Event{}, fmt.Errorf("%w: the body has no id or no type", ErrNoEvent)
	}
	return Event{
		ID: string(e.ID), Type: string(e.Type), Account: string(e.Account), Livemode: bool(e.Livemode),
		Created: e.Created.time(), Object: json.RawMessage(e.Data.Object), Raw: raw,
	}, nil
}

// tolerant passes over values of a type that was not expected: encoding/json leaves such
// fields out and reads the rest.
func tolerant(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil
	}
	return err
}

func isObject(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && b[0] == '{'
}

// rawObject is a JSON object as it came; anything else is nil.
type rawObject []byte

// UnmarshalJSON implements json.Unmarshaler.
func (o *rawObject) UnmarshalJSON(b []byte) error {
	*o = nil
	if isObject(b) {
		*o = bytes.Clone(b)
	}
	return nil
}
