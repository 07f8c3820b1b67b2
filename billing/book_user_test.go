package billing

import (
	"testing"

	"github.com/google/uuid"
)

func TestBook_UserOfASession(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		over   object
		paid   bool
		status string
	}{
		"Metadata":           {object{"client_reference_id": nil}, true, "processed"},
		"Reference":          {object{"metadata": object{}}, true, "processed"},
		"MetadataBlank":      {object{"metadata": object{"userId": ""}}, true, "processed"},
		"Nobody":             {object{"metadata": object{}, "client_reference_id": nil}, false, "parked"},
		"NullMetadata":       {object{"metadata": nil, "client_reference_id": nil}, false, "parked"},
		"UnknownUser":        {object{"metadata": object{"userId": uuid.NewString()}}, false, "parked"},
		"NoUUID":             {object{"metadata": object{"userId": "42"}}, false, "parked"},
		"MetadataOfNumbers":  {object{"metadata": object{"userId": 42}, "client_reference_id": nil}, false, "parked"},
		"ExpandedCustomer":   {object{"customer": object{"id": "cus_x", "object": "customer"}}, true, "processed"},
		"NoSubscription":     {object{"subscription": nil}, true, "processed"},
		"ExpandedAll":        {object{"subscription": object{"id": "sub_x", "items": object{}}, "invoice": object{"id": "in_x"}}, true, "processed"},
		"NoPaymentRequired":  {object{"payment_status": "no_payment_required"}, true, "processed"},
		"Unpaid":             {object{"payment_status": "unpaid"}, false, "processed"},
		"UnknownStatus":      {object{"payment_status": "maybe"}, false, "parked"},
		"NoStatus":           {object{"payment_status": drop{}}, false, "parked"},
		"Open":               {object{"status": "open"}, false, "ignored"},
		"Setup":              {object{"mode": "setup"}, false, "ignored"},
		"Payment":            {object{"mode": "payment", "subscription": nil}, true, "processed"},
		"PaymentUnpaid":      {object{"mode": "payment", "subscription": nil, "payment_status": "unpaid"}, false, "processed"},
		"PaymentFree":        {object{"mode": "payment", "subscription": nil, "payment_status": "no_payment_required"}, false, "ignored"},
		"PaymentByReference": {object{"mode": "payment", "subscription": nil, "metadata": object{}}, false, "ignored"},
		"UnknownMode":        {object{"mode": "gift"}, false, "parked"},
	} {
		t.Run(name, func(t *testing.T) {
			d := w.deal(w.user())
			e := w.event(typeCheckoutCompleted, d.checkout(c.over))
			w.send(e)
			if got := w.paid(d.user); got != c.paid {
				t.Errorf("paid = %v, want %v", got, c.paid)
			}
			if got := w.status(e); got != c.status {
				t.Errorf("status = %q, want %q", got, c.status)
			}
		})
	}
}

// Whose an invoice is: the subscription's metadata, the lines', the known subscription, the
// known customer; else it is parked until a mapping arrives.
func TestBook_UserOfAnInvoice(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, subscription shape) {
		t.Helper()
		bare := object{"subscription_details": nil}
		if _, basil := invoice(deal{}, "")["parent"]; basil {
			bare = object{}
		}
		strip := func(d deal) object {
			o := with(invoice(d, reasonCycle), bare)
			if _, ok := o["parent"]; ok {
				o["parent"] = object{"type": "subscription_details", "subscription_details": object{"subscription": d.sub, "metadata": nil}}
			}
			return o
		}
		t.Run("Metadata", func(t *testing.T) {
			w := newWorld(t)
			d := w.deal(w.user())
			w.send(w.event(typeInvoicePaid, invoice(d, reasonCycle)))
			if !w.paid(d.user) {
				t.Error("not paid")
			}
		})
		t.Run("Lines", func(t *testing.T) {
			w := newWorld(t)
			d := w.deal(w.user())
			o := strip(d)
			o["lines"].(object)["data"].([]object)[0]["metadata"] = d.meta()
			w.send(w.event(typeInvoicePaid, o))
			if !w.paid(d.user) {
				t.Error("not paid")
			}
		})
		t.Run("Subscription", func(t *testing.T) {
			w := newWorld(t)
			d := w.deal(w.user())
			w.send(w.event(typeSubscriptionCreated, subscription(d, "active", object{"customer": nil})))
			w.send(w.event(typeInvoicePaid, with(strip(d), object{"customer": nil})))
			if !w.paid(d.user) {
				t.Error("not paid")
			}
		})
		t.Run("Customer", func(t *testing.T) {
			w := newWorld(t)
			d := w.deal(w.user())
			must(t, w.db.BindCustomer(t.Context(), d.customer, d.user))
			w.send(w.event(typeInvoicePaid, strip(d)))
			if !w.paid(d.user) {
				t.Error("not paid")
			}
		})
		t.Run("ParkedUntilTheMappingComes", func(t *testing.T) {
			w := newWorld(t)
			d := w.deal(w.user())
			e := w.event(typeInvoicePaid, strip(d))
			w.send(e, e)
			if w.paid(d.user) || w.status(e) != "parked" {
				t.Fatalf("paid %v, status %s", w.paid(d.user), w.status(e))
			}
			w.send(w.event(typeCheckoutCompleted, d.checkout(object{"payment_status": "unpaid"})))
			if !w.paid(d.user) || w.status(e) != "processed" || w.expiry(d.user) != d.end {
				t.Errorf("paid %v, status %s, expiry %d", w.paid(d.user), w.status(e), w.expiry(d.user))
			}
		})
	})
}

