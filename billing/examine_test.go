package billing

import (
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

// finding returns the one about check.
func finding(t *testing.T, list []domain.Finding, check string) domain.Finding {
	t.Helper()
	for _, f := range list {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding about %s in %+v", check, list)
	return domain.Finding{}
}

// TestExamine_AgainstStripeMock: every call that the examination makes is one that Stripe's
// description knows, and none would change anything. What stripe-mock does not play (rights,
// endpoints, another clock) is put in between.
func TestExamine_AgainstStripeMock(t *testing.T) {
	mock := httputil.NewSingleHostReverseProxy(stripeMock(t))
	var forbid string
	var status int
	var endpoint map[string]any
	var off time.Duration
	r := newRecorder(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		if forbid != "" && strings.HasPrefix(req.URL.Path, forbid) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","message":"no"}}`))
			return
		}
		if endpoint != nil && req.URL.Path == "/v1/webhook_endpoints" {
			must(t, json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": []any{endpoint}}))
			return
		}
		mock.ServeHTTP(w, req)
	}))
	w := newWorld(t, withStripe(r.URL))
	address := "http://127.0.0.1:8080" + WebhookPath
	all := map[string]any{"url": address, "status": "enabled", "enabled_events": EventTypes()}

	for _, c := range []struct {
		name     string
		forbid   string
		status   int
		endpoint map[string]any
		off      time.Duration
		check    string
		state    domain.State
		says     string
	}{
		{name: "all is well", endpoint: all, check: "stripe key", state: domain.StateOK},
		{name: "endpoint", endpoint: all, check: "stripe webhook", state: domain.StateOK},
		{name: "prices", endpoint: all, check: "stripe prices", state: domain.StateOK},
		{name: "clock", endpoint: all, check: "clock", state: domain.StateOK},
		// The header Date has whole seconds.
		{name: "clock ahead", off: 90 * time.Second, check: "clock", state: domain.StateWarning, says: "differ by 1m"},
		{name: "clock behind", off: -570 * time.Second, check: "clock", state: domain.StateBroken, says: "differ by 9m"},
		{name: "a right is missing", forbid: "/v1/billing_portal", status: 403, check: "stripe key", state: domain.StateBroken, says: "Customer portal: Write"},
		{name: "the key is unknown", forbid: "/v1/", status: 401, check: "stripe key", state: domain.StateBroken, says: "does not know the key"},
		{name: "a price is gone", forbid: "/v1/prices/price_m", status: 404, check: "stripe prices", state: domain.StateBroken, says: "price_m"},
		{name: "no endpoint", check: "stripe webhook", state: domain.StateBroken, says: "No webhook endpoint points at " + address},
		{name: "endpoints may not be read", forbid: "/v1/webhook_endpoints", status: 403, check: "stripe webhook", state: domain.StateWarning},
		{name: "endpoint off", endpoint: map[string]any{"url": address, "status": "disabled", "enabled_events": []string{"*"}}, check: "stripe webhook", state: domain.StateBroken, says: "switched off"},
		{name: "all events by a star", endpoint: map[string]any{"url": address, "status": "enabled", "enabled_events": []string{"*"}}, check: "stripe webhook", state: domain.StateOK},
		{name: "events are missing", endpoint: map[string]any{"url": address, "status": "enabled", "enabled_events": EventTypes()[1:]}, check: "stripe webhook", state: domain.StateBroken, says: "lacks events: checkout.session.completed."},
	} {
		t.Run(c.name, func(t *testing.T) {
			forbid, status, endpoint, off = c.forbid, c.status, c.endpoint, c.off
			got := finding(t, w.Examine(t.Context()), c.check)
			if got.State != c.state || !strings.Contains(got.Says, c.says) || got.Do == "" && (got.State == domain.StateBroken) {
				t.Errorf("got %+v, want %s and %q", got, c.state, c.says)
			}
		})
	}
	for _, req := range r.take() {
		named := req.method == http.MethodGet || strings.Contains(req.path+req.form.Get("customer"), "liveassist_doctor_none")
		if !named {
			t.Errorf("%s %s %v would change something", req.method, req.path, req.form)
		}
	}
	r.Close()
	if got := finding(t, w.Examine(t.Context()), "stripe"); got.State != domain.StateBroken || !strings.Contains(got.Says, "cannot be reached") {
		t.Errorf("without Stripe: %+v", got)
	}
}
