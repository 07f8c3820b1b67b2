package billing

import (
	"context"
	"fmt"

	"liveassist/store"
)

// atOnce is how many records a job's transaction or read takes at the most.
const atOnce = 100

// ExpireDue writes the end of subscriptions whose time is over and tells the people's open
// pages. Whoever reads a person's state does not depend on it.
func (s *Service) ExpireDue(ctx context.Context) error {
	for {
		due, err := s.db.DueUsers(ctx, s.clock(), s.grace, atOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		err = s.db.Write(ctx, "end subscriptions", func(tx *store.Tx) error {
			b := s.begin(tx)
			for _, id := range due {
				p, err := b.person(id)
				if err != nil {
					return fmt.Errorf("user %s: %w", id, err)
				}
				p.touched = true
			}
			return b.finish()
		})
		if err != nil {
			return err
		}
		for _, id := range due {
			s.log.Info("subscription ran out", "user", id)
		}
		if len(due) < atOnce {
			return nil
		}
	}
}

// RetryParked looks again at all parked events and returns how many could be settled.
func (s *Service) RetryParked(ctx context.Context) (settled int, err error) {
	for after := int64(0); ; {
		parked, err := s.db.ParkedWebhooks(ctx, after, atOnce)
		if err != nil || len(parked) == 0 {
			return settled, err
		}
		for _, w := range parked {
			after = w.Seq
			start := s.clock()
			outcomes, err := s.retry(ctx, s.db, w)
			if err != nil {
				return settled, fmt.Errorf("event %s (%s): %w", w.EventID, w.Type, err)
			}
			for _, o := range outcomes {
				s.tell(ctx, o, "retry", true, s.clock().Sub(start))
			}
			settled += len(outcomes)
			if e, err := ParseEvent(w.Raw); err == nil && len(outcomes) == 0 {
				settled += s.tryLink(ctx, e, "retry")
			}
		}
	}
}
