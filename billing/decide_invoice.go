package billing

import (
	"slices"

	"liveassist/domain"
)

// Why an invoice was made.
const (
	reasonCreate = "subscription_create"
	reasonCycle  = "subscription_cycle"
	reasonOld    = "subscription" // what invoices before 2018 say for both
)

// decideInvoice reads an invoice that was paid, or whose payment failed.
func decideInvoice(e Event, c Context) Decision {
	in, ok := readObject[invoice](e)
	if !ok || in.ID == "" {
		return unreadable("invoice")
	}
	d := Decision{
		Customer: in.Customer.ID, Subscription: in.subscription(),
		Users: usersOf(in.metadata(userKey)), Refs: in.refs(),
	}
	if d.Subscription == "" {
		return ignore("the invoice is not a subscription's")
	}
	lines := in.periodLines(d.Subscription)
	d.Foreign = c.foreign(pricesOf(lines))
	if e.Type == typeInvoiceFailed {
		d.Kind, d.Why, d.Payment = Inform, "the payment failed", PaymentFailing
		d.Plan = in.plan(lines, c)
		return d
	}
	if in.Status != "" && in.Status != "paid" {
		return ignore("the invoice is " + string(in.Status) + ", not paid")
	}
	return d.invoicePaid(in, lines, c)
}

func (d Decision) invoicePaid(in invoice, lines []invoiceLine, c Context) Decision {
	d.Payment = PaymentOK
	starts := in.BillingReason == reasonCreate || in.BillingReason == reasonCycle || in.BillingReason == reasonOld
	if ours := slices.DeleteFunc(slices.Clone(lines), func(l invoiceLine) bool { return c.Prices[l.price().ID] == "" }); len(ours) > 0 {
		lines = ours // a subscription may hold other things too
	}
	d.Plan = in.plan(lines, c)
	p := Period{Key: "inv:" + string(in.ID), Starts: starts}
	if in.BillingReason == reasonCreate {
		p.Key = createKey(d.Subscription)
	}
	for _, l := range lines {
		if end := l.Period.End.time(); end.After(p.End) {
			p.End = end
		}
	}
	if p.End.IsZero() && !starts {
		d.Kind, d.Why = Inform, "the invoice pays for no new period"
		return d
	}
	d.Kind, d.Why, d.Period = Grant, "invoice paid", &p
	if in.BillingReason != "" {
		d.Why += " (" + string(in.BillingReason) + ")"
	}
	return d
}

// subscription returns the subscription that an invoice is for: named by itself, in either
// shape, or by a line that pays for a period of it.
func (in invoice) subscription() string {
	if in.Subscription.ID != "" {
		return in.Subscription.ID
	}
	if in.Parent.Type == "subscription_details" && in.Parent.Details.Subscription.ID != "" {
		return in.Parent.Details.Subscription.ID
	}
	if in.Details.Subscription.ID != "" {
		return in.Details.Subscription.ID
	}
	for _, l := range in.Lines {
		if id := l.subscription(); id != "" && l.periodical() {
			return id
		}
	}
	return ""
}

// metadata returns a value of the subscription's metadata: the invoice carries a copy of
// it, or its lines do.
func (in invoice) metadata(key string) text {
	for _, m := range []metadata{in.Details.Metadata, in.Parent.Details.Metadata, in.Subscription.Metadata, in.Parent.Details.Subscription.Metadata} {
		if m[key] != "" {
			return m[key]
		}
	}
	for _, l := range in.Lines {
		if l.Metadata[key] != "" {
			return l.Metadata[key]
		}
	}
	return ""
}

func (in invoice) refs() Refs {
	r := Refs{Intent: in.PaymentIntent.ID, Charge: in.Charge.ID, Invoice: string(in.ID)}
	for _, p := range in.Payments {
		if r.Intent == "" {
			r.Intent = p.Payment.PaymentIntent.ID
		}
		if r.Charge == "" {
			r.Charge = p.Payment.Charge.ID
		}
	}
	return r
}

// periodLines returns the lines that pay for a period of the subscription. What a change
// of plan credits or charges within a period (a proration) pays for none, and the credit
// usually stands first.
func (in invoice) periodLines(subscription string) []invoiceLine {
	var lines []invoiceLine
	for _, l := range in.Lines {
		if id := l.subscription(); l.periodical() && (id == "" || id == subscription) {
			lines = append(lines, l)
		}
	}
	return lines
}

// plan returns what the lines' prices say, then what our checkout wrote, then what the
// length of the period says.
func (in invoice) plan(lines []invoiceLine, c Context) domain.Plan {
	var byPrice, byLength domain.Plan
	for _, l := range lines {
		byPrice = planOf(byPrice, c.planOfPrice(l.price()))
		byLength = planOf(byLength, l.planByLength())
	}
	return planOf(byPrice, domain.Plan(in.metadata(planKey)), byLength)
}

func (l invoiceLine) subscription() string {
	if l.Subscription.ID != "" {
		return l.Subscription.ID
	}
	return l.Parent.Item.Subscription.ID
}

// periodical reports whether a line pays for a period of a subscription.
func (l invoiceLine) periodical() bool {
	if l.Proration || l.Parent.Item.Proration || l.Parent.InvoiceItem.Proration {
		return false
	}
	switch {
	case l.Type != "":
		return l.Type == "subscription"
	case l.Parent.Type != "":
		return l.Parent.Type == "subscription_item_details"
	}
	return true
}

func (l invoiceLine) price() price {
	for _, p := range []price{l.Price, l.Pricing.Details.Price, l.Plan} {
		if p.ID != "" {
			return p
		}
	}
	return l.Price
}

// Stripe's months have 28 to 31 days, its years 365 or 366; trials can be of any length.
const (
	daySeconds      = 24 * 60 * 60
	shortestMonth   = 28 * daySeconds
	longestMonth    = 31 * daySeconds
	shortestYear    = 365 * daySeconds
	longestYear     = 366 * daySeconds
	lengthTolerance = daySeconds / 2 // a change of the clocks, a leap second
)

func (l invoiceLine) planByLength() domain.Plan {
	if l.Period.Start == 0 {
		return ""
	}
	length := int64(l.Period.End - l.Period.Start)
	switch {
	case length >= shortestMonth-lengthTolerance && length <= longestMonth+lengthTolerance:
		return domain.PlanMonth
	case length >= shortestYear-lengthTolerance && length <= longestYear+lengthTolerance:
		return domain.PlanYear
	}
	return ""
}

func pricesOf(lines []invoiceLine) []price {
	prices := make([]price, len(lines))
	for i, l := range lines {
		prices[i] = l.price()
	}
	return prices
}
