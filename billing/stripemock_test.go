package billing

import (
	"bufio"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// stripeMock runs Stripe's own stripe-mock as a process of its own. It holds every request
// against Stripe's OpenAPI description. Its address is returned.
func stripeMock(t *testing.T) *url.URL {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "stripe-mock")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", bin, "github.com/stripe/stripe-mock")
	build.Dir, build.Env = filepath.Join("..", "tools"), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build stripe-mock: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), bin, "-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "Listening for HTTP at address: "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &url.URL{Scheme: "http", Host: addr}
		}
	}
	t.Fatal("stripe-mock did not say where it listens")
	return nil
}

// recorded is one request to Stripe's API.
type recorded struct {
	method, path string
	form         url.Values
	header       http.Header
}

// recorder passes requests on and keeps them.
type recorder struct {
	*httptest.Server
	mu       sync.Mutex
	requests []recorded
}

func newRecorder(t *testing.T, target http.Handler) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		maps.Copy(form, req.URL.Query())
		r.mu.Lock()
		r.requests = append(r.requests, recorded{req.Method, req.URL.Path, form, req.Header.Clone()})
		r.mu.Unlock()
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		target.ServeHTTP(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

// take returns the requests so far and forgets them.
func (r *recorder) take() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.requests
	r.requests = nil
	return list
}

// withStripe sets billing up with a test key and an API at the given address.
func withStripe(base string) func(*Config) {
	return func(c *Config) {
		c.SecretKey, c.PriceMonth, c.PriceYear, c.APIBase = "sk_test_123", "price_m", "price_y", base
	}
}

func TestStripe_AgainstStripeMock(t *testing.T) {
	r := newRecorder(t, httputil.NewSingleHostReverseProxy(stripeMock(t)))
	w := newWorld(t, withStripe(r.URL))
	user := w.user()

	t.Run("Plans", func(t *testing.T) {
		plans, err := w.Plans(t.Context(), false)
		if err != nil || len(plans) != 2 || plans[0].Amount == 0 || plans[0].Currency == "" || plans[1].Interval != "year" || plans[0].Sandbox {
			t.Errorf("plans = %+v, %v", plans, err)
		}
		if n := len(r.take()); n != 2 {
			t.Errorf("%d requests for two prices", n)
		}
		if _, err := w.Plans(t.Context(), false); err != nil || len(r.take()) != 0 {
			t.Errorf("known prices were read again, or %v", err)
		}
	})
	t.Run("Portal/None", func(t *testing.T) {
		if _, err := w.Portal(t.Context(), user, false); kindOf(err) != "not_found" {
			t.Errorf("error = %v, want not_found", err)
		}
	})
	t.Run("Checkout", func(t *testing.T) {
		got, err := w.Checkout(t.Context(), user, "year", "/quickfix?a=b&c={d}", false)
		must(t, err)
		if u, err := url.Parse(got); err != nil || u.Scheme != "https" {
			t.Errorf("address = %q", got)
		}
		reqs := r.take()
		if len(reqs) != 2 || reqs[0].path != "/v1/customers" || reqs[1].path != "/v1/checkout/sessions" {
			t.Fatalf("requests = %+v", reqs)
		}
		customer, err := w.db.CustomerOf(t.Context(), user)
		must(t, err)
		for field, want := range map[string]string{
			"mode": "subscription", "customer": customer, "client_reference_id": string(user),
			"line_items[0][price]": "price_y", "line_items[0][quantity]": "1",
			"metadata[userId]": string(user), "metadata[plan]": "year",
			"subscription_data[metadata][userId]": string(user), "subscription_data[metadata][plan]": "year",
			"success_url": "http://127.0.0.1:8080/?subscription=success&session_id={CHECKOUT_SESSION_ID}&return_to=%2Fquickfix%3Fa%3Db%26c%3D%7Bd%7D",
			"cancel_url":  "http://127.0.0.1:8080/account?subscription=cancelled",
		} {
			if got := reqs[1].form.Get(field); got != want {
				t.Errorf("%s = %q, want %q", field, got, want)
			}
		}
		if reqs[0].form.Get("metadata[userId]") != string(user) {
			t.Errorf("customer = %v", reqs[0].form)
		}
		if reqs[1].header.Get("X-Stripe-Client-Telemetry") != "" {
			t.Error("telemetry is on")
		}
	})
	t.Run("DoubleClick", func(t *testing.T) {
		for range 2 {
			_, err := w.Checkout(t.Context(), user, "month", "", false)
			must(t, err)
		}
		_, err := w.Checkout(t.Context(), user, "year", "", false)
		must(t, err)
		w.now.add(doubleClick)
		_, err = w.Checkout(t.Context(), user, "month", "", false)
		must(t, err)
		reqs := r.take()
		if len(reqs) != 4 {
			t.Fatalf("%d requests; the customer is known", len(reqs))
		}
		key := func(i int) string { return reqs[i].header.Get("Idempotency-Key") }
		if key(0) == "" || key(0) != key(1) || key(0) == key(2) || key(0) == key(3) {
			t.Errorf("keys: %q %q %q %q", key(0), key(1), key(2), key(3))
		}
	})
	t.Run("Portal", func(t *testing.T) {
		address, err := w.Portal(t.Context(), user, false)
		must(t, err)
		reqs := r.take()
		customer, err := w.db.CustomerOf(t.Context(), user)
		must(t, err)
		if address == "" || len(reqs) != 1 || reqs[0].form.Get("customer") != customer || reqs[0].form.Get("return_url") != "http://127.0.0.1:8080/account" {
			t.Errorf("address %q, requests %+v", address, reqs)
		}
	})
	t.Run("CancelAll", func(t *testing.T) {
		d := w.deal(user)
		w.buy(d)
		must(t, w.CancelAll(t.Context(), user, false))
		if reqs := r.take(); len(reqs) != 1 || reqs[0].method != http.MethodDelete || reqs[0].path != "/v1/subscriptions/"+d.sub {
			t.Errorf("requests = %+v", reqs)
		}
	})
	t.Run("AlreadySubscribed", func(t *testing.T) {
		if _, err := w.Checkout(t.Context(), user, "month", "", false); kindOf(err) != "already_subscribed" {
			t.Errorf("error = %v, want already_subscribed", err)
		}
	})
	t.Run("CatchUp", func(t *testing.T) {
		// stripe-mock tells of one event that is none of ours.
		r.take()
		if err := w.CatchUp(t.Context()); err != nil || w.Stats().Missed != 0 {
			t.Errorf("catch up: %v, %+v", err, w.Stats())
		}
		if len(r.take()) == 0 {
			t.Error("nothing was asked")
		}
	})
	t.Run("Confirm", func(t *testing.T) {
		// stripe-mock's sessions name nobody, so they are nobody's.
		if err := w.Confirm(t.Context(), user, "cs_test_1", false); kindOf(err) != "not_found" {
			t.Errorf("error = %v, want not_found", err)
		}
	})
}

// A Stripe that does not answer costs at most five seconds and says what to do.
func TestStripe_DoesNotAnswer(t *testing.T) {
	release := make(chan struct{})
	hang := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hang.Close()
	defer close(release)
	w := newWorld(t, withStripe(hang.URL))
	start := time.Now()
	_, err := w.Checkout(t.Context(), w.user(), "month", "", false)
	if took := time.Since(start); kindOf(err) != "billing_unavailable" || took > apiTimeout+2*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}
