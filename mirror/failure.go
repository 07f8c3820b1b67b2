package mirror

import (
	"errors"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// How the mirror tries again, and how often it complains.
const (
	firstDelay  = 500 * time.Millisecond
	longestWait = 30 * time.Second
	calmAfter   = time.Minute      // a failure that comes later than this after the last is a first one
	repeatEvery = 10 * time.Minute // the same complaint again
)

// MongoDB's error codes that the mirror knows (mongodb.com/docs/manual/reference/error-codes).
const (
	codeUserNotFound          = 11
	codeUnauthorized          = 13
	codeAuthenticationFailed  = 18
	codeIndexOptionsConflict  = 85
	codeIndexKeySpecsConflict = 86
	codeAtlas                 = 8000 // Atlas: bad auth
)

// fault is an error whose reason is known where it arises.
type fault struct {
	reason string
	err    error
}

func (f fault) Error() string { return f.reason + ": " + f.err.Error() }
func (f fault) Unwrap() error { return f.err }

// sourceError is a failure of the database, not of MongoDB.
func sourceError(err error) error { return fault{"the database cannot be read", err} }

func hasCode(err error, codes ...int) bool {
	e, ok := errors.AsType[mongo.ServerError](err)
	return ok && slices.ContainsFunc(codes, e.HasErrorCode)
}

// reasonOf says in one of a few ways, and without any address, what went wrong.
func reasonOf(err error) string {
	if f, ok := errors.AsType[fault](err); ok {
		return f.reason
	}
	_, answered := errors.AsType[mongo.ServerError](err)
	switch {
	case errors.Is(err, errGap), errors.Is(err, errTaken):
		return err.Error()
	case hasCode(err, codeAuthenticationFailed, codeUserNotFound, codeAtlas):
		return "MongoDB refuses the user or the password of the URL"
	case hasCode(err, codeUnauthorized):
		return "MongoDB does not let the user of the URL do this"
	case !answered, mongo.IsNetworkError(err), mongo.IsTimeout(err):
		return "MongoDB cannot be reached"
	}
	return "MongoDB refuses what it was asked"
}

// backoff returns how long to wait after the given attempt in a row, the first being 1;
// random in [0, 1) spreads it over the upper half.
func backoff(attempt int, random float64) time.Duration {
	d := longestWait
	if attempt < 8 {
		d = min(d, firstDelay<<(attempt-1))
	}
	return d/2 + time.Duration(random*float64(d/2))
}

// failed notes a failure, logs it unless the log has it already, and returns which one in
// a row it is.
func (m *Mirror) failed(err error) int {
	now := m.opts.Clock()
	text := err.Error()
	for _, secret := range secrets(m.opts.URL) {
		text = strings.ReplaceAll(text, secret, "***")
	}
	reason := reasonOf(err)
	attempt, tell := m.health.failed(reason, text, now)
	if tell {
		m.opts.Log.Error("mirror failed and tries again", "reason", reason, "server", m.hosts, "database", m.opts.Database, "attempt", attempt, "error", text)
	}
	return attempt
}

// works notes that the target was brought on, and logs it the first time and after a
// failure that was logged.
func (m *Mirror) works() {
	first, failures, down := m.health.works(m.opts.Clock())
	switch {
	case failures > 0:
		m.opts.Log.Info("mirror works again", "server", m.hosts, "failures", failures, "down_for", down)
	case first:
		m.opts.Log.Info("mirror works", "server", m.hosts, "database", m.opts.Database)
	}
}
