package httpapi

import (
	"context"
	_ "embed" // openapi.yaml
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

type health struct {
	Status  string         `json:"status"`
	Details map[string]any `json:"details,omitempty"`
}

func (a *API) healthz(w http.ResponseWriter, _ *request) error {
	return writeJSON(w, http.StatusOK, health{Status: "ok"})
}

const (
	// readyTimeout bounds how long readiness waits for the database.
	readyTimeout = 3 * time.Second
	// readyFor is how long an answer stands: anybody may ask, and asking writes.
	readyFor = time.Second
)

// readiness remembers the last look at the database.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (a *API) ready(ctx context.Context) error {
	a.readiness.mu.Lock()
	defer a.readiness.mu.Unlock()
	if now := a.Clock(); now.Sub(a.readiness.at).Abs() > readyFor {
		ctx, cancel := context.WithTimeout(ctx, readyTimeout)
		defer cancel()
		a.readiness.err = a.Store.Ready(ctx)
		a.readiness.at = now
	}
	return a.readiness.err
}

// readyz says whether the database takes writes.
func (a *API) readyz(w http.ResponseWriter, r *request) error {
	if err := a.ready(context.WithoutCancel(r.Context())); err != nil {
		a.Log.Error("not ready", "error", err)
		return writeJSON(w, http.StatusServiceUnavailable, health{Status: "unavailable", Details: a.details()})
	}
	return writeJSON(w, http.StatusOK, health{Status: "ok", Details: a.details()})
}

func (a *API) details() map[string]any {
	if a.Details == nil {
		return nil
	}
	return a.Details()
}

// metrics shows metrics and profiles only to callers on this machine, and only where the
// server listens for this machine alone: anything that was forwarded came from elsewhere, and
// so did a page whose own name was made to point here (DNS rebinding).
func (a *API) metrics(w http.ResponseWriter, r *request) error {
	if a.MetricsElsewhere || !loopback(a.Listen) || !a.local(r.Request) {
		return errNoRoute
	}
	a.Metrics.ServeHTTP(w, r.Request)
	return nil
}

// loopback reports whether a host:port is of this machine alone.
func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// forwarded reports whether a proxy says that it passes the request on.
func forwarded(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Fly-Client-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

//go:embed openapi.yaml
var openAPIYAML []byte

// openAPIJSON makes the API's description in JSON from its one source.
func openAPIJSON() ([]byte, error) {
	var doc map[string]any
	if err := yaml.Unmarshal(openAPIYAML, &doc); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	return json.Marshal(doc)
}

func (a *API) openAPI(w http.ResponseWriter, _ *request) error {
	b, err := a.description()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return writeRaw(w, http.StatusOK, b)
}
