package billing

import (
	"encoding/json"
	"testing"
	"time"
)

// BenchmarkDecide reads a payment's event and says what it means, without network and
// database.
func BenchmarkDecide(b *testing.B) {
	d := newDeal("5b0a4c0e-5d5e-4f43-9a53-1d4d4f0c6a01", 1_790_000_000)
	for typ, o := range map[string]object{"checkout.session.completed": d.checkout(), "invoice.paid": d.invoiceBasil("subscription_create")} {
		raw, err := json.Marshal(event(typ, d.start, o))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(typ, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e, err := ParseEvent(raw)
				if err != nil {
					b.Fatal(err)
				}
				if got := Decide(e, Context{}); got.Kind != Grant {
					b.Fatalf("decided %v: %s", got.Kind, got.Why)
				}
			}
		})
	}
}

// BenchmarkDeliver verifies, decides and applies distinct payments of one buyer each, one
// after the other, each on disk when it is answered.
func BenchmarkDeliver(b *testing.B) {
	w := newWorld(b)
	user := w.user()
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		payload, err := json.Marshal(w.event("checkout.session.completed", w.deal(user).checkout()))
		must(b, err)
		signature := sign(payload, testSecret, time.Now())
		b.StartTimer()
		if err := w.Deliver(b.Context(), payload, signature, false); err != nil {
			b.Fatal(err)
		}
	}
}
