package httpapi

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// items are those of a page.
func (r reply) items() []map[string]any {
	r.tb.Helper()
	r.wants(200, "list")
	var list []map[string]any
	for _, i := range r.object()["items"].([]any) {
		list = append(list, i.(map[string]any))
	}
	return list
}

// walk reads a list page by page, by its keys.
func (b *browser) walk(path string) []map[string]any {
	b.s.tb.Helper()
	var all []map[string]any
	for after := ""; ; {
		got := b.get(path + after)
		all = append(all, got.items()...)
		next, ok := got.object()["next"].(string)
		if !ok {
			return all
		}
		after = "&after=" + url.QueryEscape(next)
		if len(all) > 10_000 {
			b.s.tb.Fatal("the list never ends")
		}
	}
}

func values(list []map[string]any, field string) []string {
	var all []string
	for _, i := range list {
		all = append(all, fmt.Sprint(i[field]))
	}
	return all
}

func (s *server) deliver(event []byte) {
	s.tb.Helper()
	s.browser().post(webhookPath, event, "Stripe-Signature", signature(event, webhookSecret, time.Now())).wants(200, "deliver")
}

// refund is money that goes back from a payment, or an invoice of a subscription that is
// not known: such an event is parked.
func invoiceOf(subscription string) []byte {
	n := uuid.NewString()
	end := time.Now().Add(30 * 24 * time.Hour).Unix()
	return fmt.Appendf(nil, `{"id":"evt_%s","type":"invoice.paid","created":%d,"livemode":false,"data":{"object":{"id":"in_%s","customer":"cus_x%s","subscription":%q,
		"billing_reason":"subscription_create","amount_paid":900,"status":"paid","lines":{"data":[{"period":{"start":%d,"end":%d}}]}}}}`,
		n, time.Now().Unix(), n, n, subscription, time.Now().Unix(), end)
}

