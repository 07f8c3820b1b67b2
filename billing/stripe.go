package billing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	portals "github.com/stripe/stripe-go/v76/billingportal/session"
	charges "github.com/stripe/stripe-go/v76/charge"
	checkouts "github.com/stripe/stripe-go/v76/checkout/session"
	customers "github.com/stripe/stripe-go/v76/customer"
	stripeevents "github.com/stripe/stripe-go/v76/event"
	intents "github.com/stripe/stripe-go/v76/paymentintent"
	stripeprices "github.com/stripe/stripe-go/v76/price"
	subscriptions "github.com/stripe/stripe-go/v76/subscription"

	"liveassist/domain"
)

// apiTimeout bounds one call of Stripe's API, with its retry. The library's own limit is
// 80 seconds a try.
const apiTimeout = 5 * time.Second

// doubleClick is how long a repeated checkout of the same person and plan is the same one.
const doubleClick = time.Minute

// stripeAPI is Stripe. It keeps its own clients instead of the library's globals, and only
// those of the resources that it needs: client.API would link all hundred of them.
type stripeAPI struct {
	checkouts     checkouts.Client
	portals       portals.Client
	customers     customers.Client
	charges       charges.Client
	intents       intents.Client
	eventList     stripeevents.Client
	priceList     stripeprices.Client
	subscriptions subscriptions.Client
	priced        map[domain.Plan]string // price ids
	backend       stripe.Backend
	key           string
}

var _ provider = (*stripeAPI)(nil)

func newStripeAPI(key, base string, priced map[domain.Plan]string, log *slog.Logger) *stripeAPI {
	config := &stripe.BackendConfig{
		HTTPClient:        &http.Client{Timeout: apiTimeout},
		LeveledLogger:     stripeLog{log},
		MaxNetworkRetries: new(int64(1)),
		EnableTelemetry:   new(false),
	}
	if base != "" {
		config.URL = new(strings.TrimRight(base, "/"))
	}
	b := stripe.GetBackendWithConfig(stripe.APIBackend, config)
	return &stripeAPI{
		checkouts: checkouts.Client{B: b, Key: key}, portals: portals.Client{B: b, Key: key},
		customers: customers.Client{B: b, Key: key}, charges: charges.Client{B: b, Key: key}, intents: intents.Client{B: b, Key: key},
		eventList: stripeevents.Client{B: b, Key: key}, priceList: stripeprices.Client{B: b, Key: key},
		subscriptions: subscriptions.Client{B: b, Key: key},
		priced:        priced, backend: b, key: key,
	}
}

func (s *stripeAPI) prices(ctx context.Context) ([]Price, error) {
	var prices []Price
	for _, plan := range []domain.Plan{domain.PlanMonth, domain.PlanYear} {
		id := s.priced[plan]
		if id == "" {
			continue
		}
		p, err := s.price(ctx, plan, id)
		if err != nil {
			return nil, err
		}
		prices = append(prices, p)
	}
	return prices, nil
}

func (s *stripeAPI) price(ctx context.Context, plan domain.Plan, id string) (Price, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.PriceParams{}
	params.Context = ctx
	p, err := s.priceList.Get(id, params)
	if err != nil {
		return Price{}, fmt.Errorf("read price %s: %w", id, err)
	}
	if p.BillingScheme == stripe.PriceBillingSchemeTiered {
		return Price{}, fmt.Errorf("read price %s: a price in tiers cannot be shown", id)
	}
	return Price{Plan: plan, Amount: p.UnitAmount, Currency: string(p.Currency), Interval: string(plan)}, nil
}

func (s *stripeAPI) createCustomer(ctx context.Context, u domain.User, gone string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.CustomerParams{Email: new(u.Email), Metadata: map[string]string{userKey: string(u.ID)}}
	if u.Name != "" {
		params.Name = new(u.Name)
	}
	params.Context = ctx
	params.SetIdempotencyKey(idempotencyKey("customer", string(u.ID), u.Email, u.Name, gone))
	c, err := s.customers.New(params)
	if err != nil {
		return "", fmt.Errorf("create customer: %w", err)
	}
	return c.ID, nil
}

