package billing

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveassist/domain"
)

// purchaseEvents are all events that Stripe may send of one purchase, with the refund, the
// dispute and the end that may follow. Their times are Stripe's, seconds apart.
func purchaseEvents(d deal, basil bool) []object {
	invoice, subscription := deal.invoiceOld, deal.subscriptionOld
	if basil {
		invoice, subscription = deal.invoiceBasil, deal.subscriptionBasil
	}
	next := d.next()
	return []object{
		event(typeSubscriptionCreated, d.start, subscription(d, "incomplete")),
		event(typeCheckoutCompleted, d.start, d.checkout(object{"payment_status": "unpaid"})),
		event(typeInvoiceFailed, d.start+5, invoice(d, reasonCreate, object{"status": "open"})),
		event(typeInvoiceSucceeded, d.start+10, invoice(d, reasonCreate)),
		event(typeInvoicePaid, d.start+10, invoice(d, reasonCreate)),
		event(typeCheckoutSucceeded, d.start+11, d.checkout()),
		event(typeSubscriptionUpdated, d.start+12, subscription(d, "active")),
		event("customer.created", d.start, object{"id": d.customer}),
		event(typeChargeRefunded, d.start+20, d.chargeOld(400)),
		event(typeSubscriptionUpdated, d.start+30, subscription(d, "active", object{"cancel_at_period_end": true, "cancel_at": d.end})),
		event(typeInvoicePaid, d.start+40, invoice(next, reasonCycle)),
		event(typeDisputeCreated, d.start+50, next.dispute("needs_response")),
		event(typeSubscriptionDeleted, d.start+60, subscription(d, "canceled")),
	}
}

// state is all that a person can see of a purchase.
func (w *world) state(id domain.UserID) string {
	u := w.get(id)
	s := u.Subscription
	return fmt.Sprintf("%s until %d, cancels %v, past due %v, plan %q, payment %s, images %d, xp %d",
		s.Status, w.expiry(id), s.Cancels, s.PastDue, s.Plan, s.Payment, u.ImageCounter, u.XP)
}

// Any multiset of the events of one purchase, in any order, with duplicates and with
// deliveries at the same time, ends in the same state.
func TestBook_OrderDoesNotMatter(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		basil := rapid.Bool().Draw(rt, "basil")
		count := len(purchaseEvents(deal{}, basil))
		chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, count-1), 1, count, rapid.ID).Draw(rt, "events")
		order := rapid.Permutation(chosen).Draw(rt, "order")
		repeats := rapid.SliceOfN(rapid.SampledFrom(chosen), 0, 6).Draw(rt, "repeats")
		atOnce := rapid.IntRange(1, 4).Draw(rt, "at once")

		inOrder, anyOrder := w.deal(w.user()), w.deal(w.user())
		first := purchaseEvents(inOrder, basil)
		for i := range count {
			for _, c := range chosen {
				if c == i {
					w.send(first[i])
				}
			}
		}
		w.sendAtOnce(rt, purchaseEvents(anyOrder, basil), append(order, repeats...), atOnce)
		if got, want := w.state(anyOrder.user), w.state(inOrder.user); got != want {
			rt.Fatalf("events %v ended in\n%s\nand in Stripe's order in\n%s", append(order, repeats...), got, want)
		}
	})
}

// sendAtOnce delivers events with so many connections.
func (w *world) sendAtOnce(rt *rapid.T, events []object, order []int, connections int) {
	next := make(chan int)
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			for i := range next {
				if err := w.try(events[i]); err != nil {
					rt.Errorf("deliver %v: %v", events[i]["type"], err)
				}
			}
		})
	}
	for _, i := range order {
		next <- i
	}
	close(next)
	group.Wait()
}

// The events of one purchase within one second, as Stripe mostly sends them, in all orders.
func TestBook_SameSecond(t *testing.T) {
	w := newWorld(t)
	var want string
	permute(5, func(order []int) {
		d := w.deal(w.user())
		at := d.start
		events := []object{
			event(typeSubscriptionCreated, at, d.subscriptionOld("incomplete")),
			event(typeInvoiceSucceeded, at, d.invoiceOld(reasonCreate)),
			event(typeSubscriptionUpdated, at, d.subscriptionOld("active")),
			event(typeInvoicePaid, at, d.invoiceOld(reasonCreate)),
			event(typeCheckoutCompleted, at, d.checkout()),
		}
		for _, i := range order {
			w.send(events[i])
		}
		// The end lies as many seconds after the start in each round.
		got := fmt.Sprint(w.paid(d.user), w.expiry(d.user)-d.end, w.get(d.user).Subscription.PastDue, w.get(d.user).XP)
		if want == "" {
			want = fmt.Sprint(true, 0, false, domain.FirstPremiumXP)
		}
		if got != want {
			t.Errorf("order %v: %s, want %s", order, got, want)
		}
		w.now.add(time.Millisecond)
	})
}

// permute calls f with all orders of 0 to n-1.
func permute(n int, f func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var step func(k int)
	step = func(k int) {
		if k == n {
			f(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			step(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	step(0)
}
