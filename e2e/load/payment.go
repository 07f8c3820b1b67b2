package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// paying prints the time from the delivery of a payment's event to subscription.updated in
// the payer's open page, with a thousand other streams open.
func (p *plan) paying(ctx context.Context, r *report) error {
	const payers, others = 200, 1000
	var p50, p99 time.Duration
	err := with(ctx, p.product, func(t *target) error {
		crowd, err := t.people(10)
		if err != nil {
			return err
		}
		var open streams
		defer func() { open.close() }()
		for i := range others {
			s, err := t.listen(crowd[i%len(crowd)], func(string, []byte) {})
			if err != nil {
				return err
			}
			open = append(open, s)
		}
		took := make([]time.Duration, 0, payers)
		for i := range payers {
			d, err := pay(t, i)
			if err != nil {
				return err
			}
			took = append(took, d)
		}
		p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
		return nil
	})
	if err != nil {
		return err
	}
	r.add(row{
		Work: fmt.Sprintf("payment to subscription.updated in an open tab, %d other streams, p99", others), Unit: millis, Durability: p.product.durability(),
		sample: sampled(inMillis(p99)), goal: atMost(50), Note: "p50 " + ms(p50),
	})
	return nil
}

// pay makes a person with an open page, delivers a payment and waits for the event.
func pay(t *target, n int) (time.Duration, error) {
	who, err := t.api.person(t)
	if err != nil {
		return 0, err
	}
	events := make(chan string, 16)
	page, err := t.listen(who, func(event string, data []byte) { events <- event + " " + string(data) })
	if err != nil {
		return 0, err
	}
	defer page.c.Close()
	stripe, err := dial(t.addr, person{})
	if err != nil {
		return 0, err
	}
	defer stripe.c.Close()
	request, err := delivery(stripe, who.id, n)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	status, answer, _, err := stripe.do(request)
	if err != nil || status != http.StatusOK {
		return 0, fmt.Errorf("webhook: %d %.200s %w", status, answer, err)
	}
	err = await(events, "subscription.updated", `"paid"`)
	return time.Since(begin), err
}

func await(events <-chan string, name, text string) error {
	limit := time.After(5 * time.Second)
	for {
		select {
		case e := <-events:
			if strings.HasPrefix(e, name+" ") && strings.Contains(e, text) {
				return nil
			}
		case <-limit:
			return fmt.Errorf("%s did not arrive", name)
		}
	}
}

// delivery renders a signed checkout.session.completed, as Stripe sends it.
func delivery(c *conn, user string, n int) ([]byte, error) {
	now := time.Now().Unix()
	id := fmt.Sprintf("%d_%06d", now, n)
	body, err := json.Marshal(map[string]any{
		"id": "evt_" + id, "object": "event", "api_version": "2023-10-16", "created": now, "livemode": false, "type": "checkout.session.completed",
		"data": map[string]any{"object": map[string]any{
			"id": "cs_test_" + id, "object": "checkout.session", "mode": "subscription", "payment_status": "paid", "status": "complete",
			"created": now, "livemode": false, "customer": "cus_" + id, "subscription": "sub_" + id, "invoice": "in_" + id,
			"client_reference_id": user, "metadata": map[string]string{"userId": user, "plan": "month"},
		}},
	})
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	fmt.Fprintf(mac, "%d.%s", now, body)
	signature := fmt.Sprintf("t=%d,v1=%s", now, hex.EncodeToString(mac.Sum(nil)))
	return c.request(http.MethodPost, "/api/webhooks/stripe", string(body), "Stripe-Signature", signature), nil
}
