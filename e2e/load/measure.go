package main

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// text is a message of ordinary length.
const text = "The kitchen tap drips all night, and the handle is stiff. It is an old one with two handles."

// rate is what a measurement of requests found.
type rate struct {
	perSecond float64
	p50, p99  time.Duration
}

// drive sends requests over n connections for d; next makes
// the next request of a connection; nil ends it.
func drive(t *target, people []person, n int, d time.Duration, next func(c *conn, p person) func() []byte) (rate, error) {
	var all []time.Duration
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed atomic.Value
	began := time.Now()
	stop := began.Add(d)
	for i := range n {
		p := people[i%len(people)]
		c, err := dial(t.addr, p)
		if err != nil {
			return rate{}, err
		}
		wg.Go(func() {
			defer c.c.Close()
			request := next(c, p)
			var took []time.Duration
			for begin := time.Now(); begin.Before(stop); begin = time.Now() {
				r := request()
				if r == nil {
					break
				}
				status, b, _, err := c.do(r)
				if err != nil || status > 299 {
					failed.Store(fmt.Errorf("%s: %d %.100s %w", t.name, status, b, err))
					return
				}
				took = append(took, time.Since(begin))
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return rate{}, err
	}
	return rate{float64(len(all)) / time.Since(began).Seconds(), quantile(all, 0.5), quantile(all, 0.99)}, nil
}

func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[min(len(d)-1, int(float64(len(d))*q))]
}

func (t *target) people(n int) ([]person, error) {
	list := make([]person, n)
	var err error
	for i := range list {
		if list[i], err = t.api.person(t); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// fill posts n messages for each person.
func (t *target) fill(people []person, n int) error {
	for _, p := range people {
		c, err := dial(t.addr, p)
		if err != nil {
			return err
		}
		for range n {
			if _, err := c.must(http.MethodPost, p.post, p.say(text), nil); err != nil {
				return err
			}
		}
		c.c.Close()
	}
	return nil
}

func same(request []byte) func() []byte { return func() []byte { return request } }

// posts measures durable posts over conns connections.
func posts(t *target, people []person, conns int, d time.Duration) (rate, error) {
	return drive(t, people, conns, d, func(c *conn, p person) func() []byte { return same(c.request(http.MethodPost, p.post, p.say(text))) })
}

// reads measures reads of path, or of each person's 50 messages.
func reads(t *target, people []person, conns int, d time.Duration, path string) (rate, error) {
	return drive(t, people, conns, d, func(c *conn, p person) func() []byte {
		if path != "" {
			return same(c.request(http.MethodGet, path, ""))
		}
		return same(c.request(http.MethodGet, p.read, ""))
	})
}

// fanOut measures from a post until the last of n open streams of one person has the event;
// the median of rounds.
func fanOut(t *target, p person, n, rounds int) (time.Duration, error) {
	arrived := make(chan time.Time, n)
	var open streams
	defer func() { open.close() }()
	for range n {
		s, err := t.listen(p, func(event string, _ []byte) {
			if event == p.event {
				arrived <- time.Now()
			}
		})
		if err != nil {
			return 0, err
		}
		open = append(open, s)
	}
	time.Sleep(500 * time.Millisecond)
	c, err := dial(t.addr, p)
	if err != nil {
		return 0, err
	}
	defer c.c.Close()
	var took []time.Duration
	for range rounds {
		begin := time.Now()
		if _, err := c.must(http.MethodPost, p.post, p.say(text), nil); err != nil {
			return 0, err
		}
		var last time.Time
		for range n {
			select {
			case last = <-arrived:
			case <-time.After(10 * time.Second):
				return 0, fmt.Errorf("%s: not all streams were told", t.name)
			}
		}
		took = append(took, last.Sub(begin))
		time.Sleep(50 * time.Millisecond)
	}
	return quantile(took, 0.5), nil
}

// idle opens n streams of a few people and returns the server's KiB a stream.
func idle(t *target, people []person, n int) (float64, error) {
	before := t.rss()
	var open streams
	defer func() { open.close() }()
	for i := range n {
		s, err := t.open(people[i%len(people)])
		if err != nil {
			return 0, err
		}
		s.r, s.lines = nil, nil // an idle client needs no buffer
		open = append(open, s)
	}
	time.Sleep(3 * time.Second)
	return float64(t.rss()-before) / float64(n), nil
}

func ms(d time.Duration) string { return millis.show(inMillis(d)) }

func inMillis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