// TestOperator_Replay: an event is parked because nobody is known who it is for. As soon as
// that is known, a replay makes the person Premium, exactly once and with one bonus.
func TestOperator_Replay(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.operator()
	sub := "sub_" + uuid.NewString()
	event := invoiceOf(sub)
	s.deliver(event)
	parked := anna.get("/api/operator/webhooks?status=parked").items()
	if len(parked) != 1 || parked[0]["type"] != "invoice.paid" || parked[0]["user"] != nil {
		t.Fatalf("parked: %v", parked)
	}
	path := "/api/operator/webhooks/" + parked[0]["id"].(string)
	if d := anna.get(path).wants(200, "detail").object(); d["raw"].(map[string]any)["type"] != "invoice.paid" || !slices.Contains(d["waitsFor"].([]any), any(sub)) {
		t.Errorf("detail: %v", d)
	}
	got := anna.post(path+"/replay", nil).wants(200, "too early").object()
	if got["outcome"] != "parked" || got["why"] == "" {
		t.Errorf("nobody is known: %v, want parked and why", got)
	}
	if u := p.get("/api/users/me").object(); u["subscription_status"] != "free" {
		t.Fatalf("before: %v", u)
	}
	// The customer becomes known by hand, without an event that would take the parked one up.
	must(t, s.db.BindCustomer(t.Context(), customerOf(event), p.id))
	page := p.stream("")
	page.until("ready", `"free"`)
	got = anna.post(path+"/replay", map[string]any{"reason": "she wrote that she paid"}).wants(200, "replay").object()
	if got["outcome"] != "processed" || got["webhook"].(map[string]any)["status"] != "processed" {
		t.Errorf("replay: %v", got)
	}
	page.until("subscription.updated", `"paid"`)
	page.until("xp.awarded", `"amount":250`)
	for range 2 {
		if got := anna.post(path+"/replay", nil).wants(200, "again").object(); got["outcome"] != "duplicate" {
			t.Errorf("again: %v", got)
		}
	}
	s.deliver(event) // Stripe sends it again
	page.quiet(200 * time.Millisecond)
	u := p.get("/api/users/me").object()
	if u["subscription_status"] != "paid" || u["xp"] != 250.0 {
		t.Errorf("after: %v", u)
	}
	if n := len(p.get("/api/xp").object()["events"].([]any)); n != 1 {
		t.Errorf("%d bonuses", n)
	}
	entries := anna.get("/api/operator/audit?action=webhook.replay").items()
	if len(entries) != 4 || entries[2]["reason"] != "she wrote that she paid" || entries[2]["detail"].(map[string]any)["now"] != "processed" || entries[3]["detail"].(map[string]any)["now"] != "parked" {
		t.Errorf("log: %v", entries)
	}
	anna.post("/api/operator/webhooks/"+uuid.NewString()+"/replay", nil).wants(404, "no such event")

	// The time line shows how one led to the next.
	var kinds []string
	for _, e := range anna.get("/api/operator/users/" + string(p.id) + "/evidence").items() {
		if e["kind"] != "audit" {
			kinds = append(kinds, fmt.Sprint(e["kind"], " ", e["title"]))
		}
	}
	want := []string{"webhook invoice.paid", "user users", "event subscription.updated", "event usage.updated", "event xp.awarded", "xp first_premium"}
	if !slices.Equal(kinds, want) {
		t.Errorf("evidence\n got %v\nwant %v", kinds, want)
	}
	var paged []map[string]any
	for after := ""; ; {
		got := anna.get("/api/operator/users/" + string(p.id) + "/evidence?limit=2" + after)
		paged = append(got.items(), paged...)
		next, ok := got.object()["next"].(string)
		if !ok {
			break
		}
		after = "&after=" + next
	}
	seen := map[string]int{}
	for _, e := range paged {
		seen[fmt.Sprint(e["kind"], e["id"])]++
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s comes %d times in the pages", what, n)
		}
	}
	for _, k := range want {
		if !slices.ContainsFunc(paged, func(e map[string]any) bool { return fmt.Sprint(e["kind"], " ", e["title"]) == k }) {
			t.Errorf("the pages lack %s", k)
		}
	}
}

func customerOf(event []byte) string {
	var e struct {
		Data struct {
			Object struct {
				Customer string `json:"customer"`
			} `json:"object"`
		} `json:"data"`
	}
	_ = json.Unmarshal(event, &e)
	return e.Data.Object.Customer
}

