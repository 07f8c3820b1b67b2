package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
)

func signature(payload []byte, secret string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), payload)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(mac.Sum(nil)))
}

// checkoutOf is a paid checkout of a person.
func checkoutOf(user domain.UserID) []byte {
	n := uuid.NewString()
	return fmt.Appendf(nil, `{"id":"evt_%s","type":"checkout.session.completed","created":%d,"livemode":false,"data":{"object":{"id":"cs_%s","mode":"subscription",
		"payment_status":"paid","customer":"cus_%s","subscription":"sub_%s","metadata":{"userId":%q}}}}`, n, time.Now().Unix(), n, n, n, string(user))
}

func TestWebhook_Answers(t *testing.T) {
	s := newServer(t)
	p := s.person()
	good := checkoutOf(p.id)
	big := fmt.Appendf(nil, `{"id":"evt_big","type":"a.b","x":%q}`, strings.Repeat("x", maxEvent))
	for _, c := range []struct {
		name      string
		body      []byte
		signature string
		status    int
		kind      string
	}{
		{"Good", good, signature(good, webhookSecret, time.Now()), 200, ""},
		{"Duplicate", good, signature(good, webhookSecret, time.Now()), 200, ""},
		{"NotSigned", good, "", 400, "invalid_signature"},
		{"Garbage", good, "garbage", 400, "invalid_signature"},
		{"Forged", good, signature(good, "whsec_other", time.Now()), 400, "invalid_signature"},
		{"TooOld", good, signature(good, webhookSecret, time.Now().Add(-302*time.Second)), 400, "invalid_signature"},
		{"UnknownUser", checkoutOf("nobody"), "sign", 200, ""},
		{"UnhandledType", []byte(`{"id":"evt_1","type":"a.b"}`), "sign", 200, ""},
		{"NoData", []byte(`{"id":"evt_2","type":"invoice.paid"}`), "sign", 200, ""},
		{"Thin", []byte(`{"id":"evt_3","object":"v2.core.event","type":"v1.x","created":"2024-09-17T06:20:52.246Z"}`), "sign", 200, ""},
		{"Null", []byte(`null`), "sign", 400, "invalid_request"},
		{"Empty", []byte(``), "sign", 400, "invalid_request"},
		{"NoJSON", []byte(`{"id":`), "sign", 400, "invalid_request"},
		{"TooLarge", big, "sign", 413, "too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.signature == "sign" {
				c.signature = signature(c.body, webhookSecret, time.Now())
			}
			got := s.browser().post(webhookPath, c.body, "Stripe-Signature", c.signature, "Origin", "https://stripe.example", "Sec-Fetch-Site", "cross-site")
			if got.status != c.status {
				t.Fatalf("status = %d %s, want %d", got.status, got.body, c.status)
			}
			if c.status == 200 {
				if string(got.body) != `{"received":true}` {
					t.Errorf("body = %s", got.body)
				}
			} else if got.str("error") != c.kind {
				t.Errorf("error = %s, want %s", got.body, c.kind)
			}
		})
	}
	if got := p.get("/api/users/me").str("subscription_status"); got != "paid" {
		t.Errorf("status = %s", got)
	}
	if got := s.browser().do(http.MethodGet, webhookPath, nil).status; got != http.StatusMethodNotAllowed {
		t.Errorf("GET answers %d", got)
	}
	if got := s.browser().post(webhookPath+"/", good).status; got != http.StatusNotFound {
		t.Errorf("a slash at the end answers %d: a redirect would lose the body", got)
	}
}

func TestBilling_SignedInAlone(t *testing.T) {
	s := newServer(t)
	for _, path := range []string{"/api/billing/checkout", "/api/billing/portal", "/api/billing/confirm"} {
		if got := s.browser().post(path, map[string]any{}); got.status != http.StatusUnauthorized {
			t.Errorf("%s answers %d", path, got.status)
		}
	}
}

