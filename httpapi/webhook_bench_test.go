package httpapi

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// connections is how many deliveries are under way at once.
const connections = 32

// BenchmarkWebhook delivers signed checkout.session.completed events over HTTP to a server
// with a real database, each durable when it is answered: distinct ones for distinct
// people, distinct ones for one person, and the same ones again.
func BenchmarkWebhook(b *testing.B) {
	b.Run("First", func(b *testing.B) {
		s := newServer(b)
		users := makeUsers(b, s.db, b.N)
		deliverAll(b, s, signedEvents(b.N, func(i int) domain.UserID { return users[i] }))
	})
	b.Run("OnePerson", func(b *testing.B) {
		s := newServer(b)
		users := makeUsers(b, s.db, 1)
		deliverAll(b, s, signedEvents(b.N, func(int) domain.UserID { return users[0] }))
	})
	b.Run("Duplicate", func(b *testing.B) {
		s := newServer(b)
		users := makeUsers(b, s.db, 64)
		events := signedEvents(64, func(i int) domain.UserID { return users[i] })
		deliverAll(b, s, events)
		again := make([]signedEvent, b.N)
		for i := range again {
			again[i] = events[i%len(events)]
		}
		b.ResetTimer()
		deliverAll(b, s, again)
	})
}

type signedEvent struct {
	body      []byte
	signature string
}

func makeUsers(b *testing.B, db *store.DB, n int) []domain.UserID {
	b.Helper()
	ids := make([]domain.UserID, n)
	var group sync.WaitGroup
	var next atomic.Int64
	for range connections {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				u, err := db.CreateUser(b.Context(), store.NewUser{Email: uuid.NewString() + "@example.com", PasswordHash: "x"},
					store.NewLogin{Token: sha256.Sum256([]byte(uuid.NewString())), TTL: time.Hour})
				if err != nil {
					b.Error(err)
					return
				}
				ids[i] = u.ID
			}
		})
	}
	group.Wait()
	return ids
}

// signedEvents have the size and the fields of Stripe's.
func signedEvents(n int, user func(int) domain.UserID) []signedEvent {
	now := time.Now().Unix()
	events := make([]signedEvent, n)
	for i := range events {
		id := fmt.Sprintf("%d_%08d", now, i)
		body := fmt.Appendf(nil, checkoutEvent, id, now, id, now, id, user(i), id, user(i), id)
		mac := hmac.New(sha256.New, []byte(webhookSecret))
		fmt.Fprintf(mac, "%d.%s", now, body)
		events[i] = signedEvent{body, fmt.Sprintf("t=%d,v1=%s", now, hex.EncodeToString(mac.Sum(nil)))}
	}
	return events
}

const checkoutEvent = `{"id":"evt_%s","object":"event","api_version":"2023-10-16","created":%d,"livemode":false,"pending_webhooks":1,
"request":{"id":null,"idempotency_key":null},"type":"checkout.session.completed","data":{"object":{
"id":"cs_test_%s","object":"checkout.session","after_expiration":null,"allow_promotion_codes":null,"amount_subtotal":900,"amount_total":900,
"automatic_tax":{"enabled":false,"liability":null,"status":null},"billing_address_collection":null,
"cancel_url":"https://example.com/account?subscription=cancelled","client_secret":null,"consent":null,"consent_collection":null,
"created":%d,"currency":"eur","currency_conversion":null,"custom_fields":[],"customer":"cus_%s","client_reference_id":"%s",
"custom_text":{"after_submit":null,"shipping_address":null,"submit":null,"terms_of_service_acceptance":null},
"customer_creation":null,"customer_details":{"address":{"city":null,"country":"SE","line1":null,"line2":null,"postal_code":null,"state":null},
"email":"somebody@example.com","name":"Some Body","phone":null,"tax_exempt":"none","tax_ids":[]},"customer_email":null,
"expires_at":1893456000,"invoice":"in_%s","invoice_creation":null,"livemode":false,"locale":null,"metadata":{"userId":"%s","plan":"month"},
"mode":"subscription","payment_intent":null,"payment_link":null,"payment_method_collection":"always","payment_method_options":{"card":{"request_three_d_secure":"automatic"}},
"payment_method_types":["card"],"payment_status":"paid","phone_number_collection":{"enabled":false},"recovered_from":null,"setup_intent":null,
"shipping_address_collection":null,"shipping_cost":null,"shipping_details":null,"shipping_options":[],"status":"complete","submit_type":null,
"subscription":"sub_%s","success_url":"https://example.com/?subscription=success","total_details":{"amount_discount":0,"amount_shipping":0,"amount_tax":0},
"ui_mode":"hosted","url":null}}}`

// deliverAll delivers events with 32 connections and reports the rate and the 99th
// percentile of the time to an answer.
func deliverAll(b *testing.B, s *server, events []signedEvent) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(events))
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	start, used := time.Now(), cpuTime(b)
	for range connections {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(events); i = int(next.Add(1)) - 1 {
				sent := time.Now()
				if err := deliverOne(b, client, s.url, events[i]); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(sent)
			}
		})
	}
	group.Wait()
	total, cpu := time.Since(start), cpuTime(b)-used
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(len(events))/total.Seconds(), "events/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	// Server and client together: what the rate would be bound by on an idle machine.
	b.ReportMetric(float64(cpu.Microseconds())/float64(len(events)), "cpu-µs/event")
}

// cpuTime is what this process has used so far, of all cores.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func deliverOne(b *testing.B, client *http.Client, url string, e signedEvent) error {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+webhookPath, bytes.NewReader(e.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Stripe-Signature", e.signature)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answer %d: %s", resp.StatusCode, body)
	}
	return resp.Body.Close()
}
