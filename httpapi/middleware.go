package httpapi

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
)

type contextKey int

const keyRequestID contextKey = iota

// requestID names a request in the log and in its answer's header.
func requestID(r *http.Request) string {
	id, _ := r.Context().Value(keyRequestID).(string)
	return id
}

// middleware is what every request passes, from the outside in.
func (a *API) middleware(next http.Handler) http.Handler {
	next = a.refuseCrossOrigin(next)
	headers := securityHeaders(a.secure)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := a.Clock()
		id := strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // no secret
		r = r.WithContext(context.WithValue(r.Context(), keyRequestID, id))
		rec := &recorder{ResponseWriter: w}
		maps.Copy(rec.Header(), headers) // the values are shared: nobody changes them in place
		rec.Header().Set("X-Request-Id", id)
		defer func() {
			if p := recover(); p != nil {
				a.recovered(rec, r, p)
			}
			a.Log.Debug("request", "request_id", id, "method", r.Method, "path", r.URL.Path,
				"status", rec.status, "ms", float64(a.Clock().Sub(start).Microseconds())/1000)
		}()
		next.ServeHTTP(rec, r)
	})
}

// recovered turns a panic into an answer, where none has begun.
func (a *API) recovered(w *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint,err113 // net/http's own sentinel, thrown as it is
		panic(p)
	}
	err := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	if w.status != 0 {
		a.Log.Error("request failed", "request_id", requestID(r), "method", r.Method, "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	a.finish(w, r, err)
}

// recorder remembers the answer's status.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
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

// refuseCrossOrigin refuses writes that another site's page makes in a person's browser.
func (a *API) refuseCrossOrigin(next http.Handler) http.Handler {
	cop := http.NewCrossOriginProtection()
	if err := cop.AddTrustedOrigin(a.BaseURL.Scheme + "://" + a.BaseURL.Host); err != nil {
		a.Log.Error("base URL is no origin", "error", err)
	}
	cop.AddInsecureBypassPattern(webhookPath)
	cop.SetDenyHandler(a.plain(func(http.ResponseWriter, *http.Request) error { return errCrossOrigin }))
	return cop.Handler(next)
}

// csp is the policy of UX.md: the app loads nothing from elsewhere and runs no inline code.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
	"manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// securityHeaders is what OWASP's HTTP Headers Cheat Sheet names for such an app. A handler
// may narrow them.
func securityHeaders(secure bool) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	h.Set("Cache-Control", "no-store")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	return h
}

var _ interface{ Unwrap() http.ResponseWriter } = (*recorder)(nil)
