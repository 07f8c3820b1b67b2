package mirror_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
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

// The environment that makes the test's binary a product.
const (
	productURL = "LIVEASSIST_MIRROR_TEST_URL"
	productDir = "LIVEASSIST_MIRROR_TEST_DIR"
)

// runProduct mirrors under load, and tells of its progress, until it is killed.
func runProduct(url, dir string) {
	tb := &processTB{}
	p := openProduct(tb, dir, url, "killed")
	p.startMirror(tb)
	go p.load(context.Background(), tb)
	for range time.Tick(5 * time.Millisecond) {
		s := p.status()
		fmt.Println(s.Written, s.Copies)
	}
}

// processTB is what stands in for a test in the process that is killed.
type processTB struct{ testing.TB }

func (*processTB) Helper()        {}
func (*processTB) Cleanup(func()) {}
func (*processTB) Fatal(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}

func (tb *processTB) Errorf(format string, args ...any) { tb.Fatal(fmt.Sprintf(format, args...)) }
func (tb *processTB) Fatalf(format string, args ...any) { tb.Fatal(fmt.Sprintf(format, args...)) }

// TestMirror_Killed kills a process with database and mirror again and again, in the
// middle of the full copy and of following.
func TestMirror_Killed(t *testing.T) {
	t.Parallel()
	server := mongoServer(t)
	dir := t.TempDir()
	p := openProduct(t, dir, server.url(), "killed")
	p.fill(t, 600)
	p.close(t)
	killProduct(t, server, dir, func(s progress) bool { return s.Written >= 100 && s.Copies == 0 })
	killProduct(t, server, dir, func(s progress) bool { return s.Written >= 700 && s.Copies == 1 })
	for range 3 {
		enough := int64(1 + rand.IntN(200))
		killProduct(t, server, dir, func(s progress) bool { return s.Written >= enough && s.Copies == 0 })
	}
	q := openProduct(t, dir, server.url(), "killed")
	q.startMirror(t)
	q.waitLevel(t)
	n := mustEqual(t, q.db, server.client(t).Database("killed"))
	t.Logf("compared %d documents; status %+v", n, q.status())
	if q.status().Copies != 0 {
		t.Error("a kill while following led to a full copy")
	}
}

// progress is what the product prints: documents written and full copies since its start.
type progress struct{ Written, Copies int64 }

// killProduct runs the product until done says so, and kills it.
func killProduct(t *testing.T, server *ferretdb, dir string, done func(progress) bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), productURL+"="+server.url(), productDir+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	var s progress
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, err := fmt.Sscan(lines.Text(), &s.Written, &s.Copies); err != nil {
			t.Fatal(err)
		}
		if done(s) {
			return
		}
	}
	t.Fatalf("the product ended by itself: %s", &stderr)
}
