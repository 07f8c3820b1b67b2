// Package realtime delivers each person's events to their open streams (Server-Sent
// Events), live and after any gap, without ever waiting for a slow reader.
//
// Every stream has a cursor: the number of the last outbox entry that it passed on. A
// commit only wakes the streams of its person; each then reads on from its cursor, from
// memory where it follows closely and from the outbox where it fell behind. A reconnect, a
// slow tab and a restart are the same case.
package realtime

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/r3labs/sse/v2"

	"liveassist/domain"
)

// Options are what a Hub needs from outside.
type Options struct {
	Newest int64 // the outbox's newest number at start
	// Load returns at most limit of a person's events after the given number, oldest first.
	Load func(ctx context.Context, user domain.UserID, after int64, limit int) ([]domain.Event, error)
	// Oldest returns the number of the oldest entry that Load can still see.
	Oldest func(ctx context.Context) (int64, error)
	// Operator reports whether a person is an operator right now; nil where nobody is. It is
	// asked each time before a stream passes on what only operators may see.
	Operator func(ctx context.Context, user domain.UserID) (bool, error)
	Clock    func() time.Time
	Log      *slog.Logger
	// MaxStreams is how many streams one person may have open; 0 is no limit.
	MaxStreams int
	// Heartbeat is how often each stream gets a comment, WriteTimeout how long a
	// connection may take nothing before it counts as dead; 0 is 10 s for both.
	Heartbeat, WriteTimeout time.Duration
}

// defaultPulse is the default of Heartbeat and WriteTimeout. Proxies drop a stream after a
// minute of silence, and the contract promises a comment every 15 s.
const defaultPulse = 10 * time.Second

// Errors of Serve, before anything has been written.
var (
	ErrTooManyStreams = errors.New("realtime: too many streams of one person")
	ErrClosed         = errors.New("realtime: closed")
)

// Hub holds all open streams.
type Hub struct {
	opts Options
	sse  *sse.Server

	inbox chan []domain.Event
	stop  chan struct{}
	done  sync.WaitGroup // the hub's own goroutines
	open  sync.WaitGroup // streams being served

	mu      sync.Mutex // guards all below, and the fields of topics and streams that say so
	newest  int64      // the highest number that was handed to the topics
	topics  map[domain.UserID]*topic
	streams map[string]*stream
	desk    *topic // what all operators' streams carry besides their own
	closed  bool
}

// inboxSize is how many commits may wait for delivery before the writer waits too.
const inboxSize = 1024

// NewHub returns a running hub; Close ends it.
func NewHub(opts Options) *Hub {
	opts.Heartbeat = cmp.Or(opts.Heartbeat, defaultPulse)
	opts.WriteTimeout = cmp.Or(opts.WriteTimeout, defaultPulse)
	h := &Hub{
		opts:    opts,
		inbox:   make(chan []domain.Event, inboxSize),
		stop:    make(chan struct{}),
		newest:  opts.Newest,
		topics:  map[domain.UserID]*topic{},
		streams: map[string]*stream{},
		desk:    &topic{user: domain.DeskUser, floor: opts.Newest, last: opts.Newest, streams: map[*stream]struct{}{}},
	}
	h.sse = sse.NewWithCallback(h.subscribed, nil)
	h.sse.AutoReplay = false // replay comes from the outbox
	h.sse.BufferSize = streamBuffer
	h.sse.Headers = map[string]string{
		"Cache-Control":     "no-cache, no-store, no-transform",
		"X-Accel-Buffering": "no", // nginx would hold events back
	}
	h.done.Go(h.deliver)
	h.done.Go(h.keepAlive)
	return h
}

// Publish takes the events of a commit, in their order. It only hands them over; the
// writer that calls it is not held up by streams.
func (h *Hub) Publish(events []domain.Event) {
	select {
	case h.inbox <- events:
	case <-h.stop:
	}
}

// deliver appends events to their persons' topics and wakes their streams.
func (h *Hub) deliver() {
	for {
		select {
		case events := <-h.inbox:
			h.mu.Lock()
			for _, e := range events {
				h.newest = e.Seq
				if t := h.topicOf(e.User); t != nil && e.Name != "" {
					t.deliver(e)
				}
			}
			h.mu.Unlock()
		case <-h.stop:
			return
		}
	}
}

