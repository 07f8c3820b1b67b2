package billing

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"maps"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stripe/stripe-go/v76/webhook"

	"liveassist/domain"
	"liveassist/store"
)

// testSecret signs what tests deliver.
const testSecret = "whsec_test"

// world is billing on a real database, with a clock that tests move.
type world struct {
	testing.TB
	*Service
	db      *store.DB
	log     *logBuffer
	now     *testClock
	entries *outbox
}

type testClock struct{ ms atomic.Int64 }

func (c *testClock) time() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *testClock) add(d time.Duration)      { c.ms.Add(d.Milliseconds()) }
func (c *testClock) unix() int64              { return c.ms.Load() / 1000 }
func (c *testClock) in(d time.Duration) int64 { return c.time().Add(d).Unix() }

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// outbox reads what was announced, from where it was read last.
type outbox struct {
	w    *world
	seen int64
}

// names returns the events that were announced to somebody, and passes all others over.
func (o *outbox) names(user domain.UserID) []string {
	o.w.Helper()
	events, err := o.w.db.EventsAfter(o.w.Context(), user, o.seen, 1000)
	must(o.w, err)
	o.seen, err = o.w.db.NewestSeq(o.w.Context())
	must(o.w, err)
	names := []string{}
	for _, e := range events {
		names = append(names, e.Name)
	}
	return names
}

