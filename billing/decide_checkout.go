package billing

import "liveassist/domain"

// decideCheckout reads a visit to the payment page that is over. The session has neither a
// price nor lines, so the end of the period is an estimate until the invoice tells it.
func decideCheckout(e Event, _ Context) Decision {
	s, ok := readObject[checkoutSession](e)
	if !ok || s.ID == "" {
		return unreadable("checkout session")
	}
	d := Decision{
		Users:    usersOf(s.Metadata[userKey], s.Reference),
		Customer: s.Customer.ID, Subscription: s.Subscription.ID, Session: string(s.ID),
		Plan: planOf(domain.Plan(s.Metadata[planKey])),
		Refs: Refs{Intent: s.PaymentIntent.ID, Invoice: s.Invoice.ID},
	}
	switch {
	case s.Mode == "setup":
		return ignore("a setup session pays for nothing")
	case s.Mode == "payment" && s.Metadata[userKey] == "":
		return ignore("a payment of another product: its metadata names no user")
	case s.Status == "open" || s.Status == "expired":
		return ignore("the session is " + string(s.Status))
	}
	if e.Type == typeCheckoutFailed {
		d.Kind, d.Why, d.Payment = Inform, "the payment failed", PaymentFailing
		return d
	}
	return d.checkoutPaid(s)
}

func (d Decision) checkoutPaid(s checkoutSession) Decision {
	subscribes := s.Mode == "subscription" || s.Mode == "" && s.Subscription.ID != ""
	switch {
	case s.PaymentStatus == "unpaid":
		d.Kind, d.Why, d.Payment = Inform, "the payment is being processed", PaymentProcessing
		return d
	case subscribes && (s.PaymentStatus == "paid" || s.PaymentStatus == "no_payment_required"):
	case s.Mode == "payment" && s.PaymentStatus == "paid":
	case s.Mode == "payment" && s.PaymentStatus == "no_payment_required":
		return ignore("nothing was paid")
	default:
		return park("its mode or payment status is unknown")
	}
	d.Kind, d.Why, d.Payment = Grant, "checkout "+string(s.PaymentStatus), PaymentOK
	d.Period = &Period{Key: "cs:" + string(s.ID), Starts: true, Once: s.Mode == "payment"}
	if s.Subscription.ID != "" {
		d.Period.Key = createKey(s.Subscription.ID)
	}
	return d
}

// createKey is the key of a subscription's first payment, which two events tell of: the
// session's and the first invoice's.
func createKey(subscription string) string { return "create:" + subscription }
