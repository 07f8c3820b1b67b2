package billing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"liveassist/domain"
)

// WebhookPath is where Stripe's events are to be sent, below the public address.
const WebhookPath = "/api/webhooks/stripe"

// How far this machine's clock may be from Stripe's: signatures are refused at five
// minutes.
const (
	clockWarning = 30 * time.Second
	clockBroken  = 4 * time.Minute
)

// right is one thing that the key must be allowed to do, and a call that tells without
// changing anything: what it names does not exist, so that Stripe refuses the call after it
// has looked at the key.
type right struct {
	name, level  string // as the Dashboard calls them
	method, path string
	form         map[string]string
}

func rights() []right {
	const nobody = "cus_liveassist_doctor_none"
	return []right{
		{"Customers", "Write", http.MethodPost, "/v1/customers/" + nobody, map[string]string{"description": "-"}},
		{"Checkout Sessions", "Write", http.MethodPost, "/v1/checkout/sessions", map[string]string{"mode": "subscription", "customer": nobody, "success_url": "https://example.com"}},
		{"Customer portal", "Write", http.MethodPost, "/v1/billing_portal/sessions", map[string]string{"customer": nobody}},
		{"Subscriptions", "Write", http.MethodDelete, "/v1/subscriptions/sub_liveassist_doctor_none", nil},
		{"Prices", "Read", http.MethodGet, "/v1/prices?limit=1", nil},
		{"Charges", "Read", http.MethodGet, "/v1/charges?limit=1", nil},
		{"PaymentIntents", "Read", http.MethodGet, "/v1/payment_intents?limit=1", nil},
		{"Events", "Read", http.MethodGet, "/v1/events?limit=1", nil},
	}
}

// Examine looks at what payments need: the key and its rights, the prices, the webhook's
// endpoint, the signing secret, and the clock. It changes nothing.
func (s *Service) Examine(ctx context.Context) []domain.Finding {
	if s.stripe == nil {
		return []domain.Finding{{
			Check: "stripe", State: domain.StateOff, Says: "No Stripe key is set, so nobody can pay (a sandbox plays it on loopback).",
			Do: "Set STRIPE_SECRET_KEY to take payments.",
		}}
	}
	list, reached := s.stripe.examineKey(ctx, s.clock)
	if !reached {
		return list
	}
	list = append(list, s.stripe.examinePrices(ctx), s.stripe.examineEndpoint(ctx, s.base+WebhookPath))
	secret := domain.Finding{Check: "stripe signing secret", State: domain.StateOK, Says: fmt.Sprintf("%d signing secret(s) are set.", len(s.secrets))}
	if len(s.secrets) == 0 {
		secret = domain.Finding{
			Check: "stripe signing secret", State: domain.StateBroken, Says: "No signing secret is set, so that events are refused and payments are booked an hour late.",
			Do: "Copy the endpoint's signing secret (whsec_...) from the Dashboard into STRIPE_WEBHOOK_SECRET.",
		}
	}
	return append(list, secret)
}

// examineKey asks for everything that the product needs, and compares clocks on the way.
// reached is false where nothing can be found out.
func (s *stripeAPI) examineKey(ctx context.Context, clock func() time.Time) (list []domain.Finding, reached bool) {
	var missing []string
	var told time.Time // Stripe's clock
	var off time.Duration
	for _, r := range rights() {
		_, header, err := s.ask(ctx, r.method, r.path, r.form)
		refusal, answered := errors.AsType[*stripe.Error](err)
		switch {
		case err != nil && !answered:
			return append(list, domain.Finding{
				Check: "stripe", State: domain.StateBroken, Says: "Stripe cannot be reached: " + err.Error(),
				Do: "Look at this machine's network and DNS, and at status.stripe.com.",
			}), false
		case answered && refusal.HTTPStatusCode == http.StatusUnauthorized:
			return append(list, domain.Finding{
				Check: "stripe key", State: domain.StateBroken, Says: "Stripe does not know the key: it was rolled, or is of another account.",
				Do: "Copy a current key from the Dashboard, Developers, API keys, into STRIPE_SECRET_KEY.",
			}), false
		case answered && refusal.HTTPStatusCode == http.StatusForbidden:
			missing = append(missing, r.name+": "+r.level)
		}
		if date, err := http.ParseTime(header.Get("Date")); err == nil {
			told, off = date, clock().Sub(date)
		}
	}
	key := domain.Finding{Check: "stripe key", State: domain.StateOK, Says: "The key may do all that is needed."}
	if len(missing) > 0 {
		key = domain.Finding{
			Check: "stripe key", State: domain.StateBroken, Says: "The key lacks rights: " + strings.Join(missing, ", ") + ".",
			Do: "Give the restricted key these rights in the Dashboard, Developers, API keys.",
		}
	}
	return append(list, key, examineClock(told, off)), true
}

