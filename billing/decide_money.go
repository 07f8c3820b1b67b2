package billing

// decideCharge reads a refund from the side of the charge: only there stands whether all
// of it went back.
func decideCharge(e Event, _ Context) Decision {
	ch, ok := readObject[charge](e)
	if !ok || ch.ID == "" {
		return unreadable("charge")
	}
	d := Decision{Kind: Inform, Why: "a part was refunded", Back: RefundPartial, Customer: ch.Customer.ID, Refs: ch.refs(), Scope: ScopePayment}
	if ch.Refunded || ch.Amount > 0 && ch.AmountRefunded >= ch.Amount {
		d.Kind, d.Why, d.Back = End, "the payment was refunded", RefundFull
	}
	return d
}

func (c charge) refs() Refs {
	return Refs{Intent: c.PaymentIntent.ID, Charge: string(c.ID), Invoice: c.Invoice.ID}
}

// decideRefund reads what became of a refund. Only that it failed matters: of its success
// the charge tells.
func decideRefund(e Event, _ Context) Decision {
	r, ok := readObject[moneyBack](e)
	if !ok {
		return unreadable("refund")
	}
	if e.Type != typeRefundFailed && r.Status != "failed" && r.Status != "canceled" {
		return ignore("the refund is " + string(r.Status) + "; the charge tells of it")
	}
	d := r.decision("refund")
	if d.Kind != Park {
		d.Kind, d.Why, d.Back = Restore, "the refund failed", RefundFailed
	}
	return d
}

// decideDispute reads a dispute: while it is open nothing ends.
func decideDispute(e Event, _ Context) Decision {
	r, ok := readObject[moneyBack](e)
	if !ok {
		return unreadable("dispute")
	}
	d := r.decision("dispute")
	if d.Kind == Park {
		return d
	}
	switch {
	case e.Type == typeDisputeCreated:
		d.Kind, d.Why, d.Back = Inform, "the payment is disputed", DisputeOpen
	case r.Status == "lost":
		d.Kind, d.Why, d.Back = End, "the dispute was lost", DisputeLost
	case r.Status == "won":
		d.Kind, d.Why, d.Back = Restore, "the dispute was won", DisputeWon
	default:
		d.Kind, d.Why, d.Back = Inform, "the dispute was closed: "+string(r.Status), DisputeHarmless
	}
	return d
}

// decision names the payment that a refund or dispute is about.
func (r moneyBack) decision(what string) Decision {
	refs := r.Charge.refs()
	if refs.Intent == "" {
		refs.Intent = r.PaymentIntent.ID
	}
	if refs.empty() {
		return park("the " + what + " names no payment")
	}
	return Decision{Kind: Inform, Refs: refs, Customer: r.Charge.Customer.ID, Scope: ScopePayment}
}
