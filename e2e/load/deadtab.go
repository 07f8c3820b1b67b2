package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	deadTabRate = 500 // posts a second to the owner of the dead tab
	deadTabFor  = 10 * time.Second
	// deadTabPatience is how long after the posts a dead tab may still be held.
	deadTabPatience = 20 * time.Second
)

// suffered is what one dead tab did.
type suffered struct {
	answered  float64       // of the posts, in percent
	grown     float64       // memory, in MB
	cut       bool          // the server has closed the dead tab's connection
	without   time.Duration // p99 from post to event of other people before
	alongside time.Duration // and while the tab was dead
}

// deadTab prints what one tab that never reads does, while 3 KB messages come to its owner
// at 500/s.
func (p *plan) deadTab(ctx context.Context, r *report) error {
	all := []starter{p.product}
	for _, rv := range p.chosen(append([]rival{{starter: p.bare}}, append(p.shipped(), p.topical()...)...)) {
		all = append(all, rv.starter)
	}
	found := make([]suffered, len(all))
	for i, s := range all {
		if err := with(ctx, s, func(t *target) (err error) { found[i], err = suffer(t); return err }); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		row  row
		of   func(suffered) float64
		name string
	}{
		{row{Work: "one tab never reads, 3 KB messages at 500/s to its owner: posts answered", Unit: percent, goal: atLeast(100)}, func(s suffered) float64 { return s.answered }, ""},
		{row{Work: "the same: memory grown", Unit: mb, goal: atMost(10)}, func(s suffered) float64 { return s.grown }, ""},
		{row{Work: fmt.Sprintf("the same: dead tabs still held %.0f s later", deadTabPatience.Seconds()), Unit: count, goal: atMost(0)}, func(s suffered) float64 { return held(s.cut) }, ""},
		{row{Work: "the same: post to event of everybody else, p99", Unit: millis}, func(s suffered) float64 { return inMillis(s.alongside) }, "before the tab was dead"},
	} {
		w.row.Durability, w.row.sample = p.product.durability(), sampled(w.of(found[0]))
		if w.name != "" {
			w.row.Others = append(w.row.Others, against{Name: "liveassist, all tabs reading", sample: sampled(inMillis(found[0].without)), goal: atMost(2)})
		}
		for i, s := range all[1:] {
			w.row.Others = append(w.row.Others, against{Name: s.name(), Durability: s.durability(), sample: sampled(w.of(found[i+1]))})
		}
		r.add(w.row)
	}
	return nil
}

func held(cut bool) float64 {
	if cut {
		return 0
	}
	return 1
}

// suffer posts twice to an owner whose tab reads, and once more to one with a tab that
// does not; twenty other people talk all the while.
func suffer(t *target) (s suffered, err error) {
	people, err := t.people(21)
	if err != nil {
		return s, err
	}
	owner := people[0]
	others, err := newCrowd(t, people[1:])
	if err != nil {
		return s, err
	}
	defer others.close()
	alive, err := t.listen(owner, func(string, []byte) {})
	if err != nil {
		return s, err
	}
	defer alive.c.Close()
	// The first time, files and caches grow with the server: the second is what is compared.
	var before paced
	for range 2 {
		if _, before, err = flood(t, owner, others); err != nil {
			return s, err
		}
	}
	dead, err := t.open(owner)
	if err != nil {
		return s, err
	}
	defer dead.c.Close()
	rss := t.rss()
	answered, after, err := flood(t, owner, others)
	if err != nil {
		return s, err
	}
	s = suffered{answered: 100 * answered, grown: max(0, float64(t.rss()-rss)/1024), without: before.p99, alongside: after.p99}
	for until := time.Now().Add(deadTabPatience); !s.cut && time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		stillThere, err := holds(t, dead.c)
		if err != nil {
			return s, err
		}
		s.cut = !stillThere
	}
	return s, nil
}

// flood posts 3 KB messages of the owner at 500/s, and a hundred short ones a second of the
// others. It returns the part of the owner's posts that was answered in time.
func flood(t *target, owner person, others *crowd) (answered float64, rest paced, err error) {
	const workers = 10
	request := strings.Repeat("The tap drips. ", 200)
	begin := time.Now()
	end, giveUp := begin.Add(deadTabFor), begin.Add(deadTabFor+2*time.Second)
	var ok, due atomic.Int64
	var wg sync.WaitGroup
	for i := range workers {
		c, err := dial(t.addr, owner)
		if err != nil {
			return 0, rest, err
		}
		_ = c.c.SetDeadline(giveUp)
		each := workers * time.Second / deadTabRate
		wg.Go(func() {
			defer c.c.Close()
			body := c.request(http.MethodPost, owner.post, owner.say(request))
			lost := false
			for at := begin.Add(each * time.Duration(i) / workers); at.Before(end); at = at.Add(each) {
				due.Add(1)
				time.Sleep(time.Until(at))
				if lost || time.Now().After(giveUp) {
					continue
				}
				status, _, _, err := c.do(body)
				if err == nil && status < 300 {
					ok.Add(1)
				}
				lost = err != nil
			}
		})
	}
	rest, err = others.post(100, deadTabFor, 5*time.Second)
	wg.Wait()
	return float64(ok.Load()) / float64(due.Load()), rest, err
}

// holds says whether the server's end of a connection is established still; one that it
// has closed leaves that state also where the client reads nothing.
func holds(t *target, c net.Conn) (bool, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/net/tcp", t.cmd.Process.Pid))
	if err != nil {
		return false, err
	}
	defer f.Close()
	local, okL := c.RemoteAddr().(*net.TCPAddr) // seen from the server
	remote, okR := c.LocalAddr().(*net.TCPAddr)
	if !okL || !okR {
		return false, errors.New("not a TCP connection")
	}
	const established = "01"
	for sc := bufio.NewScanner(f); sc.Scan(); {
		field := strings.Fields(sc.Text())
		if len(field) > 3 && port(field[1]) == local.Port && port(field[2]) == remote.Port {
			return field[3] == established, nil
		}
	}
	return false, nil
}

// port returns the port of an address in /proc/net/tcp: hexadecimal, after a colon.
func port(addr string) int {
	_, p, _ := strings.Cut(addr, ":")
	n, err := strconv.ParseInt(p, 16, 32)
	if err != nil {
		return -1
	}
	return int(n)
}
