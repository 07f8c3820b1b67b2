package billing

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// bothShapes runs a test with the payloads of both shapes.
func bothShapes(t *testing.T, run func(t *testing.T, invoice func(deal, string, ...object) object, subscription func(deal, string, ...object) object)) {
	t.Helper()
	t.Run("Old", func(t *testing.T) { run(t, deal.invoiceOld, deal.subscriptionOld) })
	t.Run("Basil", func(t *testing.T) { run(t, deal.invoiceBasil, deal.subscriptionBasil) })
}

type shape = func(deal, string, ...object) object

func TestBook_Purchase(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, _ shape) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeCheckoutCompleted, d.checkout()))
		if got, want := w.expiry(d.user), domain.AddMonths(w.now.time(), 1).Unix(); got != want {
			t.Errorf("estimated expiry = %d, want %d", got, want)
		}
		want := []string{domain.EventSubscriptionUpdated, domain.EventUsageUpdated, domain.EventXPAwarded}
		if got := w.entries.names(d.user); !slices.Equal(got, want) {
			t.Errorf("announced %v, want %v", got, want)
		}
		u := w.get(d.user)
		if !w.paid(d.user) || u.ImageCounter != 0 || u.XP != domain.FirstPremiumXP || u.Subscription.Plan != domain.PlanMonth {
			t.Errorf("after the checkout: %+v", u)
		}
		w.send(w.event(typeInvoiceSucceeded, invoice(d, reasonCreate)), w.event(typeInvoicePaid, invoice(d, reasonCreate)))
		if got := w.expiry(d.user); got != d.end {
			t.Errorf("expiry = %d, want the invoice's %d", got, d.end)
		}
		if u := w.get(d.user); u.XP != domain.FirstPremiumXP {
			t.Errorf("XP = %d: the bonus came twice", u.XP)
		}
		if got := w.entries.names(d.user); !slices.Equal(got, []string{domain.EventSubscriptionUpdated}) {
			t.Errorf("announced %v after the invoices, want one change of the expiry", got)
		}
	})
}

func TestBook_RealPeriodReplacesEstimateEvenIfEarlier(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.send(w.event(typeCheckoutCompleted, d.checkout()))
	d.end = w.now.in(72 * time.Hour)
	w.send(w.event(typeInvoicePaid, d.invoiceOld(reasonCreate)))
	if got := w.expiry(d.user); got != d.end {
		t.Errorf("expiry = %d, want %d", got, d.end)
	}
	late := d
	late.end -= 3600
	w.send(w.event(typeInvoicePaid, late.invoiceOld(reasonCreate)))
	if got := w.expiry(d.user); got != d.end {
		t.Errorf("a late event shortened the expiry to %d, want %d", got, d.end)
	}
}

func TestBook_PlanOfAYearAndMonthsEnd(t *testing.T) {
	for _, c := range []struct {
		created string
		plan    any
		want    string
	}{
		{"2025-01-31T10:00:00Z", "month", "2025-02-28T10:00:00Z"},
		{"2024-01-31T10:00:00Z", "month", "2024-02-29T10:00:00Z"},
		{"2024-02-29T10:00:00Z", "year", "2025-02-28T10:00:00Z"},
		{"2025-12-31T23:59:59Z", "month", "2026-01-31T23:59:59Z"},
		{"2025-03-15T10:00:00Z", nil, "2025-04-15T10:00:00Z"},
		{"2025-03-15T10:00:00Z", "decade", "2025-04-15T10:00:00Z"},
	} {
		w := newWorld(t)
		d := w.deal(w.user())
		created, err := time.Parse(time.RFC3339, c.created)
		must(t, err)
		w.send(event(typeCheckoutCompleted, created.Unix(), d.checkout(object{"metadata": object{"userId": string(d.user), "plan": c.plan}})))
		if got := time.Unix(w.expiry(d.user), 0).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s + %v: expiry %s, want %s", c.created, c.plan, got, c.want)
		}
	}
}

