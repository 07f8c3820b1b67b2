package billing

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"liveassist/domain"
	"liveassist/store"
)

// The objects and events below have the form of API version 2023-10-16, the one that
// stripe-go v76 is made for.

// object is a JSON object in the making.
type object = map[string]any

// Delivery is an event on its way: the body, and its Stripe-Signature.
type Delivery struct {
	Payload   []byte
	Signature string
}

// delivery makes an event of an object and signs it.
func (s *Sandbox) delivery(typ string, o object) (Delivery, error) {
	id, err := s.newID("evt_sandbox")
	if err != nil {
		return Delivery{}, err
	}
	now := s.clock()
	payload, err := json.Marshal(object{
		"id": id, "object": "event", "api_version": "2023-10-16", "created": now.Unix(), "livemode": false,
		"pending_webhooks": 1, "request": object{"id": nil, "idempotency_key": nil}, "type": typ, "data": object{"object": o},
	})
	if err != nil {
		return Delivery{}, fmt.Errorf("make event %s: %w", typ, err)
	}
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: payload, Secret: s.secret, Timestamp: now})
	return Delivery{Payload: payload, Signature: signed.Header}, nil
}

// deliveries makes events of types and objects that follow each other.
func (s *Sandbox) deliveries(steps ...step) ([]Delivery, error) {
	list := make([]Delivery, 0, len(steps))
	for _, st := range steps {
		d, err := s.delivery(st.typ, st.object)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// step is one event to make.
type step struct {
	typ    string
	object object
}

// meta is what our checkout writes into sessions and subscriptions.
func meta(user domain.UserID, plan domain.Plan) object {
	return object{userKey: string(user), planKey: string(plan)}
}

// object is the session as Stripe would write it.
func (cs *sandboxSession) object() object {
	o := object{
		"id": cs.id, "object": "checkout.session", "mode": "subscription", "status": cs.status, "livemode": false,
		"payment_status": "unpaid", "client_reference_id": string(cs.User), "customer": cs.Customer, "metadata": meta(cs.User, cs.Plan),
		"amount_total": sandboxPrice(cs.Plan).Amount, "currency": sandboxCurrency, "created": cs.At.Unix(),
		"subscription": nil, "invoice": nil, "payment_intent": nil,
	}
	if cs.status == "complete" {
		o["payment_status"], o["subscription"], o["invoice"] = "paid", cs.subscription, cs.invoice
	}
	return o
}

// sandboxSubscription describes a subscription for the objects about it.
type sandboxSubscription struct {
	id, customer string
	user         domain.UserID
	plan         domain.Plan
	start, end   time.Time
}

func (s sandboxSubscription) object(status string, cancels bool) object {
	o := object{
		"id": s.id, "object": "subscription", "status": status, "customer": s.customer, "metadata": meta(s.user, s.plan), "livemode": false,
		"cancel_at_period_end": cancels, "cancel_at": nil, "trial_end": nil, "start_date": s.start.Unix(), "created": s.start.Unix(),
		"current_period_start": s.start.Unix(), "current_period_end": s.end.Unix(),
		"items": object{"object": "list", "has_more": false, "data": []any{object{"id": "si_sandbox", "object": "subscription_item", "price": s.price()}}},
	}
	if cancels {
		o["cancel_at"] = s.end.Unix()
	}
	return o
}

func (s sandboxSubscription) price() object {
	return object{
		"id": "price_sandbox_" + string(s.plan), "object": "price", "currency": sandboxCurrency,
		"unit_amount": sandboxPrice(s.plan).Amount, "recurring": object{"interval": string(s.plan), "interval_count": 1},
	}
}

// payment names one payment of a subscription.
type payment struct{ invoice, intent, charge string }

// newPayment makes the names of a payment.
func (s *Sandbox) newPayment() (payment, error) {
	invoice, err := s.newID("in_sandbox")
	if err != nil {
		return payment{}, err
	}
	intent, err := s.newID("pi_sandbox")
	if err != nil {
		return payment{}, err
	}
	charge, err := s.newID("ch_sandbox")
	return payment{invoice, intent, charge}, err
}

func (s sandboxSubscription) invoice(p payment, reason string, paid bool) object {
	amount := sandboxPrice(s.plan).Amount
	o := object{
		"id": p.invoice, "object": "invoice", "customer": s.customer, "subscription": s.id, "billing_reason": reason, "livemode": false,
		"status": "open", "paid": false, "amount_due": amount, "amount_paid": 0, "currency": sandboxCurrency, "created": s.start.Unix(),
		"payment_intent": p.intent, "charge": p.charge, "subscription_details": object{"metadata": meta(s.user, s.plan)}, "metadata": object{},
		"period_start": s.start.Unix(), "period_end": s.start.Unix(), // as Stripe does: not the paid period
		"lines": object{"object": "list", "has_more": false, "data": []any{object{
			"id": "il_sandbox", "object": "line_item", "type": "subscription", "subscription": s.id, "proration": false, "amount": amount,
			"price": s.price(), "period": object{"start": s.start.Unix(), "end": s.end.Unix()}, "metadata": meta(s.user, s.plan),
		}}},
	}
	if paid {
		o["status"], o["paid"], o["amount_paid"] = "paid", true, amount
	}
	return o
}

// refund is the charge of a payment after all of it went back.
func refund(sub store.Subscription, g store.Grant) object {
	amount := sandboxPrice(planOf(sub.Plan, domain.PlanMonth)).Amount
	return object{
		"id": g.Charge, "object": "charge", "customer": sub.Customer, "payment_intent": g.Intent, "invoice": g.Invoice, "livemode": false,
		"amount": amount, "amount_refunded": amount, "refunded": true, "currency": sandboxCurrency, "paid": true, "status": "succeeded",
	}
}
