package billing

import (
	"time"

	"liveassist/domain"
)

// cancelSlack is how far beyond the end of the running period a set end may lie and still
// be the end of that period.
const cancelSlack = time.Hour

// decideSubscription reads what Stripe says of a subscription. It grants nothing: Stripe
// moves the period on at its end, before anybody has paid for the next.
func decideSubscription(e Event, c Context) Decision {
	s, ok := readObject[subscription](e)
	if !ok || s.ID == "" {
		return unreadable("subscription")
	}
	d := Decision{
		Users:    usersOf(s.Metadata[userKey]),
		Customer: s.Customer.ID, Subscription: string(s.ID),
		Plan: s.plan(c), Foreign: c.foreign(s.prices()),
	}
	if e.Type == typeSubscriptionDeleted || s.Status == "canceled" || s.Status == "incomplete_expired" {
		d.Kind, d.Why, d.Scope = End, "the subscription ended", ScopeSubscription
		return d
	}
	d.Kind, d.Why = Inform, "the subscription is "+string(s.Status)
	d.State = s.state()
	d.State.First = e.Type == typeSubscriptionCreated
	if d.State.Cancels {
		d.Why += " and ends with its period"
	}
	return d
}

func (s subscription) state() *State {
	st := &State{Status: string(s.Status), Cancels: bool(s.CancelAtPeriodEnd), CancelAt: s.CancelAt.time()}
	if !st.CancelAt.IsZero() {
		end := s.periodEnd()
		st.Cancels = st.Cancels || end.IsZero() || !st.CancelAt.After(end.Add(cancelSlack))
	}
	if s.Status == "trialing" {
		st.TrialEnd = s.TrialEnd.time()
	}
	return st
}

func (s subscription) periodEnd() time.Time {
	end := s.CurrentPeriodEnd
	for _, i := range s.Items {
		end = max(end, i.CurrentPeriodEnd)
	}
	return end.time()
}

func (s subscription) prices() []price {
	var prices []price
	for _, i := range s.Items {
		if i.Price.ID != "" {
			prices = append(prices, i.Price)
		} else {
			prices = append(prices, i.Plan)
		}
	}
	return prices
}

// plan returns what the prices say: metadata stays as it was when the plan is changed.
func (s subscription) plan(c Context) domain.Plan {
	for _, p := range s.prices() {
		if _, ours := c.Prices[p.ID]; ours {
			return c.Prices[p.ID]
		}
	}
	var plan domain.Plan
	for _, p := range s.prices() {
		plan = planOf(plan, p.Interval)
	}
	return planOf(plan, domain.Plan(s.Metadata[planKey]))
}

// decideCustomer reads that a customer was deleted: Stripe ends all that it paid for.
func decideCustomer(e Event, _ Context) Decision {
	o, ok := readObject[customer](e)
	if !ok || o.ID == "" {
		return unreadable("customer")
	}
	return Decision{Kind: End, Why: "the customer was deleted", Scope: ScopeCustomer, Customer: string(o.ID)}
}
