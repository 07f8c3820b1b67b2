package billing

import (
	"context"
	"errors"
	"net/url"
	"time"

	"liveassist/domain"
)

var (
	errNoPlan = domain.E(domain.KindInvalidRequest, "plan must be month or year.")
	// ErrAlreadySubscribed sends a person to the portal instead of selling twice.
	ErrAlreadySubscribed = domain.E(domain.KindAlreadySubscribed, "You have Premium already. You can change or end it under Manage subscription.")
	errPaymentPending    = domain.E(domain.KindAlreadySubscribed, "Your last payment is still being processed. Nothing more is needed from you.")
	errRenewalFailed     = domain.E(domain.KindAlreadySubscribed, "The last renewal could not be paid. Please update your payment method under Manage subscription.")
	errNothingToManage   = domain.E(domain.KindNotFound, "There is no subscription to manage yet.")
)

// retriedFor is how long after a period's end Stripe may still charge a renewal that
// failed: as long, a second purchase could be paid twice.
const retriedFor = 30 * 24 * time.Hour

// Checkout returns the address of a page where a person pays for a plan. returnTo is a
// path of the app to come back to, or empty.
func (s *Service) Checkout(ctx context.Context, user domain.UserID, plan domain.Plan, returnTo string, local bool) (string, error) {
	if !plan.Valid() {
		return "", errNoPlan
	}
	if returnTo != "" {
		if err := checkReturnPath(returnTo); err != nil {
			return "", err
		}
	}
	p, err := s.provider(local)
	if err != nil {
		return "", err
	}
	u, err := s.db.User(ctx, user)
	if err != nil {
		return "", err
	}
	if u.Subscription.ActiveAt(s.clock(), s.grace) {
		return "", ErrAlreadySubscribed
	}
	switch sub := u.Subscription; {
	case sub.Payment == domain.PaymentProcessing:
		return "", errPaymentPending
	case sub.PastDue && sub.Expiry != nil && s.clock().Sub(sub.Expiry.Time()) < retriedFor:
		return "", errRenewalFailed
	}
	address, err := s.pay(ctx, p, u, purchase{
		User: user, Plan: plan, At: s.clock(),
		SuccessURL: s.successURL(returnTo), CancelURL: s.base + "/account?subscription=cancelled",
	})
	if err != nil {
		return "", unavailable(err)
	}
	return address, nil
}

// pay returns the address of the payment page. A customer that Stripe does not know any
// more is replaced once.
func (s *Service) pay(ctx context.Context, p provider, u domain.User, buy purchase) (address string, err error) {
	if buy.Customer, err = s.customer(ctx, p, u); err != nil {
		return "", err
	}
	address, err = p.createCheckout(ctx, buy)
	if !errors.Is(err, errCustomerGone) {
		return address, err
	}
	if err := s.db.DeleteCustomer(ctx, buy.Customer); err != nil {
		return "", err
	}
	if buy.Customer, err = s.newCustomer(ctx, p, u, buy.Customer); err != nil {
		return "", err
	}
	return p.createCheckout(ctx, buy)
}

// successURL holds the literal {CHECKOUT_SESSION_ID}, which url.Values would escape and
// Stripe then not find.
func (s *Service) successURL(returnTo string) string {
	address := s.base + "/?subscription=success&session_id={CHECKOUT_SESSION_ID}"
	if returnTo != "" {
		address += "&return_to=" + url.QueryEscape(returnTo)
	}
	return address
}

// customer returns the person's customer at Stripe. A new one is bound to the person
// before anything can be paid, so that every later event finds them.
func (s *Service) customer(ctx context.Context, p provider, u domain.User) (string, error) {
	id, err := s.db.CustomerOf(ctx, u.ID)
	if err == nil || !errors.Is(err, domain.ErrNotFound) {
		return id, err
	}
	return s.newCustomer(ctx, p, u, "")
}

func (s *Service) newCustomer(ctx context.Context, p provider, u domain.User, gone string) (string, error) {
	id, err := p.createCustomer(ctx, u, gone)
	if err != nil {
		return "", err
	}
	if err := s.db.BindCustomer(ctx, id, u.ID); err != nil {
		if errors.Is(err, domain.ErrNotFound) {
			return "", errors.New("create customer: the new customer " + id + " is another user's already")
		}
		return "", err
	}
	return id, nil
}

// Portal returns the address where a person manages the subscription.
func (s *Service) Portal(ctx context.Context, user domain.UserID, local bool) (string, error) {
	p, err := s.provider(local)
	if err != nil {
		return "", err
	}
	customer, err := s.payingCustomer(ctx, user)
	if errors.Is(err, domain.ErrNotFound) {
		return "", errNothingToManage
	}
	if err != nil {
		return "", err
	}
	address, err := p.createPortal(ctx, customer, s.base+"/account")
	if errors.Is(err, errCustomerGone) {
		return "", errNothingToManage
	}
	if err != nil {
		return "", unavailable(err)
	}
	return address, nil
}

// payingCustomer returns the customer behind the subscription that lasts longest, and
// without one the person's newest customer.
func (s *Service) payingCustomer(ctx context.Context, user domain.UserID) (string, error) {
	subs, err := s.db.SubscriptionsOf(ctx, user)
	if err != nil {
		return "", err
	}
	var customer string
	var last domain.Timestamp
	for _, sub := range subs {
		if sub.Customer == "" || sub.EndedAt != 0 || sub.Once || !sub.Granted {
			continue
		}
		if end := periodEnd(sub); end > last {
			customer, last = sub.Customer, end
		}
	}
	if customer != "" {
		return customer, nil
	}
	return s.db.CustomerOf(ctx, user)
}

// CancelAll ends all subscriptions of a person at Stripe, before their account is deleted.
func (s *Service) CancelAll(ctx context.Context, user domain.UserID, local bool) error {
	subs, err := s.db.SubscriptionsOf(ctx, user)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		if sub.EndedAt != 0 || sub.Once {
			continue
		}
		p, err := s.provider(local)
		if err != nil {
			return err
		}
		if err := p.cancel(ctx, sub.ID); err != nil {
			return unavailable(err)
		}
	}
	return nil
}
