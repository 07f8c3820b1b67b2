package billing

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"liveassist/domain"
)

// parse makes an event of a test's object.
func parse(tb testing.TB, e object) Event {
	tb.Helper()
	raw, err := json.Marshal(e)
	must(tb, err)
	ev, err := ParseEvent(raw)
	must(tb, err)
	return ev
}

// row is a line of the table: an event, and what it must mean.
type row struct {
	name  string
	typ   string
	obj   object
	kind  Kind
	key   string // of the grant
	end   int64  // of the period; 0: to be estimated
	check func(Decision) bool
}

// TestDecide holds the case table of payments against both payload shapes.
func TestDecide(t *testing.T) {
	const start = 1_700_000_000
	d := newDeal("u1", start)
	next := d.next()
	ours := Context{Prices: map[string]domain.Plan{"price_m": domain.PlanMonth, "price_y": domain.PlanYear}}
	both := []row{
		{name: "InvoiceCreate", typ: typeInvoicePaid, kind: Grant, key: "create:" + d.sub, end: d.end, check: func(x Decision) bool { return x.Period.Starts && x.Users[0] == "u1" }},
		{name: "InvoiceSucceededCreate", typ: typeInvoiceSucceeded, kind: Grant, key: "create:" + d.sub, end: d.end},
		{name: "InvoiceFailed", typ: typeInvoiceFailed, kind: Inform, check: func(x Decision) bool { return x.Payment == PaymentFailing && x.Subscription == d.sub }},
	}
	for shapeName, invoice := range map[string]shape{"Old": deal.invoiceOld, "Basil": deal.invoiceBasil} {
		line := func(of deal, proration bool, over ...object) object {
			if shapeName == "Old" {
				return of.lineOld(append([]object{{"proration": proration}}, over...)...)
			}
			return of.lineBasil(proration, over...)
		}
		rows := append(slices.Clone(both),
			row{name: "Cycle", typ: typeInvoicePaid, obj: invoice(d, reasonCycle), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return x.Period.Starts }},
			row{name: "CreditFirst", typ: typeInvoicePaid, obj: invoice(d, "subscription_update", object{"lines": lines(line(d, true), line(next, false))}), kind: Grant, key: "inv:" + d.invoice, end: next.end, check: func(x Decision) bool { return !x.Period.Starts }},
			row{name: "ProrationsAlone", typ: typeInvoicePaid, obj: invoice(d, "subscription_update", object{"lines": lines(line(d, true))}), kind: Inform},
			row{name: "NoLines", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines()}), kind: Grant, key: "inv:" + d.invoice},
			row{name: "NullLines", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": nil}), kind: Grant, key: "inv:" + d.invoice},
			row{name: "NotPaid", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"status": "open"}), kind: Ignore},
			row{name: "Void", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"status": "void"}), kind: Ignore},
			row{name: "NoReason", typ: typeInvoicePaid, obj: invoice(d, "", object{"billing_reason": drop{}}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return !x.Period.Starts }},
			row{name: "PriceOfAYear", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(line(d, false, object{"price": object{"id": "price_y"}}))}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return x.Plan == domain.PlanYear && !x.Foreign }},
			row{name: "PriceByPricing", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(line(d, false, object{"pricing": object{"price_details": object{"price": "price_y"}}}))}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return x.Plan == domain.PlanYear }},
			row{name: "ForeignPrice", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(line(d, false, object{"price": object{"id": "price_z"}}))}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return x.Foreign }},
			row{name: "OursAmongOthers", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(line(next, false, object{"price": object{"id": "price_z"}}), line(d, false, object{"price": object{"id": "price_m"}}))}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return !x.Foreign }},
			row{name: "ExpandedCustomer", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"customer": object{"id": d.customer, "email": "x"}}), kind: Grant, key: "inv:" + d.invoice, end: d.end, check: func(x Decision) bool { return x.Customer == d.customer }},
			row{name: "EndBeyondTime", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(line(d, false, object{"period": object{"start": 0, "end": 1e18}}))}), kind: Grant, key: "inv:" + d.invoice},
			row{name: "OneOffItem", typ: typeInvoicePaid, obj: invoice(d, reasonCycle, object{"lines": lines(object{"type": "invoiceitem", "proration": false, "period": object{"start": 1, "end": next.end}}, line(d, false))}), kind: Grant, key: "inv:" + d.invoice, end: d.end},
		)
		for _, r := range rows {
			if r.obj == nil {
				r.obj = invoice(d, reasonCreate)
			}
			t.Run(shapeName+"/"+r.name, func(t *testing.T) { r.run(t, ours) })
		}
	}
}

