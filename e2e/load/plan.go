package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

const conns = 32

// measurement is one step: it adds its rows to the report.
type measurement struct {
	name string
	run  func(*plan, context.Context, *report) error
}

// measurements are all, in the order of the table.
func measurements() []measurement {
	return []measurement{
		{"post", (*plan).posting}, {"read", (*plan).reading}, {"latency", (*plan).latency}, {"fanout", (*plan).fanning},
		{"idle", (*plan).idling}, {"deadtab", (*plan).deadTab}, {"rate", (*plan).highest}, {"order", (*plan).ordering},
		{"webhook", (*plan).webhooks}, {"start", (*plan).starting}, {"payment", (*plan).paying}, {"upload", (*plan).uploading},
	}
}

// starter is a product that can be started.
type starter interface {
	name() string
	durability() string // SQLite's synchronous
	start(ctx context.Context) (*target, error)
}

type plan struct {
	product  liveassist
	oneByOne liveassist // the product's code, with one transaction per write
	bare     bare
	single   bare // the bare handler, with one transaction per write
	// pocketbase as shipped, and with each change; nil where it could not be built.
	pocketbase *pocketbase
	rounds     int
	d          time.Duration
	streams    int
	others     string // only those whose name holds it are measured
}

// run makes the report, or those steps of it whose name is in only.
func (p *plan) run(ctx context.Context, r *report, only map[string]bool) error {
	for _, m := range measurements() {
		if len(only) > 0 && !only[m.name] {
			continue
		}
		if err := m.run(p, ctx, r); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// shipped returns PocketBase with its own settings, full with synchronous=FULL, topical
// with topics of each person's own; none where it could not be built.
func (p *plan) shipped() []rival { return p.pocket(func(*pocketbase) {}) }
func (p *plan) full() []rival    { return p.pocket(func(pb *pocketbase) { pb.synchronous = "FULL" }) }
func (p *plan) topical() []rival { return p.pocket(func(pb *pocketbase) { pb.topics = true }) }

func (p *plan) pocket(change func(*pocketbase)) []rival {
	if p.pocketbase == nil {
		return nil
	}
	pb := *p.pocketbase
	change(&pb)
	return []rival{{starter: pb}}
}

// rival is somebody to be compared with, and the ratio that is wanted.
type rival struct {
	starter
	goal  goal
	title string // instead of its name
	// measure is for what it does in another way; nil: as the product does.
	measure func(*target) (float64, error)
}

// wanting sets the goal of rivals.
func wanting(g goal, list ...rival) []rival {
	for i := range list {
		list[i].goal = g
	}
	return list
}

// compare measures the product and its rivals on fresh servers, interleaved, and adds the
// medians of the rounds as a row.
func (p *plan) compare(ctx context.Context, r *report, w row, rounds int, measure func(*target) (float64, error), rivals ...rival) error {
	rivals = p.chosen(rivals)
	all := append([]rival{{starter: p.product}}, rivals...)
	values := make([][]float64, len(all))
	for range rounds {
		for i, who := range all {
			f := measure
			if who.measure != nil {
				f = who.measure
			}
			err := with(ctx, who, func(t *target) error {
				v, err := f(t)
				values[i] = append(values[i], v)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	w.Durability, w.sample = p.product.durability(), sampled(values[0]...)
	for i, who := range rivals {
		name := who.title
		if name == "" {
			name = who.name()
		}
		w.Others = append(w.Others, against{Name: name, Durability: who.durability(), sample: sampled(values[i+1]...), goal: who.goal})
	}
	r.add(w)
	return nil
}

// chosen leaves out whom the call did not ask for.
func (p *plan) chosen(list []rival) []rival {
	return slices.DeleteFunc(list, func(r rival) bool { return !strings.Contains(r.name(), p.others) })
}

// with runs f against a fresh server.
func with(ctx context.Context, s starter, f func(t *target) error) error {
	t, err := s.start(ctx)
	if err != nil {
		return err
	}
	defer t.stop()
	return t.measure(ctx, f)
}

func (p *plan) posting(ctx context.Context, r *report) error {
	post := func(t *target) (float64, error) {
		people, err := t.people(8)
		if err != nil {
			return 0, err
		}
		rate, err := posts(t, people, conns, p.d)
		return rate.perSecond, err
	}
	rivals := []rival{
		{starter: p.bare, goal: atLeast(0.7)}, {starter: p.single},
		{starter: p.oneByOne, goal: atLeast(3)},
	}
	rivals = append(rivals, wanting(atLeast(4), append(p.shipped(), p.full()...)...)...)
	return p.compare(ctx, r, row{Work: "post a message, on disk before the answer, 32 connections", Unit: perSecond}, p.rounds, post, rivals...)
}

func (p *plan) reading(ctx context.Context, r *report) error {
	read := func(path string) func(t *target) (float64, error) {
		return func(t *target) (float64, error) {
			people, err := t.people(8)
			if err != nil {
				return 0, err
			}
			if err := t.fill(people, 50); err != nil {
				return 0, err
			}
			if _, err := reads(t, people, 1, 50*time.Millisecond, ""); err != nil {
				return 0, err
			}
			rate, err := reads(t, people, conns, p.d, path)
			return rate.perSecond, err
		}
	}
	rivals := []rival{
		{starter: p.bare, goal: atLeast(0.8), title: "bare handler, the same query"},
		{starter: p.bare, goal: atLeast(0.5), title: "bare handler, the same bytes from memory", measure: read("/bytes")},
	}
	rivals = append(rivals, wanting(atLeast(5), p.shipped()...)...)
	return p.compare(ctx, r, row{Work: "read 50 messages of a conversation, 32 connections", Unit: perSecond}, p.rounds, read(""), rivals...)
}

func (p *plan) latency(ctx context.Context, r *report) error {
	measure := func(t *target) (float64, error) {
		people, err := t.people(100)
		if err != nil {
			return 0, err
		}
		c, err := newCrowd(t, people)
		if err != nil {
			return 0, err
		}
		defer c.close()
		got, err := c.post(200, p.d, 10*time.Second)
		return inMillis(got.p99), err
	}
	rivals := append([]rival{{starter: p.bare, goal: atMost(2)}}, append(p.shipped(), p.topical()...)...)
	return p.compare(ctx, r, row{Work: "post to event at 200/s, 100 people, p99", Unit: millis, goal: atMost(20)}, p.rounds, measure, rivals...)
}

func (p *plan) fanning(ctx context.Context, r *report) error {
	measure := func(t *target) (float64, error) {
		people, err := t.people(1)
		if err != nil {
			return 0, err
		}
		last, err := fanOut(t, people[0], 1000, 10)
		return inMillis(last), err
	}
	rivals := append([]rival{{starter: p.bare, goal: atMost(1.3)}}, append(p.shipped(), p.topical()...)...)
	return p.compare(ctx, r, row{Work: "one event to 1,000 open streams, until the last has it", Unit: millis}, p.rounds, measure, rivals...)
}

func (p *plan) idling(ctx context.Context, r *report) error {
	measure := func(t *target) (float64, error) {
		people, err := t.people(20)
		if err != nil {
			return 0, err
		}
		return idle(t, people, p.streams)
	}
	w := row{Work: fmt.Sprintf("memory per idle stream, of %d", p.streams), Unit: kib, goal: atMost(36)}
	return p.compare(ctx, r, w, 1, measure, append([]rival{{starter: p.bare}}, p.shipped()...)...)
}

func (p *plan) starting(ctx context.Context, r *report) error {
	rivals := append([]rival{{starter: p.bare}}, p.shipped()...)
	up := func(t *target) (float64, error) { return inMillis(t.started), nil }
	if err := p.compare(ctx, r, row{Work: "start to the first 200, new database", Unit: millis, goal: atMost(50)}, 5, up, rivals...); err != nil {
		return err
	}
	rss := func(t *target) (float64, error) { return float64(t.rss()) / 1024, nil }
	if err := p.compare(ctx, r, row{Work: "resident memory at start", Unit: mb, goal: atMost(30)}, 3, rss, rivals...); err != nil {
		return err
	}
	size := func(t *target) (float64, error) {
		info, err := os.Stat(t.cmd.Path)
		if err != nil {
			return 0, err
		}
		return float64(info.Size()) / 1e6, nil
	}
	return p.compare(ctx, r, row{Work: "size of the binary", Unit: mb, goal: atMost(30)}, 1, size, rivals...)
}