// newWorld starts with the real time of now, in whole seconds, so that signatures are good.
func newWorld(tb testing.TB, change ...func(*Config)) *world {
	tb.Helper()
	w := &world{TB: tb, log: &logBuffer{}, now: &testClock{}}
	w.entries = &outbox{w: w}
	w.now.ms.Store(time.Now().Unix() * 1000)
	var err error
	w.db, err = store.Open(tb.Context(), store.Options{
		Dir: tb.TempDir(), Clock: w.now.time, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	must(tb, err)
	tb.Cleanup(func() { must(tb, w.db.Close()) })
	c := Config{
		BaseURL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}, Listen: "127.0.0.1:8080", WebhookSecrets: testSecret,
		Grace: 72 * time.Hour, FreeImagesPerDay: 2,
		Store: w.db, Log: slog.New(slog.NewTextHandler(w.log, nil)), Clock: w.now.time, Rand: rand.Reader,
	}
	for _, f := range change {
		f(&c)
	}
	w.Service, err = New(c)
	must(tb, err)
	return w
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// user makes an account that has sent two free images today.
func (w *world) user() domain.UserID {
	w.Helper()
	u, err := w.db.CreateUser(w.Context(), store.NewUser{Email: uuid.NewString() + "@example.com", PasswordHash: "x"}, store.NewLogin{Token: store.TokenHash(randomHash(w)), TTL: time.Hour})
	must(w, err)
	must(w, w.db.Write(w.Context(), "count images", func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE users SET image_counter = 2, image_day = ? WHERE id = ?`, int64(domain.DayOf(tx.Now)), string(u.ID))
		return err
	}))
	w.entries.names(u.ID)
	return u.ID
}

func randomHash(tb testing.TB) (h [32]byte) {
	tb.Helper()
	_, err := rand.Read(h[:])
	must(tb, err)
	return h
}

// get returns how a person stands.
func (w *world) get(id domain.UserID) domain.User {
	w.Helper()
	u, err := w.db.User(w.Context(), id)
	must(w, err)
	return u
}

// paid reports whether a person reads as paid right now.
func (w *world) paid(id domain.UserID) bool {
	w.Helper()
	return w.get(id).Subscription.ActiveAt(w.now.time(), w.grace)
}

// expiry returns the end of a person's subscription in Unix seconds, 0 where there is none.
func (w *world) expiry(id domain.UserID) int64 {
	w.Helper()
	if e := w.get(id).Subscription.Expiry; e != nil {
		return int64(*e) / 1000
	}
	return 0
}

// status returns what the ledger says of an event.
func (w *world) status(e object) string {
	w.Helper()
	var status string
	must(w, w.db.Find(w.Context(), store.CollWebhooks, []store.Match{{Field: "eventId", Value: e["id"]}, {Field: "type", Value: e["type"]}}, func(d domain.Document) error {
		for _, f := range d {
			if f.Name == "status" {
				status = f.Value.(string)
			}
		}
		return nil
	}))
	return status
}

// send delivers events, each signed, and expects each to be taken.
func (w *world) send(events ...object) {
	w.Helper()
	for _, e := range events {
		if err := w.try(e); err != nil {
			w.Fatalf("deliver %v: %v", e["type"], err)
		}
	}
}

func (w *world) try(e object) error {
	w.Helper()
	payload, err := json.MarshalIndent(e, "", "  ")
	must(w, err)
	return w.Deliver(w.Context(), payload, sign(payload, testSecret, time.Now()), false)
}

func sign(payload []byte, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: payload, Secret: secret, Timestamp: at}).Header
}

// event wraps an object; over replaces fields of the envelope.
func (w *world) event(typ string, o object, over ...object) object {
	return event(typ, w.now.unix(), o, over...)
}

func event(typ string, created int64, o object, over ...object) object {
	e := object{
		"id": "evt_" + uuid.NewString(), "object": "event", "api_version": "2023-10-16", "created": created, "livemode": false,
		"pending_webhooks": 1, "request": object{"id": nil, "idempotency_key": nil}, "type": typ, "data": object{"object": o},
	}
	return with(e, over...)
}

// with returns a copy of an object with fields replaced; a field that is replaced by drop
// is gone.
func with(o object, over ...object) object {
	c := maps.Clone(o)
	for _, x := range over {
		for k, v := range x {
			if v == (drop{}) {
				delete(c, k)
			} else {
				c[k] = v
			}
		}
	}
	return c
}

type drop struct{}

// deal is one purchase, whose objects tests deliver.
type deal struct {
	user                                            domain.UserID
	customer, sub, session, invoice, intent, charge string
	start, end                                      int64
}

// newDeal makes a purchase of 29 days: seldom the length of a calendar month, which an
// estimate has.
func newDeal(user domain.UserID, start int64) deal {
	n := uuid.NewString()[:8]
	return deal{
		user: user, customer: "cus_" + n, sub: "sub_" + n, session: "cs_test_" + n, invoice: "in_" + n, intent: "pi_" + n, charge: "ch_" + n,
		start: start, end: time.Unix(start, 0).UTC().AddDate(0, 0, 29).Unix(),
	}
}

func (w *world) deal(user domain.UserID) deal { return newDeal(user, w.now.unix()) }

// next is the deal's following period, with a payment of its own.
func (d deal) next() deal {
	n := newDeal(d.user, d.end)
	n.customer, n.sub, n.session = d.customer, d.sub, d.session
	return n
}

func (d deal) meta() object { return object{"userId": string(d.user), "plan": "month"} }

func (d deal) checkout(over ...object) object {
	return with(object{
		"id": d.session, "object": "checkout.session", "mode": "subscription", "payment_status": "paid", "status": "complete",
		"customer": d.customer, "subscription": d.sub, "invoice": d.invoice, "payment_intent": nil, "client_reference_id": string(d.user),
		"metadata": d.meta(), "amount_total": 900, "currency": "eur", "created": d.start, "livemode": false,
	}, over...)
}

// lineOld is a line in the shape of API versions up to 2025-02-24.
func (d deal) lineOld(over ...object) object {
	return with(object{
		"id": "il_1", "object": "line_item", "type": "subscription", "subscription": d.sub, "proration": false, "amount": 900,
		"period": object{"start": d.start, "end": d.end}, "metadata": object{},
	}, over...)
}

// lineBasil is a line in the shape from 2025-03-31 on.
func (d deal) lineBasil(proration bool, over ...object) object {
	return with(object{
		"id": "il_1", "object": "line_item", "amount": 900, "period": object{"start": d.start, "end": d.end}, "metadata": object{},
		"parent": object{"type": "subscription_item_details", "invoice_item_details": nil, "subscription_item_details": object{
			"subscription": d.sub, "subscription_item": "si_1", "proration": proration,
		}},
	}, over...)
}

func lines(data ...object) object { return object{"object": "list", "has_more": false, "data": data} }

// invoiceOld names its subscription itself, and says that it is paid.
func (d deal) invoiceOld(reason string, over ...object) object {
	return with(object{
		"id": d.invoice, "object": "invoice", "customer": d.customer, "subscription": d.sub, "paid": true, "status": "paid",
		"amount_paid": 900, "currency": "eur", "billing_reason": reason, "metadata": object{}, "livemode": false, "created": d.start,
		"payment_intent": d.intent, "charge": d.charge, "subscription_details": object{"metadata": d.meta()},
		"period_start": d.start - 2592000, "period_end": d.start, "lines": lines(d.lineOld()),
	}, over...)
}

// invoiceBasil names its subscription under parent.
func (d deal) invoiceBasil(reason string, over ...object) object {
	return with(object{
		"id": d.invoice, "object": "invoice", "customer": d.customer, "status": "paid",
		"amount_paid": 900, "currency": "eur", "billing_reason": reason, "metadata": object{}, "livemode": false, "created": d.start,
		"parent": object{"type": "subscription_details", "quote_details": nil, "subscription_details": object{
			"subscription": d.sub, "metadata": d.meta(),
		}},
		"period_start": d.start - 2592000, "period_end": d.start, "lines": lines(d.lineBasil(false)),
	}, over...)
}

// subscriptionOld has its period at the top.
func (d deal) subscriptionOld(status string, over ...object) object {
	return with(object{
		"id": d.sub, "object": "subscription", "status": status, "customer": d.customer, "metadata": d.meta(), "livemode": false,
		"cancel_at_period_end": false, "cancel_at": nil, "trial_end": nil, "current_period_start": d.start, "current_period_end": d.end,
		"items": lines(object{"id": "si_1", "price": object{"id": "price_m", "recurring": object{"interval": "month"}}}),
	}, over...)
}

// subscriptionBasil has its period on the items.
func (d deal) subscriptionBasil(status string, over ...object) object {
	return with(d.subscriptionOld(status, object{"current_period_start": drop{}, "current_period_end": drop{}, "items": lines(object{
		"id": "si_1", "current_period_start": d.start, "current_period_end": d.end,
		"price": object{"id": "price_m", "recurring": object{"interval": "month"}},
	})}), over...)
}

func (d deal) chargeOld(refunded int64, over ...object) object {
	return with(object{
		"id": d.charge, "object": "charge", "customer": d.customer, "payment_intent": d.intent, "invoice": d.invoice,
		"amount": 900, "amount_refunded": refunded, "refunded": refunded == 900, "livemode": false,
	}, over...)
}

func (d deal) refund(status string) object {
	return object{"id": "re_" + d.charge, "object": "refund", "status": status, "charge": d.charge, "payment_intent": d.intent, "amount": 900}
}

func (d deal) dispute(status string) object {
	return object{"id": "dp_" + d.charge, "object": "dispute", "status": status, "charge": d.charge, "payment_intent": d.intent, "amount": 900}
}

// buy delivers a whole purchase.
func (w *world) buy(d deal) {
	w.Helper()
	w.send(
		w.event(typeCheckoutCompleted, d.checkout()),
		w.event(typeInvoicePaid, d.invoiceOld(reasonCreate)),
	)
	if !w.paid(d.user) || w.expiry(d.user) != d.end {
		w.Fatalf("after a purchase: paid %v until %d, want %d", w.paid(d.user), w.expiry(d.user), d.end)
	}
}
