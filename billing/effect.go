package billing

import (
	"errors"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// endedByStripe marks a subscription that Stripe has ended: for good. One that ended
// because its money went back bears the payment's key instead.
const endedByStripe = "stripe"

// act carries out what was judged.
func (b *booking) act(d Decision, v verdict) error {
	if v.status != store.WebhookProcessed {
		return nil
	}
	if d.At.IsZero() {
		d.At = b.tx.Now
	}
	p, err := b.person(v.user)
	if err != nil {
		return err
	}
	p.touched = true
	switch d.Scope {
	case ScopePayment:
		return b.actPayment(d, v)
	case ScopeCustomer:
		return b.actCustomer(d)
	case ScopeSubscription, ScopeNone:
	}
	return b.actSubscription(d, v)
}

// actSubscription adds to a subscription what an event tells of it.
func (b *booking) actSubscription(d Decision, v verdict) error {
	sub, at := v.sub, domain.At(d.At)
	if err := b.bind(d.Customer, &sub, at); err != nil {
		return err
	}
	if d.Plan != "" && !older(at, sub.PlanAt) {
		sub.Plan, sub.PlanAt = d.Plan, at
	}
	if d.State != nil {
		setState(&sub, *d.State, at)
	}
	setPayment(&sub, d.Payment, at)
	if d.Period != nil {
		extend(&sub, *d.Period, at)
	}
	if d.Kind == End {
		end(&sub, at, endedByStripe)
	}
	if !v.known || sub != v.sub {
		if err := b.put(sub); err != nil {
			return err
		}
	}
	if !v.known {
		b.learn(sub.ID)
	}
	if sub.EndedAt != v.sub.EndedAt {
		if err := b.tx.EndGrants(sub.ID, sub.EndedAt); err != nil {
			return err
		}
	}
	if d.Period == nil {
		return nil
	}
	return b.grant(d, v, sub)
}

// put stores a subscription with what follows from its statements.
func (b *booking) put(sub store.Subscription) error {
	sub.EndAt = periodEnd(sub)
	sub.Ending = ends(sub, sub.EndAt)
	return b.tx.PutSubscription(sub)
}

// grant enters a payment; the first event that tells of it counts.
func (b *booking) grant(d Decision, v verdict, sub store.Subscription) error {
	g := store.Grant{
		Key: d.Period.Key, Subscription: sub.ID, Session: d.Session,
		Intent: d.Refs.Intent, Charge: d.Refs.Charge, Invoice: d.Refs.Invoice, PaidAt: domain.At(d.At),
	}
	if !d.Period.End.IsZero() {
		g.PeriodEnd = domain.At(d.Period.End)
	}
	isNew, err := b.tx.AddGrant(g)
	if err != nil {
		return err
	}
	b.learn(g.Intent, g.Charge, g.Invoice)
	if isNew {
		b.learn(sub.Customer)
		p := b.people[v.user]
		p.award = true
		p.reset = p.reset || d.Period.Starts
	}
	return nil
}

// bind notes whose customer the event names, and what follows for a new subscription if
// Stripe has deleted that customer.
func (b *booking) bind(customer string, sub *store.Subscription, at domain.Timestamp) error {
	if customer == "" {
		return nil
	}
	if sub.Customer == "" {
		sub.Customer = customer
	}
	c, err := b.tx.Customer(customer)
	if errors.Is(err, domain.ErrNotFound) {
		_, err = b.tx.BindCustomer(customer, sub.User)
		b.learn(customer)
		return err
	}
	if c.Deleted && !sub.Once && sub.ID != "" {
		end(sub, at, endedByStripe)
	}
	return err
}

// actCustomer ends all that a deleted customer paid for again and again.
func (b *booking) actCustomer(d Decision) error {
	if err := b.tx.DeleteCustomer(d.Customer); err != nil {
		return err
	}
	subs, err := b.tx.SubscriptionsOfCustomer(d.Customer)
	if err != nil {
		return err
	}
	for _, s := range subs {
		if s.Once || s.EndedBy == endedByStripe {
			continue
		}
		end(&s, domain.At(d.At), endedByStripe)
		if err := errors.Join(b.put(s), b.tx.EndGrants(s.ID, s.EndedAt)); err != nil {
			return err
		}
	}
	return nil
}

// actPayment notes how the money of a payment stands, and ends or restores what it bought.
// The payment of an earlier period takes nothing away.
func (b *booking) actPayment(d Decision, v verdict) error {
	sub, g, at := v.sub, v.grant, domain.At(d.At)
	if err := b.tx.NameGrant(store.Grant{Key: g.Key, Intent: d.Refs.Intent, Charge: d.Refs.Charge, Invoice: d.Refs.Invoice}); err != nil {
		return err
	}
	b.learn(d.Refs.Intent, d.Refs.Charge, d.Refs.Invoice)
	takeBack(&g, d.Back, at)
	gone := Back(g.Refund) == RefundFull || Back(g.Dispute) == DisputeLost
	switch {
	case gone && sub.EndedAt == 0 && v.running == g.Key:
		end(&sub, at, g.Key)
		g.EndedAt = sub.EndedAt
	case !gone && sub.EndedBy == g.Key:
		sub.EndedAt, sub.EndedBy, g.EndedAt = 0, "", 0
	}
	if err := b.tx.TakeBackGrant(g); err != nil {
		return err
	}
	if sub.EndedAt == v.sub.EndedAt {
		return nil
	}
	return errors.Join(b.put(sub), b.tx.EndGrants(sub.ID, sub.EndedAt))
}

// older reports whether a statement was made before another. Stripe tells whole seconds:
// within one, what comes last counts.
func older(at, than domain.Timestamp) bool { return at/1000 < than/1000 }

// setState takes over what Stripe says of a subscription, unless something newer is known.
func setState(sub *store.Subscription, st State, at domain.Timestamp) {
	if older(at, sub.StatusAt) || st.First && sub.StatusAt != 0 && !older(sub.StatusAt, at) {
		return
	}
	sub.Status, sub.StatusAt, sub.Cancels = st.Status, at, st.Cancels
	if !st.First {
		sub.StatusAt = after(at, sub.PaymentAt)
	} else if st.Status == "incomplete" {
		sub.Status = "" // as each begins while its first payment is under way: no trouble yet
	}
	sub.CancelAt, sub.TrialEnd = stamp(st.CancelAt), stamp(st.TrialEnd)
}

// setPayment takes over what an event says of the payments. That one is being processed
// is never news within the second of its result.
func setPayment(sub *store.Subscription, p PaymentHealth, at domain.Timestamp) {
	if p == PaymentUnknown || older(at, sub.PaymentAt) {
		return
	}
	if p == PaymentProcessing && sub.PaymentAt != 0 && !older(sub.PaymentAt, at) {
		return
	}
	sub.Payment, sub.PaymentAt = string(p), after(at, sub.StatusAt)
}

// after returns at, moved behind other where both lie within one second: the milliseconds,
// which Stripe does not tell, keep the order in which the two came.
func after(at, other domain.Timestamp) domain.Timestamp {
	if at/1000 == other/1000 && at <= other {
		return other + 1
	}
	return at
}

// extend adds a paid period. An end that an invoice told replaces an estimate, and after
// that the latest one counts.
func extend(sub *store.Subscription, p Period, at domain.Timestamp) {
	sub.Granted = true
	sub.Once = sub.Once || p.Once
	switch {
	case !p.End.IsZero():
		sub.PeriodEnd = max(sub.PeriodEnd, domain.At(p.End))
	case sub.PeriodEnd != 0 && p.Key != createKey(sub.ID):
		// A renewal whose invoice was cut short: a further period of the plan.
		plan := planOf(sub.Plan, domain.PlanMonth)
		sub.PeriodEnd = max(sub.PeriodEnd, domain.At(plan.PeriodEnd(at.Time())))
	default:
		sub.EstimateAt = max(sub.EstimateAt, at)
	}
}

// end marks a subscription as ended. By Stripe is for good; money that went back may
// return.
func end(sub *store.Subscription, at domain.Timestamp, by string) {
	if sub.EndedAt != 0 && (sub.EndedBy == endedByStripe || by != endedByStripe) {
		return
	}
	sub.EndedAt, sub.EndedBy = at, by
}

// takeBack notes a step of money on its way back. The later one counts; within one second,
// the one that ends the matter.
func takeBack(g *store.Grant, step Back, at domain.Timestamp) {
	switch step {
	case RefundPartial, RefundFull, RefundFailed:
		if newerStep(Back(g.Refund), step, g.RefundAt, at) {
			g.Refund, g.RefundAt = string(step), at
		}
	case DisputeOpen, DisputeWon, DisputeLost, DisputeHarmless:
		if newerStep(Back(g.Dispute), step, g.DisputeAt, at) {
			g.Dispute, g.DisputeAt = string(step), at
		}
	case BackNone:
	}
}

func newerStep(old, step Back, oldAt, at domain.Timestamp) bool {
	if at/1000 != oldAt/1000 {
		return at > oldAt
	}
	return rank(step) >= rank(old)
}

func rank(b Back) int {
	switch b {
	case BackNone:
		return 0
	case RefundPartial, DisputeOpen:
		return 1
	case RefundFull, DisputeHarmless:
		return 2
	case RefundFailed, DisputeWon, DisputeLost:
		return 3
	}
	return 0
}

func stamp(t time.Time) domain.Timestamp {
	if t.IsZero() {
		return 0
	}
	return domain.At(t)
}
