package account

import (
	"sync/atomic"
	"time"
)

// hashGauge measures how long passwords wait for their turn to be hashed. The zero value
// only counts.
type hashGauge struct {
	clock   func() time.Time
	waited  func(time.Duration)
	waiting atomic.Int64
}

// enter begins to wait; leave ends it.
func (g *hashGauge) enter() (at time.Time) {
	g.waiting.Add(1)
	if g.waited != nil {
		at = g.clock()
	}
	return at
}

func (g *hashGauge) leave(entered time.Time) {
	g.waiting.Add(-1)
	if g.waited != nil {
		g.waited(g.clock().Sub(entered))
	}
}

// Watch lets waited know how long each password waited for its turn. It must be called
// before anything else is.
func (s *Service) Watch(waited func(time.Duration)) {
	s.hasher.gauge.clock, s.hasher.gauge.waited = s.clock, waited
}

// Stats are figures for metrics.
type Stats struct {
	Failed  int64 // sign-ins with a wrong address or password, since the start
	Waiting int64 // passwords that wait for their turn right now
}

// Stats returns the figures.
func (s *Service) Stats() Stats {
	return Stats{Failed: s.failed.Load(), Waiting: s.hasher.gauge.waiting.Load()}
}
