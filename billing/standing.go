package billing

import (
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// periodEnd returns when the paid time of a subscription ends: as the invoices told; until
// one has, by an estimate from the plan that a trial cuts short; and not after the day on
// which it is set to end.
func periodEnd(s store.Subscription) domain.Timestamp {
	end := s.PeriodEnd
	if end == 0 {
		plan := s.Plan
		if plan == "" {
			plan = domain.PlanMonth
		}
		end = domain.At(plan.PeriodEnd(s.EstimateAt.Time()))
		if s.TrialEnd > s.EstimateAt && s.TrialEnd < end {
			end = s.TrialEnd
		}
	}
	if s.CancelAt != 0 && s.CancelAt < end {
		end = s.CancelAt
	}
	return end
}

// ends reports whether a subscription ends with its period instead of renewing.
func ends(s store.Subscription, end domain.Timestamp) bool {
	return s.Once || s.Cancels || s.CancelAt != 0 && s.CancelAt <= end+domain.Timestamp(cancelSlack.Milliseconds())
}

// troubled reports whether Stripe waits for money: what was said last counts, of a payment
// or of the subscription as a whole.
func troubled(s store.Subscription) bool {
	if s.Payment == "" || s.StatusAt > s.PaymentAt {
		return badStatus(s.Status)
	}
	return PaymentHealth(s.Payment) == PaymentFailing
}

func badStatus(status string) bool {
	switch status {
	case "past_due", "unpaid", "incomplete", "paused":
		return true
	}
	return false
}

// standing returns what a person has by those of their subscriptions that decide it: the
// one that lasts longest counts. With none that lasts, the end of the last one that ran
// out stays known.
func standing(subs []store.Subscription, now time.Time, grace time.Duration) domain.Subscription {
	best := domain.Subscription{Status: domain.StatusFree, Payment: domain.PaymentNone}
	for _, s := range subs {
		if !s.Granted || s.EndedAt != 0 {
			continue
		}
		end := periodEnd(s)
		c := domain.Subscription{
			Status: domain.StatusPaid, Expiry: &end, Cancels: ends(s, end), PastDue: troubled(s), Plan: s.Plan, Payment: domain.PaymentNone,
		}
		if c.Plan == "" {
			c.Plan = domain.PlanMonth
		}
		if best.Expiry == nil || c.EndsAt(grace).After(best.EndsAt(grace)) {
			best = c
		}
	}
	if !best.ActiveAt(now, grace) {
		best.Status = domain.StatusFree
		best.Payment = firstPayment(subs)
	}
	return best
}

// firstPayment tells how the newest purchase stands, where it has not been granted.
func firstPayment(subs []store.Subscription) domain.PaymentState {
	state, newest := domain.PaymentNone, domain.Timestamp(-1)
	for _, s := range subs {
		at := max(s.PaymentAt, s.StatusAt)
		if at < newest {
			continue
		}
		newest, state = at, domain.PaymentNone
		switch {
		case s.Granted:
		case troubled(s):
			state = domain.PaymentFailed
		case PaymentHealth(s.Payment) == PaymentProcessing && s.EndedAt == 0:
			state = domain.PaymentProcessing
		}
	}
	return state
}