func examineClock(told time.Time, off time.Duration) domain.Finding {
	f := domain.Finding{Check: "clock", State: domain.StateOK, Says: fmt.Sprintf("This machine's clock and Stripe's differ by %v.", off.Abs().Round(time.Second))}
	switch {
	case told.IsZero():
		return domain.Finding{Check: "clock", State: domain.StateWarning, Says: "Stripe did not tell the time, so that the clock could not be compared."}
	case off.Abs() >= clockBroken:
		f.State = domain.StateBroken
	case off.Abs() >= clockWarning:
		f.State = domain.StateWarning
	default:
		return f
	}
	f.Do = "Set the clock by NTP (systemd-timesyncd, chrony): events whose time is five minutes off are refused."
	return f
}

func (s *stripeAPI) examinePrices(ctx context.Context) domain.Finding {
	f := domain.Finding{Check: "stripe prices", State: domain.StateOK}
	prices, err := s.prices(ctx)
	switch {
	case err != nil:
		f.State, f.Says = domain.StateBroken, "A price cannot be read: "+err.Error()
		f.Do = "Compare STRIPE_PRICE_MONTH and STRIPE_PRICE_YEAR with the Dashboard, Product catalogue; ids differ between test and live mode."
	case len(prices) < 2:
		f.State, f.Says = domain.StateWarning, fmt.Sprintf("%d of 2 plans can be bought.", len(prices))
		f.Do = "Set STRIPE_PRICE_MONTH and STRIPE_PRICE_YEAR."
	default:
		f.Says = "Both plans have a price."
	}
	return f
}

// endpointList is Stripe's list of webhook endpoints, as far as it matters.
type endpointList struct {
	stripe.APIResource
	Data []struct {
		URL           string   `json:"url"`
		Status        string   `json:"status"`
		EnabledEvents []string `json:"enabled_events"`
	} `json:"data"`
}

// examineEndpoint looks whether the account sends its events to address.
func (s *stripeAPI) examineEndpoint(ctx context.Context, address string) domain.Finding {
	f := domain.Finding{Check: "stripe webhook", State: domain.StateBroken}
	list, _, err := s.ask(ctx, http.MethodGet, "/v1/webhook_endpoints?limit=100", nil)
	if refusal, ok := errors.AsType[*stripe.Error](err); ok && refusal.HTTPStatusCode == http.StatusForbidden {
		f.State, f.Says = domain.StateWarning, "The key may not read webhook endpoints, so that they could not be looked at."
		f.Do = "Give it Webhook Endpoints: Read, or compare by hand."
		return f
	}
	if err != nil {
		f.Says, f.Do = "The webhook endpoints cannot be read: "+err.Error(), "Try again."
		return f
	}
	f.Says = "No webhook endpoint points at " + address + "."
	f.Do = "Add one in the Dashboard, Developers, Webhooks, with the events that docs/deploy.md lists."
	for _, e := range list.Data {
		if strings.TrimSuffix(e.URL, "/") != address {
			continue
		}
		missing := slices.DeleteFunc(EventTypes(), func(t string) bool {
			return slices.Contains(e.EnabledEvents, t) || slices.Contains(e.EnabledEvents, "*")
		})
		switch {
		case e.Status != "enabled":
			f.Says, f.Do = "The webhook endpoint is switched off.", "Stripe switches an endpoint off that failed for days. Mend it, and switch it on in the Dashboard, Developers, Webhooks."
		case len(missing) > 0:
			f.Says, f.Do = "The webhook endpoint lacks events: "+strings.Join(missing, ", ")+".", "Add them to the endpoint in the Dashboard, Developers, Webhooks."
		default:
			f.State, f.Says, f.Do = domain.StateOK, "The webhook endpoint is enabled and gets all events.", ""
			return f
		}
	}
	return f
}

// ask calls Stripe's API and returns the answer's header, also that of a refusal.
func (s *stripeAPI) ask(ctx context.Context, method, path string, form map[string]string) (list endpointList, header http.Header, err error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.Params{Context: ctx}
	for name, value := range form {
		params.AddExtra(name, value)
	}
	err = s.backend.Call(method, path, s.key, params, &list)
	if refusal, ok := errors.AsType[*stripe.Error](err); ok {
		list.APIResource = refusal.APIResource
	}
	if list.LastResponse != nil {
		header = list.LastResponse.Header
	}
	return list, header, err
}
