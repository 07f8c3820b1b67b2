package verify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"liveassist/e2e/evidence"
)

// event is what of a Stripe event matters here.
type event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data struct {
		Object struct {
			Customer      string            `json:"customer"`
			Subscription  string            `json:"subscription"`
			PaymentStatus string            `json:"payment_status"`
			Metadata      map[string]string `json:"metadata"`
			Parent        struct {
				Details struct {
					Subscription string `json:"subscription"`
				} `json:"subscription_details"`
			} `json:"parent"`
		} `json:"object"`
	} `json:"data"`
}

// checkDeliveries asks for a paid purchase by the payer, the same event again, and its sibling,
// all signed and all taken.
func (c *checker) checkDeliveries() {
	const file = evidence.WebhookFile
	text, ok := c.content[file]
	if !ok {
		return
	}
	var d evidence.Deliveries
	if err := json.Unmarshal(text, &d); err != nil {
		c.wrong(file, "cannot be read: %v", err)
		return
	}
	if len(d.Deliveries) != 3 {
		c.wrong(file, "%d deliveries, not 3", len(d.Deliveries))
		return
	}
	events := make([]event, 3)
	for i, one := range d.Deliveries {
		if err := checkDelivery(d.SigningSecret, one, &events[i]); err != nil {
			c.wrong(file, "delivery %d: %v", i+1, err)
		}
		if one.SentAt.Before(c.manifest.Began) || one.SentAt.After(c.manifest.Ended) {
			c.wrong(file, "delivery %d: sent at %v, outside of the run", i+1, one.SentAt)
		}
	}
	first, again, sibling := events[0], events[1], events[2]
	c.completed, c.invoice = first.ID, sibling.ID
	c.paidAt = d.Deliveries[0].SentAt.UTC().Format(time.RFC3339Nano)
	object := first.Data.Object
	switch {
	case first.Type != "checkout.session.completed" || object.PaymentStatus != "paid":
		c.wrong(file, "the first event is no paid checkout.session.completed")
	case object.Metadata["userId"] != c.manifest.People.Payer:
		c.wrong(file, "the first event's metadata.userId is %q, not the payer", object.Metadata["userId"])
	}
	if d.Deliveries[1].Request.Body != d.Deliveries[0].Request.Body || again.ID != first.ID {
		c.wrong(file, "the second delivery is not the first event again")
	}
	if sibling.Type != "invoice.payment_succeeded" || sibling.ID == first.ID || sibling.Data.Object.Customer != object.Customer ||
		sibling.Data.Object.Parent.Details.Subscription != object.Subscription || object.Subscription == "" {
		c.wrong(file, "the third delivery is not the invoice of the same purchase")
	}
	if !strings.Contains(strings.Join(d.Deliveries[1].Log, "\n"), "duplicate") {
		c.wrong(file, "the log does not say that the repeated event is a duplicate")
	}
}

// checkDelivery checks the signature, the answer and the log of one delivery.
func checkDelivery(secret string, d evidence.Delivery, e *event) error {
	if err := json.Unmarshal([]byte(d.Request.Body), e); err != nil {
		return fmt.Errorf("the body is no event: %w", err)
	}
	if !signed(secret, d.Request.Headers["Stripe-Signature"], d.Request.Body) {
		return errors.New("the signature does not fit the body")
	}
	var answer map[string]any
	if err := json.Unmarshal([]byte(d.Response.Body), &answer); err != nil || d.Response.Status != 200 || answer["received"] != true {
		return fmt.Errorf("the answer is %d %s", d.Response.Status, d.Response.Body)
	}
	if !strings.Contains(strings.Join(d.Log, "\n"), e.ID) {
		return fmt.Errorf("no log line names the event %s", e.ID)
	}
	return nil
}

// signed checks a Stripe-Signature header: v1 is HMAC-SHA256 over "t.body".
func signed(secret, header, body string) bool {
	parts := regexp.MustCompile(`^t=(\d+),v1=([0-9a-f]{64})$`).FindStringSubmatch(header)
	if parts == nil || secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[1] + "." + body))
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(parts[2]))
}

// checkLog asks that the server's own log tells of the purchase, and of no failure.
func (c *checker) checkLog() {
	const file = evidence.LogFile
	text, ok := c.content[file]
	if !ok {
		return
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) > evidence.LogLines {
		c.wrong(file, "%d lines, more than %d", len(lines), evidence.LogLines)
	}
	processed := func(id string) (n int) {
		for _, l := range lines {
			if id != "" && strings.Contains(l, id) && strings.Contains(l, c.manifest.People.Payer) && strings.Contains(l, "processed") {
				n++
			}
		}
		return n
	}
	if processed(c.completed) < 1 {
		c.wrong(file, "does not say that %s was processed for the payer", c.completed)
	}
	if processed(c.invoice) < 1 {
		c.wrong(file, "does not say that %s was processed for the payer", c.invoice)
	}
	for i, l := range lines {
		if strings.Contains(l, "level=ERROR") || strings.Contains(l, `"level":"ERROR"`) || strings.HasPrefix(l, "panic:") {
			c.wrong(file, "line %d is a failure: %s", i+1, l)
		}
	}
}