func TestBook_Duplicates(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	e := w.event(typeCheckoutCompleted, d.checkout())
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := w.try(e); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := w.entries.names(d.user); len(got) != 3 {
		t.Errorf("20 deliveries announced %v", got)
	}
	if got, want := w.Stats(), (Stats{Processed: 1, Duplicates: 19}); got != want {
		t.Errorf("stats = %+v, want %+v", got, want)
	}
	parked, err := w.db.ParkedWebhooks(t.Context(), 0, 10)
	if err != nil || len(parked) != 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
}

// A test send from Stripe's dashboard reuses one event id for many types.
func TestBook_OneIDForManyTypes(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	id := object{"id": "evt_00000000000000"}
	w.send(w.event("plan.created", object{"id": "plan_1"}, id), w.event(typeCheckoutCompleted, d.checkout(), id))
	if !w.paid(d.user) {
		t.Error("the second type was taken for a duplicate of the first")
	}
}

func TestBook_UserOfASession(t *testing.T) {
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
			w := newWorld(t)
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

// Whose an invoice is: the subscription's metadata, the lines', the known subscription, the
// known customer; else it is parked until a mapping arrives.
func TestBook_UserOfAnInvoice(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, subscription shape) {
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

func TestBook_Unpaid(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.send(w.event(typeCheckoutCompleted, d.checkout(object{"payment_status": "unpaid"})), w.event(typeSubscriptionUpdated, d.subscriptionOld("active")))
	if u := w.get(d.user); w.paid(d.user) || u.Subscription.Payment != domain.PaymentProcessing || u.ImageCounter != 2 || u.XP != 0 {
		t.Fatalf("after an unpaid checkout: %+v", u)
	}
	t.Run("Fails", func(t *testing.T) {
		other := w.deal(w.user())
		w.send(w.event(typeCheckoutCompleted, other.checkout(object{"payment_status": "unpaid"})))
		w.send(w.event(typeCheckoutFailed, other.checkout(object{"payment_status": "unpaid"})))
		if u := w.get(other.user); w.paid(other.user) || u.Subscription.Payment != domain.PaymentFailed {
			t.Errorf("after a failed debit: %+v", u.Subscription)
		}
	})
	t.Run("Succeeds", func(t *testing.T) {
		w.now.add(time.Hour)
		w.send(w.event(typeCheckoutSucceeded, d.checkout()))
		if u := w.get(d.user); !w.paid(d.user) || u.Subscription.Payment != domain.PaymentNone {
			t.Errorf("after the debit came: %+v", u.Subscription)
		}
	})
	t.Run("InvoiceSucceeds", func(t *testing.T) {
		other := w.deal(w.user())
		w.send(w.event(typeCheckoutCompleted, other.checkout(object{"payment_status": "unpaid"})))
		w.send(w.event(typeInvoicePaid, other.invoiceBasil(reasonCreate)))
		if !w.paid(other.user) {
			t.Error("the paid invoice did not grant")
		}
	})
}

func TestBook_Renewal(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, _ shape) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		next := d.next()
		w.now.add(30*24*time.Hour + 61*time.Minute)
		if !w.paid(d.user) {
			t.Fatal("locked out while Stripe takes its hour to charge")
		}
		w.send(w.event(typeInvoiceSucceeded, invoice(next, reasonCycle)), w.event(typeInvoicePaid, invoice(next, reasonCycle)))
		if got := w.expiry(d.user); got != next.end {
			t.Errorf("expiry = %d, want %d", got, next.end)
		}
		if u := w.get(d.user); u.XP != domain.FirstPremiumXP {
			t.Errorf("XP = %d", u.XP)
		}
	})
}

func TestBook_ImageCounterStartsAnewWithPeriodsAlone(t *testing.T) {
	for reason, want := range map[string]int{reasonCreate: 0, reasonCycle: 0, "subscription_update": 2, "manual": 2, "subscription_threshold": 2} {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeInvoicePaid, d.invoiceOld(reason)))
		if got := w.get(d.user).ImageCounter; got != want {
			t.Errorf("%s: image counter = %d, want %d", reason, got, want)
		}
	}
}

