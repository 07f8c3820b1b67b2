package billing

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"liveassist/domain"
	"liveassist/store"
)

// What an operator gives or ends by hand stands in the same tables as what Stripe says and
// takes the same way to the person: a subscription without a payment, which nothing renews,
// or the end of those that last. It is no payment, so it brings no bonus.

const (
	// ByHand begins the ids of what an operator gave.
	ByHand = "hand:"
	// endedByOperator marks a subscription that an operator has ended. Stripe may still end
	// it for good; a payment for it counts no more, and is told as an alarm.
	endedByOperator = "operator"

	maxReason  = 500 // characters
	maxByHand  = 10 * 366 * 24 * time.Hour
	reasonText = "A reason of 1 to 500 characters is needed."
)

var (
	errReason = domain.E(domain.KindInvalidRequest, reasonText)
	errUntil  = domain.E(domain.KindInvalidRequest, "until must be a time in the future, at most ten years ahead.")
	errNoEnd  = &domain.Error{Kind: domain.KindConflict, Code: "NOT_PAID", Message: "There is no Premium to end."}
)

// GrantByHand gives a person Premium until a time. id makes it once only, however often it
// is asked for; the act needs a reason.
func (s *Service) GrantByHand(ctx context.Context, user domain.UserID, id string, until time.Time, act store.Act) error {
	if err := checkReason(&act); err != nil {
		return err
	}
	now := s.clock()
	if !until.After(now) || until.Sub(now) > maxByHand {
		return errUntil
	}
	return s.byHand(ctx, user, func(b *booking) error {
		if id == "" {
			id = b.tx.NewID()
		}
		sub := store.Subscription{ID: ByHand + id, User: user, Once: true, Granted: true, PeriodEnd: domain.At(until)}
		old, err := b.tx.Subscription(sub.ID)
		if err == nil && old.User != user {
			return &domain.Error{Kind: domain.KindConflict, Code: domain.CodeIDTaken, Message: "This id names another grant."}
		}
		if err == nil || !errors.Is(err, domain.ErrNotFound) {
			return err // it is there already
		}
		sub.Plan = domain.PlanMonth
		sub.StatusAt = domain.At(b.tx.Now)
		if err := b.put(sub); err != nil {
			return err
		}
		act.Action, act.User, act.Subject = domain.AuditGrant, user, sub.ID
		act.Detail = map[string]any{"until": domain.At(until)}
		return b.tx.Audit(act)
	})
}

// EndByHand ends all that a person has of Premium now. At Stripe nothing changes.
func (s *Service) EndByHand(ctx context.Context, user domain.UserID, act store.Act) error {
	if err := checkReason(&act); err != nil {
		return err
	}
	return s.byHand(ctx, user, func(b *booking) error {
		if !b.people[user].before.ActiveAt(b.tx.Now, b.grace) {
			return errNoEnd
		}
		lasting, err := b.tx.LastingSubscriptions(user)
		if err != nil {
			return err
		}
		var ended []string
		for _, sub := range lasting {
			end(&sub, domain.At(b.tx.Now), endedByOperator)
			if err := errors.Join(b.put(sub), b.tx.EndGrants(sub.ID, sub.EndedAt)); err != nil {
				return err
			}
			ended = append(ended, sub.ID)
		}
		act.Action, act.User = domain.AuditEnd, user
		act.Detail = map[string]any{"ended": ended}
		return b.tx.Audit(act)
	})
}

// byHand changes what a person has in one booking, which writes and announces it.
func (s *Service) byHand(ctx context.Context, user domain.UserID, change func(*booking) error) error {
	return s.db.Write(ctx, "change premium by hand", func(tx *store.Tx) error {
		b := s.begin(tx)
		p, err := b.person(user)
		if err != nil {
			return err
		}
		if err := change(b); err != nil {
			return err
		}
		p.touched = true
		return b.finish()
	})
}

func checkReason(act *store.Act) error {
	act.Reason = strings.TrimSpace(act.Reason)
	if domain.Blank(act.Reason) || utf8.RuneCountInString(act.Reason) > maxReason {
		return errReason
	}
	return nil
}

// GivenByHand reports whether a subscription is an operator's gift.
func GivenByHand(id string) bool { return strings.HasPrefix(id, ByHand) }
