package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"liveassist/store"
)

// linkFor is how long after an event Stripe is asked again which invoice its payment was for.
const linkFor = 7 * 24 * time.Hour

// link asks Stripe which invoice a payment was for, where an event about money that goes
// back was parked because no known payment bears its names, and takes the event up if that
// tells. Since 2025-03-31 neither invoices nor charges name each other in events; the API
// still tells, in the version that stripe-go v76 asks for.
func (s *Service) link(ctx context.Context, e Event) ([]Outcome, error) {
	d := Decide(e, s.Context)
	if s.stripe == nil || d.Scope != ScopePayment || d.Refs.Invoice != "" || s.clock().Sub(d.At) > linkFor {
		return nil, nil
	}
	refs, err := s.stripe.payment(ctx, d.Refs)
	if err != nil || refs.Invoice == "" {
		return nil, err
	}
	var outcomes []Outcome
	err = s.db.Write(ctx, "link payment", func(tx *store.Tx) error {
		grants, err := tx.GrantsNamed("", "", refs.Invoice)
		if err != nil || len(grants) != 1 || !refs.compatible(grants[0]) {
			return err
		}
		b := s.begin(tx)
		if err := tx.NameGrant(store.Grant{Key: grants[0].Key, Intent: refs.Intent, Charge: refs.Charge}); err != nil {
			return err
		}
		b.learn(refs.Intent, refs.Charge)
		if outcomes, err = b.takeUp(); err != nil {
			return err
		}
		return b.finish()
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// payment returns all names of a payment; what Stripe does not know stays empty.
func (s *stripeAPI) payment(ctx context.Context, known Refs) (Refs, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	id := known.Charge
	if id == "" {
		params := &stripe.PaymentIntentParams{}
		params.Context = ctx
		intent, err := s.intents.Get(known.Intent, params)
		if isMissing(err) || err == nil && intent.LatestCharge == nil {
			return known, nil
		}
		if err != nil {
			return known, fmt.Errorf("read payment %s: %w", known.Intent, err)
		}
		id = intent.LatestCharge.ID
	}
	params := &stripe.ChargeParams{}
	params.Context = ctx
	got, err := s.charges.Get(id, params)
	if isMissing(err) {
		return known, nil
	}
	if err != nil {
		return known, fmt.Errorf("read charge %s: %w", id, err)
	}
	var ch charge
	if err := tolerant(json.Unmarshal(got.LastResponse.RawJSON, &ch)); err != nil {
		return known, fmt.Errorf("read charge %s: %w", id, err)
	}
	refs := ch.refs()
	if refs.Intent == "" {
		refs.Intent = known.Intent
	}
	return refs, nil
}