func TestBook_ChangeOfPlan(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, _ shape) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		year := d.next()
		year.end = time.Unix(d.start, 0).AddDate(1, 0, 0).Unix()
		credit, charge := d.lineOld(object{"proration": true, "amount": -850}), year.lineOld(object{"amount": 9000})
		if _, basil := invoice(d, "")["parent"]; basil {
			credit, charge = d.lineBasil(true, object{"amount": -850}), year.lineBasil(false, object{"amount": 9000})
		}
		w.send(w.event(typeInvoicePaid, invoice(year, "subscription_update", object{"lines": lines(credit, charge)})))
		if got := w.expiry(d.user); got != year.end {
			t.Errorf("expiry = %d, want the new plan's %d", got, year.end)
		}
		// A change within the period pays for no new one.
		third := year.next()
		e := w.event(typeInvoicePaid, invoice(third, "subscription_update", object{"lines": lines(credit)}))
		w.send(e)
		if got := w.expiry(d.user); got != year.end || w.status(e) != "processed" {
			t.Errorf("after prorations alone: expiry = %d, want %d; status %s", got, year.end, w.status(e))
		}
	})
}

func TestBook_TrialPaysForItsTimeOnce(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	trial := w.now.in(7 * 24 * time.Hour)
	w.send(
		w.event(typeCheckoutCompleted, d.checkout(object{"payment_status": "no_payment_required"})),
		w.event(typeSubscriptionCreated, d.subscriptionOld("trialing", object{"trial_end": trial, "current_period_end": trial})),
	)
	if got := w.expiry(d.user); got != trial {
		t.Errorf("expiry = %d, want the trial's end %d", got, trial)
	}
	w.now.add(time.Hour)
	d.end = trial
	w.send(w.event(typeInvoicePaid, d.invoiceOld(reasonCreate, object{"amount_paid": 0})))
	if got := w.expiry(d.user); got != trial {
		t.Errorf("after the invoice of zero: expiry = %d, want %d", got, trial)
	}
}

func TestBook_StaleUpdateNeverOverwrites(t *testing.T) {
	bothShapes(t, func(t *testing.T, _, subscription shape) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		cancels := object{"cancel_at_period_end": true, "cancel_at": d.end}
		newer := event(typeSubscriptionUpdated, w.now.unix()+20, subscription(d, "active", cancels))
		stale := event(typeSubscriptionUpdated, w.now.unix()+10, subscription(d, "past_due"))
		w.send(newer, stale)
		if s := w.get(d.user).Subscription; !s.Cancels || s.PastDue || !w.paid(d.user) {
			t.Errorf("a stale update came through: %+v", s)
		}
		// Within one second, what comes last counts.
		resumed := event(typeSubscriptionUpdated, w.now.unix()+20, subscription(d, "active"))
		w.send(resumed)
		if s := w.get(d.user).Subscription; s.Cancels {
			t.Errorf("resumed, and still %+v", s)
		}
	})
}

func TestBook_Cancellation(t *testing.T) {
	month := int64(30 * 24 * 3600)
	for name, c := range map[string]struct {
		over    func(d deal) object
		cancels bool
		expiry  func(d deal) int64
	}{
		"AtPeriodEnd": {func(d deal) object { return object{"cancel_at_period_end": true, "cancel_at": d.end} }, true, func(d deal) int64 { return d.end }},
		"OldVersion":  {func(deal) object { return object{"cancel_at_period_end": true} }, true, func(d deal) int64 { return d.end }},
		"CancelAt":    {func(d deal) object { return object{"cancel_at": d.end} }, true, func(d deal) int64 { return d.end }},
		"Earlier":     {func(d deal) object { return object{"cancel_at": d.end - 86400} }, true, func(d deal) int64 { return d.end - 86400 }},
		"ManyPeriodsOn": {
			func(d deal) object { return object{"cancel_at": d.end + 3*month} }, false, func(d deal) int64 { return d.end },
		},
	} {
		t.Run(name, func(t *testing.T) {
			bothShapes(t, func(t *testing.T, _, subscription shape) {
				w := newWorld(t)
				d := w.deal(w.user())
				w.buy(d)
				w.send(w.event(typeSubscriptionUpdated, subscription(d, "active", c.over(d))))
				s := w.get(d.user).Subscription
				if !w.paid(d.user) || s.Cancels != c.cancels || w.expiry(d.user) != c.expiry(d) {
					t.Errorf("paid %v, cancels %v, expiry %d; want paid, %v, %d", w.paid(d.user), s.Cancels, w.expiry(d.user), c.cancels, c.expiry(d))
				}
				w.now.ms.Store(c.expiry(d)*1000 + 1000)
				if got := w.paid(d.user); got == c.cancels {
					t.Errorf("a second after the end: paid %v", got)
				}
			})
		})
	}
}

