package story

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"liveassist/e2e/evidence"
	"liveassist/e2e/stack"
)

// Purchase is one payment at Stripe: its two events share everything but their ids. They have
// the form of API version 2025-03-31, which the product's Stripe library does not know.
type Purchase struct {
	UserID  string
	Created time.Time
	RunID   string
}

const apiVersion = "2025-03-31.basil"

func (p Purchase) id(kind string) string { return kind + "_e2e" + p.RunID }

// CompletedID is the id of the first event.
func (p Purchase) CompletedID() string { return p.id("evt_completed") }

// InvoiceID is the id of its sibling.
func (p Purchase) InvoiceID() string { return p.id("evt_invoice") }

// Completed is checkout.session.completed.
func (p Purchase) Completed() []byte {
	return p.event(p.CompletedID(), "checkout.session.completed", map[string]any{
		"id": p.id("cs_test"), "object": "checkout.session", "mode": "subscription", "status": "complete", "payment_status": "paid",
		"client_reference_id": p.UserID, "customer": p.id("cus"), "subscription": p.id("sub"), "invoice": p.id("in"),
		"amount_total": 900, "currency": "eur", "livemode": false,
		"metadata": map[string]any{"userId": p.UserID, "plan": "month"},
	})
}

// Invoice is invoice.payment_succeeded, for the same money.
func (p Purchase) Invoice() []byte {
	metadata := map[string]any{"userId": p.UserID, "plan": "month"}
	return p.event(p.InvoiceID(), "invoice.payment_succeeded", map[string]any{
		"id": p.id("in"), "object": "invoice", "status": "paid", "billing_reason": "subscription_create", "customer": p.id("cus"),
		"amount_paid": 900, "amount_due": 900, "total": 900, "currency": "eur", "livemode": false, "created": p.Created.Unix(),
		"parent": map[string]any{
			"type":                 "subscription_details",
			"subscription_details": map[string]any{"subscription": p.id("sub"), "metadata": metadata},
		},
		"lines": map[string]any{"object": "list", "has_more": false, "data": []any{map[string]any{
			"id": p.id("il"), "object": "line_item", "amount": 900, "currency": "eur", "metadata": metadata,
			"period": map[string]any{"start": p.Created.Unix(), "end": p.End().Unix()},
			"parent": map[string]any{
				"type": "subscription_item_details",
				"subscription_item_details": map[string]any{
					"subscription": p.id("sub"), "subscription_item": p.id("si"), "proration": false,
				},
			},
			"pricing": map[string]any{"type": "price_details", "price_details": map[string]any{"price": stack.PriceMonth}},
		}}},
	})
}

// End is the end of the month that was paid: the same day of the next month, or its last one.
func (p Purchase) End() time.Time {
	first := time.Date(p.Created.Year(), p.Created.Month()+1, 1, p.Created.Hour(), p.Created.Minute(), p.Created.Second(), 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(p.Created.Day(), last)-1)
}

func (p Purchase) event(id, kind string, object map[string]any) []byte {
	b, err := json.MarshalIndent(map[string]any{
		"id": id, "object": "event", "type": kind, "api_version": apiVersion, "created": p.Created.Unix(), "livemode": false,
		"pending_webhooks": 1, "request": map[string]any{"id": nil, "idempotency_key": nil}, "data": map[string]any{"object": object},
	}, "", "  ")
	if err != nil {
		panic("story: an event cannot be encoded: " + err.Error())
	}
	return b
}

// Sign makes a Stripe-Signature header: HMAC-SHA256 over "time.body", as Stripe documents it.
func Sign(secret string, body []byte, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// Deliver sends an event as Stripe would, and keeps what went over the wire.
func Deliver(ctx context.Context, base, step, what string, body []byte) (evidence.Delivery, error) {
	d := evidence.Delivery{Step: step, What: what, SentAt: time.Now().UTC()}
	d.Request = evidence.Message{
		Method: http.MethodPost, URL: base + "/api/webhooks/stripe", Body: string(body),
		Headers: map[string]string{
			"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
			"Stripe-Signature": Sign(stack.WebhookSecret, body, d.SentAt),
		},
	}
	req, err := http.NewRequestWithContext(ctx, d.Request.Method, d.Request.URL, bytes.NewReader(body))
	if err != nil {
		return d, fmt.Errorf("deliver: %w", err)
	}
	for k, v := range d.Request.Headers {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return d, fmt.Errorf("deliver: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	d.TookMS = float64(time.Since(d.SentAt).Microseconds()) / 1000
	d.Response = evidence.Message{Status: res.StatusCode, Body: string(answer), Headers: map[string]string{}}
	for k := range res.Header {
		d.Response.Headers[k] = res.Header.Get(k)
	}
	if err != nil {
		return d, fmt.Errorf("deliver: %w", err)
	}
	return d, nil
}