func (r row) run(t *testing.T, c Context) {
	t.Helper()
	got := Decide(parse(t, event(r.typ, 1_700_000_100, r.obj)), c)
	if got.Kind != r.kind {
		t.Fatalf("kind = %s (%s), want %s", got.Kind, got.Why, r.kind)
	}
	if r.key != "" {
		if got.Period == nil || got.Period.Key != r.key {
			t.Fatalf("period = %+v, want the key %s", got.Period, r.key)
		}
		want := time.Time{}
		if r.end != 0 {
			want = time.Unix(r.end, 0).UTC()
		}
		if !got.Period.End.Equal(want) {
			t.Errorf("end = %v, want %v", got.Period.End, want)
		}
	}
	if r.check != nil && !r.check(got) {
		t.Errorf("decision = %+v", got)
	}
	if got.At.Unix() != 1_700_000_100 {
		t.Errorf("at = %v", got.At)
	}
}

func TestDecide_Sessions(t *testing.T) {
	d := newDeal("u1", 1_700_000_000)
	for _, r := range []row{
		{name: "Paid", typ: typeCheckoutCompleted, obj: d.checkout(), kind: Grant, key: "create:" + d.sub, check: func(x Decision) bool { return x.Plan == domain.PlanMonth && x.Refs.Invoice == d.invoice }},
		{name: "AsyncSucceeded", typ: typeCheckoutSucceeded, obj: d.checkout(), kind: Grant, key: "create:" + d.sub},
		{name: "AsyncFailed", typ: typeCheckoutFailed, obj: d.checkout(object{"payment_status": "unpaid"}), kind: Inform, check: func(x Decision) bool { return x.Payment == PaymentFailing }},
		{name: "Unpaid", typ: typeCheckoutCompleted, obj: d.checkout(object{"payment_status": "unpaid"}), kind: Inform, check: func(x Decision) bool { return x.Payment == PaymentProcessing && x.Customer == d.customer }},
		{name: "Free", typ: typeCheckoutCompleted, obj: d.checkout(object{"payment_status": "no_payment_required"}), kind: Grant, key: "create:" + d.sub},
		{name: "Setup", typ: typeCheckoutCompleted, obj: d.checkout(object{"mode": "setup"}), kind: Ignore},
		{name: "Payment", typ: typeCheckoutCompleted, obj: d.checkout(object{"mode": "payment", "subscription": nil}), kind: Grant, key: "cs:" + d.session, check: func(x Decision) bool { return x.Period.Once }},
		{name: "PaymentOfAnother", typ: typeCheckoutCompleted, obj: d.checkout(object{"mode": "payment", "metadata": object{}}), kind: Ignore},
		{name: "ExpandedSubscription", typ: typeCheckoutCompleted, obj: d.checkout(object{"subscription": object{"id": d.sub}}), kind: Grant, key: "create:" + d.sub},
		{name: "NoID", typ: typeCheckoutCompleted, obj: d.checkout(object{"id": drop{}}), kind: Park},
		{name: "Numbers", typ: typeCheckoutCompleted, obj: d.checkout(object{"payment_status": 1, "mode": true}), kind: Park},
	} {
		t.Run(r.name, func(t *testing.T) { r.run(t, Context{}) })
	}
}

func TestDecide_Subscriptions(t *testing.T) {
	d := newDeal("u1", 1_700_000_000)
	for shapeName, sub := range map[string]shape{"Old": deal.subscriptionOld, "Basil": deal.subscriptionBasil} {
		for _, r := range []row{
			{name: "Created", typ: typeSubscriptionCreated, obj: sub(d, "incomplete"), kind: Inform, check: func(x Decision) bool { return x.State.First && x.Plan == domain.PlanMonth }},
			{name: "Active", typ: typeSubscriptionUpdated, obj: sub(d, "active"), kind: Inform, check: func(x Decision) bool { return !x.State.Cancels && x.Period == nil }},
			{name: "PastDue", typ: typeSubscriptionUpdated, obj: sub(d, "past_due"), kind: Inform, check: func(x Decision) bool { return x.State.Status == "past_due" }},
			{name: "Cancels", typ: typeSubscriptionUpdated, obj: sub(d, "active", object{"cancel_at_period_end": true}), kind: Inform, check: func(x Decision) bool { return x.State.Cancels }},
			{name: "CancelAt", typ: typeSubscriptionUpdated, obj: sub(d, "active", object{"cancel_at": d.end}), kind: Inform, check: func(x Decision) bool { return x.State.Cancels }},
			{name: "CancelAtMuchLater", typ: typeSubscriptionUpdated, obj: sub(d, "active", object{"cancel_at": d.end + 90*86400}), kind: Inform, check: func(x Decision) bool { return !x.State.Cancels && !x.State.CancelAt.IsZero() }},
			{name: "Trial", typ: typeSubscriptionCreated, obj: sub(d, "trialing", object{"trial_end": d.end}), kind: Inform, check: func(x Decision) bool { return x.State.TrialEnd.Unix() == d.end }},
			{name: "TrialOver", typ: typeSubscriptionUpdated, obj: sub(d, "active", object{"trial_end": d.end}), kind: Inform, check: func(x Decision) bool { return x.State.TrialEnd.IsZero() }},
			{name: "Deleted", typ: typeSubscriptionDeleted, obj: sub(d, "canceled"), kind: End, check: func(x Decision) bool { return x.Scope == ScopeSubscription }},
			{name: "UpdatedToCanceled", typ: typeSubscriptionUpdated, obj: sub(d, "canceled"), kind: End},
			{name: "Expired", typ: typeSubscriptionUpdated, obj: sub(d, "incomplete_expired"), kind: End},
			{name: "Paused", typ: typeSubscriptionPaused, obj: sub(d, "paused"), kind: Inform},
			{name: "Resumed", typ: typeSubscriptionResumed, obj: sub(d, "active"), kind: Inform},
			{name: "NoID", typ: typeSubscriptionUpdated, obj: sub(d, "active", object{"id": 5}), kind: Park},
		} {
			t.Run(shapeName+"/"+r.name, func(t *testing.T) { r.run(t, Context{}) })
		}
	}
}

