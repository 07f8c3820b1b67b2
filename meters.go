package main

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"liveassist/domain"
	"liveassist/httpapi"
	"liveassist/store"
)

// meters is what the parts report while they work. The parts know none of it: each has a
// function that it calls, and main hands these in.
type meters struct {
	batch  *histogram // writes that shared a commit
	commit *histogram
	hash   *histogram // the wait of a password for its turn
	image  *histogram
	model  [2]*histogram // failed, answered

	pages   [2]atomic.Int64 // not kept, kept
	replies map[string]*atomic.Int64

	mu     sync.Mutex // guards routes while the API is built
	routes []*routeMeter
}

// Who replies, for the label of replies.
const (
	repliesOperator = "operator"
	repliesFailed   = "failed"
)

func newMeters() *meters {
	ms := time.Millisecond
	m := &meters{
		batch:  newHistogram("liveassist_write_batch_size", "", 1, []int64{1, 2, 4, 8, 16, 32, 64, 128}),
		commit: newDurations("liveassist_commit_duration_seconds", "", ms/2, ms, 2*ms, 5*ms, 10*ms, 25*ms, 50*ms, 100*ms, 250*ms, time.Second, 5*time.Second),
		hash:   newDurations("liveassist_password_hash_wait_seconds", "", ms, 10*ms, 50*ms, 100*ms, 500*ms, time.Second, 5*time.Second, 10*time.Second),
		image:  newDurations("liveassist_image_duration_seconds", "", 50*ms, 100*ms, 250*ms, 500*ms, time.Second, 2500*ms, 5*time.Second, 10*time.Second),
		replies: map[string]*atomic.Int64{
			"guides": {}, "model": {}, repliesOperator: {}, repliesFailed: {},
		},
	}
	for i, result := range []string{"failed", "answered"} {
		m.model[i] = newDurations("liveassist_model_duration_seconds", `result="`+result+`"`, 250*ms, 500*ms, time.Second, 2500*ms, 5*time.Second, 10*time.Second, 20*time.Second, 40*time.Second, 90*time.Second)
	}
	return m
}

// committed is told of a commit.
func (m *meters) committed(writes int, took time.Duration) {
	m.batch.add(int64(writes))
	m.commit.took(took)
}

// replied is told who answered a message.
func (m *meters) replied(by string) {
	if n := m.replies[by]; n != nil {
		n.Add(1)
	}
}

// asked is told how the model did.
func (m *meters) asked(took time.Duration, answered bool) {
	i := 0
	if answered {
		i = 1
	}
	m.model[i].took(took)
}

// page is told whether a list of messages was still kept.
func (m *meters) page(kept bool) {
	i := 0
	if kept {
		i = 1
	}
	m.pages[i].Add(1)
}

// announced counts what operators say, by whatever way it was stored.
func (m *meters) announced(entries []store.Entry) {
	// A person's own words cannot look like it: within a JSON string quotes are escaped.
	const operator = `"role":"` + string(domain.AuthorOperator) + `"`
	for _, e := range entries {
		if e.Name == domain.EventMessageCreated && bytes.Contains(e.Data, []byte(operator)) {
			m.replied(repliesOperator)
		}
	}
}

// watch is what the API reports to.
func (m *meters) watch() httpapi.Watch {
	return httpapi.Watch{Route: m.route, Page: m.page}
}

// write shows everything but the routes.
func (m *meters) write(w io.Writer) {
	family(w, m.batch)
	family(w, m.commit)
	family(w, m.hash)
	family(w, m.image)
	family(w, m.model[0], m.model[1])
	counter(w, "liveassist_page_cache_misses_total", m.pages[0].Load())
	counter(w, "liveassist_page_cache_hits_total", m.pages[1].Load())
	metrics.WriteMetadataIfNeeded(w, "liveassist_replies_total", "counter")
	for _, by := range []string{"guides", "model", repliesOperator, repliesFailed} {
		fmt.Fprintf(w, "liveassist_replies_total{by=%q} %d\n", by, m.replies[by].Load())
	}
}

// classes are what became of requests: gone where the client left before an answer.
var classes = [...]string{"gone", "1xx", "2xx", "3xx", "4xx", "5xx"} //nolint:gochecknoglobals // a constant table

// routeMeter counts the answers of one route.
type routeMeter struct {
	labels  string
	answers [len(classes)]atomic.Int64
	limited atomic.Int64 // answers with 429
	took    *histogram
}

// route makes the meter of a route, and returns what it is told by.
func (m *meters) route(method, path string) func(status int, took time.Duration) {
	labels := "route=" + strconv.Quote(path)
	if method != "" {
		labels = "method=" + strconv.Quote(method) + "," + labels
	}
	ms := time.Millisecond
	r := &routeMeter{labels: labels, took: newDurations("liveassist_http_request_duration_seconds", labels,
		ms, 2500*time.Microsecond, 5*ms, 10*ms, 25*ms, 50*ms, 100*ms, 250*ms, 500*ms, time.Second, 2500*ms, 10*time.Second)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.routes = append(m.routes, r)
	return r.answered
}

func (r *routeMeter) answered(status int, took time.Duration) {
	r.answers[min(status/100, len(classes)-1)].Add(1)
	if status == 429 {
		r.limited.Add(1)
	}
	if took >= 0 {
		r.took.took(took)
	}
}

// writeRoutes shows the routes that were asked for at least once.
func (m *meters) writeRoutes(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	metrics.WriteMetadataIfNeeded(w, "liveassist_http_requests_total", "counter")
	for _, r := range m.routes {
		for i, class := range classes {
			if n := r.answers[i].Load(); n > 0 {
				fmt.Fprintf(w, "liveassist_http_requests_total{%s,class=%q} %d\n", r.labels, class, n)
			}
		}
	}
	metrics.WriteMetadataIfNeeded(w, "liveassist_rate_limited_total", "counter")
	for _, r := range m.routes {
		if n := r.limited.Load(); n > 0 {
			fmt.Fprintf(w, "liveassist_rate_limited_total{%s} %d\n", r.labels, n)
		}
	}
	var used []*histogram
	for _, r := range m.routes {
		if r.took.used() {
			used = append(used, r.took)
		}
	}
	family(w, used...)
}