func TestBook_Deletion(t *testing.T) {
	t.Run("Ends", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		w.entries.names(d.user)
		w.send(w.event(typeSubscriptionDeleted, d.subscriptionBasil("canceled")))
		if w.paid(d.user) || w.get(d.user).Subscription.Status != domain.StatusFree {
			t.Error("still paid")
		}
		if got := w.entries.names(d.user); !slices.Equal(got, []string{domain.EventSubscriptionUpdated, domain.EventUsageUpdated}) {
			t.Errorf("announced %v", got)
		}
	})
	t.Run("OfAnotherChangesNothing", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		other := w.deal(d.user)
		other.customer = d.customer
		w.send(w.event(typeSubscriptionDeleted, other.subscriptionOld("canceled")))
		if !w.paid(d.user) || w.expiry(d.user) != d.end {
			t.Error("another subscription's end took this one's time")
		}
	})
	t.Run("BeforeItsCreation", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeSubscriptionDeleted, d.subscriptionOld("canceled", object{"metadata": object{}})))
		w.send(w.event(typeCheckoutCompleted, d.checkout()), w.event(typeInvoicePaid, d.invoiceOld(reasonCreate)))
		if w.paid(d.user) {
			t.Error("a subscription that had ended was granted")
		}
	})
	t.Run("NothingRevives", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		w.send(w.event(typeSubscriptionDeleted, d.subscriptionOld("canceled")))
		w.send(
			w.event(typeInvoiceSucceeded, d.invoiceOld(reasonCreate)), w.event(typeInvoicePaid, d.next().invoiceOld(reasonCycle)),
			w.event(typeSubscriptionUpdated, d.subscriptionOld("active")), w.event(typeCheckoutCompleted, d.checkout()),
			w.event(typeRefundFailed, d.refund("failed")),
		)
		if w.paid(d.user) {
			t.Error("a late event revived it")
		}
		fresh := w.deal(d.user)
		fresh.customer = d.customer
		w.buy(fresh)
	})
	t.Run("Customer", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		w.send(w.event(typeCustomerDeleted, object{"id": d.customer, "object": "customer"}))
		if w.paid(d.user) {
			t.Error("still paid")
		}
		late := w.deal(d.user)
		late.customer = d.customer
		w.send(w.event(typeCheckoutCompleted, late.checkout()))
		if w.paid(d.user) {
			t.Error("a subscription of a deleted customer was granted")
		}
		if _, err := w.db.CustomerOf(t.Context(), d.user); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("the deleted customer would be used again: %v", err)
		}
	})
}

func TestBook_TroubleTakesNothingBack(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, subscription shape) {
		for _, status := range []string{"past_due", "unpaid", "incomplete", "paused"} {
			w := newWorld(t)
			d := w.deal(w.user())
			w.buy(d)
			w.now.add(24 * time.Hour)
			w.send(w.event(typeSubscriptionUpdated, subscription(d, status)))
			if s := w.get(d.user).Subscription; !w.paid(d.user) || !s.PastDue || w.expiry(d.user) != d.end {
				t.Errorf("%s: paid %v, %+v", status, w.paid(d.user), s)
			}
			free := w.deal(w.user())
			w.send(w.event(typeSubscriptionUpdated, subscription(free, status)))
			if s := w.get(free.user).Subscription; w.paid(free.user) || s.Payment != domain.PaymentFailed {
				t.Errorf("%s without a grant: paid %v, %+v", status, w.paid(free.user), s)
			}
		}
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		w.now.add(30 * 24 * time.Hour)
		next := d.next()
		w.send(w.event(typeInvoiceFailed, invoice(next, reasonCycle, object{"status": "open", "paid": false})))
		if s := w.get(d.user).Subscription; !w.paid(d.user) || !s.PastDue || w.expiry(d.user) != d.end {
			t.Errorf("after a failed renewal: paid %v, %+v", w.paid(d.user), s)
		}
		w.send(w.event(typeInvoicePaid, invoice(next, reasonCycle)))
		if s := w.get(d.user).Subscription; s.PastDue || w.expiry(d.user) != next.end {
			t.Errorf("after it was mended: %+v", s)
		}
	})
}

