package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"liveassist/domain"
	"liveassist/realtime"
)

// events streams the caller's own events; nothing in the request can name anybody else.
func (a *API) events(w http.ResponseWriter, r *request) error {
	c, err := a.caller(r)
	if err != nil {
		return err
	}
	w.Header().Del("Content-Security-Policy") // means nothing to a stream, and each open one holds two copies
	return streamError(a.Hub.Serve(w, r.Request, c))
}

// caller says whose events go out, and from where on.
func (a *API) caller(r *request) (*realtime.Caller, error) {
	after, resume, err := lastEventID(r.Request)
	if err != nil {
		return nil, err
	}
	user, login := r.user(), r.login
	return &realtime.Caller{
		User: user, Login: r.login.Token, After: after, Resume: resume,
		Hello: func(ctx context.Context) ([]byte, error) {
			// From here on the hub can end this stream: a sign-out before now shows here.
			if err := a.Accounts.Live(ctx, login); err != nil {
				return nil, err
			}
			u, err := a.Store.User(ctx, user)
			if err != nil {
				return nil, err
			}
			return json.Marshal(a.view(u))
		},
	}, nil
}

func streamError(err error) error {
	switch {
	case errors.Is(err, realtime.ErrTooManyStreams):
		return &domain.Error{Kind: domain.KindRateLimited, Message: "Too many open pages. Close some and try again.", RetryAfter: 10 * time.Second}
	case errors.Is(err, realtime.ErrClosed):
		return &domain.Error{Kind: domain.KindRateLimited, Message: "The server is restarting.", RetryAfter: time.Second}
	}
	return err
}

// lastEventID returns the number up to which the caller has seen everything. One that is
// too large for a number is beyond every number that was given.
func lastEventID(r *http.Request) (id int64, resume bool, err error) {
	s := r.Header.Get("Last-Event-ID")
	if s == "" {
		s = r.URL.Query().Get("lastEventId")
	}
	if s == "" {
		return 0, false, nil
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false, domain.E(domain.KindInvalidRequest, "Last-Event-ID must be a number.")
		}
	}
	id, err = strconv.ParseInt(s, 10, 64)
	if err != nil {
		id = math.MaxInt64
	}
	return id, true, nil
}
