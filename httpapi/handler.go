package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/julienschmidt/httprouter"

	"liveassist/domain"
	"liveassist/store"
)

// request is what a handler is asked: the HTTP request, its path's parameters, and who
// sent it (zero where nobody needs to be signed in).
type request struct {
	*http.Request
	params httprouter.Params
	login  store.Login
}

// user is the signed-in person.
func (r *request) user() domain.UserID { return r.login.UserID }

// sessionID returns the conversation that the path names.
func (r *request) sessionID() (domain.SessionID, error) {
	id, ok := domain.ParseID(r.params.ByName("sessionId"))
	if !ok {
		return "", domain.ErrNotFound
	}
	return domain.SessionID(id), nil
}

// handler answers a request, or returns why it did not: then it has written nothing.
type handler func(w http.ResponseWriter, r *request) error

var (
	errNoRoute = domain.E(domain.KindNotFound, "There is no such address in this API.")
	errMethod  = domain.E(domain.KindMethodNotAllowed, "This address does not take that method.")
)

// guarded lets h be called by whom the guard lets pass. route is its place in API.meters.
func (a *API) guarded(route int, g guard, h handler) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, p httprouter.Params) {
		onRoute(w, route)
		req := &request{Request: r, params: p}
		body := r.Body
		err := a.admit(w, req, g)
		if err == nil && g == sender {
			a.allowUpload(w) // only now: minutes for a stranger would be a connection held for nothing
		}
		if err == nil {
			err = h(w, req)
		}
		if err != nil && g == sender {
			a.drain(w, body)
		}
		a.finish(w, r, err)
	}
}

// admit finds out who asks, where the guard wants to know.
func (a *API) admit(w http.ResponseWriter, r *request, g guard) (err error) {
	switch g {
	case open:
	case person, sender:
		r.login, err = a.authenticate(w, r.Request)
	case operator:
		r.login, err = a.admitOperator(w, r.Request)
	}
	return err
}

// plain adapts a handler that takes no parameters.
func (a *API) plain(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.finish(w, r, h(w, r)) })
}

// finish answers with the error of a handler, if there is one. Internals are logged once
// and never shown.
func (a *API) finish(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		return
	}
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // the client left; nobody reads an answer
	}
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		e = errInternal
		if errors.Is(err, store.ErrFull) {
			e = errFull
		}
	}
	status := statusOf(e.Kind)
	if status >= http.StatusInternalServerError {
		a.Log.Error("request failed", "request_id", requestID(w), "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.RetryAfter+time.Second-1)/time.Second)))
	}
	body := errorBody{Error: e.Kind, Code: e.Code, Message: e.Message}
	if err := writeJSON(w, status, body); err != nil {
		a.Log.Debug("answer not written", "request_id", requestID(w), "error", err)
	}
}

type errorBody struct {
	Error   domain.Kind `json:"error"`
	Code    string      `json:"code,omitempty"`
	Message string      `json:"message"`
}

var (
	errInternal = domain.E(domain.KindInternal, "Something went wrong on our side. Nothing was changed; please try again.")
	errFull     = domain.E(domain.KindInternal, "This could not be saved because the server has run out of space. Please try again later.")
)

// statusOf is the one place where a kind becomes an HTTP status.
func statusOf(k domain.Kind) int {
	switch k {
	case domain.KindInvalidRequest, domain.KindInvalidSignature:
		return http.StatusBadRequest
	case domain.KindUnauthenticated:
		return http.StatusUnauthorized
	case domain.KindLimitExceeded, domain.KindForbidden:
		return http.StatusForbidden
	case domain.KindNotFound:
		return http.StatusNotFound
	case domain.KindMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case domain.KindEmailTaken, domain.KindAlreadySubscribed, domain.KindConflict:
		return http.StatusConflict
	case domain.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case domain.KindUnsupportedMediaType:
		return http.StatusUnsupportedMediaType
	case domain.KindRateLimited:
		return http.StatusTooManyRequests
	case domain.KindBillingUnavailable, domain.KindMailUnavailable:
		return http.StatusServiceUnavailable
	case domain.KindProcessingError, domain.KindInternal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// writeJSON encodes before it sends the status, so that a failure is still an error.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return writeRaw(w, status, b)
}

// netHTTPCounts is up to what size net/http states an answer's length by itself, at less cost.
const netHTTPCounts = 2048

// jsonType is shared by all answers: nobody changes it in place.
//
//nolint:gochecknoglobals // a constant
var jsonType = []string{"application/json; charset=utf-8"}

func writeRaw(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h["Content-Type"] = jsonType
	if len(body) > netHTTPCounts {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}