func TestBook_Refund(t *testing.T) {
	basil := object{"invoice": drop{}}
	t.Run("Full", func(t *testing.T) {
		for name, over := range map[string]object{
			"AllNames": {}, "Basil": basil, "ChargeAlone": {"payment_intent": nil, "invoice": nil, "customer": nil},
			"IntentAlone": {"id": "ch_other", "invoice": nil, "customer": nil},
		} {
			w := newWorld(t)
			d := w.deal(w.user())
			w.buy(d)
			o := d.chargeOld(900, over)
			if name == "IntentAlone" {
				must(t, w.db.Write(t.Context(), "forget", func(tx *store.Tx) error {
					_, err := tx.Exec(`UPDATE grants SET charge = ''`)
					return err
				}))
			}
			w.send(w.event(typeChargeRefunded, o))
			if w.paid(d.user) {
				t.Errorf("%s: still paid", name)
			}
			w.send(w.event(typeInvoiceSucceeded, d.invoiceOld(reasonCreate)), w.event(typeSubscriptionUpdated, d.subscriptionOld("active")))
			if w.paid(d.user) {
				t.Errorf("%s: a late sibling revived it", name)
			}
			w.now.add(time.Minute)
			w.send(w.event(typeRefundUpdated, d.refund("failed")))
			if !w.paid(d.user) || w.expiry(d.user) != d.end {
				t.Errorf("%s: not restored after the refund failed", name)
			}
		}
	})
	t.Run("ByCustomerWithOnePayment", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeCheckoutCompleted, d.checkout(object{"invoice": nil})))
		w.send(w.event(typeChargeRefunded, d.chargeOld(900)))
		if w.paid(d.user) {
			t.Error("still paid")
		}
	})
	t.Run("ByCustomerNotAgainstTheNames", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		other := w.deal(d.user)
		other.customer = d.customer
		e := w.event(typeChargeRefunded, other.chargeOld(900))
		w.send(e)
		if !w.paid(d.user) || w.status(e) != "parked" {
			t.Errorf("the refund of something else: paid %v, status %s", w.paid(d.user), w.status(e))
		}
	})
	t.Run("ByCustomerWithTwoPayments", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeInvoicePaid, d.invoiceBasil(reasonCreate)), w.event(typeInvoicePaid, d.next().invoiceBasil(reasonCycle)))
		e := w.event(typeChargeRefunded, d.chargeOld(900, basil))
		w.send(e)
		if !w.paid(d.user) || w.status(e) != "parked" {
			t.Errorf("paid %v, status %s", w.paid(d.user), w.status(e))
		}
	})
	t.Run("OfAnOlderPayment", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		next := d.next()
		w.now.add(30 * 24 * time.Hour)
		w.send(w.event(typeInvoicePaid, next.invoiceOld(reasonCycle)), w.event(typeChargeRefunded, d.chargeOld(900)))
		if !w.paid(d.user) || w.expiry(d.user) != next.end {
			t.Error("the refund of an older payment took the running period")
		}
		w.send(w.event(typeChargeRefunded, next.chargeOld(900)))
		if w.paid(d.user) {
			t.Error("the refund of the running payment changed nothing")
		}
	})
	t.Run("Partial", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		e := w.event(typeChargeRefunded, d.chargeOld(400))
		w.send(e)
		if !w.paid(d.user) || w.status(e) != "processed" {
			t.Errorf("paid %v, status %s", w.paid(d.user), w.status(e))
		}
		w.send(w.event(typeChargeRefunded, d.chargeOld(900)))
		if w.paid(d.user) {
			t.Error("the rest was refunded, and still paid")
		}
	})
	t.Run("BeforeThePurchase", func(t *testing.T) {
		w := newWorld(t)
		d := w.deal(w.user())
		w.send(w.event(typeChargeRefunded, d.chargeOld(900)))
		w.send(w.event(typeCheckoutCompleted, d.checkout()), w.event(typeInvoicePaid, d.invoiceOld(reasonCreate)))
		if w.paid(d.user) {
			t.Error("a refunded purchase was granted")
		}
	})
}

