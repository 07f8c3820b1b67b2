package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// rateTries is how often a rate may be tried until it is held.
const rateTries = 3

// highest prints the highest rate of posts at which 100 people with a stream each have
// 99 of 100 events within 100 ms.
func (p *plan) highest(ctx context.Context, r *report) error {
	from := func(start int) func(*target) (float64, error) {
		return func(t *target) (float64, error) { return p.searchRate(t, start) }
	}
	rivals := []rival{{starter: p.bare}}
	for _, pb := range append(p.shipped(), p.topical()...) {
		pb.measure = from(62)
		rivals = append(rivals, pb)
	}
	return p.compare(ctx, r, row{Work: "highest rate with 100 streams, post to event p99 under 100 ms", Unit: perSecond, goal: atLeast(8000)}, p.rounds, from(1000), rivals...)
}

// searchRate doubles the rate until it is too much, and then halves the gap four times.
func (p *plan) searchRate(t *target, start int) (float64, error) {
	people, err := t.people(100)
	if err != nil {
		return 0, err
	}
	try := func(perSecond int) (bool, error) {
		c, err := newCrowd(t, people) // anew: what one rate left behind is not the next one's
		if err != nil {
			return false, err
		}
		defer c.close()
		got, err := c.post(perSecond, p.d, 500*time.Millisecond)
		return got.p99 < 100*time.Millisecond, err
	}
	// A pause of the machine itself, which others may share, must not end the search.
	holds := func(perSecond int) (ok bool, err error) {
		for i := 0; i < rateTries && !ok && err == nil; i++ {
			ok, err = try(perSecond)
		}
		return ok, err
	}
	good, bad := 0, start
	for {
		ok, err := holds(bad)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		good, bad = bad, 2*bad
	}
	for range 4 {
		middle := (good + bad) / 2
		ok, err := holds(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			good = middle
		} else {
			bad = middle
		}
	}
	return float64(good), nil
}

// ordering prints how many events of one sequential publisher came after one that was
// posted later, on a server that is busy with others.
func (p *plan) ordering(ctx context.Context, r *report) error {
	rivals := append([]rival{{starter: p.bare}}, append(p.shipped(), p.topical()...)...)
	w := row{Work: "events out of order or missing, one sequential publisher, busy server", Unit: percent, goal: atMost(0)}
	return p.compare(ctx, r, w, p.rounds, p.outOfOrder, rivals...)
}

func (p *plan) outOfOrder(t *target) (float64, error) {
	people, err := t.people(5)
	if err != nil {
		return 0, err
	}
	var seen, wrong atomic.Int64
	last := int64(-1) // the listener's own
	s, err := t.listen(people[0], func(event string, data []byte) {
		if event != people[0].event {
			return
		}
		n := numberOf(data)
		seen.Add(1)
		if n < last {
			wrong.Add(1)
		}
		last = max(last, n)
	})
	if err != nil {
		return 0, err
	}
	defer s.c.Close()
	var wg sync.WaitGroup
	var busy error
	wg.Go(func() { _, busy = posts(t, people[1:], conns-1, p.d) })
	sent, err := publish(t, people[0], p.d)
	wg.Wait()
	if err != nil || busy != nil {
		return 0, fmt.Errorf("publish: %w, others: %w", err, busy)
	}
	for until := time.Now().Add(5 * time.Second); seen.Load() < sent && time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
	}
	return 100 * float64(wrong.Load()+max(0, sent-seen.Load())) / float64(sent), nil
}

// publish posts numbered messages one after the other.
func publish(t *target, who person, d time.Duration) (sent int64, err error) {
	c, err := dial(t.addr, who)
	if err != nil {
		return 0, err
	}
	defer c.c.Close()
	for stop := time.Now().Add(d); time.Now().Before(stop); sent++ {
		status, b, _, err := c.do(c.request(http.MethodPost, who.post, who.say(fmt.Sprintf("number %08d", sent))))
		if err != nil || status > 299 {
			return sent, fmt.Errorf("%s: post %d %.100s %w", t.name, status, b, err)
		}
	}
	return sent, nil
}

// numberOf finds the number in an event of a message that publish posted.
func numberOf(data []byte) int64 {
	_, after, ok := bytes.Cut(data, []byte("number "))
	if !ok || len(after) < 8 {
		return -1
	}
	n, err := strconv.ParseInt(string(after[:8]), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// webhooks prints the rate of signed payments, each for the first time, and of the same
// ones again.
func (p *plan) webhooks(ctx context.Context, r *report) error {
	var first, again []rate
	for range p.rounds {
		err := with(ctx, p.product, func(t *target) error {
			people, err := t.people(100)
			if err != nil {
				return err
			}
			c, err := dial(t.addr, person{})
			if err != nil {
				return err
			}
			defer c.c.Close()
			// More than can be delivered: signing must not cost the client while it measures.
			list := make([][]byte, int(8000*p.d.Seconds()))
			for i := range list {
				if list[i], err = delivery(c, people[i%len(people)].id, i); err != nil {
					return err
				}
			}
			one, sent, err := deliver(t, list, p.d)
			if err != nil {
				return err
			}
			two, _, err := deliver(t, list[:sent], p.d)
			first, again = append(first, one), append(again, two)
			return err
		})
		if err != nil {
			return err
		}
	}
	rates := func(list []rate, of func(rate) float64) sample {
		var v []float64
		for _, x := range list {
			v = append(v, of(x))
		}
		return sampled(v...)
	}
	speed := func(x rate) float64 { return x.perSecond }
	tail := func(x rate) float64 { return inMillis(x.p99) }
	firsts := rates(first, speed)
	r.add(row{Work: "distinct signed webhooks, applied and on disk, 32 connections", Unit: perSecond, Durability: p.product.durability(), sample: firsts,
		goal: atLeast(3000), Note: "p99 " + millis.show(rates(first, tail).Median)})
	r.add(row{Work: "the same webhooks again", Unit: perSecond, Durability: p.product.durability(), sample: rates(again, speed),
		Others: []against{{Name: "liveassist, the first time", sample: firsts, goal: atLeast(1)}}, Note: "p99 " + millis.show(rates(again, tail).Median)})
	return nil
}

// deliver sends each delivery once, until all are sent or d has passed.
func deliver(t *target, list [][]byte, d time.Duration) (got rate, sent int, err error) {
	var next atomic.Int64
	got, err = drive(t, []person{{}}, conns, d, func(*conn, person) func() []byte {
		return func() []byte {
			if i := next.Add(1) - 1; i < int64(len(list)) {
				return list[i]
			}
			return nil
		}
	})
	return got, min(int(next.Load()), len(list)), err
}
