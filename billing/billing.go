// Package billing turns payments at Stripe into what people have: exactly once, whatever
// Stripe sends, how often, in which order and in which API version.
package billing

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// Config is what billing needs to know.
type Config struct {
	BaseURL          *url.URL // the public address
	Listen           string   // LISTEN_ADDR
	SecretKey        string   // STRIPE_SECRET_KEY; empty: test mode, and the sandbox where it may be
	WebhookSecrets   string   // STRIPE_WEBHOOK_SECRET, comma-separated
	PriceMonth       string   // STRIPE_PRICE_MONTH
	PriceYear        string   // STRIPE_PRICE_YEAR
	APIBase          string   // STRIPE_API_BASE; empty: Stripe's
	Sandbox          string   // BILLING_SANDBOX: auto, on or off
	Grace            time.Duration
	FreeImagesPerDay int

	Store *store.DB
	Log   *slog.Logger
	Clock func() time.Time
	Rand  io.Reader // for the sandbox's secret and ids
}

// Service is billing. Its methods may be called by many goroutines at once.
type Service struct {
	rules
	db      *store.DB
	log     *slog.Logger
	clock   func() time.Time
	base    string // the public address, without a slash at its end
	secrets Secrets
	stripe  *stripeAPI // nil without a key
	sandbox *Sandbox   // nil where it may not be
	plans   priceCache
	stats   counters
}

// ErrUnavailable is the answer where nobody takes money.
var ErrUnavailable = domain.E(domain.KindBillingUnavailable, "Payments are not available right now. Please try again later.")

// New sets billing up. It fails where the settings contradict each other.
func New(c Config) (*Service, error) {
	s := &Service{
		db: c.Store, log: c.Log, clock: c.Clock,
		base:    strings.TrimRight(c.BaseURL.String(), "/"),
		secrets: ParseSecrets(c.WebhookSecrets),
	}
	c.SecretKey, c.PriceMonth, c.PriceYear = strings.TrimSpace(c.SecretKey), strings.TrimSpace(c.PriceMonth), strings.TrimSpace(c.PriceYear)
	if err := c.check(); err != nil {
		return nil, err
	}
	s.grace, s.images, s.parked = c.Grace, c.FreeImagesPerDay, &waiting{}
	s.parked.maybe.Store(true) // until a look says otherwise
	s.Live = isLiveKey(c.SecretKey)
	s.Prices = map[string]domain.Plan{}
	priced := map[domain.Plan]string{}
	for plan, id := range map[domain.Plan]string{domain.PlanMonth: c.PriceMonth, domain.PlanYear: c.PriceYear} {
		if id != "" {
			s.Prices[id], priced[plan] = plan, id
		}
	}
	if c.SecretKey != "" {
		s.stripe = newStripeAPI(c.SecretKey, c.APIBase, priced, c.Log)
	}
	allowed, err := sandboxMode(c)
	if err != nil {
		return nil, err
	}
	if allowed {
		if s.sandbox, err = newSandbox(c, s.base); err != nil {
			return nil, err
		}
	}
	s.report(c, priced)
	return s, nil
}

// check returns all settings that contradict each other.
func (c Config) check() error {
	var errs []error
	if c.PriceMonth != "" && c.PriceMonth == c.PriceYear {
		errs = append(errs, errors.New("STRIPE_PRICE_MONTH and STRIPE_PRICE_YEAR name the same price"))
	}
	if strings.HasPrefix(c.SecretKey, "pk_") {
		errs = append(errs, errors.New("STRIPE_SECRET_KEY is a publishable key; the secret one begins with sk_ or rk_"))
	}
	if u, err := url.Parse(c.APIBase); c.APIBase != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		errs = append(errs, fmt.Errorf("STRIPE_API_BASE: %q must begin with http:// or https:// and name a host", c.APIBase))
	}
	return errors.Join(errs...)
}

// report tells an operator what is missing.
func (s *Service) report(c Config, priced map[domain.Plan]string) {
	if len(s.secrets) == 0 && s.stripe != nil {
		s.log.Warn("STRIPE_WEBHOOK_SECRET is not set: events are refused with 503, and payments are booked late or not at all")
	}
	if s.stripe != nil && len(priced) < 2 {
		s.log.Warn("STRIPE_PRICE_MONTH or STRIPE_PRICE_YEAR is not set: that plan cannot be bought")
	}
	if s.stripe != nil && !s.Live && !strings.Contains(c.SecretKey, "_test_") {
		s.log.Warn("STRIPE_SECRET_KEY looks like neither a live nor a test key; taken for test mode")
	}
	switch {
	case s.stripe != nil:
		s.log.Info("billing is on", "mode", mode(s.Live), "signing_secrets", len(s.secrets))
	case s.sandbox != nil:
		s.log.Info("billing is a sandbox: no money moves", "signing_secrets", len(s.secrets))
	default:
		s.log.Info("billing is off: STRIPE_SECRET_KEY is not set", "signing_secrets", len(s.secrets))
	}
}

func mode(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

// isLiveKey tells by a key's prefix whether it moves real money.
func isLiveKey(key string) bool {
	return strings.HasPrefix(key, "sk_live_") || strings.HasPrefix(key, "rk_live_")
}

// provider returns who takes the money of a request. local says that the request comes
// from this machine: only then there is a sandbox.
func (s *Service) provider(local bool) (provider, error) {
	switch {
	case s.stripe != nil:
		return s.stripe, nil
	case s.sandbox != nil && local:
		return s.sandbox, nil
	}
	return nil, ErrUnavailable
}

// HasSandbox reports whether there is a sandbox for local requests.
func (s *Service) HasSandbox() bool { return s.sandbox != nil }

// unavailable hides why a provider failed from the person and keeps it for the log.
func unavailable(err error) error {
	if _, ok := errors.AsType[*domain.Error](err); ok {
		return err
	}
	return ErrUnavailable.Because(err)
}

// counters count what became of events.
type counters struct {
	processed, ignored, parked, duplicates, rejected, failed, missed atomic.Int64
}

// Stats are counters since the start, for metrics.
type Stats struct {
	Processed, Ignored, Parked int64
	Duplicates                 int64 // deliveries of events that were settled already
	Rejected                   int64 // deliveries without a good signature or without an event
	Failed                     int64 // deliveries that Stripe was asked to repeat
	Missed                     int64 // events that only the catch-up brought
}

// Stats returns the counters.
func (s *Service) Stats() Stats {
	c := &s.stats
	return Stats{
		Processed: c.processed.Load(), Ignored: c.ignored.Load(), Parked: c.parked.Load(), Duplicates: c.duplicates.Load(),
		Rejected: c.rejected.Load(), Failed: c.failed.Load(), Missed: c.missed.Load(),
	}
}

func (s *Service) count(o Outcome) {
	switch {
	case o.Known:
		s.stats.duplicates.Add(1)
	case o.Status == store.WebhookProcessed:
		s.stats.processed.Add(1)
	case o.Status == store.WebhookIgnored:
		s.stats.ignored.Add(1)
	case o.Status == store.WebhookParked:
		s.stats.parked.Add(1)
	}
}

// checkSandboxSetting is the one place that knows the values of BILLING_SANDBOX.
func checkSandboxSetting(v string) error {
	switch v {
	case "", "auto", "on", "off":
		return nil
	}
	return fmt.Errorf("BILLING_SANDBOX is %q; it must be auto, on or off", v)
}
