package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/store"
)

// exposition is what /metrics showed: each line's name with its labels, and its value.
type exposition map[string]float64

func mustMetrics(p *program) exposition {
	p.tb.Helper()
	resp, err := http.Get(p.url + "/metrics")
	if err != nil {
		p.tb.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.tb.Fatalf("metrics: %s, %v", resp.Status, err)
	}
	e := exposition{}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		if value == "" {
			name, value, _ = strings.Cut(strings.TrimSpace(line), " ")
		} else {
			name += "}"
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			p.tb.Fatalf("metrics: line %q: %v", line, err)
		}
		if _, twice := e[name]; twice {
			p.tb.Errorf("metrics: %s stands there twice", name)
		}
		e[name] = n
	}
	return e
}

// fakeModel is a chat endpoint that answers, or does not.
func fakeModel(t *testing.T) (url string, broken *atomic.Bool) {
	t.Helper()
	broken = &atomic.Bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if broken.Load() {
			http.Error(w, `{"error":{"message":"broken"}}`, http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, `data: {"choices":[{"index":0,"delta":{"content":"Hello."},"finish_reason":"stop"}]}`+"\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1", broken
}

// mustMove waits until each metric is at least by above what it was.
func mustMove(p *program, before exposition, moves map[string]float64) {
	p.tb.Helper()
	limit := time.Now().Add(patience)
	for {
		now := mustMetrics(p)
		var missing strings.Builder
		for name, by := range moves {
			if _, exposed := now[name]; !exposed || now[name]-before[name] < by {
				fmt.Fprintf(&missing, "\n%s moved from %v to %v, want %+v", name, before[name], now[name], by)
			}
		}
		if missing.Len() == 0 {
			return
		}
		if time.Now().After(limit) {
			p.tb.Error(missing.String())
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestMetrics_Move makes each thing happen that a metric is about, and sees it move.
func TestMetrics_Move(t *testing.T) {
	t.Parallel()
	model, broken := fakeModel(t)
	p := mustStart(t, t.TempDir(), "STRIPE_WEBHOOK_SECRET="+signingSecret, "ASSIST_API_URL="+model, "ASSIST_MODEL=m",
		"MONGO_URL=mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
	v := mustRegister(p, "anna@example.com")
	var me struct{ ID string }
	v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
	route := func(name, method, path, rest string) string {
		return name + `{method="` + method + `",route="` + path + `"` + rest + `}`
	}
	end := time.Now().Add(40 * 24 * time.Hour)
	events := map[string]delivery{}
	for _, d := range purchase(me.ID, 1, end) {
		events[d.typ] = d
	}
	var stream *stream
	const messages = "/api/liveassist/sessions/:sessionId/messages"

	for _, c := range []struct {
		name string
		do   func(t *testing.T)
		want map[string]float64
	}{
		{"a request", func(*testing.T) { v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, nil) }, map[string]float64{
			route("liveassist_http_requests_total", "GET", "/api/users/me", `,class="2xx"`):                1,
			route("liveassist_http_request_duration_seconds_count", "GET", "/api/users/me", ""):            1,
			route("liveassist_http_request_duration_seconds_bucket", "GET", "/api/users/me", `,le="+Inf"`): 1,
		}},
		{"a request to nothing", func(*testing.T) { v.must(http.StatusNotFound, http.MethodGet, "/api/nothing", nil, nil) }, map[string]float64{
			`liveassist_http_requests_total{route="other",class="4xx"}`: 1,
		}},
		{"a message, and the model's reply", func(*testing.T) { v.mustSay() }, map[string]float64{
			route("liveassist_http_requests_total", "POST", messages, `,class="2xx"`): 1,
			"liveassist_writes_total":                                    2,
			"liveassist_write_batches_total":                             1,
			"liveassist_write_batch_size_count":                          1,
			"liveassist_commit_duration_seconds_count":                   1,
			"liveassist_commit_duration_seconds_sum":                     1e-6,
			"liveassist_outbox_newest":                                   2,
			"liveassist_mirror_lag":                                      2,
			`liveassist_sqlite_bytes{file="log"}`:                        1,
			`liveassist_replies_total{by="model"}`:                       1,
			`liveassist_model_duration_seconds_count{result="answered"}`: 1,
		}},
		{"a model that fails", func(*testing.T) { broken.Store(true); v.mustSay() }, map[string]float64{
			`liveassist_model_duration_seconds_count{result="failed"}`: 1,
			`liveassist_replies_total{by="guides"}`:                    1,
		}},
		{"a mirror that cannot follow", func(*testing.T) { time.Sleep(time.Second) }, map[string]float64{
			"liveassist_mirror_lag_seconds":    0.5,
			"liveassist_mirror_failures_total": 1,
		}},
		{"a conversation read twice", func(*testing.T) { v.mustRead(); v.mustRead() }, map[string]float64{
			"liveassist_page_cache_misses_total": 1,
			"liveassist_page_cache_hits_total":   1,
		}},
		{"a stream", func(*testing.T) { stream = v.mustStream(""); stream.mustNext("ready") }, map[string]float64{
			"liveassist_streams": 1,
		}},
		{"the stream's end", func(*testing.T) { _ = stream.body.Close() }, map[string]float64{
			route("liveassist_http_requests_total", "GET", "/api/events", `,class="2xx"`): 1,
		}},
		{"a wrong password", func(*testing.T) {
			v.must(http.StatusUnauthorized, http.MethodPost, "/api/auth/login", map[string]string{"email": "anna@example.com", "password": "wrong"}, nil)
		}, map[string]float64{
			"liveassist_logins_failed_total":              1,
			"liveassist_password_hash_wait_seconds_count": 1,
		}},
		{"too many passwords", func(*testing.T) {
			for range 11 {
				_, _, _ = v.call(t.Context(), http.MethodPost, "/api/auth/login", map[string]string{"email": "nobody@example.com", "password": "wrong"})
			}
		}, map[string]float64{
			route("liveassist_rate_limited_total", "POST", "/api/auth/login", ""):              1,
			route("liveassist_http_requests_total", "POST", "/api/auth/login", `,class="4xx"`): 11,
		}},
		{"a payment that names nobody", func(*testing.T) { events["invoice.paid"].deliver(p.url) }, map[string]float64{
			"liveassist_stripe_events_parked_total": 1, "liveassist_stripe_events_waiting": 1,
		}},
		{"what it waited for", func(*testing.T) { events["checkout.session.completed"].deliver(p.url) }, map[string]float64{
			"liveassist_stripe_events_processed_total": 1, "liveassist_stripe_events_waiting": -1,
		}},
		{"the same again", func(*testing.T) { events["checkout.session.completed"].deliver(p.url) }, map[string]float64{
			"liveassist_stripe_events_duplicate_total": 1,
		}},
		{"an event of no meaning", func(*testing.T) {
			d := delivery{body: []byte(`{"id":"evt_x","type":"radar.warning","created":1,"livemode":false,"data":{"object":{"id":"x"}}}`)}
			d.deliver(p.url)
		}, map[string]float64{"liveassist_stripe_events_ignored_total": 1}},
		{"a forged event", func(*testing.T) {
			v.must(http.StatusBadRequest, http.MethodPost, "/api/webhooks/stripe", map[string]string{"id": "evt_forged"}, nil)
		}, map[string]float64{"liveassist_stripe_events_rejected_total": 1}},
		{"a photo", func(*testing.T) { mustSendPhoto(v) }, map[string]float64{
			"liveassist_image_duration_seconds_count": 1, "liveassist_image_duration_seconds_sum": 1e-6,
			`liveassist_sqlite_bytes{file="log"}`: 1,
		}},
	} {
		before := mustMetrics(p)
		c.do(t)
		t.Log(c.name)
		mustMove(p, before, c.want)
	}
	now := mustMetrics(p)
	for name := range now {
		if strings.HasPrefix(name, "liveassist_http_request_duration") && strings.Contains(name, "/api/events") {
			t.Errorf("%s: a stream's age is no latency", name)
		}
	}
	if now["liveassist_streams"] != 0 || now["liveassist_stripe_events_waiting"] != 0 {
		t.Errorf("streams %v, waiting events %v, want none", now["liveassist_streams"], now["liveassist_stripe_events_waiting"])
	}
	for _, name := range []string{
		"liveassist_outbox_oldest", "liveassist_mirror_connected", "liveassist_images_waiting", "liveassist_images_working", "liveassist_password_hash_waiting",
		"liveassist_disk_free_bytes", "go_goroutines", "process_resident_memory_bytes", `liveassist_sqlite_bytes{file="database"}`,
	} {
		if _, ok := now[name]; !ok {
			t.Errorf("%s is not exposed", name)
		}
	}
	if log := p.stderr.String(); !storyTold(log) {
		t.Errorf("no line of billing has the id of its request:\n%s", log)
	}
}

// storyTold looks for billing's line about the first event, with a request's id.
func storyTold(log string) bool {
	for line := range strings.Lines(log) {
		if strings.Contains(line, `msg="stripe event"`) && strings.Contains(line, "event_id=evt_1_checkout") && strings.Contains(line, "request_id=") {
			return true
		}
	}
	return false
}

func mustSendPhoto(v *person) {
	v.tb.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("image", "photo.png")
	if err == nil {
		err = png.Encode(part, image.NewRGBA(image.Rect(0, 0, 200, 200)))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		v.tb.Fatal(err)
	}
	resp, err := v.client.Post(v.url+"/api/liveassist/sessions/"+v.session+"/images", form.FormDataContentType(), &b)
	if err != nil {
		v.tb.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode != http.StatusCreated {
		v.tb.Fatalf("photo: %s", resp.Status)
	}
}

// TestMeters_Operator: what an operator says is counted as it is committed, and what a
// person says is not, whatever it looks like.
func TestMeters_Operator(t *testing.T) {
	m := newMeters()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: time.Now, NewID: newID, Observe: m.committed, OnCommit: m.announced})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it is thrown away
	u, err := db.CreateUser(t.Context(), store.NewUser{Email: "a@example.com"}, store.NewLogin{TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	session, err := db.CreateSession(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	say := func(role domain.Author, text string) {
		t.Helper()
		if _, _, err := db.AddMessage(t.Context(), store.NewMessage{User: u.ID, Session: session, ID: domain.MessageID(uuid.NewString()), Role: role, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	forged, err := json.Marshal(map[string]string{"role": "operator"})
	if err != nil {
		t.Fatal(err)
	}
	say(domain.AuthorUser, string(forged))
	if got := m.replies[repliesOperator].Load(); got != 0 {
		t.Errorf("a person's message counts as an operator's: %d", got)
	}
	say(domain.AuthorOperator, "hello")
	// The writer answers before it tells: the end of another write comes after that.
	say(domain.AuthorUser, "thanks")
	if got := m.replies[repliesOperator].Load(); got != 1 {
		t.Errorf("an operator's message counts %d times", got)
	}
}
