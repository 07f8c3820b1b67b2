package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"
)

const (
	// eventsKept is how long Stripe keeps events for reading.
	eventsKept = 30 * 24 * time.Hour
	// onTheWay is how young an event may be and still be on its way here: booked it is, but
	// not called missed. It may also not be in Stripe's list yet, so the next read begins as
	// much earlier.
	onTheWay = 2 * time.Minute
	// clockSlack is how far Stripe's clock may be ahead of this machine's.
	clockSlack = time.Minute
	// One read takes in the events of such a time, so that memory stays small.
	readSpan, readSpanFailed = 24 * time.Hour, 5 * 24 * time.Hour
	// caughtUpTo names the time, in Unix seconds, up to which all events were looked at.
	caughtUpTo = "caught_up_to"
)

// CatchUp books the events that Stripe could not deliver, or that this server was not
// there for, oldest first and by the same path as the webhook. Without a key it does
// nothing.
func (s *Service) CatchUp(ctx context.Context) error {
	if s.stripe == nil {
		return nil
	}
	now := s.clock()
	horizon, to := now.Add(-eventsKept), now.Add(clockSlack)
	last, err := s.db.BillingState(ctx, caughtUpTo)
	if err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	from := time.Unix(last, 0)
	if from.Before(horizon) {
		from = horizon
	}
	booked, missed := 0, 0
	count := func(e Event) {
		if booked++; now.Sub(e.Created) > onTheWay {
			missed++
		}
	}
	err = s.catchUp(ctx, horizon, to, readSpanFailed, true, count)
	if err == nil {
		err = s.catchUp(ctx, from, to, readSpan, false, count)
	}
	if missed > 0 {
		s.stats.missed.Add(int64(missed))
		s.log.Warn("events were missed and are booked now", "events", missed, "booked", booked, "since", from.UTC().Format(time.RFC3339))
	}
	if err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	return s.db.SetBillingState(ctx, caughtUpTo, now.Add(-onTheWay).Unix())
}

// catchUp goes through the events from one time to another and counts those that were new.
func (s *Service) catchUp(ctx context.Context, from, to time.Time, span time.Duration, failed bool, count func(Event)) error {
	for ; from.Before(to); from = from.Add(span) {
		until := from.Add(span)
		if until.After(to) {
			until = to
		}
		events, err := s.stripe.events(ctx, from, until, failed)
		if err != nil {
			return err
		}
		slices.Reverse(events) // Stripe lists the newest first
		for _, e := range events {
			known, err := s.db.KnowsWebhook(ctx, e.ID, e.Type)
			if err != nil {
				return err
			}
			if known || deciderOf(e.Type) == nil {
				continue
			}
			if err := s.take(ctx, e, "catch-up"); err != nil {
				return err
			}
			count(e)
		}
	}
	return nil
}

// events lists what happened at Stripe from one time to before another, the newest first;
// with failed only what could not be delivered.
func (s *stripeAPI) events(ctx context.Context, from, until time.Time, failed bool) ([]Event, error) {
	var all []Event
	after := ""
	for {
		page, more, err := s.eventPage(ctx, from, until, failed, after)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if !more || len(page) == 0 || page[len(page)-1].ID == after {
			return all, nil
		}
		after = page[len(page)-1].ID
	}
}

func (s *stripeAPI) eventPage(ctx context.Context, from, until time.Time, failed bool, after string) (page []Event, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.EventListParams{
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: from.Unix(), LesserThan: until.Unix()},
		Types:        stripe.StringSlice(EventTypes()),
	}
	params.Context, params.Single, params.Limit = ctx, true, new(int64(100))
	if failed {
		params.DeliverySuccess = new(false)
	}
	if after != "" {
		params.StartingAfter = new(after)
	}
	it := s.eventList.List(params)
	if err := it.Err(); err != nil {
		return nil, false, fmt.Errorf("list events: %w", err)
	}
	// The events are read as they came: the library's own form lacks newer fields.
	var answer struct {
		Data    []json.RawMessage `json:"data"`
		HasMore bool              `json:"has_more"`
	}
	if err := json.Unmarshal(it.EventList().LastResponse.RawJSON, &answer); err != nil {
		return nil, false, fmt.Errorf("list events: %w", err)
	}
	for _, raw := range answer.Data {
		e, err := ParseEvent(raw)
		if err != nil {
			return nil, false, fmt.Errorf("list events: %w", err)
		}
		page = append(page, e)
	}
	return page, answer.HasMore, nil
}
