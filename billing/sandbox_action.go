package billing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// Deliver hands an event of the sandbox to the webhook's route, as Stripe would.
type Deliver func(ctx context.Context, d Delivery) error

// SandboxCheckout is what a payment page shows.
type SandboxCheckout struct {
	ID        string
	Price     Price
	Open      bool
	CancelURL string
}

// SandboxCheckout returns a payment page, or domain.ErrNotFound.
func (s *Service) SandboxCheckout(id string) (SandboxCheckout, error) {
	if s.sandbox == nil {
		return SandboxCheckout{}, domain.ErrNotFound
	}
	s.sandbox.mu.Lock()
	defer s.sandbox.mu.Unlock()
	cs := s.sandbox.sessions[id]
	if cs == nil {
		return SandboxCheckout{}, domain.ErrNotFound
	}
	return SandboxCheckout{ID: id, Price: sandboxPrice(cs.Plan), Open: cs.status == "open", CancelURL: cs.CancelURL}, nil
}

// SandboxPay plays that the person pays: it delivers what Stripe would send, and returns
// the address to go back to. A second click pays nothing more.
func (s *Service) SandboxPay(ctx context.Context, id string, deliver Deliver) (string, error) {
	if s.sandbox == nil {
		return "", domain.ErrNotFound
	}
	list, back, err := s.sandbox.pay(id)
	if err != nil {
		return "", err
	}
	return back, deliverAll(ctx, deliver, list)
}

func deliverAll(ctx context.Context, deliver Deliver, list []Delivery) error {
	for _, d := range list {
		if err := deliver(ctx, d); err != nil {
			return fmt.Errorf("deliver sandbox event: %w", err)
		}
	}
	return nil
}

