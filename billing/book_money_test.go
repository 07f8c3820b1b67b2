package billing

import (
	"testing"
	"time"

	"liveassist/store"
)

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
