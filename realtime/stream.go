package realtime

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/r3labs/sse/v2"

	"liveassist/domain"
)

const (
	// streamBuffer is r3labs/sse's queue of one stream, in events. The library's 1,024 cost
	// 4 KiB a stream more (measured); the outbox is our queue.
	streamBuffer = 16
	// maxWhispers is how many unkept events wait for one stream.
	maxWhispers = 64
	// loadPage is how many events a stream that fell behind reads from the outbox at once.
	loadPage = 256
)

// stream is one open connection. It has a goroutine of its own only while there is
// something to pass on: ten thousand idle streams cost no more than their connections.
type stream struct {
	hub   *Hub
	topic *topic
	id    string // random; the name within r3labs/sse
	login [32]byte
	hello func(context.Context) ([]byte, error)

	ctx     context.Context
	cancel  context.CancelFunc
	writer  streamWriter
	request *http.Request // what r3labs/sse sees
	ends    time.Time

	// Guarded by the hub's mu:
	ready    bool // the subscriber is there
	running  bool // a pump is at work
	again    bool // it must look once more before it ends
	desk     bool // it carries the desk's events too
	whispers []domain.Event

	// The pump's own, of which there is never more than one; with none running, guarded by the hub's mu:
	greeted bool
	resumed bool
	cursor  int64
}

// end ends the stream soon, also where a write to it is blocked. The hub's mu is held, so
// the request is still being served.
func (s *stream) end() {
	s.cancel()
	// It fails only where the connection is gone already.
	_ = s.writer.control.SetWriteDeadline(s.hub.opts.Clock().Add(endTimeout))
}

// wake lets the stream look for what is new. The hub's mu is held.
func (s *stream) wake() {
	if !s.ready {
		return
	}
	if s.running {
		s.again = true
		return
	}
	s.running = true
	go s.pump()
}

// push hands an event over without a goroutine, and so without a turn of the scheduler for
// each of a thousand streams: where the stream has all up to the event before, nothing is
// being passed on to it, and its queue has room. The hub's mu is held, and with no pump
// running (it is asked first) what is the pump's own is ours.
func (s *stream) push(e *sse.Event, before, seq int64) bool {
	if s.running || !s.ready || !s.greeted || s.desk || len(s.whispers) > 0 || s.cursor < before || s.ctx.Err() != nil {
		return false
	}
	if !s.hub.sse.TryPublish(s.id, e) {
		return false
	}
	s.cursor = seq
	return true
}

// pump passes on what there is and ends when there is nothing left. Only it publishes to
// its stream, so it may be blocked by a full buffer: that holds up nobody else, and ends
// with the write deadline.
func (s *stream) pump() {
	for s.ctx.Err() == nil {
		if err := s.pass(); err != nil {
			if s.ctx.Err() == nil {
				s.hub.opts.Log.Error("event stream failed", "user", s.topic.user, "error", err)
			}
			s.cancel() // the client comes back with its cursor
		}
		s.hub.mu.Lock()
		if !s.again {
			s.running = false
			s.hub.mu.Unlock()
			return
		}
		s.again = false
		s.hub.mu.Unlock()
	}
}

// pass sends the greeting where it is due, everything after the cursor, and the whispers.
func (s *stream) pass() error {
	if !s.greeted {
		if err := s.greet(); err != nil {
			return err
		}
		s.greeted = true
	}
	for s.ctx.Err() == nil {
		events, whispers, recent := s.recent()
		if !recent {
			var err error
			if events, err = s.load(); err != nil {
				return err
			}
		}
		if err := s.sendAll(events); err != nil {
			return err
		}
		for _, e := range whispers {
			s.send(e.Name, e.Data, false)
		}
		if recent && len(events) == 0 {
			return nil
		}
	}
	return s.ctx.Err()
}

// recent returns what memory holds after the cursor; ok is false where it does not reach
// back so far.
func (s *stream) recent() (events, whispers []domain.Event, ok bool) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	events, ok = s.topic.after(s.cursor)
	if s.desk {
		shared, reaches := s.hub.desk.after(s.cursor)
		events, ok = merge(events, shared), ok && reaches
	}
	if ok {
		whispers, s.whispers = s.whispers, nil
	}
	return events, whispers, ok
}

