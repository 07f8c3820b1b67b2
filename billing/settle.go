package billing

import (
	"slices"

	"liveassist/domain"
	"liveassist/store"
)

// finish writes what everybody has now, and tells their open pages.
func (b *booking) finish() error {
	users := make([]domain.UserID, 0, len(b.people))
	for id, p := range b.people {
		if p.touched {
			users = append(users, id)
		}
	}
	slices.Sort(users)
	for _, id := range users {
		if err := b.settle(id, b.people[id]); err != nil {
			return err
		}
	}
	if len(b.docs) > 0 {
		b.tx.Changed("", b.docs...)
	}
	return nil
}

// settle writes what a person has after all that was booked.
func (b *booking) settle(id domain.UserID, p *person) error {
	subs, err := b.tx.LeadingSubscriptions(id)
	if err != nil {
		return err
	}
	now := p.before
	now.Subscription = standing(subs, b.tx.Now, b.grace)
	if p.reset {
		now.ImageCounter = 0
	}
	var bonus string
	if p.award {
		if bonus, err = b.tx.AwardOnce(id, domain.FirstPremiumXP, domain.ReasonFirstPremium); err != nil {
			return err
		}
		if bonus != "" {
			now.XP += domain.FirstPremiumXP
		}
	}
	if same(now, p.before) {
		return nil
	}
	if err := b.tx.SetStanding(id, now); err != nil {
		return err
	}
	return b.announce(id, p.before, now, bonus)
}

// announce tells a person's open pages what changed.
func (b *booking) announce(id domain.UserID, before, now store.Standing, bonus string) error {
	docs := append(b.docs, store.UserDoc(id))
	b.docs = nil
	if !sameSubscription(now.Subscription, before.Subscription) {
		err := b.tx.Announce(id, domain.EventSubscriptionUpdated, domain.SubscriptionUpdated{
			Type: domain.EventSubscriptionUpdated, Status: now.Status, Expiry: now.Expiry,
		}, docs...)
		if err != nil {
			return err
		}
		docs = nil
	}
	if now.ImageCounter != before.ImageCounter || now.Status != before.Status {
		usage := domain.UsageUpdated{Type: domain.EventUsageUpdated, Counter: now.ImageCounter}
		if now.Status != domain.StatusPaid {
			usage.Limit = &b.images
		}
		if err := b.tx.Announce(id, domain.EventUsageUpdated, usage, docs...); err != nil {
			return err
		}
		docs = nil
	}
	if bonus == "" {
		return nil
	}
	return b.tx.Announce(id, domain.EventXPAwarded, domain.XPAwarded{
		Type: domain.EventXPAwarded, Amount: domain.FirstPremiumXP, Reason: domain.ReasonFirstPremium, TS: domain.At(b.tx.Now), Total: now.XP,
	}, append(docs, store.XPDoc(bonus))...)
}

func same(a, b store.Standing) bool {
	return a.ImageCounter == b.ImageCounter && a.XP == b.XP && sameSubscription(a.Subscription, b.Subscription)
}

func sameSubscription(a, b domain.Subscription) bool {
	expiry := a.Expiry == b.Expiry || a.Expiry != nil && b.Expiry != nil && *a.Expiry == *b.Expiry
	a.Expiry, b.Expiry = nil, nil
	return expiry && a == b
}