// topicOf returns who shares a person's events, nil while nobody listens. mu is held.
func (h *Hub) topicOf(user domain.UserID) *topic {
	if user == domain.DeskUser {
		return h.desk
	}
	return h.topics[user]
}

// Whisper sends something to a person's open streams that is not worth keeping, such as a
// piece of a reply being written: whoever is away or behind misses it.
func (h *Hub) Whisper(user domain.UserID, name string, data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[user]
	if t == nil {
		return
	}
	for s := range t.streams {
		if len(s.whispers) < maxWhispers {
			s.whispers = append(s.whispers, domain.Event{User: user, Name: name, Data: data})
		}
		s.wake()
	}
}

// EndLogin ends the streams of a login that was signed out.
func (h *Hub) EndLogin(user domain.UserID, login [32]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.topics[user]; t != nil {
		for s := range t.streams {
			if s.login == login {
				s.end()
			}
		}
	}
}

// EndUser ends all streams of a person.
func (h *Hub) EndUser(user domain.UserID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.topics[user]; t != nil {
		for s := range t.streams {
			s.end()
		}
	}
}

// Streams returns how many streams are open.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

// Online reports whether a person has a stream open.
func (h *Hub) Online(user domain.UserID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.topics[user] != nil
}

// Close ends all streams and waits for them.
func (h *Hub) Close() {
	h.mu.Lock()
	already := h.closed
	h.closed = true
	for _, s := range h.streams {
		s.end()
	}
	h.mu.Unlock()
	// Subscribers first, streams after: closing a subscriber of a removed stream blocks for ever.
	h.open.Wait()
	if !already {
		close(h.stop)
	}
	h.done.Wait()
}

// Caller is who opens a stream.
type Caller struct {
	User  domain.UserID
	Login [32]byte // which of the person's logins
	// Hello returns the data of the stream's first event.
	Hello func(ctx context.Context) ([]byte, error)
	// After is the number up to which the caller has seen everything; Resume says that
	// it has one.
	After  int64
	Resume bool
}

// Serve streams a person's events until the request ends, the hub closes, a write fails or
// the stream has reached its greatest age. Its frame is kept small: it stays on the stack
// of every open stream.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, c *Caller) error {
	s, err := h.enter(w, r, c)
	if err != nil {
		return err
	}
	defer h.leave(s)
	h.sse.ServeHTTP(&s.writer, s.request)
	return nil
}

func (h *Hub) enter(w http.ResponseWriter, r *http.Request, c *Caller) (*stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	t := h.topics[c.User]
	if t == nil {
		t = &topic{user: c.User, floor: h.newest, last: h.newest, streams: map[*stream]struct{}{}}
		h.topics[c.User] = t
	}
	if h.opts.MaxStreams > 0 && len(t.streams) >= h.opts.MaxStreams {
		return nil, ErrTooManyStreams
	}
	s := &stream{
		hub: h, topic: t, id: rand.Text(), login: c.Login, hello: c.Hello,
		cursor: h.newest, ends: h.opts.Clock().Add(maxAge()),
	}
	ctx, cancel := context.WithCancel(r.Context())
	s.ctx, s.cancel = ctx, cancel
	s.writer = streamWriter{ResponseWriter: w, control: http.NewResponseController(w), stream: s}
	s.request = streamRequest(ctx, r, s.id)
	if c.Resume {
		s.cursor = c.After
		s.resumed = true
	}
	t.streams[s] = struct{}{}
	h.streams[s.id] = s
	h.open.Add(1)
	h.sse.CreateStream(s.id)
	return s, nil
}

// leave forgets a stream. By now its subscriber is gone: r3labs/sse returns when the stream
// has let go of it.
func (h *Hub) leave(s *stream) {
	s.cancel()
	h.sse.RemoveStream(s.id)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, s.id)
	delete(s.topic.streams, s)
	delete(h.desk.streams, s)
	if len(s.topic.streams) == 0 {
		delete(h.topics, s.topic.user)
	}
	h.open.Done()
}

// subscribed is called by r3labs/sse when a stream has its subscriber: from here on
// nothing that is published to it is lost.
func (h *Hub) subscribed(id string, _ *sse.Subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.streams[id]; s != nil {
		s.ready = true
		s.wake()
	}
}