// load reads on from the outbox. At its end the cursor moves up to what memory holds, and
// never beyond: a client that came back with a number that the hub was not told of yet would
// look like one that knew a future which a restored database lacks.
func (s *stream) load() ([]domain.Event, error) {
	s.hub.mu.Lock()
	newest, desk := s.hub.newest, s.desk
	s.hub.mu.Unlock()
	events, err := s.hub.opts.Load(s.ctx, s.topic.user, s.cursor, loadPage)
	if err != nil {
		return nil, fmt.Errorf("load events: %w", err)
	}
	whole := len(events) < loadPage
	events = upTo(events, newest)
	if desk {
		shared, err := s.hub.opts.Load(s.ctx, domain.DeskUser, s.cursor, loadPage)
		if err != nil {
			return nil, fmt.Errorf("load the desk's events: %w", err)
		}
		whole = whole && len(shared) < loadPage
		events = mergePages(events, upTo(shared, newest))
	}
	if whole {
		// All of the person's events up to newest were committed before the read.
		last := s.cursor
		if n := len(events); n > 0 {
			last = events[n-1].Seq
		}
		if newest > last {
			events = append(events, domain.Event{Seq: newest})
		}
	}
	return events, nil
}

// upTo leaves out what the hub was not told of yet: it is on its way.
func upTo(events []domain.Event, newest int64) []domain.Event {
	for n := len(events); n > 0; n-- {
		if events[n-1].Seq <= newest {
			return events[:n]
		}
	}
	return nil
}

// greet sends `ready`, and `reset` where the gap cannot be replayed. Until the reset is
// through, `ready` carries the old number, so that a break in between leads here again.
func (s *stream) greet() error {
	data, err := s.hello(s.ctx)
	if err != nil {
		return fmt.Errorf("greet: %w", err)
	}
	if err := s.findDesk(); err != nil {
		return err
	}
	reset, newest, err := s.mustReset()
	if err != nil {
		return err
	}
	s.send(domain.EventReady, data, true)
	if reset {
		s.cursor = newest
		s.send(domain.EventReset, []byte("{}"), false)
	}
	return nil
}

// mustReset reports whether entries that the caller has not seen are gone, or its number
// is one that this database has never given.
func (s *stream) mustReset() (reset bool, newest int64, err error) {
	s.hub.mu.Lock()
	newest = s.hub.newest
	floor := s.topic.floor
	if s.desk {
		floor = max(floor, s.hub.desk.floor)
	}
	s.hub.mu.Unlock()
	switch {
	case !s.resumed || s.cursor == newest:
		return false, newest, nil
	case s.cursor > newest:
		return true, newest, nil
	case s.cursor >= floor:
		return false, newest, nil
	}
	oldest, err := s.hub.opts.Oldest(s.ctx)
	if err != nil {
		return false, 0, fmt.Errorf("read the oldest event: %w", err)
	}
	return s.cursor+1 < oldest, newest, nil
}

const retry = "2000" // milliseconds until a browser reconnects

// frame is an event as r3labs/sse takes it; it never changes one, so streams may share it.
func frame(seq int64, name string, data []byte) *sse.Event {
	return &sse.Event{ID: strconv.AppendInt(nil, seq, 10), Event: []byte(name), Data: data}
}

// send hands one event to the connection. An event without a name only moved the cursor.
func (s *stream) send(name string, data []byte, first bool) {
	if name == "" {
		return
	}
	e := frame(s.cursor, name, data)
	if first {
		e.Retry = []byte(retry)
	}
	s.hub.sse.Publish(s.id, e)
}

// A stream ends after 45 to 75 minutes, so that streams do not all come back together
// after a restart for ever, and none outlives its sign-in by much.
const (
	minAge    = 45 * time.Minute
	ageSpread = 30 * time.Minute
)

func maxAge() time.Duration { return minAge + rand.N(ageSpread) } //nolint:gosec // no secret
