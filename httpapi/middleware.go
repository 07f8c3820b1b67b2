package httpapi

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// headerRequestID names a request in its answer and in the log.
const headerRequestID = "X-Request-Id"

func requestID(w http.ResponseWriter) string { return w.Header().Get(headerRequestID) }

// middleware is what every request passes, from the outside in. Its frame stays on the
// stack of each of ten thousand open streams, so the work is done in functions apart.
func (a *API) middleware(next http.Handler) http.Handler {
	plain, encrypted := newHeaderSets(false), newHeaderSets(true)
	origins := a.originCheck()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sets := plain
		if a.Proxies.arrive(r, a.secure) {
			sets = encrypted
		}
		rec := a.before(w, sets.of(r.URL.Path))
		defer a.after(rec, r)
		a.limitBody(rec, r)
		if err := origins.Check(r); err != nil {
			a.finish(rec, r, errCrossOrigin)
			return
		}
		next.ServeHTTP(rec, r)
	})
}

// before begins an answer.
func (a *API) before(w http.ResponseWriter, headers http.Header) *recorder {
	rec := &recorder{ResponseWriter: w, start: a.Clock()}
	h := rec.Header()
	maps.Copy(h, headers)
	h.Set(headerRequestID, strconv.FormatUint(rand.Uint64(), 36)) //nolint:gosec // no secret
	return rec
}

// bodyTime is how long a request's body may take to arrive: the server's own limit is for the
// header alone, and without one each byte a minute would keep a connection. A message of
// 8,000 characters needs no more than 10 kbit/s for it; uploads get a time of their own.
const bodyTime = 30 * time.Second

// limitBody bounds the wait for a body, whoever reads it: also the server, which reads on
// after a handler that did not. Requests without one, as streams are, stay as they are.
func (a *API) limitBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		// It fails only where the connection is gone, which reading will tell.
		_ = http.NewResponseController(w).SetReadDeadline(a.Clock().Add(bodyTime))
	}
}

// after logs a request, and turns a panic into an answer.
func (a *API) after(w *recorder, r *http.Request) {
	if p := recover(); p != nil {
		a.recovered(w, r, p)
	}
	a.measure(w)
	if a.Log.Enabled(r.Context(), slog.LevelDebug) {
		a.Log.Debug("request", "request_id", requestID(w), "method", r.Method, "path", r.URL.Path,
			"status", w.status, "ms", float64(a.Clock().Sub(w.start).Microseconds())/1000)
	}
}

// recovered turns a panic into an answer, where none has begun.
func (a *API) recovered(w *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint,err113 // net/http's own sentinel, thrown as it is
		panic(p)
	}
	err := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	if w.status != 0 {
		a.Log.Error("request failed", "request_id", requestID(w), "method", r.Method, "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	a.finish(w, r, err)
}

// recorder remembers the answer's status.
type recorder struct {
	http.ResponseWriter
	start  time.Time
	status int32 // both are short, so that the recorder of an open stream stays small
	route  int32 // its place in API.meters
}

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = int32(status) //nolint:gosec // three digits
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// webhookPath takes requests from Stripe's servers, which no browser rule is about.
const webhookPath = "/api/webhooks/stripe"

// originCheck refuses writes that another site's page makes in a person's browser.
func (a *API) originCheck() *http.CrossOriginProtection {
	cop := http.NewCrossOriginProtection()
	if err := cop.AddTrustedOrigin(a.BaseURL.Scheme + "://" + a.BaseURL.Host); err != nil {
		a.Log.Error("base URL is no origin", "error", err)
	}
	cop.AddInsecureBypassPattern(webhookPath)
	return cop
}

var _ interface{ Unwrap() http.ResponseWriter } = (*recorder)(nil)
