package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// text is a message of ordinary length.
const text = "The kitchen tap drips all night, and the handle is stiff. It is an old one with two handles."

const body = `{"text":"` + text + `"}`

// rate is what a measurement of requests found.
type rate struct {
	perSecond float64
	p50, p99  time.Duration
}

// drive sends requests over n connections for d; make renders the next request of a connection.
func drive(t *target, people []person, n int, d time.Duration, next func(c *conn, p person) func() []byte) (rate, error) {
	var all []time.Duration
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed atomic.Value
	stop := time.Now().Add(d)
	for i := range n {
		p := people[i%len(people)]
		c, err := dial(t.addr, p.cookie)
		if err != nil {
			return rate{}, err
		}
		wg.Go(func() {
			defer c.c.Close()
			request := next(c, p)
			var took []time.Duration
			for begin := time.Now(); begin.Before(stop); begin = time.Now() {
				status, b, _, err := c.do(request())
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
	return rate{float64(len(all)) / d.Seconds(), quantile(all, 0.5), quantile(all, 0.99)}, nil
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
		c, err := dial(t.addr, p.cookie)
		if err != nil {
			return err
		}
		for range n {
			if _, err := c.must(http.MethodPost, p.post, body, nil); err != nil {
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
	return drive(t, people, conns, d, func(c *conn, p person) func() []byte { return same(c.request(http.MethodPost, p.post, body)) })
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

// postToEvent measures from the post to the event in the person's open page, at perSecond
// posts spread over the people, each with one stream.
func postToEvent(t *target, people []person, perSecond int, d time.Duration) (p50, p99 time.Duration, err error) {
	arrived := make([]chan time.Time, len(people))
	var open []*conn
	defer func() {
		for _, c := range open {
			c.c.Close()
		}
	}()
	for i, p := range people {
		c, err := dial(t.addr, p.cookie)
		if err != nil {
			return 0, 0, err
		}
		open = append(open, c)
		arrived[i] = make(chan time.Time, 16)
		if err := c.events(p.streaming, func(event, _ string) {
			if event == "message.created" {
				arrived[i] <- time.Now()
			}
		}); err != nil {
			return 0, 0, err
		}
	}
	time.Sleep(200 * time.Millisecond)
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	var failed atomic.Value
	each := time.Duration(len(people)) * time.Second / time.Duration(perSecond)
	stop := time.Now().Add(d)
	for i, p := range people {
		wg.Go(func() {
			c, err := dial(t.addr, p.cookie)
			if err != nil {
				failed.Store(err)
				return
			}
			defer c.c.Close()
			request := c.request(http.MethodPost, p.post, body)
			time.Sleep(each * time.Duration(i) / time.Duration(len(people)))
			for tick := time.NewTicker(each); time.Now().Before(stop); <-tick.C {
				begin := time.Now()
				if status, b, _, err := c.do(request); err != nil || status > 299 {
					failed.Store(fmt.Errorf("%s: post %d %.100s %w", t.name, status, b, err))
					return
				}
				select {
				case at := <-arrived[i]:
					mu.Lock()
					took = append(took, at.Sub(begin))
					mu.Unlock()
				case <-time.After(5 * time.Second):
					failed.Store(fmt.Errorf("%s: an event did not arrive", t.name))
					return
				}
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, 0, err
	}
	return quantile(took, 0.5), quantile(took, 0.99), nil
}

// fanOut measures from a post until the last of n open streams of one person has the event;
// the median of rounds.
func fanOut(t *target, p person, n, rounds int) (time.Duration, error) {
	arrived := make(chan time.Time, n)
	var open []*conn
	defer func() {
		for _, c := range open {
			c.c.Close()
		}
	}()
	for range n {
		c, err := dial(t.addr, p.cookie)
		if err != nil {
			return 0, err
		}
		open = append(open, c)
		if err := c.events(p.streaming, func(event, _ string) {
			if event == "message.created" {
				arrived <- time.Now()
			}
		}); err != nil {
			return 0, err
		}
	}
	time.Sleep(500 * time.Millisecond)
	c, err := dial(t.addr, p.cookie)
	if err != nil {
		return 0, err
	}
	defer c.c.Close()
	var took []time.Duration
	for range rounds {
		begin := time.Now()
		if _, err := c.must(http.MethodPost, p.post, body, nil); err != nil {
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
	var open []*conn
	defer func() {
		for _, c := range open {
			c.c.Close()
		}
	}()
	for i := range n {
		p := people[i%len(people)]
		c, err := dial(t.addr, p.cookie)
		if err != nil {
			return 0, err
		}
		c.r = nil // an idle client needs no buffer
		open = append(open, c)
		if _, err := c.c.Write(c.request(http.MethodGet, p.streaming, "")); err != nil {
			return 0, err
		}
	}
	first := make([]byte, 512)
	for _, c := range open { // each has been answered
		if _, err := c.c.Read(first); err != nil {
			return 0, err
		}
		if !strings.Contains(string(first), " 200 ") {
			return 0, fmt.Errorf("%s: stream answered %.40q", t.name, first)
		}
	}
	time.Sleep(3 * time.Second)
	return float64(t.rss()-before) / float64(n), nil
}

func ms(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 2, 64) + " ms"
}