func (s *stripeAPI) createCheckout(ctx context.Context, p purchase) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	price := s.priced[p.Plan]
	if price == "" {
		return "", fmt.Errorf("create checkout: no price is set for the plan %s", p.Plan)
	}
	// The metadata of a session does not reach the subscription: it is written into both.
	meta := map[string]string{userKey: string(p.User), planKey: string(p.Plan)}
	params := &stripe.CheckoutSessionParams{
		Mode:              new(string(stripe.CheckoutSessionModeSubscription)),
		Customer:          new(p.Customer),
		ClientReferenceID: new(string(p.User)),
		LineItems:         []*stripe.CheckoutSessionLineItemParams{{Price: new(price), Quantity: new(int64(1))}},
		Metadata:          meta,
		SubscriptionData:  &stripe.CheckoutSessionSubscriptionDataParams{Metadata: meta},
		SuccessURL:        new(p.SuccessURL),
		CancelURL:         new(p.CancelURL),
	}
	params.Context = ctx
	params.SetIdempotencyKey(idempotencyKey("checkout", string(p.User), p.Customer, string(p.Plan), price, p.SuccessURL, p.CancelURL,
		strconv.FormatInt(p.At.Unix()/int64(doubleClick/time.Second), 10)))
	session, err := s.checkouts.New(params)
	if customerIsMissing(err) {
		return "", errCustomerGone
	}
	if err != nil {
		return "", fmt.Errorf("create checkout: %w", err)
	}
	return session.URL, nil
}

func (s *stripeAPI) createPortal(ctx context.Context, customer, returnURL string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.BillingPortalSessionParams{Customer: new(customer), ReturnURL: new(returnURL)}
	params.Context = ctx
	session, err := s.portals.New(params)
	if customerIsMissing(err) {
		return "", errCustomerGone
	}
	if err != nil {
		return "", fmt.Errorf("create portal: %w", err)
	}
	return session.URL, nil
}

func (s *stripeAPI) session(ctx context.Context, id string) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.CheckoutSessionParams{}
	params.Context = ctx
	session, err := s.checkouts.Get(id, params)
	if isMissing(err) {
		return nil, domain.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read checkout session: %w", err)
	}
	return session.LastResponse.RawJSON, nil
}

func (s *stripeAPI) cancel(ctx context.Context, subscription string) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	params := &stripe.SubscriptionCancelParams{}
	params.Context = ctx
	_, err := s.subscriptions.Cancel(subscription, params)
	if err != nil && !isMissing(err) {
		return fmt.Errorf("cancel subscription %s: %w", subscription, err)
	}
	return nil
}

// isMissing reports whether Stripe does not have what was asked for.
func isMissing(err error) bool {
	e, ok := errors.AsType[*stripe.Error](err)
	return ok && (e.Code == stripe.ErrorCodeResourceMissing || e.HTTPStatusCode == http.StatusNotFound)
}

// customerIsMissing reports whether a request failed for want of the customer it names.
func customerIsMissing(err error) bool {
	e, ok := errors.AsType[*stripe.Error](err)
	return ok && e.Code == stripe.ErrorCodeResourceMissing && e.Param == "customer"
}

// idempotencyKey is the same for the same parts. Stripe refuses a key that comes again
// with other parameters, so all of a request's parameters are parts.
func idempotencyKey(what string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return what + "-" + hex.EncodeToString(h.Sum(nil))
}

// stripeLog passes the library's messages on; what fails is logged by whoever called.
type stripeLog struct{ log *slog.Logger }

// Debugf implements stripe.LeveledLoggerInterface.
func (l stripeLog) Debugf(format string, v ...any) { l.debug(format, v) }

// Infof implements stripe.LeveledLoggerInterface.
func (l stripeLog) Infof(format string, v ...any) { l.debug(format, v) }

// Warnf implements stripe.LeveledLoggerInterface.
func (l stripeLog) Warnf(format string, v ...any) { l.debug(format, v) }

// Errorf implements stripe.LeveledLoggerInterface.
func (l stripeLog) Errorf(format string, v ...any) { l.debug(format, v) }

func (l stripeLog) debug(format string, v []any) {
	l.log.Debug("stripe client", "message", fmt.Sprintf(format, v...))
}
