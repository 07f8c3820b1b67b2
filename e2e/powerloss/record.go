package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// recording is one run of the product under load: all it did to its files, and when it
// promised what.
type recording struct {
	dir string // the data directory, as the trace names it
	ops []op
	due map[int]promise // line of the answer -> what it promised
	// What makes a run worth cutting:
	written, synced, checkpoints, restarts int
}

// clients is how many people write at once.
const clients = 6

// record runs the product twice on one data directory, under load: the first run ends in
// order, which checkpoints and removes the write-ahead log, the second with kill -9.
func record(ctx context.Context, product, work string, load time.Duration, seed uint64) (*recording, error) {
	dir := filepath.Join(work, "home", "data")
	if err := os.Mkdir(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	b := &book{promises: map[string]promise{}}
	p := newParser(dir)
	for run, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		trace := filepath.Join(work, fmt.Sprintf("trace%d", run))
		if err := recordRun(ctx, b, product, dir, trace, load/2, sig, seed+uint64(run)); err != nil { //nolint:gosec // not negative
			return nil, err
		}
		if err := p.file(trace); err != nil {
			return nil, err
		}
		if err := os.Remove(trace); err != nil {
			return nil, fmt.Errorf("record: %w", err)
		}
	}
	if len(b.failed) > 0 {
		return nil, fmt.Errorf("record: %d requests failed, the first: %s", len(b.failed), b.failed[0])
	}
	return b.match(p, dir)
}

// recordRun starts the product under strace, lets people write, and ends it under load.
func recordRun(ctx context.Context, b *book, product, dir, trace string, load time.Duration, sig syscall.Signal, seed uint64) error {
	s, err := startServer(ctx, product, dir, trace, trace+".log")
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	failed := make(chan error, clients)
	for n := range clients {
		c := &client{book: b, url: s.url, number: n, rand: rand.New(rand.NewPCG(seed, uint64(n)))} //nolint:gosec // load, no secret
		group.Go(func() {
			if err := c.register(working, fmt.Sprintf("p%d-%d@example.com", seed, n)); err != nil {
				failed <- err
				return
			}
			c.work(working)
		})
	}
	time.Sleep(load)
	err = s.end(sig)
	stop()
	group.Wait()
	close(failed)
	return errors.Join(err, <-failed)
}

// match finds each promise's answer in the trace.
func (b *book) match(p *parser, dir string) (*recording, error) {
	r := &recording{dir: dir, ops: p.ops, due: map[int]promise{}, written: p.data}
	for i := range r.ops {
		o := &r.ops[i]
		switch {
		case o.kind == opSync:
			r.synced++
			if filepath.Base(o.path) == "liveassist.db" {
				r.checkpoints++
			}
		case o.kind == opUnlink && filepath.Base(o.path) == "liveassist.db-wal":
			r.restarts++
		case o.kind == opAnswer:
			if promised, ok := b.promises[requestID(o.data)]; ok {
				r.due[o.enter] = promised
			}
			o.data = nil
		}
	}
	if len(r.due) != len(b.promises) {
		return nil, fmt.Errorf("record: %d answers were received, and %d stand in the trace", len(b.promises), len(r.due))
	}
	return r, nil
}

// requestID reads the header of an answer.
func requestID(answer []byte) string {
	_, rest, ok := bytes.Cut(answer, []byte("\r\nX-Request-Id: "))
	if !ok {
		return ""
	}
	id, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(id)
}
