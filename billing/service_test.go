package billing

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liveassist/domain"
)

func kindOf(err error) domain.Kind {
	if err == nil {
		return ""
	}
	return domain.KindOf(err)
}

// fakeStripe answers what stripe-mock cannot: sessions with metadata, lists of events,
// failures.
type fakeStripe struct {
	sessions  map[string]object
	charges   map[string]object // by path
	customers int               // made so far; only the first may pay
	events    []object          // the newest first, as Stripe lists them
	down      atomic.Bool
	pageSize  int
}

func (f *fakeStripe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := func(status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	id, isSession := strings.CutPrefix(r.URL.Path, "/v1/checkout/sessions/")
	switch {
	case f.down.Load():
		answer(http.StatusInternalServerError, object{"error": object{"type": "api_error", "message": "down"}})
	case isSession && f.sessions[id] != nil:
		answer(http.StatusOK, f.sessions[id])
	case strings.HasPrefix(r.URL.Path, "/v1/prices/"):
		answer(http.StatusOK, object{"id": r.URL.Path[len("/v1/prices/"):], "object": "price", "unit_amount": 1234, "currency": "sek", "billing_scheme": "per_unit"})
	case r.URL.Path == "/v1/customers":
		f.customers++
		answer(http.StatusOK, object{"id": fmt.Sprint("cus_new_", f.customers), "object": "customer"})
	case r.URL.Path == "/v1/checkout/sessions" && r.PostFormValue("customer") != "cus_new_1":
		answer(http.StatusBadRequest, object{"error": object{"type": "invalid_request_error", "code": "resource_missing", "param": "customer", "message": "No such customer"}})
	case r.URL.Path == "/v1/checkout/sessions":
		answer(http.StatusOK, object{"id": "cs_1", "object": "checkout.session", "url": "https://pay.example/"})
	case f.charges[r.URL.Path] != nil:
		answer(http.StatusOK, f.charges[r.URL.Path])
	case r.URL.Path == "/v1/events":
		answer(http.StatusOK, f.page(r))
	default:
		answer(http.StatusNotFound, object{"error": object{"type": "invalid_request_error", "code": "resource_missing", "message": "No such thing"}})
	}
}

// page lists events as Stripe does: a range of time, and from one event on.
func (f *fakeStripe) page(r *http.Request) object {
	q := r.URL.Query()
	gte, _ := strconv.ParseInt(q.Get("created[gte]"), 10, 64)
	lt, _ := strconv.ParseInt(q.Get("created[lt]"), 10, 64)
	after := q.Get("starting_after")
	data := []object{}
	more := false
	for _, e := range f.events {
		if after != "" {
			if e["id"] == after {
				after = ""
			}
			continue
		}
		created := e["created"].(int64)
		if created < gte || created >= lt || q.Get("delivery_success") == "false" && e["delivered"] != nil {
			continue
		}
		if len(data) == f.pageSize {
			more = true
			break
		}
		data = append(data, e)
	}
	return object{"object": "list", "url": "/v1/events", "has_more": more, "data": data}
}

func TestService_PlansWhileStripeIsDown(t *testing.T) {
	f := &fakeStripe{}
	r := newRecorder(t, f)
	w := newWorld(t, withStripe(r.URL))
	f.down.Store(true)
	for range 3 {
		if _, err := w.Plans(t.Context(), false); kindOf(err) != domain.KindBillingUnavailable {
			t.Fatalf("without any price: %v", err)
		}
	}
	asked := len(r.take())
	if asked > 2 { // one call, and the library's retry
		t.Errorf("a Stripe that is down was asked %d times", asked)
	}
	f.down.Store(false)
	w.now.add(retryAfter)
	want := Price{Plan: domain.PlanMonth, Amount: 1234, Currency: "sek", Interval: "month"}
	if plans, err := w.Plans(t.Context(), false); err != nil || len(plans) != 2 || plans[0] != want {
		t.Fatalf("plans = %+v, %v", plans, err)
	}
	f.down.Store(true)
	w.now.add(2 * pricesFor)
	if plans, err := w.Plans(t.Context(), false); err != nil || len(plans) != 2 {
		t.Errorf("the last known prices are gone: %+v, %v", plans, err)
	}
}

func TestService_Confirm(t *testing.T) {
	f := &fakeStripe{sessions: map[string]object{}}
	r := newRecorder(t, f)
	w := newWorld(t, withStripe(r.URL))
	d, other := w.deal(w.user()), w.user()
	f.sessions[d.session] = d.checkout()
	if err := w.Confirm(t.Context(), other, d.session, false); kindOf(err) != domain.KindNotFound || w.paid(other) || w.paid(d.user) {
		t.Fatalf("another person's session: %v", err)
	}
	for _, id := range []string{"", "cs_none", "../prices/price_m", "cs_a/../b", "in_1"} {
		if err := w.Confirm(t.Context(), d.user, id, false); kindOf(err) != domain.KindNotFound {
			t.Errorf("session %q: %v", id, err)
		}
	}
	f.sessions[d.session] = d.checkout(object{"status": "open", "payment_status": "unpaid"})
	if err := w.Confirm(t.Context(), d.user, d.session, false); err != nil || w.paid(d.user) {
		t.Fatalf("an open session: %v, paid %v", err, w.paid(d.user))
	}
	f.sessions[d.session] = d.checkout(object{"payment_status": "unpaid"})
	if err := w.Confirm(t.Context(), d.user, d.session, false); err != nil || w.paid(d.user) || w.get(d.user).Subscription.Payment != domain.PaymentProcessing {
		t.Fatalf("a bank debit: %v, %+v", err, w.get(d.user).Subscription)
	}
	f.sessions[d.session] = d.checkout()
	w.entries.names(d.user)
	for range 2 {
		if err := w.Confirm(t.Context(), d.user, d.session, false); err != nil || !w.paid(d.user) {
			t.Fatalf("a paid session: %v, paid %v", err, w.paid(d.user))
		}
	}
	// Stripe's own event counts no second time.
	w.send(w.event(typeCheckoutCompleted, d.checkout()))
	want := []string{domain.EventSubscriptionUpdated, domain.EventUsageUpdated, domain.EventXPAwarded}
	if got := w.entries.names(d.user); !slices.Equal(got, want) {
		t.Errorf("announced %v, want %v", got, want)
	}
	r.take()
	must(t, w.Confirm(t.Context(), d.user, d.session, false))
	if n := len(r.take()); n != 0 {
		t.Errorf("a booked session was read from Stripe again (%d requests)", n)
	}
	f.down.Store(true)
	if err := w.Confirm(t.Context(), d.user, "cs_test_other", false); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("while Stripe is down: %v", err)
	}
}