func TestBilling_SandboxPurchase(t *testing.T) {
	s := newServer(t)
	p := s.person()
	plans := s.browser().get("/api/billing/plans")
	if l := plans.list(); plans.status != 200 || len(l) != 2 || l[0]["plan"] != "month" || l[0]["amount"] != 900.0 || l[1]["amount"] != 9000.0 || l[0]["currency"] != "eur" {
		t.Fatalf("plans: %d %s", plans.status, plans.body)
	}
	if got := p.post("/api/billing/portal", nil); got.status != http.StatusNotFound {
		t.Errorf("portal before a purchase: %d %s", got.status, got.body)
	}
	got := p.post("/api/billing/checkout", map[string]any{"plan": "month", "return_to": "/liveassist"})
	page, ok := strings.CutPrefix(got.str("url"), s.url)
	if !ok || !strings.HasPrefix(page, "/sandbox/checkout/") {
		t.Fatalf("checkout: %d %s", got.status, got.body)
	}
	form := p.get(page)
	for _, want := range []string{"Sandbox", ">Pay</button>", ">Cancel</button>", "€9.00"} {
		if !strings.Contains(string(form.body), want) {
			t.Errorf("the page lacks %q:\n%s", want, form.body)
		}
	}
	if csp := form.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'; form-action 'self'") {
		t.Errorf("policy = %q", csp)
	}
	if cancel := p.post(page+"/cancel", nil); cancel.status != http.StatusSeeOther || cancel.header.Get("Location") != s.url+"/account?subscription=cancelled" {
		t.Errorf("cancel: %d %s", cancel.status, cancel.header.Get("Location"))
	}
	paid := p.post(page+"/pay", nil)
	id := strings.TrimPrefix(page, "/sandbox/checkout/")
	if want := s.url + "/?subscription=success&session_id=" + id + "&return_to=%2Fliveassist"; paid.status != http.StatusSeeOther || paid.header.Get("Location") != want {
		t.Fatalf("pay: %d %s %s", paid.status, paid.header.Get("Location"), paid.body)
	}
	me := p.get("/api/users/me").object()
	if me["subscription_status"] != "paid" || me["xp"] != 250.0 || me["image_limit"] != nil || me["subscription_plan"] != "month" {
		t.Errorf("me = %v", me)
	}
	if got := p.post("/api/billing/confirm", map[string]any{"session_id": id}); got.status != 200 || got.str("subscription_status") != "paid" {
		t.Errorf("confirm: %d %s", got.status, got.body)
	}
	if got := s.person().post("/api/billing/confirm", map[string]any{"session_id": id}); got.status != http.StatusNotFound {
		t.Errorf("another person's confirm: %d %s", got.status, got.body)
	}
	if got := p.post("/api/billing/checkout", map[string]any{"plan": "year"}); got.status != http.StatusConflict || got.str("error") != "already_subscribed" {
		t.Errorf("a second checkout: %d %s", got.status, got.body)
	}
}

