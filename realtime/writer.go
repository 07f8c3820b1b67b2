package realtime

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// endTimeout is how long a write may still take when the stream is to end.
const endTimeout = time.Second

// streamWriter ends the request when a write fails or takes too long, because r3labs/sse
// looks at neither.
type streamWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	stream  *stream
	armed   bool // the deadline of this flush is set
	failed  error
}

// Write implements io.Writer.
func (w *streamWriter) Write(p []byte) (int, error) {
	if w.failed != nil {
		return 0, w.failed
	}
	if w.arm(); w.failed != nil {
		return 0, w.failed
	}
	n, err := w.ResponseWriter.Write(p)
	w.check(err)
	return n, err
}

// Flush implements http.Flusher.
func (w *streamWriter) Flush() {
	if w.failed != nil {
		return
	}
	if w.arm(); w.failed == nil {
		w.check(w.control.Flush())
	}
	w.armed = false
}

func (w *streamWriter) arm() {
	if !w.armed {
		w.armed = true
		opts := &w.stream.hub.opts
		w.check(w.control.SetWriteDeadline(opts.Clock().Add(opts.WriteTimeout)))
		// The stream may have been ended between the two, and its short deadline be lost.
		w.check(w.stream.ctx.Err())
	}
}

func (w *streamWriter) check(err error) {
	if err != nil && w.failed == nil {
		w.failed = err
		w.stream.cancel()
	}
}

// streamRequest is the request that r3labs/sse sees: it takes the stream's name from the
// query, so the caller's own must not reach it, and it reads a Last-Event-ID that is ours.
func streamRequest(ctx context.Context, r *http.Request, id string) *http.Request {
	r = r.WithContext(ctx)
	r.URL = &url.URL{Path: r.URL.Path, RawQuery: "stream=" + id}
	r.Header = nil
	return r
}
