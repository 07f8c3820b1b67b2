package httpapi

import (
	"net/http"
	"time"
)

// Watch is who wants to know how the API does. Each function may be nil.
type Watch struct {
	// Route is called once per route, before anything is served. What it returns is told of
	// each answer: the status (0 where the client left before one was sent) and the time
	// until it was written; took is negative for an event stream, which lasts as long as its
	// page is open.
	Route func(method, path string) func(status int, took time.Duration)
	// Page is told of each list of messages whether its answer was still kept.
	Page func(kept bool)
}

// otherRoute stands for all paths that the table does not name: the web app's, and none.
const otherRoute = "other"

// streamPath is the route of event streams.
const streamPath = "/api/events"

// endless is the time that a stream is said to have taken.
const endless = -time.Second

// meter is told of a route's answers.
type meter struct {
	observe func(status int, took time.Duration)
	stream  bool
}

func (w Watch) meter(method, path string) meter {
	m := meter{stream: path == streamPath}
	if w.Route != nil {
		m.observe = w.Route(method, path)
	}
	return m
}

// meter adds a route's meter and returns its place.
func (a *API) meter(rt route) int {
	a.meters = append(a.meters, a.Watch.meter(rt.method, rt.path))
	return len(a.meters) - 1
}

// onRoute notes which route an answer belongs to.
func onRoute(w http.ResponseWriter, route int) {
	if rec, ok := w.(*recorder); ok {
		rec.route = int32(route) //nolint:gosec // a few dozen
	}
}

// measure tells the route's meter of an answer that has ended.
func (a *API) measure(w *recorder) {
	m := a.meters[w.route]
	if m.observe == nil {
		return
	}
	took := endless
	if !m.stream {
		took = a.Clock().Sub(w.start)
	}
	m.observe(int(w.status), took)
}