func TestBilling_SandboxPortal(t *testing.T) {
	s := newServer(t)
	p := s.person()
	page := strings.TrimPrefix(p.post("/api/billing/checkout", map[string]any{"plan": "year"}).str("url"), s.url)
	p.post(page+"/pay", nil)
	portal := strings.TrimPrefix(p.post("/api/billing/portal", nil).str("url"), s.url)
	if !strings.HasPrefix(portal, "/sandbox/portal/") {
		t.Fatalf("portal = %q", portal)
	}
	form := string(p.get(portal).body)
	for _, want := range []string{"Renew now", "Fail a renewal", "Cancel at period end", "Resume", "End now", "Refund"} {
		if !strings.Contains(form, ">"+want+"</button>") {
			t.Errorf("the page lacks the button %q", want)
		}
	}
	press := func(action string) map[string]any {
		t.Helper()
		if got := p.post(portal+"/"+action, nil); got.status != http.StatusSeeOther || got.header.Get("Location") != portal {
			t.Fatalf("%s: %d %s", action, got.status, got.body)
		}
		return p.get("/api/users/me").object()
	}
	if me := press("cancel"); me["subscription_cancels"] != true || me["subscription_status"] != "paid" {
		t.Errorf("after cancel: %v", me)
	}
	if me := press("resume"); me["subscription_cancels"] != false {
		t.Errorf("after resume: %v", me)
	}
	if me := press("fail"); me["subscription_past_due"] != true || me["subscription_status"] != "paid" {
		t.Errorf("after fail: %v", me)
	}
	if me := press("renew"); me["subscription_past_due"] != false {
		t.Errorf("after renew: %v", me)
	}
	if me := press("refund"); me["subscription_status"] != "free" || me["subscription_expiry"] != nil || me["image_limit"] != 2.0 {
		t.Errorf("after refund: %v", me)
	}
	if got := p.post(portal+"/end", nil); got.status != http.StatusBadRequest {
		t.Errorf("end without a subscription: %d", got.status)
	}
	if got := p.post(portal+"/nonsense", nil); got.status/100 != 4 {
		t.Errorf("an unknown button: %d", got.status)
	}
	if got := p.get("/sandbox/portal/nobody"); got.status != http.StatusNotFound || !strings.Contains(string(got.body), "no longer there") {
		t.Errorf("an unknown portal: %d %s", got.status, got.body)
	}
}

// The sandbox answers requests alone that come from this machine and name it.
func TestBilling_SandboxIsLocal(t *testing.T) {
	s := newServer(t)
	p := s.person()
	page := strings.TrimPrefix(p.post("/api/billing/checkout", map[string]any{"plan": "month"}).str("url"), s.url)
	for _, header := range [][2]string{
		{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=203.0.113.9"}, {"X-Forwarded-Host", "liveassist.example"}, {"X-Real-IP", "203.0.113.9"}, {"Via", "1.1 proxy"},
	} {
		if got := p.get(page, header[0], header[1]); got.status != http.StatusNotFound {
			t.Errorf("page with %s: %d", header[0], got.status)
		}
		if got := p.post(page+"/pay", nil, header[0], header[1]); got.status != http.StatusNotFound {
			t.Errorf("pay with %s: %d", header[0], got.status)
		}
		for _, path := range []string{"/api/billing/checkout", "/api/billing/portal"} {
			if got := p.post(path, map[string]any{"plan": "month"}, header[0], header[1]); got.status != http.StatusServiceUnavailable || got.str("error") != "billing_unavailable" {
				t.Errorf("%s with %s: %d %s", path, header[0], got.status, got.body)
			}
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+page, nil)
	must(t, err)
	req.Host = "rebound.example"
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("another name for this machine: %d", resp.StatusCode)
	}
	if got := p.get("/api/users/me").str("subscription_status"); got != "free" {
		t.Errorf("somebody paid: %s", got)
	}
}

// A payment is in an open page's stream when the webhook is answered, or soon after.
func TestWebhook_ReachesOpenPages(t *testing.T) {
	s := newServer(t)
	p := s.person()
	stream := p.stream("")
	stream.until(domain.EventReady, "")
	body := checkoutOf(p.id)
	if got := s.browser().post(webhookPath, body, "Stripe-Signature", signature(body, webhookSecret, time.Now())); got.status != 200 {
		t.Fatalf("webhook: %d %s", got.status, got.body)
	}
	var updated domain.SubscriptionUpdated
	must(t, json.Unmarshal([]byte(stream.until(domain.EventSubscriptionUpdated, "").data), &updated))
	if updated.Status != domain.StatusPaid || updated.Expiry == nil {
		t.Errorf("subscription.updated = %+v", updated)
	}
	var xp domain.XPAwarded
	must(t, json.Unmarshal([]byte(stream.until(domain.EventXPAwarded, "").data), &xp))
	if xp.Amount != 250 || xp.Total != 250 || xp.Reason != "first_premium" {
		t.Errorf("xp.awarded = %+v", xp)
	}
}