// TestOperator_ByHand: Premium given and ended by hand reaches the person as if it had been
// paid, needs a reason, brings no bonus, and is written down.
func TestOperator_ByHand(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.operator()
	path := "/api/operator/users/" + string(p.id) + "/premium"
	until := time.Now().Add(10 * 24 * time.Hour).UTC().Truncate(time.Millisecond)
	for name, body := range map[string]map[string]any{
		"no reason":    {"until": until},
		"blank reason": {"until": until, "reason": " \n"},
		"long reason":  {"until": until, "reason": strings.Repeat("x", 501)},
		"past":         {"until": time.Now().Add(-time.Hour), "reason": "x"},
		"for ever":     {"until": time.Now().Add(20 * 366 * 24 * time.Hour), "reason": "x"},
		"no time":      {"reason": "x"},
		"bad id":       {"until": until, "reason": "x", "id": "1"},
	} {
		if got := anna.post(path, body); got.status != 400 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	anna.post("/api/operator/users/"+uuid.NewString()+"/premium", map[string]any{"until": until, "reason": "x"}).wants(404, "nobody")
	anna.post(path+"/end", map[string]any{"reason": "x"}).wants(409, "nothing to end")
	page := p.stream("")
	page.until("ready", `"free"`)
	grant := map[string]any{"until": until, "reason": "the bank lost it", "id": uuid.NewString()}
	got := anna.post(path, grant).wants(200, "grant").object()
	if u := got["user"].(map[string]any); u["subscription_status"] != "paid" || u["subscription_cancels"] != true || u["xp"] != 0.0 {
		t.Errorf("granted: %v", u)
	}
	page.until("subscription.updated", domain.At(until).String())
	anna.post(path, grant).wants(200, "the same again")
	detail := anna.get("/api/operator/users/"+string(p.id)).wants(200, "user").object()
	if subs := detail["subscriptions"].([]any); len(subs) != 1 || subs[0].(map[string]any)["by"] != "operator" {
		t.Errorf("subscriptions: %v", subs)
	}
	anna.post(path+"/end", map[string]any{"reason": "asked for it"}).wants(200, "end")
	page.until("subscription.updated", `"free","subscription_expiry":null`)
	anna.post(path+"/end", map[string]any{"reason": "x"}).wants(409, "ended already")
	if got, want := fmt.Sprint(s.acts(anna, p)), "[premium.grant user.read premium.end]"; got != want {
		t.Errorf("acts = %s, want %s", got, want)
	}

	// What is paid for at Stripe ends too, and a later payment for it does not bring it back.
	event := checkoutOf(p.id)
	s.deliver(event)
	page.until("subscription.updated", `"paid"`)
	page.until("xp.awarded", "")
	anna.post(path+"/end", map[string]any{"reason": "fraud"}).wants(200, "end")
	page.until("subscription.updated", `"free"`)
	s.deliver(event)
	if u := p.get("/api/users/me").object(); u["subscription_status"] != "free" {
		t.Errorf("after the event came again: %v", u)
	}
}

// TestOperator_Users: people are found by the beginning of address and name, by ids of ours
// and of Stripe's; each list is walked by key, each person once.
func TestOperator_Users(t *testing.T) {
	s := newServer(t)
	anna := s.operator()
	for i := range 12 {
		name := fmt.Sprintf("Greta %02d", i/3) // several of one name
		_, err := s.db.CreateUser(t.Context(), store.NewUser{Email: fmt.Sprintf("gre%02d@example.com", i), Name: name, PasswordHash: "x"}, store.NewLogin{Token: [32]byte{byte(i + 1)}})
		must(t, err)
	}
	for i := range 5 {
		_, err := s.db.CreateUser(t.Context(), store.NewUser{Email: fmt.Sprintf("%d@example.org", i), Name: "Grete", PasswordHash: "x"}, store.NewLogin{Token: [32]byte{99, byte(i)}})
		must(t, err)
	}
	for q, want := range map[string]int{"GRE": 17, "gre0": 10, "greta": 12, "Greta 01": 3, "nobody": 0, "%": 0, "_": 0, "'": 0} {
		for _, limit := range []int{1, 4, 100} {
			got := values(anna.walk(fmt.Sprintf("/api/operator/users?q=%s&limit=%d", url.QueryEscape(q), limit)), "id")
			distinct := map[string]bool{}
			for _, id := range got {
				distinct[id] = true
			}
			if len(got) != want || len(distinct) != want {
				t.Errorf("%q in pages of %d: %d people, %d distinct, want %d", q, limit, len(got), len(distinct), want)
			}
		}
	}
	if got := anna.walk("/api/operator/users?limit=5"); len(got) != 18 || got[17]["id"] != string(anna.id) {
		t.Errorf("all: %d, the first one last: %v", len(got), got[len(got)-1])
	}
	if got := anna.get("/api/operator/users?q=" + string(anna.id)).items(); len(got) != 1 || got[0]["email"] != anna.email {
		t.Errorf("by id: %v", got)
	}
	p := s.person()
	event := checkoutOf(p.id)
	s.deliver(event)
	for _, id := range []string{customerOf(event), "sub_" + customerOf(event)[4:], "cs_" + customerOf(event)[4:], "evt_" + customerOf(event)[4:]} {
		if got := anna.get("/api/operator/users?q=" + id).items(); len(got) != 1 || got[0]["id"] != string(p.id) {
			t.Errorf("by %s: %v", id, got)
		}
	}
	for _, bad := range []string{"?after=x", "?limit=0", "?limit=x", "?q=" + strings.Repeat("x", 255), "?after=" + url.QueryEscape("e30=")} {
		if got := anna.get("/api/operator/users" + bad); got.status != 400 {
			t.Errorf("%s: %d", bad, got.status)
		}
	}
}

// TestOperator_Lists: the inbox, the ledger and the log are walked by key, with each filter.
func TestOperator_Lists(t *testing.T) {
	s := newServer(t)
	p, anna := s.person(), s.operator()
	for i := range 7 {
		session := p.session()
		p.say(session, strings.Repeat("word ", 100)).wants(201, "post")
		if i%2 == 0 {
			s.clock.add(time.Second)
			p.post("/api/liveassist/sessions/"+session+"/ask-person", nil).wants(200, "ask")
		}
		s.deliver(fmt.Appendf(nil, `{"id":"evt_%d","type":"a.b%d"}`, i, i%2))
	}
	waiting := anna.walk("/api/operator/conversations?limit=3")
	times := values(waiting, "waitingSince")
	if len(waiting) != 4 || !slices.IsSortedFunc(times, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("waiting: %v, want four, the newest first", times)
	}
	if line := waiting[0]["lastMessage"].(map[string]any)["text"].(string); len(line) > 210 {
		t.Errorf("the last line has %d bytes", len(line))
	}
	for path, want := range map[string]int{
		"/api/operator/conversations?state=all&limit=2": 7, "/api/operator/conversations?state=mine&limit=2": 0, "/api/operator/conversations?state=done&limit=2": 0,
		"/api/operator/webhooks?limit=2": 7, "/api/operator/webhooks?limit=2&type=a.b0": 4, "/api/operator/webhooks?limit=2&status=ignored": 7,
		"/api/operator/webhooks?limit=2&status=ignored&type=a.b1": 3, "/api/operator/webhooks?limit=2&status=parked": 0,
		"/api/operator/webhooks?limit=2&userId=" + string(p.id): 0, "/api/operator/audit?limit=2&action=users.search": 0,
		"/api/operator/audit?limit=2&operatorId=" + string(p.id): 0,
	} {
		if got := anna.walk(path); len(got) != want {
			t.Errorf("%s: %d, want %d", path, len(got), want)
		}
	}
	for range 3 {
		anna.get("/api/operator/users?q=x").wants(200, "search")
	}
	if got := anna.walk("/api/operator/audit?limit=1&action=users.search&operatorId=" + string(anna.id)); len(got) != 3 {
		t.Errorf("searches in the log: %d, want 3", len(got))
	}
	if got := anna.walk("/api/operator/audit?limit=50&action=inbox.read"); len(got) != 1 {
		t.Errorf("following the inbox for a moment is %d entries, want 1", len(got))
	}
	for _, bad := range []string{"conversations?state=x", "webhooks?status=x", "webhooks?userId=x", "audit?operatorId=x", "audit?after=eyJ9"} {
		if got := anna.get("/api/operator/" + bad); got.status != 400 {
			t.Errorf("%s: %d", bad, got.status)
		}
	}
	o := anna.get("/api/operator/overview").wants(200, "overview").object()
	if o["people"] != 2.0 || o["operators"] != 1.0 || o["waiting"] != 4.0 || o["messages_today"] != 7.0 || o["webhooks"].(map[string]any)["ignored"] != 7.0 {
		t.Errorf("overview: %v", o)
	}
	s.clock.add(24 * time.Hour)
	p.say(p.session(), "a new day").wants(201, "post")
	if o := anna.get("/api/operator/overview").object(); o["messages_today"] != 1.0 {
		t.Errorf("messages on a new day: %v", o["messages_today"])
	}
}

// TestOperator_Export: whole lists, page after page, with cells that no spreadsheet runs.
func TestOperator_Export(t *testing.T) {
	s := newServer(t)
	anna := s.operator()
	evil := []string{`=HYPERLINK("http://evil.example","x")`, "+1", "-1", "@SUM(1)", "\tx", "a\"b,c\r\nd", `a;=1+1`, `a;"=1+1"`, "a;  ＝1", "a\t@x", "a\r\n-1", `a;;+1`, `;=1`}
	for i := range 2*exportPage + 3 {
		_, err := s.db.CreateUser(t.Context(), store.NewUser{Email: fmt.Sprintf("u%d@example.com", i), Name: evil[i%len(evil)], PasswordHash: "x"}, store.NewLogin{Token: [32]byte{byte(i), byte(i >> 8), 1}})
		must(t, err)
	}
	got := anna.get("/api/operator/export/users").wants(200, "csv")
	rows, err := csv.NewReader(bytes.NewReader(got.body)).ReadAll()
	must(t, err)
	if len(rows) != 2*exportPage+3+1+1 || rows[0][1] != "email" {
		t.Errorf("%d rows, first %v", len(rows), rows[0])
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Fatalf("a spreadsheet would run %q", cell)
			}
		}
	}
	// Where a semicolon or a tab separates, and nothing else.
	for line := range strings.FieldsFuncSeq(string(got.body), func(r rune) bool { return r == '\r' || r == '\n' }) {
		for _, cell := range strings.FieldsFunc(line, func(r rune) bool { return r == ';' || r == '\t' }) {
			if cell = strings.Trim(cell, `" `); cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
				t.Fatalf("a Swedish spreadsheet would run %q of %q", cell, line)
			}
		}
	}
	if d := got.header.Get("Content-Disposition"); !strings.Contains(d, "liveassist-users.csv") {
		t.Errorf("Content-Disposition: %s", d)
	}
	if list := anna.get("/api/operator/export/users?format=json&q=u1").wants(200, "json").list(); len(list) < 100 || list[0]["name"] == nil {
		t.Errorf("json: %d", len(list))
	}
	if list := anna.get("/api/operator/export/users?format=json&q=nobody").wants(200, "json").list(); len(list) != 0 {
		t.Errorf("an empty list: %v", list)
	}
	if list := anna.get("/api/operator/export/audit?format=json").wants(200, "json").list(); len(list) != 5 {
		t.Errorf("the log: %d, want four exports and the role", len(list))
	}
	s.deliver([]byte(`{"id":"evt_1","type":"a.b"}`))
	if list := anna.get("/api/operator/export/webhooks?format=json").wants(200, "json").list(); len(list) != 1 {
		t.Errorf("webhooks: %d", len(list))
	}
	for path, status := range map[string]int{"passwords": http.StatusNotFound, "users?format=xml": 400, "webhooks?status=x": 400} {
		if got := anna.get("/api/operator/export/" + path); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
}

// TestOperator_Canned: each guide has replies in both languages, and words find them.
func TestOperator_Canned(t *testing.T) {
	s := newServer(t)
	anna := s.operator()
	all := anna.get("/api/operator/canned?lang=sv").wants(200, "all").list()
	if len(all) < 40 || all[0]["lang"] != "sv" {
		t.Fatalf("%d replies", len(all))
	}
	got := anna.get("/api/operator/canned?lang=en&q=blocked+SIN").wants(200, "search").list()
	if len(got) < 5 || got[0]["guide"] != "blocked-sink" || got[1]["id"] != "blocked-sink#1" || !strings.Contains(got[0]["text"].(string), "/quickfix/blocked-sink") {
		t.Errorf("blocked sin: %v", values(got, "id"))
	}
	if got := anna.get("/api/operator/canned?q=xyzzy").wants(200, "nothing").list(); len(got) != 0 {
		t.Errorf("nothing: %v", values(got, "id"))
	}
}