func TestService_CatchUp(t *testing.T) {
	f := &fakeStripe{pageSize: 2}
	r := newRecorder(t, f)
	w := newWorld(t, withStripe(r.URL))
	w.now.add(24 * time.Hour) // so that the past of this test lies in Stripe's 30 days
	d := w.deal(w.user())
	at := w.now.unix() - 3600
	for i, e := range []object{
		event(typeCheckoutCompleted, at, d.checkout()),
		event("plan.created", at+1, object{"id": "plan_1"}),
		event(typeInvoicePaid, at+2, d.invoiceBasil(reasonCreate)),
		event(typeSubscriptionUpdated, at+3, d.subscriptionBasil("active")),
		event(typeSubscriptionUpdated, at+4, d.subscriptionBasil("active", object{"cancel_at_period_end": true, "cancel_at": d.end})),
		event(typeInvoiceSucceeded, w.now.unix(), d.invoiceBasil(reasonCreate)), // may be on its way
	} {
		e["id"] = fmt.Sprint("evt_", i)
		f.events = append([]object{e}, f.events...)
	}
	must(t, w.CatchUp(t.Context()))
	if e := f.events[0]; w.status(e) != "processed" {
		t.Errorf("the newest event was left out: %q", w.status(e))
	}
	if s := w.get(d.user).Subscription; !w.paid(d.user) || !s.Cancels || w.expiry(d.user) != d.end {
		t.Errorf("after the catch-up: %+v", s)
	}
	if got := w.Stats().Missed; got != 4 {
		t.Errorf("missed = %d, want 4", got)
	}
	if !strings.Contains(w.log.String(), "events were missed") {
		t.Error("the gap was not logged")
	}
	r.take()
	// Later only what is new is asked for, and what could not be delivered.
	w.now.add(time.Hour)
	deleted := event(typeSubscriptionDeleted, w.now.unix()-1800, d.subscriptionBasil("canceled"))
	old := event(typeSubscriptionUpdated, at-86400, d.subscriptionBasil("past_due"))
	f.events = slices.Concat([]object{deleted}, f.events, []object{old})
	must(t, w.CatchUp(t.Context()))
	if got := w.Stats().Missed; got != 6 || w.paid(d.user) {
		t.Errorf("missed = %d, want 6; paid %v", got, w.paid(d.user))
	}
	var since int64
	for _, q := range r.take() {
		if q.form.Get("delivery_success") == "" {
			since, _ = strconv.ParseInt(q.form.Get("created[gte]"), 10, 64)
		}
		if q.form.Get("types[0]") == "" || q.form.Get("created[gt]") != "" {
			t.Errorf("asked for %v", q.form)
		}
	}
	if want := w.now.unix() - 3600 - int64(onTheWay.Seconds()); since != want {
		t.Errorf("asked since %d, want %d", since, want)
	}
	// While Stripe is down nothing is passed over.
	f.down.Store(true)
	w.now.add(time.Hour)
	if err := w.CatchUp(t.Context()); err == nil {
		t.Error("a failed catch-up said nothing")
	}
	before, err := w.db.BillingState(t.Context(), caughtUpTo)
	must(t, err)
	if want := w.now.unix() - 3600 - int64(onTheWay.Seconds()); before != want {
		t.Errorf("a failed catch-up moved on to %d, want %d", before, want)
	}
}

