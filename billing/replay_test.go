package billing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// entry returns the number of the ledger's newest event.
func (w *world) entry() int64 {
	w.Helper()
	list, err := w.db.Ledger(w.Context(), store.LedgerFilter{}, 1<<62, 1)
	must(w, err)
	return list[0].Seq
}

// operator makes an account with the role.
func (w *world) operator() domain.UserID {
	w.Helper()
	id := w.user()
	must(w, w.db.SetRole(w.Context(), string(id), domain.RoleOperator))
	return id
}

func (w *world) replay(operator domain.UserID, seq int64) Replayed {
	w.Helper()
	r, err := w.Replay(w.Context(), seq, store.Act{Operator: operator, Action: domain.AuditWebhookReplay})
	must(w, err)
	return r
}

// TestReplay_Ignored: an event that a wrong setting made us ignore counts once the setting
// is right and an operator takes it up, and counts once.
func TestReplay_Ignored(t *testing.T) {
	w := newWorld(t)
	operator, d := w.operator(), w.deal(w.user())
	e := w.event(typeCheckoutCompleted, d.checkout(), object{"livemode": true})
	w.send(e)
	seq := w.entry()
	if r := w.replay(operator, seq); r.Status != store.WebhookIgnored || !strings.Contains(r.Why, "test mode") || r.Known || w.paid(d.user) {
		t.Fatalf("with the wrong setting: %+v", r)
	}
	w.Live = true
	for i, want := range []Replayed{{Status: store.WebhookProcessed}, {Status: store.WebhookProcessed, Known: true}} {
		r := w.replay(operator, seq)
		if r.Why = ""; r != want || !w.paid(d.user) || w.get(d.user).XP != domain.FirstPremiumXP {
			t.Errorf("replay %d: %+v, want %+v", i+1, r, want)
		}
	}
	if w.status(e) != "processed" {
		t.Errorf("the ledger says %s", w.status(e))
	}
	if got, want := w.entries.names(d.user), []string{domain.EventSubscriptionUpdated, domain.EventUsageUpdated, domain.EventXPAwarded}; !slices.Equal(got, want) {
		t.Errorf("announced %v, want %v", got, want)
	}
}

// TestReplay_TakesOthersUp: what waits for what a replayed event tells is booked with it.
func TestReplay_TakesOthersUp(t *testing.T) {
	w := newWorld(t)
	operator, d := w.operator(), w.deal(w.user())
	w.Live = true
	renewal := w.event(typeSubscriptionUpdated, with(d.subscriptionOld("active"), object{"metadata": object{}}), object{"livemode": true})
	w.send(renewal)
	w.Live = false
	w.send(w.event(typeCheckoutCompleted, d.checkout(), object{"livemode": true}))
	seq := w.entry()
	w.Live = true
	if got := w.status(renewal); got != "parked" {
		t.Fatalf("before: %s, want parked", got)
	}
	if r := w.replay(operator, seq); r.Status != store.WebhookProcessed || r.Also != 1 || w.status(renewal) != "processed" {
		t.Errorf("replay: %+v, and the other one is %s", r, w.status(renewal))
	}
}

// TestReplay_AllOrNothing: where a replay fails, neither its effect nor its entry is there.
func TestReplay_AllOrNothing(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.send(w.event(typeCheckoutCompleted, d.checkout(), object{"livemode": true}))
	seq := w.entry()
	w.Live = true
	act := store.Act{Operator: w.user(), Action: domain.AuditWebhookReplay}
	if _, err := w.Replay(t.Context(), seq, act); domain.KindOf(err) != domain.KindNotFound || w.paid(d.user) {
		t.Fatalf("by one who is no operator: %v, paid %v", err, w.paid(d.user))
	}
	act.Operator = w.operator()
	must(t, w.db.Write(t.Context(), "break", func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	if _, err := w.Replay(t.Context(), seq, act); domain.KindOf(err) != domain.KindProcessingError {
		t.Fatalf("error = %v, want a processing error", err)
	}
	if w.paid(d.user) {
		t.Error("booked without an entry in the log")
	}
	if _, err := w.Replay(t.Context(), 1<<40, store.Act{}); domain.KindOf(err) != domain.KindNotFound {
		t.Errorf("no such event: %v", err)
	}
}

// TestReplay_NoBody: an event whose body is gone says so and stays as it is.
func TestReplay_NoBody(t *testing.T) {
	w := newWorld(t)
	w.send(w.event(typeInvoicePaid, newDeal("nobody", w.now.unix()).invoiceOld("subscription_create")))
	must(t, w.db.Write(t.Context(), "forget", func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE webhook_events SET raw = NULL`)
		return err
	}))
	_, err := w.Replay(t.Context(), w.entry(), store.Act{Operator: w.operator()})
	if e, ok := err.(*domain.Error); !ok || e.Code != domain.CodeNoBody { //nolint:errorlint // a test
		t.Errorf("error = %v, want %s", err, domain.CodeNoBody)
	}
}

// TestByHand: what an operator gives counts beside what Stripe says; the later end wins, and
// an end by hand holds against a renewal.
func TestByHand(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	w.buy(d)
	paidUntil := w.expiry(d.user)
	act := store.Act{Operator: w.operator(), Reason: "x"}
	must(t, w.GrantByHand(t.Context(), d.user, "", w.now.time().Add(24*time.Hour), act))
	if got := w.expiry(d.user); got != paidUntil {
		t.Errorf("a shorter gift: until %d, want %d", got, paidUntil)
	}
	gift := w.now.time().Add(90 * 24 * time.Hour)
	must(t, w.GrantByHand(t.Context(), d.user, "", gift, act))
	if got := w.expiry(d.user); got != gift.Unix() {
		t.Errorf("a longer gift: until %d, want %d", got, gift.Unix())
	}
	must(t, w.EndByHand(t.Context(), d.user, act))
	if w.paid(d.user) {
		t.Error("paid after the end by hand")
	}
	w.now.add(31 * 24 * time.Hour)
	w.send(w.event(typeInvoicePaid, d.next().invoiceOld("subscription_cycle")))
	if w.paid(d.user) || !strings.Contains(w.log.String(), "has ended and stays so") {
		t.Error("a renewal brought back what an operator had ended, or nobody was told")
	}
	must(t, w.GrantByHand(t.Context(), d.user, "", w.now.time().Add(24*time.Hour), act))
	if !w.paid(d.user) || w.get(d.user).XP != domain.FirstPremiumXP {
		t.Error("a gift after the end does not count, or brought a bonus")
	}
	w.now.add(25 * time.Hour)
	must(t, w.ExpireDue(t.Context()))
	if u := w.get(d.user); u.Subscription.Status != domain.StatusFree {
		t.Errorf("after the gift: %+v", u.Subscription)
	}
}
