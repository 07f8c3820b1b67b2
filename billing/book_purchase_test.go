package billing

import (
	"slices"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

func TestBook_Purchase(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, _ shape) {
		t.Helper()
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
	w := newWorld(t)
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
		t.Helper()
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
		t.Helper()
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