func TestBook_NobodyTakesAnothersCustomer(t *testing.T) {
	w := newWorld(t)
	a := w.deal(w.user())
	w.buy(a)
	b := w.deal(w.user())
	b.customer = a.customer
	w.send(w.event(typeCheckoutCompleted, b.checkout()))
	if user, err := w.db.CustomerUser(t.Context(), a.customer); err != nil || user != a.user {
		t.Errorf("the customer is %s's, want %s: %v", user, a.user, err)
	}
	// An event that names another user than its subscription belongs to changes nothing.
	foreign := a
	foreign.user = b.user
	e := w.event(typeInvoicePaid, foreign.next().invoiceOld(reasonCycle))
	w.send(e)
	if w.status(e) != "parked" || w.expiry(a.user) != a.end {
		t.Errorf("status %s, expiry %d", w.status(e), w.expiry(a.user))
	}
}

func TestBook_AnotherProduct(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.PriceMonth, c.PriceYear = "price_m", "price_y" })
	d := w.deal(w.user())
	w.buy(d)
	other := w.deal("")
	other.customer, other.user = d.customer, d.user
	other.end += 500 * 24 * 3600
	o := other.invoiceOld(reasonCreate, object{"subscription_details": nil, "lines": lines(other.lineOld(object{"price": object{"id": "price_else"}}))})
	e := w.event(typeInvoicePaid, o)
	w.send(e)
	if w.expiry(d.user) != d.end || w.status(e) != "ignored" {
		t.Errorf("another product's invoice: expiry %d, status %s", w.expiry(d.user), w.status(e))
	}
	// An older price of ours stays good: the subscription is known.
	next := d.next()
	w.send(w.event(typeInvoicePaid, next.invoiceOld(reasonCycle, object{"lines": lines(next.lineOld(object{"price": object{"id": "price_old"}}))})))
	if w.expiry(d.user) != next.end {
		t.Error("a renewal at an older price was not granted")
	}
}

func TestBook_NothingForTheWrongMode(t *testing.T) {
	live := func(c *Config) { c.SecretKey, c.PriceMonth, c.PriceYear = "sk_live_x", "price_m", "price_y" }
	test := func(c *Config) { c.SecretKey, c.PriceMonth, c.PriceYear = "sk_test_x", "price_m", "price_y" }
	none := func(*Config) {}
	for name, c := range map[string]struct {
		config func(*Config)
		over   object
		paid   bool
	}{
		"TestEventTestKey": {test, object{}, true},
		"LiveEventTestKey": {test, object{"livemode": true}, false},
		"LiveEventNoKey":   {none, object{"livemode": true}, false},
		"TestEventNoKey":   {none, object{}, true},
		"LiveEventLiveKey": {live, object{"livemode": true}, true},
		"TestEventLiveKey": {live, object{}, false},
		"ConnectedAccount": {test, object{"account": "acct_1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.config)
			d := w.deal(w.user())
			e := w.event(typeCheckoutCompleted, d.checkout(), c.over)
			w.send(e)
			if got := w.paid(d.user); got != c.paid {
				t.Errorf("paid = %v, want %v", got, c.paid)
			}
			if got := w.status(e); !c.paid && got != "ignored" {
				t.Errorf("status = %q, want ignored", got)
			}
		})
	}
}

func TestBook_Unhandled(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	for _, e := range []object{
		w.event("customer.created", object{"id": d.customer}),
		w.event(typeInvoicePaid, d.invoiceOld(reasonCycle, object{"subscription": nil, "lines": lines()})),
		w.event(typeInvoicePaid, with(d.invoiceBasil(reasonCycle), object{"parent": object{"type": "quote_details", "subscription_details": nil}, "lines": lines()})),
		w.event(typeInvoicePaid, d.invoiceOld(reasonCycle, object{"status": "void"})),
		w.event(typeRefundUpdated, d.refund("succeeded")),
		w.event(typeCheckoutCompleted, nil),
	} {
		w.send(e)
		if got := w.status(e); got != "ignored" {
			t.Errorf("%v: status %q, want ignored", e["type"], got)
		}
	}
	if w.paid(d.user) {
		t.Error("paid")
	}
}

func TestBook_OperatorRetriesParked(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	bare := d.checkout(object{"metadata": object{}, "client_reference_id": nil})
	e := w.event(typeCheckoutCompleted, bare)
	w.send(e)
	if n, err := w.RetryParked(t.Context()); n != 0 || err != nil || w.status(e) != "parked" {
		t.Fatalf("retry without a mapping: %d, %v, %s", n, err, w.status(e))
	}
	must(t, w.db.BindCustomer(t.Context(), d.customer, d.user))
	if n, err := w.RetryParked(t.Context()); n != 1 || err != nil || w.status(e) != "processed" || !w.paid(d.user) {
		t.Errorf("retry with a mapping: %d, %v, %s, paid %v", n, err, w.status(e), w.paid(d.user))
	}
}
