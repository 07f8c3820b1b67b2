package billing

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"liveassist/domain"
)

// sandboxMode reports whether there is a sandbox. It can only be where no money is real
// and nobody else can reach it: without a Stripe key, and with loopback addresses alone.
func sandboxMode(c Config) (bool, error) {
	if err := checkSandboxSetting(c.Sandbox); err != nil {
		return false, err
	}
	if c.Sandbox == "off" {
		return false, nil
	}
	var reasons []string
	if c.SecretKey != "" {
		reasons = append(reasons, "STRIPE_SECRET_KEY is set")
	}
	if host, _, err := net.SplitHostPort(c.Listen); err != nil || !IsLoopbackHost(host) {
		reasons = append(reasons, "LISTEN_ADDR is not a loopback address")
	}
	if !IsLoopbackHost(c.BaseURL.Hostname()) {
		reasons = append(reasons, "BASE_URL is not a loopback address")
	}
	if len(reasons) == 0 {
		return true, nil
	}
	if c.Sandbox == "on" {
		return false, errors.New("BILLING_SANDBOX is on, but " + strings.Join(reasons, " and "))
	}
	return false, nil
}

// IsLoopbackHost reports whether a host, without a port, is this machine to itself.
func IsLoopbackHost(host string) bool {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// Sandbox prices, in euro cents (CONTRACT section 5).
const (
	sandboxMonth    = 900
	sandboxYear     = 9000
	sandboxCurrency = "eur"
)

// sandboxPages is how many open pages the sandbox remembers; the oldest go first.
const sandboxPages = 1000

// Sandbox plays Stripe on a laptop: it has payment pages and a portal, and makes the
// events that Stripe would send, signed with a secret of its own. No money moves.
type Sandbox struct {
	secret string // made at start; nobody else knows it
	base   string
	clock  func() time.Time
	rand   io.Reader

	mu       sync.Mutex // guards the fields below
	sessions map[string]*sandboxSession
	portals  map[string]sandboxPortal
	order    []string // ids of both, the oldest first
}

var _ provider = (*Sandbox)(nil)

// sandboxSession is a payment page.
type sandboxSession struct {
	id string
	purchase
	status       string // open, complete or expired, as Stripe has it
	subscription string
	invoice      string
	paidAt       time.Time
}

// sandboxPortal is a page to manage subscriptions on.
type sandboxPortal struct {
	customer  string
	returnURL string
}

func newSandbox(c Config, base string) (*Sandbox, error) {
	s := &Sandbox{
		base: base, clock: c.Clock, rand: c.Rand,
		sessions: map[string]*sandboxSession{}, portals: map[string]sandboxPortal{},
	}
	secret, err := s.newID("whsec_sandbox")
	s.secret = secret
	return s, err
}

// newID returns an id that nobody can guess.
func (s *Sandbox) newID(prefix string) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil {
		return "", fmt.Errorf("make %s id: %w", prefix, err)
	}
	return prefix + "_" + hex.EncodeToString(b[:]), nil
}

func (s *Sandbox) prices(context.Context) ([]Price, error) {
	return []Price{sandboxPrice(domain.PlanMonth), sandboxPrice(domain.PlanYear)}, nil
}

func sandboxPrice(plan domain.Plan) Price {
	p := Price{Plan: plan, Amount: sandboxMonth, Currency: sandboxCurrency, Interval: string(plan), Sandbox: true}
	if plan == domain.PlanYear {
		p.Amount = sandboxYear
	}
	return p
}

func (s *Sandbox) createCustomer(_ context.Context, u domain.User, gone string) (string, error) {
	if gone != "" {
		return s.newID("cus_sandbox")
	}
	return "cus_sandbox_" + strings.ReplaceAll(string(u.ID), "-", ""), nil
}

func (s *Sandbox) createCheckout(_ context.Context, p purchase) (string, error) {
	id, err := s.newID("cs_sandbox")
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(id)
	s.sessions[id] = &sandboxSession{id: id, purchase: p, status: "open"}
	return s.base + "/sandbox/checkout/" + url.PathEscape(id), nil
}

func (s *Sandbox) createPortal(_ context.Context, customer, returnURL string) (string, error) {
	id, err := s.newID("bps_sandbox")
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(id)
	s.portals[id] = sandboxPortal{customer: customer, returnURL: returnURL}
	return s.base + "/sandbox/portal/" + url.PathEscape(id), nil
}

// remember makes room for one more page. The caller holds mu.
func (s *Sandbox) remember(id string) {
	if len(s.order) >= sandboxPages {
		delete(s.sessions, s.order[0])
		delete(s.portals, s.order[0])
		s.order = s.order[1:]
	}
	s.order = append(s.order, id)
}

func (s *Sandbox) session(_ context.Context, id string) (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cs := s.sessions[id]
	if cs == nil {
		return nil, domain.ErrNotFound
	}
	return json.Marshal(cs.object())
}

// cancel has nothing to end: the sandbox keeps no subscriptions of its own.
func (s *Sandbox) cancel(context.Context, string) error { return nil }