func TestBook_Dispute(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.buy(d)
	w.send(w.event(typeDisputeCreated, d.dispute("needs_response")))
	if !w.paid(d.user) {
		t.Fatal("an open dispute took access")
	}
	w.send(w.event(typeDisputeClosed, d.dispute("warning_closed")))
	if !w.paid(d.user) {
		t.Fatal("a closed inquiry took access")
	}
	w.send(w.event(typeDisputeClosed, d.dispute("lost")))
	if w.paid(d.user) {
		t.Fatal("a lost dispute left access")
	}
	w.now.add(time.Second)
	w.send(w.event(typeDisputeClosed, d.dispute("won")))
	if !w.paid(d.user) {
		t.Fatal("a won dispute did not restore access")
	}
}

func TestBook_TwoSubscriptions(t *testing.T) {
	w := newWorld(t)
	a := w.deal(w.user())
	b := w.deal(a.user)
	b.end += 100 * 24 * 3600
	w.buy(a)
	w.buy(b)
	w.send(w.event(typeSubscriptionDeleted, b.subscriptionOld("canceled")))
	if !w.paid(a.user) || w.expiry(a.user) != a.end {
		t.Errorf("paid %v until %d, want the other one's %d", w.paid(a.user), w.expiry(a.user), a.end)
	}
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

func TestBook_ExpiresByItself(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.buy(d)
	w.entries.names(d.user)
	w.now.ms.Store(d.end*1000 + (72 * time.Hour).Milliseconds() - 1000)
	must(t, w.ExpireDue(t.Context()))
	if got := w.entries.names(d.user); !w.paid(d.user) || len(got) != 0 {
		t.Fatalf("within the grace: paid %v, announced %v", w.paid(d.user), got)
	}
	w.now.add(time.Second)
	if w.paid(d.user) {
		t.Error("still reads as paid after the grace")
	}
	must(t, w.ExpireDue(t.Context()))
	if got := w.entries.names(d.user); !slices.Equal(got, []string{domain.EventSubscriptionUpdated, domain.EventUsageUpdated}) {
		t.Errorf("announced %v", got)
	}
	if s := w.get(d.user).Subscription; s.Status != domain.StatusFree {
		t.Errorf("stored as %+v", s)
	}
	must(t, w.ExpireDue(t.Context()))
	if got := w.entries.names(d.user); len(got) != 0 {
		t.Errorf("announced again: %v", got)
	}
	// A late renewal brings it back.
	next := d.next()
	w.send(w.event(typeInvoicePaid, next.invoiceOld(reasonCycle)))
	if !w.paid(d.user) {
		t.Error("a late renewal did not count")
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

func TestBook_OneLineAnEvent(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	e := w.event(typeCheckoutCompleted, d.checkout())
	w.send(e)
	var lines []string
	for l := range strings.SplitSeq(w.log.String(), "\n") {
		if strings.Contains(l, e["id"].(string)) {
			lines = append(lines, l)
		}
	}
	if len(lines) != 1 {
		t.Fatalf("lines: %q", lines)
	}
	for _, want := range []string{"type=" + typeCheckoutCompleted, "user=" + string(d.user), "decision=grant", "ms="} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("%q lacks %s", lines[0], want)
		}
	}
}

// An error before the commit leaves nothing, the ledger's row included.
func TestBook_AllOrNothing(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	must(t, w.db.Write(t.Context(), "break", func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON xp_events BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	e := w.event(typeCheckoutCompleted, d.checkout())
	err := w.try(e)
	if domain.KindOf(err) != domain.KindProcessingError {
		t.Fatalf("error = %v, want a processing error", err)
	}
	if w.status(e) != "" || w.paid(d.user) {
		t.Fatalf("half of it was kept: status %q, paid %v", w.status(e), w.paid(d.user))
	}
	must(t, w.db.Write(t.Context(), "mend", func(tx *store.Tx) error {
		_, err := tx.Exec(`DROP TRIGGER broken`)
		return err
	}))
	w.send(e)
	if !w.paid(d.user) || w.get(d.user).XP != domain.FirstPremiumXP {
		t.Error("the retry did not succeed")
	}
}
