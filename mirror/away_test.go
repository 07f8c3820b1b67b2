package mirror_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"liveassist/mirror"
)

func TestMirror_ServerAway(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]syscall.Signal{"Stopped": syscall.SIGTERM, "Killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testServerAway(t, sig)
		})
	}
}

func testServerAway(t *testing.T, sig syscall.Signal) {
	t.Helper()
	server := ownMongoServer(t)
	p := openProduct(t, t.TempDir(), server.url()+"?serverSelectionTimeoutMS=500", "liveassist")
	p.fill(t, 50)
	p.startMirror(t)
	p.waitLevel(t)

	ctx, stopLoad := context.WithCancel(t.Context())
	var load sync.WaitGroup
	for range 4 {
		load.Go(func() { p.load(ctx, t) })
	}
	p.waitFor(t, "some load mirrored", func(s mirror.Status) bool { return s.Written > 200 })
	server.end(sig)
	p.waitFor(t, "the mirror notices", func(s mirror.Status) bool { return !s.Connected && s.Problem != "" })
	before, began := p.mustNewest(t), time.Now()
	p.waitFor(t, "the load goes on without MongoDB", func(s mirror.Status) bool { return s.Lag > 300 && s.LagSince.Before(time.Now()) })
	t.Logf("without MongoDB: %d entries in %v", p.mustNewest(t)-before, time.Since(began).Round(time.Millisecond))
	server.start(t)
	p.waitFor(t, "the mirror is back under load", func(s mirror.Status) bool { return s.Connected })
	stopLoad()
	load.Wait()
	p.waitLevel(t)
	n := mustEqual(t, p.db, server.client(t).Database("liveassist"))
	t.Logf("compared %d documents; status %+v", n, p.status())
	if s := p.status(); s.Copies != 1 {
		t.Errorf("the outage led to a full copy: %+v", s)
	}
	if got := p.log.lines("mirror failed"); len(got) == 0 || len(got) > 2 {
		t.Errorf("the log has %d lines about the failure:\n%s", len(got), fmt.Sprintf("%q", p.log.String()))
	}
	if got := p.log.lines("mirror works again"); len(got) != 1 {
		t.Errorf("the log does not tell once that the mirror is back:\n%s", fmt.Sprintf("%q", p.log.String()))
	}
}

// load adds, changes and deletes documents until ctx ends.
func (p *product) load(ctx context.Context, tb testing.TB) {
	tb.Helper()
	who := p.addPerson(tb)
	for i := 0; ctx.Err() == nil; i++ {
		p.say(tb, who, fmt.Sprintf("under load %d", i))
		if i%10 == 9 {
			p.changeAndDelete(tb, who)
		}
		time.Sleep(time.Duration(rand.IntN(10)) * time.Millisecond)
	}
}

func (p *product) mustNewest(tb testing.TB) int64 {
	tb.Helper()
	n, err := p.db.NewestSeq(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return n
}