// Since 2025-03-31 neither an invoice nor a charge in an event names the other. The API
// tells, so that the refund of a renewal ends what it paid for.
func TestService_RefundOfARenewalIsLinked(t *testing.T) {
	f := &fakeStripe{charges: map[string]object{}}
	w := newWorld(t, withStripe(newRecorder(t, f).URL))
	d := w.deal(w.user())
	w.send(w.event(typeInvoicePaid, d.invoiceBasil(reasonCreate)))
	next := d.next()
	w.send(w.event(typeInvoicePaid, next.invoiceBasil(reasonCycle)))
	basil := object{"invoice": drop{}}

	older := w.event(typeChargeRefunded, d.chargeOld(900, basil))
	f.charges["/v1/charges/"+d.charge] = d.chargeOld(900)
	w.send(older)
	if w.status(older) != "processed" || !w.paid(d.user) {
		t.Errorf("the refund of the older payment: %s, paid %v", w.status(older), w.paid(d.user))
	}
	f.down.Store(true)
	running := w.event(typeChargeRefunded, next.chargeOld(900, basil))
	w.send(running)
	if w.status(running) != "parked" || !w.paid(d.user) {
		t.Errorf("while Stripe is down: %s, paid %v", w.status(running), w.paid(d.user))
	}
	f.down.Store(false)
	f.charges["/v1/charges/"+next.charge] = next.chargeOld(900)
	if n, err := w.RetryParked(t.Context()); err != nil || n != 1 || w.paid(d.user) {
		t.Errorf("later: %d settled, %v, paid %v", n, err, w.paid(d.user))
	}
	// A dispute may name the intent alone.
	dispute := object{"id": "dp_1", "object": "dispute", "status": "lost", "payment_intent": "pi_else", "charge": nil}
	f.charges["/v1/payment_intents/pi_else"] = object{"id": "pi_else", "object": "payment_intent", "latest_charge": nil}
	e := w.event(typeDisputeClosed, dispute)
	w.send(e)
	if w.status(e) != "parked" {
		t.Errorf("a dispute of something else: %s", w.status(e))
	}
}

