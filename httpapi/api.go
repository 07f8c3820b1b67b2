// Package httpapi speaks HTTP: it decodes requests, calls the parts that decide, and
// encodes their answers.
package httpapi

import (
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"liveassist/account"
	"liveassist/assist"
	"liveassist/assist/guides"
	"liveassist/billing"
	"liveassist/images"
	"liveassist/realtime"
	"liveassist/store"
)

// Config are the settings that the API needs.
type Config struct {
	BaseURL          *url.URL // the public address
	Listen           string   // LISTEN_ADDR
	FreeImagesPerDay int
	Grace            time.Duration // SUBSCRIPTION_GRACE
	RateLimit        bool
	Proxies          Proxies // what stands in front of the server
	// MetricsElsewhere says that metrics have a listener of their own and are not shown here.
	MetricsElsewhere bool
	// Details says how the parts do that the product can do without; may be nil.
	Details func() map[string]any
}

// Parts are what the API speaks for.
type Parts struct {
	Store    *store.DB
	Accounts *account.Service
	Hub      *realtime.Hub
	Guides   *guides.Library
	// Assistant answers by itself; nil where nothing does.
	Assistant *assist.Assistant
	Images    *images.Processor
	Billing   *billing.Service
	Web       http.Handler // the web app, for every path that is not the API's
	Metrics   http.Handler // /metrics and pprof
	Watch     Watch
	Log       *slog.Logger
	Clock     func() time.Time
}

// API answers the requests of CONTRACT section 3.
type API struct {
	Config
	Parts
	limits limits
	meters []meter      // one per route of the table, and the web app's at 0
	secure bool         // cookies travel over https alone
	root   http.Handler // the whole server

	messages    *pageCache
	readiness   readiness
	description func() ([]byte, error)             // openapi.yaml as JSON, made when first asked for
	pages       func() (*template.Template, error) // the sandbox's, made when first asked for
	processing  chan struct{}                      // one for each file that is in memory to be worked on
}

// New returns the API's handler.
func New(c Config, p Parts) http.Handler {
	a := &API{Config: c, Parts: p, secure: c.BaseURL.Scheme == "https", processing: make(chan struct{}, processAtOnce), description: sync.OnceValues(openAPIJSON), pages: sync.OnceValues(parseSandboxPages)}
	a.messages = newPageCache(p.Store.Version, p.Watch.Page)
	a.limits = newLimits(c.RateLimit, p.Clock)
	a.root = a.middleware(a.router())
	return a.root
}
