package billing

import (
	"errors"
	"slices"
	"testing"
	"time"

	"liveassist/domain"
)

func TestBook_StaleUpdateNeverOverwrites(t *testing.T) {
	bothShapes(t, func(t *testing.T, _, subscription shape) {
		t.Helper()
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
				t.Helper()
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

func TestBook_TroubleTakesNothingBack(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, subscription shape) {
		t.Helper()
		w := newWorld(t)
		for _, status := range []string{"past_due", "unpaid", "incomplete", "paused"} {
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

// Each subscription begins as incomplete, while its first payment is under way.
func TestBook_BeginsWithoutAlarm(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.send(w.event(typeSubscriptionCreated, d.subscriptionOld("incomplete")))
	if s := w.get(d.user).Subscription; s.Payment != domain.PaymentNone || w.paid(d.user) {
		t.Errorf("after the creation: %+v", s)
	}
	w.send(w.event(typeSubscriptionUpdated, d.subscriptionOld("incomplete")))
	if s := w.get(d.user).Subscription; s.Payment != domain.PaymentFailed {
		t.Errorf("after an update that says so: %+v", s)
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
