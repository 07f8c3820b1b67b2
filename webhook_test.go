package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const signingSecret = "whsec_crash_test"

// delivery is one event of Stripe's on its way.
type delivery struct {
	id, typ string
	body    []byte
}

// purchase makes the events of one purchase of a person, whose period ends at end.
func purchase(user string, n int, end time.Time) []delivery {
	now := time.Now().Unix()
	session := map[string]any{
		"id": fmt.Sprint("cs_", n), "mode": "subscription", "payment_status": "paid", "customer": fmt.Sprint("cus_", n), "subscription": fmt.Sprint("sub_", n),
		"metadata": map[string]any{"userId": user, "plan": "month"},
	}
	// The invoice names nobody: it is parked where it comes first.
	invoice := map[string]any{
		"id": fmt.Sprint("in_", n), "status": "paid", "billing_reason": "subscription_create", "customer": fmt.Sprint("cus_", n),
		"parent": map[string]any{"type": "subscription_details", "subscription_details": map[string]any{"subscription": fmt.Sprint("sub_", n)}},
		"lines": map[string]any{"data": []any{map[string]any{"period": map[string]any{"start": now, "end": end.Unix()}, "parent": map[string]any{
			"type": "subscription_item_details", "subscription_item_details": map[string]any{"subscription": fmt.Sprint("sub_", n), "proration": false},
		}}}},
	}
	var list []delivery
	for typ, object := range map[string]any{"checkout.session.completed": session, "invoice.payment_succeeded": invoice, "invoice.paid": invoice} {
		d := delivery{id: fmt.Sprintf("evt_%d_%s", n, typ), typ: typ}
		d.body, _ = json.Marshal(map[string]any{"id": d.id, "type": typ, "created": now, "livemode": false, "data": map[string]any{"object": object}})
		list = append(list, d)
	}
	return list
}

// deliver reports whether the event was acknowledged.
func (d delivery) deliver(url string) bool {
	now := time.Now().Unix()
	mac := hmac.New(sha256.New, []byte(signingSecret))
	fmt.Fprintf(mac, "%d.%s", now, d.body)
	req, err := http.NewRequest(http.MethodPost, url+"/api/webhooks/stripe", bytes.NewReader(d.body))
	if err != nil {
		return false
	}
	req.Header.Set("Stripe-Signature", fmt.Sprintf("t=%d,v1=%s", now, hex.EncodeToString(mac.Sum(nil))))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false // the server was killed
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusOK
}

// TestWebhook_KillNine kills the server again and again while payments arrive. Stripe
// repeats what was not acknowledged, and some of the rest. Nothing that was acknowledged is
// lost, and nothing counts twice.
func TestWebhook_KillNine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := "STRIPE_WEBHOOK_SECRET=" + signingSecret
	p := mustStart(t, dir, env)
	end := time.Now().Add(40 * 24 * time.Hour).Truncate(time.Second).UTC()
	var people []*person
	var open []delivery
	for n := range 12 {
		v := mustRegister(p, fmt.Sprintf("payer%d@example.com", n))
		people = append(people, v)
		var me struct{ ID string }
		v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
		open = append(open, purchase(me.ID, n, end)...)
	}
	all, acknowledged := open, map[string]bool{}
	for kills := 0; len(open) > 0; kills++ {
		rand.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
		done := deliverUntil(p, open, kills < 4)
		for _, d := range done {
			acknowledged[d.id] = true
		}
		p.kill()
		p = mustStart(t, dir, env)
		mustHave(t, dir, acknowledged)
		var left []delivery
		for _, d := range all {
			if !acknowledged[d.id] || kills == 0 && rand.IntN(3) == 0 {
				left = append(left, d)
			}
		}
		open = left
	}
	for _, v := range people {
		v.moveTo(p)
		var me struct {
			Status string    `json:"subscription_status"`
			Expiry time.Time `json:"subscription_expiry"`
			XP     int
		}
		v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
		if me.Status != "paid" || !me.Expiry.Equal(end) || me.XP != 250 {
			t.Errorf("%s: %+v, want paid until %v with 250 XP", v.email, me, end)
		}
	}
	if got := mustFind(t, dir, "xp_events"); len(got) != len(people) {
		t.Errorf("%d bonuses for %d people", len(got), len(people))
	}
	if got := mustFind(t, dir, "webhook_events"); len(got) != len(all) {
		t.Errorf("%d events in the ledger, want %d", len(got), len(all))
	}
	for _, e := range mustFind(t, dir, "webhook_events") {
		if e["status"] != "processed" {
			t.Errorf("event %v", e)
		}
	}
}

// deliverUntil delivers with several connections and returns what was acknowledged; with
// kill, the server dies under way.
func deliverUntil(p *program, list []delivery, kill bool) (done []delivery) {
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan delivery)
	for range 6 {
		group.Go(func() {
			for d := range next {
				if d.deliver(p.url) {
					mu.Lock()
					done = append(done, d)
					mu.Unlock()
				}
			}
		})
	}
	for i, d := range list {
		if kill && i == len(list)/2 {
			group.Go(p.kill)
		}
		next <- d
	}
	close(next)
	group.Wait()
	return done
}

// mustHave checks that all acknowledged events are in the ledger.
func mustHave(t *testing.T, dir string, ids map[string]bool) {
	t.Helper()
	have := map[string]bool{}
	for _, e := range mustFind(t, dir, "webhook_events") {
		id, _ := e["eventId"].(string)
		if have[id] {
			t.Errorf("%s is in the ledger twice", id)
		}
		have[id] = true
	}
	for id := range ids {
		if !have[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
}

// mustFind returns all documents of a collection, read beside the running server.
func mustFind(t *testing.T, dir, collection string) []map[string]any {
	t.Helper()
	res := mustRun(t, []string{"DATA_DIR=" + dir}, "find", collection)
	if res.code != 0 {
		t.Fatalf("find %s: %d %s", collection, res.code, res.stderr)
	}
	var docs []map[string]any
	for line := range strings.Lines(res.stdout) {
		var d map[string]any
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("find %s: %q: %v", collection, line, err)
		}
		docs = append(docs, d)
	}
	return docs
}

// TestWebhook_SandboxRefused: asked for where money could be real, the sandbox stops the
// start, with one line that names the setting.
func TestWebhook_SandboxRefused(t *testing.T) {
	t.Parallel()
	for name, env := range map[string][]string{
		"LiveKey":  {"BILLING_SANDBOX=on", "STRIPE_SECRET_KEY=sk_live_1", "LISTEN_ADDR=127.0.0.1:0"},
		"TestKey":  {"BILLING_SANDBOX=on", "STRIPE_SECRET_KEY=sk_test_1", "LISTEN_ADDR=127.0.0.1:0"},
		"BaseURL":  {"BILLING_SANDBOX=on", "BASE_URL=https://liveassist.example", "LISTEN_ADDR=127.0.0.1:0"},
		"Nonsense": {"BILLING_SANDBOX=perhaps", "LISTEN_ADDR=127.0.0.1:0"},
	} {
		res := mustRun(t, env, "serve")
		if res.code == 0 || !strings.Contains(strings.ToUpper(strings.ReplaceAll(res.stderr, "-", "_")), "BILLING_SANDBOX") {
			t.Errorf("%s: code %d, %s", name, res.code, res.stderr)
		}
		if got := strings.Count(strings.TrimSpace(res.stderr), "\n"); got > 2 {
			t.Errorf("%s: more than a line: %s", name, res.stderr)
		}
	}
}
