package billing

import (
	"context"
	"fmt"

	"liveassist/domain"
	"liveassist/store"
)

// Replayed is what became of an event that an operator took up again.
type Replayed struct {
	Status store.WebhookStatus
	Why    string
	// Known says that it was processed before, so that nothing changed.
	Known bool
	// Also is how many other parked events could be booked with it.
	Also int
}

var errNoBody = &domain.Error{
	Kind: domain.KindConflict, Code: domain.CodeNoBody, Message: "The event's body is not kept any more, so it cannot be taken up again.",
}

// Replay takes up an event of the ledger again, by the same path as a delivery: parked and
// ignored ones are judged anew, and one that was processed stays as it is. The operator's
// act stands in the transaction of its effect. When it returns, it has run.
func (s *Service) Replay(ctx context.Context, seq int64, act store.Act) (Replayed, error) {
	start := s.clock()
	r, outcomes, err := s.replay(ctx, s.db, seq, act)
	if err != nil {
		if domain.KindOf(err) != domain.KindInternal {
			return r, err
		}
		s.stats.failed.Add(1)
		return r, errProcessing.Because(fmt.Errorf("replay event %d: %w", seq, err))
	}
	for _, o := range outcomes {
		s.tell(ctx, o, "replay", true, s.clock().Sub(start))
	}
	if r.Status != store.WebhookParked {
		return r, nil
	}
	// As with a delivery: Stripe may know what the event lacks.
	return s.replayLinked(ctx, seq, r)
}

// replayLinked asks Stripe about the payment of an event that stays parked.
func (s *Service) replayLinked(ctx context.Context, seq int64, r Replayed) (Replayed, error) {
	w, err := s.db.Webhook(ctx, seq)
	if err != nil {
		return r, err
	}
	e, err := ParseEvent(w.Raw)
	if err != nil {
		return r, nil //nolint:nilerr // it was readable a moment ago; it stays parked
	}
	settled := s.tryLink(ctx, e, "replay")
	if settled == 0 {
		return r, nil
	}
	if w, err = s.db.Webhook(ctx, seq); err != nil {
		return r, err
	}
	r.Status, r.Why = w.Status, w.Why
	if r.Also += settled; w.Status != store.WebhookParked {
		r.Also--
	}
	return r, nil
}

// replay is Replay's transaction.
func (r rules) replay(ctx context.Context, db *store.DB, seq int64, act store.Act) (result Replayed, outcomes []Outcome, err error) {
	err = db.Write(ctx, "replay event", func(tx *store.Tx) error {
		w, err := tx.Webhook(seq)
		if err != nil {
			return err
		}
		b := r.begin(tx)
		if result, outcomes, err = b.reconsider(w); err != nil {
			return err
		}
		if err := b.finish(); err != nil {
			return err
		}
		act.User, act.Subject = w.User, w.DocID
		if len(outcomes) > 0 && outcomes[0].User != "" {
			act.User = outcomes[0].User
		}
		act.Detail = map[string]any{"event": w.EventID, "type": w.Type, "was": w.Status, "now": result.Status, "why": result.Why, "also": result.Also}
		return tx.Audit(act)
	})
	return result, outcomes, err
}

// reconsider judges an event of the ledger anew and books it where that is possible now.
func (b *booking) reconsider(w store.Webhook) (Replayed, []Outcome, error) {
	result := Replayed{Status: w.Status, Why: w.Why}
	if w.Status == store.WebhookProcessed {
		result.Known = true
		return result, nil, nil
	}
	e, err := ParseEvent(w.Raw)
	if err != nil {
		return result, nil, errNoBody
	}
	v, err := b.judge(Decide(e, b.Context))
	if err != nil {
		return result, nil, err
	}
	result.Status, result.Why = v.status, v.why
	if v.status == w.Status || v.status == store.WebhookParked {
		result.Status = w.Status // nothing new
		return result, nil, nil
	}
	outcomes, err := b.again(w, nil)
	if err != nil {
		return result, nil, err
	}
	taken, err := b.takeUp()
	result.Also = len(taken)
	return result, append(outcomes, taken...), err
}
