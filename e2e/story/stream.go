package story

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Stream is a person's event stream, open and read.
type Stream struct {
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex // guards events
	events []Event
}

// Event is one event that arrived.
type Event struct {
	Name string         `json:"event"`
	ID   string         `json:"id"`
	Data map[string]any `json:"data"`
	At   time.Time      `json:"at"`
}

// Stream opens the person's stream and returns when its first event, ready, has come.
func (p *Person) Stream(ctx context.Context) (*Stream, error) {
	streaming, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(streaming, http.MethodGet, p.base+"/api/events", nil)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open the stream: %w", err)
	}
	req.Header.Set("Accept", "text/event-stream")
	client := &http.Client{Jar: p.client.Jar} // without the time-out
	res, err := client.Do(req)                //nolint:bodyclose // the reader closes it
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open the stream: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		cancel()
		res.Body.Close()
		return nil, fmt.Errorf("open the stream: got status %d", res.StatusCode)
	}
	s := &Stream{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer res.Body.Close()
		s.read(bufio.NewScanner(res.Body))
	}()
	if !s.Await(ctx, 5*time.Second, "ready", 1) {
		s.Close()
		return nil, fmt.Errorf("open the stream: no ready within 5 s; got %v", s.Names(0))
	}
	return s, nil
}

func (s *Stream) read(lines *bufio.Scanner) {
	lines.Buffer(nil, 1<<20)
	var e Event
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			e.Name = value
		case "id":
			e.ID = value
		case "data":
			_ = json.Unmarshal([]byte(value), &e.Data) // what is no JSON shows as no data
		case "":
			if lines.Text() == "" && e.Name != "" {
				e.At = time.Now()
				s.mu.Lock()
				s.events = append(s.events, e)
				s.mu.Unlock()
				e = Event{}
			}
		}
	}
}

// Close ends the stream.
func (s *Stream) Close() {
	s.cancel()
	<-s.done
}

// Named returns the events of a name so far.
func (s *Stream) Named(name string) (found []Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.Name == name {
			found = append(found, e)
		}
	}
	return found
}

// Names returns the names of the events after the first n.
func (s *Stream) Names(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := []string{}
	for _, e := range s.events[min(n, len(s.events)):] {
		names = append(names, e.Name)
	}
	return names
}

// Len returns how many events have come.
func (s *Stream) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// Await waits until n events of a name have come.
func (s *Stream) Await(ctx context.Context, most time.Duration, name string, n int) bool {
	return Eventually(ctx, most, func() bool { return len(s.Named(name)) >= n })
}

// Eventually asks until the answer is yes, for a time.
func Eventually(ctx context.Context, most time.Duration, ask func() bool) bool {
	deadline := time.Now().Add(most)
	for !ask() {
		if time.Now().After(deadline) || ctx.Err() != nil {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}
