package billing

import (
	"errors"

	"liveassist/domain"
	"liveassist/store"
)

// verdict is a decision after a look into the database, before anything is written.
type verdict struct {
	kind   Kind
	status store.WebhookStatus
	why    string
	alarm  bool // an operator should look at it
	user   domain.UserID
	sub    store.Subscription // what the event is about; with known false it is new
	known  bool
	grant  store.Grant // the payment that money goes back from
	// forgotten says that the account was deleted: nothing of the event is kept but its row.
	forgotten bool
	// running is the key of the payment behind the period that ends last.
	running string
}

func (d Decision) verdict(status store.WebhookStatus, why string) verdict {
	v := verdict{kind: d.Kind, status: status, why: why}
	switch status {
	case store.WebhookParked:
		v.kind = Park
	case store.WebhookIgnored:
		v.kind = Ignore
	case store.WebhookProcessed:
	}
	return v
}

// judge finds out whom and what a decision is about. It only reads.
func (b *booking) judge(d Decision) (verdict, error) {
	switch {
	case d.Kind == Ignore:
		return d.verdict(store.WebhookIgnored, d.Why), nil
	case d.Kind == Park:
		return d.verdict(store.WebhookParked, d.Why), nil
	case d.Scope == ScopePayment:
		return b.judgePayment(d)
	case d.Scope == ScopeCustomer:
		return b.judgeCustomer(d)
	}
	return b.judgeSubscription(d)
}

// subject is the id under which a purchase is kept: the subscription's, or the session's
// where it made none.
func (d Decision) subject() string {
	if d.Subscription != "" {
		return d.Subscription
	}
	return d.Session
}

func (b *booking) judgeSubscription(d Decision) (verdict, error) {
	sub, err := b.tx.Subscription(d.subject())
	known := err == nil
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return verdict{}, err
	}
	user, why, err := b.userOf(d, sub)
	if errors.Is(err, errDeleted) {
		return d.forget(user), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if d.Foreign && !known && len(d.Users) == 0 {
		return d.verdict(store.WebhookIgnored, "its price is another product's"), nil
	}
	if user == "" {
		return d.verdict(store.WebhookParked, why), nil
	}
	v := d.verdict(store.WebhookProcessed, d.Why)
	v.user, v.sub, v.known = user, sub, known
	switch {
	case d.Kind == Grant && sub.EndedAt != 0:
		v.why += "; the subscription has ended and stays so"
		v.alarm = d.Period.Key != createKey(sub.ID) // money was taken for a period that nobody gets
	case d.State != nil && older(domain.At(d.At), sub.StatusAt):
		v.why += "; something newer is known"
	}
	if !known {
		v.sub = store.Subscription{ID: d.subject(), User: user, Customer: d.Customer}
	}
	return v, nil
}

// userOf returns whom an event is about: whom it names itself, then whose its subscription
// is, then whose its customer is. It never goes by e-mail address. Without a user, why says
// what is missing.
func (b *booking) userOf(d Decision, sub store.Subscription) (user domain.UserID, why string, err error) {
	switch {
	case len(d.Users) > 0:
		user = domain.UserID(d.Users[0])
		if id, ok := domain.ParseID(d.Users[0]); ok {
			user = domain.UserID(id)
		}
		if sub.User != "" && sub.User != user {
			return "", "it names another user than its subscription belongs to", nil
		}
	case sub.User != "":
		user = sub.User
	case d.Customer != "":
		c, err := b.tx.Customer(d.Customer)
		if errors.Is(err, domain.ErrNotFound) {
			return "", "neither its subscription nor its customer is known", nil
		}
		if err != nil {
			return "", "", err
		}
		user = c.User
	default:
		return "", "it names neither a user nor a customer", nil
	}
	if err := b.exists(user); errors.Is(err, domain.ErrNotFound) {
		return "", "there is no such user", nil
	} else if err != nil {
		return user, "", err
	}
	return user, "", nil
}

// errDeleted says that an event is about an account that was deleted.
var errDeleted = errors.New("account was deleted")

// exists answers domain.ErrNotFound where there never was such an account, and errDeleted
// where there is none any more.
func (b *booking) exists(user domain.UserID) error {
	_, err := b.person(user)
	if !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	gone, lookErr := b.tx.AccountDeleted(user)
	switch {
	case lookErr != nil:
		return lookErr
	case gone:
		return errDeleted
	}
	return err
}

// forget is the verdict on an event about an account that was deleted: it waits for nobody.
// Money that is taken for it is a matter for an operator.
func (d Decision) forget(user domain.UserID) verdict {
	v := d.verdict(store.WebhookIgnored, "its account was deleted")
	v.user, v.forgotten, v.alarm = user, true, d.Kind == Grant
	return v
}

func (b *booking) judgeCustomer(d Decision) (verdict, error) {
	c, err := b.tx.Customer(d.Customer)
	if errors.Is(err, domain.ErrNotFound) {
		return d.verdict(store.WebhookParked, "the customer is not known"), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if err := b.exists(c.User); errors.Is(err, errDeleted) {
		return d.forget(c.User), nil
	} else if err != nil {
		return verdict{}, err
	}
	v := d.verdict(store.WebhookProcessed, d.Why)
	v.user = c.User
	return v, nil
}

// judgePayment finds the payment that money goes back from: by its names; where none fits,
// by the customer, if that one has paid exactly once and no name speaks against it.
func (b *booking) judgePayment(d Decision) (verdict, error) {
	grants, err := b.tx.GrantsNamed(d.Refs.Intent, d.Refs.Charge, d.Refs.Invoice)
	if err != nil {
		return verdict{}, err
	}
	if len(grants) > 1 {
		return d.verdict(store.WebhookParked, "it names several payments"), nil
	}
	if len(grants) == 0 {
		if grants, err = b.tx.GrantsOfCustomer(d.Customer); err != nil {
			return verdict{}, err
		}
		if len(grants) != 1 || !d.Refs.compatible(grants[0]) {
			return b.unknownPayment(d)
		}
	}
	v := d.verdict(store.WebhookProcessed, d.Why)
	v.grant = grants[0]
	if v.sub, err = b.tx.Subscription(v.grant.Subscription); err != nil {
		return verdict{}, err
	}
	if err := b.exists(v.sub.User); errors.Is(err, errDeleted) {
		return d.forget(v.sub.User), nil
	} else if err != nil {
		return verdict{}, err
	}
	v.user, v.known = v.sub.User, true
	v.running, err = b.tx.RunningGrant(v.sub.ID)
	if d.Kind == End && v.running != v.grant.Key {
		v.kind = Inform
		v.why += "; it paid for an earlier period, so nothing ends"
	}
	return v, err
}

// unknownPayment lets an event wait for its payment, unless it is a matter of an account
// that was deleted: then none will come.
func (b *booking) unknownPayment(d Decision) (verdict, error) {
	v := d.verdict(store.WebhookParked, "its payment is not known")
	c, err := b.tx.Customer(d.Customer)
	if errors.Is(err, domain.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return verdict{}, err
	}
	if err := b.exists(c.User); errors.Is(err, errDeleted) {
		return d.forget(c.User), nil
	} else if err != nil {
		return verdict{}, err
	}
	return v, nil
}

// compatible reports whether no name of a payment contradicts another.
func (r Refs) compatible(g store.Grant) bool {
	agree := func(a, b string) bool { return a == "" || b == "" || a == b }
	return agree(r.Intent, g.Intent) && agree(r.Charge, g.Charge) && agree(r.Invoice, g.Invoice)
}
