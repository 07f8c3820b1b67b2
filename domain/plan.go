package domain

import "time"

// Plan is a way to pay for Premium.
type Plan string

// The two plans.
const (
	PlanMonth Plan = "month"
	PlanYear  Plan = "year"
)

// Valid reports whether p is a plan that exists.
func (p Plan) Valid() bool { return p == PlanMonth || p == PlanYear }

// PeriodEnd returns when a period of the plan that begins at t ends.
func (p Plan) PeriodEnd(t time.Time) time.Time {
	if p == PlanYear {
		return AddMonths(t, 12)
	}
	return AddMonths(t, 1)
}

// SubscriptionStatus is what a person's plan reads as.
type SubscriptionStatus string

// The two states that the API shows.
const (
	StatusFree SubscriptionStatus = "free"
	StatusPaid SubscriptionStatus = "paid"
)

// ReasonFirstPremium is the reason of the one bonus that a first payment brings.
const ReasonFirstPremium = "first_premium"

// FirstPremiumXP is the amount of that bonus, in XP (the owner's order).
const FirstPremiumXP = 250
