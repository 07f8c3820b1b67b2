package billing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// The answers to deliveries that are not taken.
var (
	errNoSecret     = domain.E(domain.KindBillingUnavailable, "This server has no signing secret and takes no events.")
	errBadSignature = domain.E(domain.KindInvalidSignature, "The signature does not fit.")
	errNoEvent      = domain.E(domain.KindInvalidRequest, "The body is no event.")
	errProcessing   = domain.E(domain.KindProcessingError, "The event could not be stored. Please deliver it again.")
)

// Deliver takes a delivery of Stripe's: the raw body and the Stripe-Signature header.
// local says that it comes from this machine, from where the sandbox delivers too. Without
// an error the event is settled, or parked, on disk.
func (s *Service) Deliver(ctx context.Context, payload []byte, signature string, local bool) error {
	err := s.secrets.Verify(payload, signature)
	if err != nil && s.sandbox != nil && local && (Secrets{s.sandbox.secret}).Verify(payload, signature) == nil {
		err = nil
	}
	if err != nil {
		s.stats.rejected.Add(1)
		s.log.WarnContext(ctx, "event refused", "reason", err.Error(), "bytes", len(payload))
		if errors.Is(err, ErrNoSecret) {
			return errNoSecret
		}
		return errBadSignature.Because(err)
	}
	e, err := ParseEvent(payload)
	if err != nil {
		s.stats.rejected.Add(1)
		s.log.WarnContext(ctx, "event refused", "reason", err.Error(), "bytes", len(payload))
		return errNoEvent.Because(err)
	}
	if err := s.take(ctx, e, "webhook"); err != nil {
		return errProcessing.Because(err)
	}
	return nil
}

// take books an event, whoever brought it, and writes one line for it and for each parked
// one that was taken up with it.
func (s *Service) take(ctx context.Context, e Event, source string) error {
	start := s.clock()
	outcomes, err := s.book(ctx, s.db, e)
	if err != nil {
		s.stats.failed.Add(1)
		return fmt.Errorf("event %s (%s): %w", e.ID, e.Type, err)
	}
	took := s.clock().Sub(start)
	for i, o := range outcomes {
		s.tell(ctx, o, source, i > 0, took)
	}
	if outcomes[0].Status == store.WebhookParked {
		s.tryLink(ctx, e, source)
	}
	return nil
}

// tryLink asks Stripe about a parked event's payment. The event is safe in the ledger: if
// this fails, the hourly job tries again.
func (s *Service) tryLink(ctx context.Context, e Event, source string) (settled int) {
	start := s.clock()
	outcomes, err := s.link(ctx, e)
	if err != nil {
		s.log.WarnContext(ctx, "payment of a parked event could not be looked up", "event_id", e.ID, "type", e.Type, "error", err)
	}
	for _, o := range outcomes {
		s.tell(ctx, o, source, true, s.clock().Sub(start))
	}
	return len(outcomes)
}

// tell counts and logs what became of an event.
func (s *Service) tell(ctx context.Context, o Outcome, source string, again bool, took time.Duration) {
	s.count(o)
	level, decision := slog.LevelInfo, string(o.Kind)
	switch {
	case o.Known:
		decision = "duplicate"
	case o.Status == store.WebhookParked || o.Alarm:
		level = slog.LevelWarn
	}
	s.log.LogAttrs(ctx, level, "stripe event",
		slog.String("event_id", o.Event.ID), slog.String("type", o.Event.Type), slog.String("user", string(o.User)),
		slog.String("decision", decision), slog.String("status", string(o.Status)), slog.String("why", o.Why),
		slog.String("source", source), slog.Bool("was_parked", again), slog.Float64("ms", float64(took.Microseconds())/1000))
}