// A customer that Stripe does not know (any more) stops nobody from paying.
func TestService_CustomerIsGone(t *testing.T) {
	w := newWorld(t, withStripe(newRecorder(t, &fakeStripe{}).URL))
	user := w.user()
	must(t, w.db.BindCustomer(t.Context(), "cus_of_another_key", user))
	if address, err := w.Checkout(t.Context(), user, "month", "", false); err != nil || address != "https://pay.example/" {
		t.Fatalf("address %q, %v", address, err)
	}
	if customer, err := w.db.CustomerOf(t.Context(), user); err != nil || customer != "cus_new_1" {
		t.Errorf("customer = %q, %v", customer, err)
	}
}

func TestService_CheckoutRefuses(t *testing.T) {
	w := newWorld(t, withStripe("http://127.0.0.1:1"))
	u := w.user()
	if _, err := w.Checkout(t.Context(), u, "decade", "", false); kindOf(err) != domain.KindInvalidRequest {
		t.Errorf("plan: %v", err)
	}
	if _, err := w.Checkout(t.Context(), u, "month", "//evil.example", false); kindOf(err) != domain.KindInvalidRequest {
		t.Errorf("return_to: %v", err)
	}
	d := w.deal(u)
	w.send(w.event(typeCheckoutCompleted, d.checkout(object{"payment_status": "unpaid"})))
	if _, err := w.Checkout(t.Context(), u, "month", "", false); kindOf(err) != domain.KindAlreadySubscribed {
		t.Errorf("while a debit is on its way: %v", err)
	}
	d = w.deal(w.user())
	w.buy(d)
	w.send(w.event(typeSubscriptionUpdated, d.subscriptionOld("active", object{"cancel_at_period_end": true})))
	if _, err := w.Checkout(t.Context(), d.user, "year", "", false); kindOf(err) != domain.KindAlreadySubscribed {
		t.Errorf("while a cancelled one runs: %v", err)
	}
	d = w.deal(w.user())
	w.buy(d)
	w.send(w.event(typeSubscriptionUpdated, d.subscriptionOld("past_due")))
	w.now.ms.Store(d.end*1000 + (73 * time.Hour).Milliseconds())
	must(t, w.ExpireDue(t.Context()))
	if _, err := w.Checkout(t.Context(), d.user, "year", "", false); w.paid(d.user) || kindOf(err) != domain.KindAlreadySubscribed {
		t.Errorf("while Stripe tries to charge the renewal: %v, paid %v", err, w.paid(d.user))
	}
	w.now.add(retriedFor)
	if _, err := w.Checkout(t.Context(), d.user, "year", "", false); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("long after: %v", err)
	}
}

func TestNew_RefusesContradictions(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"SamePrices":     func(c *Config) { c.PriceMonth, c.PriceYear = "price_1", "price_1 " },
		"PublishableKey": func(c *Config) { c.SecretKey = "pk_test_1" },
		"APIBase":        func(c *Config) { c.APIBase = "stripe.example" },
		"Sandbox":        func(c *Config) { c.Sandbox = "maybe" },
	} {
		t.Run(name, func(t *testing.T) {
			c := Config{BaseURL: mustURL(t, "http://127.0.0.1:1"), Listen: "127.0.0.1:1"}
			change(&c)
			if _, err := New(c); err == nil {
				t.Error("accepted")
			}
		})
	}
}
