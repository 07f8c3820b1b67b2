package images

import (
	"sync/atomic"
	"time"
)

// gauge knows how much there is to do. The zero value only counts.
type gauge struct {
	clock             func() time.Time
	done              func(took time.Duration)
	arrived, underWay atomic.Int64
}

// Watch lets done know how long the work on each picture took, waiting not included. It
// must be called before anything else is.
func (p *Processor) Watch(clock func() time.Time, done func(took time.Duration)) {
	p.gauge.clock, p.gauge.done = clock, done
}

// Arrive counts a picture as waiting until work on it begins, wherever it waits. The
// function that it returns ends that, and is to be called after Process.
func (p *Processor) Arrive() (leave func()) {
	p.gauge.arrived.Add(1)
	return func() { p.gauge.arrived.Add(-1) }
}

// Load returns how many pictures wait and how many are worked on.
func (p *Processor) Load() (waiting, working int64) {
	working = p.gauge.underWay.Load()
	return max(0, p.gauge.arrived.Load()-working), working
}

// work begins work on a picture; what it returns ends it.
func (g *gauge) work() (end func()) {
	g.underWay.Add(1)
	if g.done == nil {
		return func() { g.underWay.Add(-1) }
	}
	start := g.clock()
	return func() {
		g.underWay.Add(-1)
		g.done(g.clock().Sub(start))
	}
}
