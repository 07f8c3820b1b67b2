package billing

import (
	"testing"

	"liveassist/store"
)

// TestBook_DeletedAccount: whatever Stripe says of an account that was deleted is ignored
// and neither parked nor tried again; nothing of it is kept but its row. What was booked
// before stays for accounting.
func TestBook_DeletedAccount(t *testing.T) {
	bothShapes(t, func(t *testing.T, invoice, subscription shape) {
		t.Helper()
		w := newWorld(t)
		d := w.deal(w.user())
		w.buy(d)
		early := w.event(typeChargeRefunded, object{"id": "ch_other", "object": "charge", "customer": d.customer, "refunded": true, "amount": 900, "amount_refunded": 900, "payment_intent": "pi_other"})
		w.send(early)
		if got := w.status(early); got != "parked" {
			t.Fatalf("a refund of an unknown payment: %s, want parked", got)
		}
		if _, err := w.db.BeginDeletion(t.Context(), d.user, "x"); err != nil {
			t.Fatal(err)
		}
		must(t, w.db.FinishDeletion(t.Context(), d.user))

		if settled, err := w.RetryParked(t.Context()); err != nil || settled != 1 || w.status(early) != "ignored" {
			t.Errorf("the parked one: %d settled, %v, %s, want it ignored", settled, err, w.status(early))
		}
		for name, e := range map[string]object{
			"renewal":       w.event(typeInvoicePaid, invoice(d.next(), reasonCycle)),
			"second buy":    w.event(typeCheckoutCompleted, w.deal(d.user).checkout()),
			"end":           w.event(typeSubscriptionDeleted, subscription(d, "canceled", nil)),
			"refund":        w.event(typeChargeRefunded, d.chargeOld(900)),
			"customer gone": w.event(typeCustomerDeleted, object{"id": d.customer, "object": "customer"}),
		} {
			w.send(e, e)
			if got := w.status(e); got != "ignored" {
				t.Errorf("%s: %s, want ignored", name, got)
			}
		}
		if n, err := w.db.CountParked(t.Context()); err != nil || n != 0 {
			t.Errorf("%d are parked, %v, want none", n, err)
		}
		err := w.db.Write(t.Context(), "look", func(tx *store.Tx) error {
			var bodies, rows int
			if err := tx.QueryRow(`SELECT COUNT(raw), COUNT(*) FROM webhook_events`).Scan(&bodies, &rows); err != nil {
				return err
			}
			if bodies != 0 || rows < 7 {
				t.Errorf("%d bodies in %d rows, want none in 7 or more", bodies, rows)
			}
			return nil
		})
		must(t, err)
		if subs, err := w.db.SubscriptionsOf(t.Context(), d.user); err != nil || len(subs) != 1 {
			t.Errorf("subscriptions %v, %v, want the one that was paid", subs, err)
		}
	})
}