func TestDecide_MoneyBack(t *testing.T) {
	d := newDeal("u1", 1_700_000_000)
	back := func(b Back) func(Decision) bool {
		return func(x Decision) bool {
			return x.Back == b && x.Scope == ScopePayment && x.Refs.Charge == d.charge && x.Refs.Intent == d.intent
		}
	}
	for _, r := range []row{
		{name: "Full", typ: typeChargeRefunded, obj: d.chargeOld(900), kind: End, check: back(RefundFull)},
		{name: "FullByAmount", typ: typeChargeRefunded, obj: d.chargeOld(900, object{"refunded": drop{}}), kind: End, check: back(RefundFull)},
		{name: "Partial", typ: typeChargeRefunded, obj: d.chargeOld(899), kind: Inform, check: back(RefundPartial)},
		{name: "RefundFailed", typ: typeRefundFailed, obj: d.refund("failed"), kind: Restore, check: back(RefundFailed)},
		{name: "RefundUpdatedFailed", typ: typeRefundUpdated, obj: d.refund("failed"), kind: Restore, check: back(RefundFailed)},
		{name: "RefundUpdatedSucceeded", typ: typeRefundUpdated, obj: d.refund("succeeded"), kind: Ignore},
		{name: "DisputeOpen", typ: typeDisputeCreated, obj: d.dispute("needs_response"), kind: Inform, check: back(DisputeOpen)},
		{name: "DisputeLost", typ: typeDisputeClosed, obj: d.dispute("lost"), kind: End, check: back(DisputeLost)},
		{name: "DisputeWon", typ: typeDisputeClosed, obj: d.dispute("won"), kind: Restore, check: back(DisputeWon)},
		{name: "DisputeInquiry", typ: typeDisputeClosed, obj: d.dispute("warning_closed"), kind: Inform, check: back(DisputeHarmless)},
		{name: "DisputeExpanded", typ: typeDisputeClosed, obj: with(d.dispute("lost"), object{"charge": d.chargeOld(0)}), kind: End, check: func(x Decision) bool { return x.Customer == d.customer && x.Refs.Invoice == d.invoice }},
		{name: "DisputeOfNothing", typ: typeDisputeClosed, obj: object{"id": "dp_1", "status": "lost"}, kind: Park},
		{name: "CustomerDeleted", typ: typeCustomerDeleted, obj: object{"id": d.customer}, kind: End, check: func(x Decision) bool { return x.Scope == ScopeCustomer }},
	} {
		t.Run(r.name, func(t *testing.T) { r.run(t, Context{}) })
	}
}

// The README's list of types is the one that is handled.
func TestDecide_Types(t *testing.T) {
	types := EventTypes()
	if len(types) != 17 || len(types) > 20 {
		t.Errorf("%d types; Stripe's list of events takes 20 at the most", len(types))
	}
	seen := map[string]bool{}
	for _, typ := range types {
		if seen[typ] = true; deciderOf(typ) == nil {
			t.Errorf("nothing is done for %s", typ)
		}
	}
	if got := slices.Collect(maps.Keys(seen)); len(got) != len(types) {
		t.Errorf("a type stands twice in %v", types)
	}
	if deciderOf("charge.succeeded") != nil {
		t.Error("charge.succeeded is handled, and nothing says how")
	}
}
