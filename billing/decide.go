package billing

import (
	"encoding/json"

	"liveassist/domain"
)

// The event types that mean something here. The README tells people to switch on these.
const (
	typeCheckoutCompleted   = "checkout.session.completed"
	typeCheckoutSucceeded   = "checkout.session.async_payment_succeeded"
	typeCheckoutFailed      = "checkout.session.async_payment_failed"
	typeInvoiceSucceeded    = "invoice.payment_succeeded"
	typeInvoicePaid         = "invoice.paid"
	typeInvoiceFailed       = "invoice.payment_failed"
	typeSubscriptionCreated = "customer.subscription.created"
	typeSubscriptionUpdated = "customer.subscription.updated"
	typeSubscriptionDeleted = "customer.subscription.deleted"
	typeSubscriptionPaused  = "customer.subscription.paused"
	typeSubscriptionResumed = "customer.subscription.resumed"
	typeCustomerDeleted     = "customer.deleted"
	typeChargeRefunded      = "charge.refunded"
	typeRefundUpdated       = "charge.refund.updated"
	typeRefundFailed        = "refund.failed"
	typeDisputeCreated      = "charge.dispute.created"
	typeDisputeClosed       = "charge.dispute.closed"
)

// decide is how the events of one type are read.
type decide func(Event, Context) Decision

// deciderOf returns how a type is read, and nil for a type that means nothing here.
func deciderOf(typ string) decide {
	switch typ {
	case typeCheckoutCompleted, typeCheckoutSucceeded, typeCheckoutFailed:
		return decideCheckout
	case typeInvoiceSucceeded, typeInvoicePaid, typeInvoiceFailed:
		return decideInvoice
	case typeSubscriptionCreated, typeSubscriptionUpdated, typeSubscriptionPaused, typeSubscriptionResumed, typeSubscriptionDeleted:
		return decideSubscription
	case typeCustomerDeleted:
		return decideCustomer
	case typeChargeRefunded:
		return decideCharge
	case typeRefundUpdated, typeRefundFailed:
		return decideRefund
	case typeDisputeCreated, typeDisputeClosed:
		return decideDispute
	}
	return nil
}

// EventTypes returns the types of events that mean something here.
func EventTypes() []string {
	return []string{
		typeCheckoutCompleted, typeCheckoutSucceeded, typeCheckoutFailed,
		typeInvoiceSucceeded, typeInvoicePaid, typeInvoiceFailed,
		typeSubscriptionCreated, typeSubscriptionUpdated, typeSubscriptionDeleted, typeSubscriptionPaused, typeSubscriptionResumed,
		typeCustomerDeleted,
		typeChargeRefunded, typeRefundUpdated, typeRefundFailed,
		typeDisputeCreated, typeDisputeClosed,
	}
}

// Decide says what an event means. It knows neither network nor database: who the event is
// about, and whether it is the first to tell of its payment, is found out when it is booked.
func Decide(e Event, c Context) Decision {
	read := deciderOf(e.Type)
	var d Decision
	switch {
	case read == nil:
		d = ignore("nothing is done for this type")
	case e.Account != "":
		d = ignore("it comes from a connected account")
	case e.Livemode && !c.Live:
		d = ignore("it is a live event, and this server is in test mode")
	case !e.Livemode && c.Live:
		d = ignore("it is a test event, and this server is live")
	case e.Object == nil:
		d = ignore("it carries no object")
	default:
		d = read(e, c)
	}
	d.At = e.Created
	return d
}

// readObject decodes an event's object; what does not fit reads as missing.
func readObject[T any](e Event) (T, bool) {
	var o T
	err := tolerant(json.Unmarshal(e.Object, &o))
	return o, err == nil
}

// unreadable is the decision about an object that lacks what every such object has.
func unreadable(what string) Decision { return park("its object is no " + what + " that can be read") }

// userKey and planKey are where our checkout writes whom and what a payment is for.
const (
	userKey = "userId"
	planKey = "plan"
)

// usersOf returns the people that metadata and references name, without blanks.
func usersOf(names ...text) []string {
	var users []string
	for _, n := range names {
		if n != "" {
			users = append(users, string(n))
		}
	}
	return users
}

// planOf returns the first plan that is one.
func planOf(plans ...domain.Plan) domain.Plan {
	for _, p := range plans {
		if p.Valid() {
			return p
		}
	}
	return ""
}

// planOfPrice returns what a price buys: one of ours is known by its id.
func (c Context) planOfPrice(p price) domain.Plan { return planOf(c.Prices[p.ID], p.Interval) }

// foreign reports whether prices are named and none of them is ours.
func (c Context) foreign(prices []price) bool {
	named := false
	for _, p := range prices {
		if p.ID == "" {
			continue
		}
		if _, ours := c.Prices[p.ID]; ours {
			return false
		}
		named = true
	}
	return named && len(c.Prices) > 0
}
