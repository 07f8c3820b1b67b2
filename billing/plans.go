package billing

import (
	"context"
	"sync"
	"time"
)

const (
	// pricesFor is how long prices are shown before Stripe is asked again.
	pricesFor = time.Hour
	// retryAfter is how long Stripe is left alone after it did not answer.
	retryAfter = 15 * time.Second
)

// priceCache keeps the prices that Stripe told last.
type priceCache struct {
	mu    sync.Mutex // held while Stripe is asked, so that one caller asks for all
	known []Price
	next  time.Time // when to ask again
	err   error     // of the last time
}

// Plans returns what the plans cost. While Stripe does not answer, the last prices that it
// told stand; without any the answer is ErrUnavailable.
func (s *Service) Plans(ctx context.Context, local bool) ([]Price, error) {
	p, err := s.provider(local)
	if err != nil {
		return nil, err
	}
	c := &s.plans
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := s.clock(); !now.Before(c.next) {
		// Whoever asked may leave; the prices are for everybody.
		prices, err := p.prices(context.WithoutCancel(ctx))
		c.err = err
		if err == nil {
			c.known, c.next = prices, now.Add(pricesFor)
		} else {
			c.next = s.clock().Add(retryAfter)
			s.log.Error("prices could not be read; the last known ones are shown", "known", len(c.known), "error", err)
		}
	}
	if len(c.known) == 0 {
		return nil, ErrUnavailable.Because(c.err)
	}
	return c.known, nil
}
