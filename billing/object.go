package billing

import (
	"encoding/json"

	"liveassist/domain"
)

// The objects of Stripe that decide something, with the fields that decide, of both
// payload shapes: up to API version 2025-02-24, and from 2025-03-31 ("basil") on, where an
// invoice names its subscription under parent and a subscription's period stands on its
// items. stripe-go v76 knows the older shape only and leaves the newer fields empty.

// checkoutSession is a visit to Stripe's payment page.
type checkoutSession struct {
	ID            text     `json:"id"`
	Mode          text     `json:"mode"`
	Status        text     `json:"status"`
	PaymentStatus text     `json:"payment_status"`
	Customer      ref      `json:"customer"`
	Subscription  ref      `json:"subscription"`
	Invoice       ref      `json:"invoice"`
	PaymentIntent ref      `json:"payment_intent"`
	Reference     text     `json:"client_reference_id"`
	Metadata      metadata `json:"metadata"`
	Created       epoch    `json:"created"`
}

// subscriptionDetails is what an invoice tells of its subscription.
type subscriptionDetails struct {
	Subscription ref      `json:"subscription"`
	Metadata     metadata `json:"metadata"`
}

// invoice is a bill.
type invoice struct {
	ID            text                `json:"id"`
	Status        text                `json:"status"`
	BillingReason text                `json:"billing_reason"`
	Customer      ref                 `json:"customer"`
	Subscription  ref                 `json:"subscription"`         // older shape
	Details       subscriptionDetails `json:"subscription_details"` // older shape
	Charge        ref                 `json:"charge"`               // older shape
	PaymentIntent ref                 `json:"payment_intent"`       // older shape
	Parent        struct {
		Type    text                `json:"type"`
		Details subscriptionDetails `json:"subscription_details"`
	} `json:"parent"`
	Payments list[struct { // newer shape, only where it was asked for
		Payment struct {
			PaymentIntent ref `json:"payment_intent"`
			Charge        ref `json:"charge"`
		} `json:"payment"`
	}] `json:"payments"`
	Lines   list[invoiceLine] `json:"lines"`
	Created epoch             `json:"created"`
}

// invoiceLine is one position of an invoice.
type invoiceLine struct {
	Type         text     `json:"type"`         // older shape: subscription or invoiceitem
	Subscription ref      `json:"subscription"` // older shape
	Proration    flag     `json:"proration"`    // older shape
	Metadata     metadata `json:"metadata"`
	Price        price    `json:"price"` // older shape
	Plan         price    `json:"plan"`  // before there were prices
	Parent       struct {
		Type text `json:"type"`
		Item struct {
			Subscription ref  `json:"subscription"`
			Proration    flag `json:"proration"`
		} `json:"subscription_item_details"`
		InvoiceItem struct {
			Proration flag `json:"proration"`
		} `json:"invoice_item_details"`
	} `json:"parent"`
	Pricing struct {
		Details struct {
			Price price `json:"price"`
		} `json:"price_details"`
	} `json:"pricing"`
	Period struct {
		Start epoch `json:"start"`
		End   epoch `json:"end"`
	} `json:"period"`
}

// price is a price, an older plan, or the id of either.
type price struct {
	ID       string
	Interval domain.Plan // month or year; empty where it is not known
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *price) UnmarshalJSON(b []byte) error {
	*p = price{}
	if !isObject(b) {
		return (*text)(&p.ID).UnmarshalJSON(b)
	}
	var o struct {
		ID        text `json:"id"`
		Interval  text `json:"interval"` // a plan's
		Recurring struct {
			Interval text `json:"interval"`
		} `json:"recurring"`
	}
	if err := tolerant(json.Unmarshal(b, &o)); err != nil {
		return err
	}
	p.ID = string(o.ID)
	for _, i := range []text{o.Recurring.Interval, o.Interval} {
		if plan := domain.Plan(i); plan.Valid() {
			p.Interval = plan
		}
	}
	return nil
}

// subscription is an agreement to pay again and again.
type subscription struct {
	ID                text     `json:"id"`
	Status            text     `json:"status"`
	Customer          ref      `json:"customer"`
	Metadata          metadata `json:"metadata"`
	CancelAtPeriodEnd flag     `json:"cancel_at_period_end"`
	CancelAt          epoch    `json:"cancel_at"`
	TrialEnd          epoch    `json:"trial_end"`
	CurrentPeriodEnd  epoch    `json:"current_period_end"` // older shape
	Items             list[struct {
		Price            price `json:"price"`
		Plan             price `json:"plan"`
		CurrentPeriodEnd epoch `json:"current_period_end"` // newer shape
	}] `json:"items"`
	Created epoch `json:"created"`
}

// charge is one payment.
type charge struct {
	ID             text   `json:"id"`
	Customer       ref    `json:"customer"`
	PaymentIntent  ref    `json:"payment_intent"`
	Invoice        ref    `json:"invoice"` // older shape
	Amount         amount `json:"amount"`
	AmountRefunded amount `json:"amount_refunded"`
	Refunded       flag   `json:"refunded"`
}

// expandedCharge is a charge that a refund or dispute names or holds.
type expandedCharge struct{ charge }

// UnmarshalJSON implements json.Unmarshaler.
func (c *expandedCharge) UnmarshalJSON(b []byte) error {
	*c = expandedCharge{}
	if !isObject(b) {
		return c.ID.UnmarshalJSON(b)
	}
	return tolerant(json.Unmarshal(b, &c.charge))
}

// moneyBack is a refund or a dispute: both name the payment that they take back.
type moneyBack struct {
	ID            text           `json:"id"`
	Status        text           `json:"status"`
	Charge        expandedCharge `json:"charge"`
	PaymentIntent ref            `json:"payment_intent"`
}

// customer is a person as Stripe knows them.
type customer struct {
	ID text `json:"id"`
}