// pay completes a session.
func (s *Sandbox) pay(id string) ([]Delivery, string, error) {
	subscription, err := s.newID("sub_sandbox")
	if err != nil {
		return nil, "", err
	}
	p, err := s.newPayment()
	if err != nil {
		return nil, "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	cs := s.sessions[id]
	if cs == nil {
		return nil, "", domain.ErrNotFound
	}
	back := strings.ReplaceAll(cs.SuccessURL, "{CHECKOUT_SESSION_ID}", id)
	if cs.status != "open" {
		return nil, back, nil
	}
	now := s.clock()
	cs.status, cs.subscription, cs.invoice, cs.paidAt = "complete", subscription, p.invoice, now
	sub := sandboxSubscription{id: subscription, customer: cs.Customer, user: cs.User, plan: cs.Plan, start: now, end: cs.Plan.PeriodEnd(now)}
	list, err := s.deliveries(
		step{typeSubscriptionCreated, sub.object("incomplete", false)},
		step{typeInvoiceSucceeded, sub.invoice(p, reasonCreate, true)},
		step{typeSubscriptionUpdated, sub.object("active", false)},
		step{typeInvoicePaid, sub.invoice(p, reasonCreate, true)},
		step{typeCheckoutCompleted, cs.object()},
	)
	return list, back, err
}

// SandboxAction is a button of the sandbox's portal.
type SandboxAction string

// The buttons.
const (
	SandboxRenew  SandboxAction = "renew"
	SandboxFail   SandboxAction = "fail"
	SandboxCancel SandboxAction = "cancel"
	SandboxResume SandboxAction = "resume"
	SandboxEnd    SandboxAction = "end"
	SandboxRefund SandboxAction = "refund"
)

// SandboxPortal is what the sandbox's portal shows.
type SandboxPortal struct {
	ID        string
	ReturnURL string
	Found     bool // there is a subscription
	Ended     bool
	Cancels   bool
	PastDue   bool
	Price     Price
	PeriodEnd time.Time
}

// SandboxPortal returns the portal's state, or domain.ErrNotFound.
func (s *Service) SandboxPortal(ctx context.Context, id string) (SandboxPortal, error) {
	portal, sub, err := s.portal(ctx, id)
	if err != nil {
		return SandboxPortal{}, err
	}
	v := SandboxPortal{ID: id, ReturnURL: portal.returnURL, Found: sub.ID != ""}
	if v.Found {
		end := periodEnd(sub)
		v.Ended, v.Cancels, v.PastDue = sub.EndedAt != 0, ends(sub, end), troubled(sub)
		v.Price, v.PeriodEnd = sandboxPrice(planOf(sub.Plan, domain.PlanMonth)), end.Time()
	}
	return v, nil
}

// portal returns a page and the newest subscription that it manages; none has no id.
func (s *Service) portal(ctx context.Context, id string) (sandboxPortal, store.Subscription, error) {
	if s.sandbox == nil {
		return sandboxPortal{}, store.Subscription{}, domain.ErrNotFound
	}
	s.sandbox.mu.Lock()
	portal, ok := s.sandbox.portals[id]
	s.sandbox.mu.Unlock()
	if !ok {
		return portal, store.Subscription{}, domain.ErrNotFound
	}
	user, err := s.db.CustomerUser(ctx, portal.customer)
	if err != nil {
		return portal, store.Subscription{}, err
	}
	subs, err := s.db.SubscriptionsOf(ctx, user)
	if err != nil {
		return portal, store.Subscription{}, err
	}
	var newest store.Subscription
	for _, sub := range subs {
		running := sub.EndedAt == 0 && newest.EndedAt != 0
		later := sub.PlanAt > newest.PlanAt && (sub.EndedAt == 0) == (newest.EndedAt == 0)
		if sub.Customer == portal.customer && sub.Granted && (newest.ID == "" || running || later) {
			newest = sub
		}
	}
	return portal, newest, nil
}

var errNoSubscription = domain.E(domain.KindInvalidRequest, "There is no running subscription that this could be done to.")

// SandboxAct does what a button of the portal says: it delivers the events that Stripe
// would send.
func (s *Service) SandboxAct(ctx context.Context, id string, action SandboxAction, deliver Deliver) error {
	_, sub, err := s.portal(ctx, id)
	if err != nil {
		return err
	}
	if sub.ID == "" || sub.EndedAt != 0 {
		return errNoSubscription
	}
	steps, err := s.steps(ctx, sub, action)
	if err != nil {
		return err
	}
	list, err := s.sandbox.deliveries(steps...)
	if err != nil {
		return err
	}
	return deliverAll(ctx, deliver, list)
}

func (s *Service) steps(ctx context.Context, sub store.Subscription, action SandboxAction) ([]step, error) {
	end := periodEnd(sub).Time()
	plan := planOf(sub.Plan, domain.PlanMonth)
	now := sandboxSubscription{id: sub.ID, customer: sub.Customer, user: sub.User, plan: plan, start: s.clock(), end: end}
	next := now
	next.start, next.end = end, plan.PeriodEnd(end)
	switch action {
	case SandboxRenew:
		p, err := s.sandbox.newPayment()
		return []step{
			{typeSubscriptionUpdated, next.object("active", false)},
			{typeInvoiceSucceeded, next.invoice(p, reasonCycle, true)},
			{typeInvoicePaid, next.invoice(p, reasonCycle, true)},
		}, err
	case SandboxFail:
		p, err := s.sandbox.newPayment()
		return []step{
			{typeInvoiceFailed, next.invoice(p, reasonCycle, false)},
			{typeSubscriptionUpdated, next.object("past_due", false)},
		}, err
	case SandboxCancel:
		return []step{{typeSubscriptionUpdated, now.object("active", true)}}, nil
	case SandboxResume:
		return []step{{typeSubscriptionUpdated, now.object("active", false)}}, nil
	case SandboxEnd:
		return []step{{typeSubscriptionDeleted, now.object("canceled", false)}}, nil
	case SandboxRefund:
		grants, err := s.db.GrantsOf(ctx, sub.ID)
		if err == nil && len(grants) == 0 {
			err = errors.New("refund: the subscription has no payment")
		}
		if err != nil {
			return nil, err
		}
		if grants[0].Charge == "" { // bought elsewhere: the customer leads to it
			grants[0].Charge, err = s.sandbox.newID("ch_sandbox")
		}
		return []step{{typeChargeRefunded, refund(sub, grants[0])}}, err
	}
	return nil, domain.ErrNotFound
}
