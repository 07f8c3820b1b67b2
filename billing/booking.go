package billing

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// Outcome is what became of an event.
type Outcome struct {
	Event  Event
	Kind   Kind
	Status store.WebhookStatus
	Why    string
	User   domain.UserID
	Known  bool // it was in the ledger already, and settled
	Alarm  bool // an operator should look at it
}

// rules are the settings that decide what a booking does.
type rules struct {
	Context
	parked *waiting
	grace  time.Duration // SUBSCRIPTION_GRACE
	images int           // FREE_IMAGES_PER_DAY
}

// waiting knows whether events may be parked. Nearly always none is, and then no booking
// needs to look for those that wait for what it has learned.
type waiting struct{ maybe atomic.Bool }

// booking is one transaction in which events become what people have: the ledger's row,
// the payment's, the subscription's, the person's, and the announcements. An error before
// its end leaves nothing, the ledger's row included, and Stripe tries again.
type booking struct {
	rules
	tx      *store.Tx
	people  map[domain.UserID]*person
	learned []string        // ids that became known, for which a parked event may wait
	tried   map[int64]bool  // parked events that were looked at
	settled bool            // a parked event was settled
	docs    []domain.DocRef // documents that changed and are not named in an announcement yet
}

// person is somebody whom a booking is about.
type person struct {
	before  store.Standing
	touched bool // something was booked; else the person was only looked at
	reset   bool // the image counter starts anew
	award   bool // a payment was booked, so the bonus for the first one is due
}

// book enters an event and all parked ones that can be told now, and returns what became
// of each, the event itself first.
func (r rules) book(ctx context.Context, db *store.DB, e Event) ([]Outcome, error) {
	d := Decide(e, r.Context)
	var outcomes []Outcome
	err := db.Write(ctx, "book event", func(tx *store.Tx) error {
		b := r.begin(tx)
		o, err := b.enter(e, d)
		if err != nil {
			return err
		}
		outcomes = append(outcomes[:0], o)
		taken, err := b.takeUp()
		outcomes = append(outcomes, taken...)
		return errors.Join(err, b.finish())
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// retry looks at one parked event again, and at those that wait for what it tells.
func (r rules) retry(ctx context.Context, db *store.DB, w store.Webhook) ([]Outcome, error) {
	var outcomes []Outcome
	err := db.Write(ctx, "retry event", func(tx *store.Tx) error {
		b := r.begin(tx)
		now, err := tx.Webhook(w.Seq)
		if err != nil || now.Status != store.WebhookParked {
			return err
		}
		if outcomes, err = b.again(now, nil); err != nil {
			return err
		}
		taken, err := b.takeUp()
		outcomes = append(outcomes, taken...)
		return errors.Join(err, b.finish())
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

func (r rules) begin(tx *store.Tx) *booking {
	return &booking{rules: r, tx: tx, people: map[domain.UserID]*person{}}
}

// enter puts an event into the ledger, where it is not yet, and books it.
func (b *booking) enter(e Event, d Decision) (Outcome, error) {
	v, err := b.judge(d)
	if err != nil {
		return Outcome{}, err
	}
	w := store.Webhook{EventID: e.ID, Type: e.Type, Session: d.Session, User: v.user, Status: v.status, Why: v.why, Raw: e.Raw}
	if v.forgotten {
		w.Raw = nil
	}
	fresh, err := b.tx.AddWebhook(&w)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Event: e, Kind: v.kind, Status: v.status, Why: v.why, User: v.user, Alarm: v.alarm}
	switch {
	case !fresh && w.Status != store.WebhookParked:
		o.Status, o.Known, o.User = w.Status, true, w.User
		return o, nil
	case !fresh && v.status == store.WebhookParked:
		return o, nil
	case !fresh:
		// It was sent again, and now something can be made of it.
		w.User, w.Status, w.Why = v.user, v.status, v.why
		b.settled = true
		if err := b.conclude(w, v); err != nil {
			return o, err
		}
	case v.status == store.WebhookParked:
		b.parked.maybe.Store(true)
		if err := b.tx.ParkWebhook(w.Seq, d.keys()); err != nil {
			return o, err
		}
	}
	b.docs = append(b.docs, w.Doc())
	return o, b.act(d, v)
}

// takeUp looks again at the parked events that wait for what has become known, until
// nothing new is learned.
func (b *booking) takeUp() ([]Outcome, error) {
	var all []Outcome
	for len(b.learned) > 0 {
		keys := b.learned[:min(len(b.learned), store.MaxWaitingKeys)]
		b.learned = b.learned[len(keys):]
		if !b.parked.maybe.Load() {
			return all, nil
		}
		waiting, err := b.tx.WaitingFor(keys)
		if err != nil {
			return all, err
		}
		for _, w := range waiting {
			if all, err = b.again(w, all); err != nil {
				return all, err
			}
		}
	}
	return all, b.lookForParked()
}

// lookForParked remembers when no event is parked at all. All events are parked by this
// process, one transaction after the other, so that none can come in unseen.
func (b *booking) lookForParked() error {
	if b.settled || !b.parked.maybe.Load() {
		return nil // this transaction may be undone, and then an event is parked again
	}
	some, err := b.tx.AnyParked()
	if err == nil {
		b.parked.maybe.Store(some)
	}
	return err
}

// again books a parked event if that is possible by now.
func (b *booking) again(w store.Webhook, all []Outcome) ([]Outcome, error) {
	if b.tried[w.Seq] {
		return all, nil
	}
	e, err := ParseEvent(w.Raw)
	if err != nil {
		return all, nil //nolint:nilerr // it was readable when it came; an operator sees it in the list
	}
	d := Decide(e, b.Context)
	v, err := b.judge(d)
	if err != nil || v.status == store.WebhookParked {
		return all, err
	}
	if b.tried == nil {
		b.tried = map[int64]bool{}
	}
	b.tried[w.Seq] = true
	b.settled = true
	w.User, w.Status, w.Why = v.user, v.status, v.why
	if err := b.conclude(w, v); err != nil {
		return all, err
	}
	b.docs = append(b.docs, w.Doc())
	all = append(all, Outcome{Event: e, Kind: v.kind, Status: v.status, Why: v.why, User: v.user, Alarm: v.alarm})
	return all, b.act(d, v)
}

// conclude writes what became of a parked event.
func (b *booking) conclude(w store.Webhook, v verdict) error {
	if v.forgotten {
		if err := b.tx.DropBody(w.Seq); err != nil {
			return err
		}
	}
	return b.tx.SettleWebhook(w)
}

// keys are the ids that a parked event waits for.
func (d Decision) keys() []string {
	keys := []string{d.Subscription, d.Customer, d.Refs.Intent, d.Refs.Charge, d.Refs.Invoice}
	return slices.DeleteFunc(keys, func(k string) bool { return k == "" })
}

// learn notes ids for which parked events may wait.
func (b *booking) learn(ids ...string) {
	for _, id := range ids {
		if id != "" && !slices.Contains(b.learned, id) {
			b.learned = append(b.learned, id)
		}
	}
}

// person returns the state of somebody whom this booking is about, or domain.ErrNotFound.
func (b *booking) person(id domain.UserID) (*person, error) {
	if p := b.people[id]; p != nil {
		return p, nil
	}
	before, err := b.tx.Standing(id)
	if err != nil {
		return nil, err
	}
	p := &person{before: before}
	b.people[id] = p
	return p, nil
}
