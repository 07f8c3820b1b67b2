package main

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// page is a person with an open stream and a connection that posts on a schedule. A post's
// time counts from when it was due, not from when it was sent: a server that cannot keep
// up is seen as slow, however long the client waits for it.
type page struct {
	who  person
	due  chan time.Time // of the posts whose event has not come yet, in order
	took []time.Duration
	late atomic.Int64 // events that came without a post
}

// crowd is people with a stream each.
type crowd struct {
	t     *target
	pages []*page
	open  streams
	gone  chan struct{} // closed when nothing is measured any more
	wg    sync.WaitGroup
	mu    sync.Mutex // guards the took of all pages
}

func newCrowd(t *target, people []person) (*crowd, error) {
	c := &crowd{t: t, gone: make(chan struct{})}
	for _, p := range people {
		pg := &page{who: p, due: make(chan time.Time, 1<<14)}
		s, err := t.listen(p, func(event string, _ []byte) {
			if event == p.event {
				c.heard(pg, time.Now())
			}
		})
		if err != nil {
			c.close()
			return nil, err
		}
		c.pages, c.open = append(c.pages, pg), append(c.open, s)
	}
	time.Sleep(200 * time.Millisecond)
	return c, nil
}

func (c *crowd) heard(p *page, at time.Time) {
	select {
	case due := <-p.due:
		c.mu.Lock()
		p.took = append(p.took, at.Sub(due))
		c.mu.Unlock()
	default:
		p.late.Add(1)
	}
}

func (c *crowd) close() { c.open.close() }

// paced is what a crowd saw of posts at a rate.
type paced struct {
	p50, p99   time.Duration // from when a post was due to its event
	sent, told int
}

// post posts at perSecond, spread evenly over the people and over time, for d, and waits
// until all events are there or patience has run out; what is not there then counts as
// having taken as long.
func (c *crowd) post(perSecond int, d, patience time.Duration) (paced, error) {
	each := time.Duration(len(c.pages)) * time.Second / time.Duration(perSecond)
	begin := time.Now().Add(50 * time.Millisecond)
	var failed atomic.Value
	var sent atomic.Int64
	var wg sync.WaitGroup
	for i, p := range c.pages {
		wg.Go(func() {
			first := begin.Add(each * time.Duration(i) / time.Duration(len(c.pages)))
			n, err := c.postOne(p, first, each, begin.Add(d), begin.Add(d+patience))
			sent.Add(int64(n))
			if err != nil {
				failed.Store(err)
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return paced{}, err
	}
	return c.collect(int(sent.Load()), begin.Add(d+patience), patience), nil
}

func (c *crowd) postOne(p *page, first time.Time, each time.Duration, end, giveUp time.Time) (n int, err error) {
	conn, err := dial(c.t.addr, p.who)
	if err != nil {
		return 0, err
	}
	defer conn.c.Close()
	request := conn.request(http.MethodPost, p.who.post, p.who.say(text))
	for due := first; due.Before(end); due = due.Add(each) {
		time.Sleep(time.Until(due))
		if time.Now().After(giveUp) {
			return n + int(end.Sub(due)/each), nil // counted as never told
		}
		p.due <- due
		if status, b, _, err := conn.do(request); err != nil || status > 299 {
			return n, fmt.Errorf("%s: post %d %.100s %w", c.t.name, status, b, err)
		}
		n++
	}
	return n, nil
}

// collect waits for the events of what was sent and empties the pages.
func (c *crowd) collect(sent int, until time.Time, patience time.Duration) paced {
	var all []time.Duration
	for {
		c.mu.Lock()
		n := 0
		for _, p := range c.pages {
			n += len(p.took)
		}
		done := n >= sent || time.Now().After(until)
		if done {
			for _, p := range c.pages {
				all, p.took = append(all, p.took...), nil
			}
		}
		c.mu.Unlock()
		if done {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	told := len(all)
	for len(all) < sent {
		all = append(all, patience)
	}
	return paced{quantile(all, 0.5), quantile(all, 0.99), sent, told}
}
