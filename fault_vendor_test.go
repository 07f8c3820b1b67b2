package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// vendor is somebody else's server that does not do what it should. It returns its address.
func vendor(t *testing.T, how func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			go how(c)
		}
	}()
	return l.Addr().String()
}

// hears reads what comes, so that the other side can send all it wants.
func hears(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// TestFault_Vendors: Stripe, the model and MongoDB all hang, refuse, break off, answer
// nonsense, or answer a byte at a time. Posting stays as quick as without them, payments that
// are delivered are booked, replies come from the guides, buying is refused in time and in
// clear words, and the server stops in time.
func TestFault_Vendors(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(net.Conn){
		"hanging": hears,
		"breaking off": func(c net.Conn) {
			_, _ = c.Read(make([]byte, 10))
			_ = c.Close()
		},
		"nonsense": func(c net.Conn) {
			b := make([]byte, 4096)
			_, _ = rand.Read(b)
			_, _ = c.Write(b)
			hears(c)
		},
		"another's answer": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n<html>Please log in</html>")
			hears(c)
		},
		"a byte at a time": func(c net.Conn) {
			go hears(c)
			for _, b := range []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat(" ", 1000)) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		},
		"refusing": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := mustFreeAddr(t)
			if how != nil {
				addr = vendor(t, how)
			}
			withoutVendors(t, addr)
		})
	}
}

// modelWait is how long a model may take to begin before the guides answer instead.
const modelWait = 20 * time.Second

// withoutVendors runs the product where all its vendors are at addr, and no good.
func withoutVendors(t *testing.T, addr string) {
	t.Helper()
	dir := t.TempDir()
	p := mustStartCommand(t, exec.Command(swiftBinary(t)), "DATA_DIR="+dir, "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off",
		"STRIPE_SECRET_KEY=sk_test_x", "STRIPE_API_BASE=http://"+addr, "STRIPE_PRICE_MONTH=price_m", "STRIPE_PRICE_YEAR=price_y", "STRIPE_WEBHOOK_SECRET="+signingSecret,
		"ASSIST_API_URL=http://"+addr+"/v1", "ASSIST_MODEL=m", "MONGO_URL=mongodb://"+addr)
	v := mustRegister(p, "a@example.com")
	stream := v.mustStream("")
	stream.mustNext("ready")
	bought := make(chan string, 1)
	go func() { // whoever buys waits for Stripe; nobody else may
		begin := time.Now()
		status, answer, err := v.call(t.Context(), http.MethodPost, "/api/billing/checkout", map[string]string{"plan": "month"})
		took := time.Since(begin)
		if took > 20*time.Second {
			t.Errorf("whoever buys waits %v for Stripe", took)
		}
		bought <- fmt.Sprintf("%d %s %v after %v", status, answer, err, took.Round(time.Second))
	}()
	took := v.pace(200)
	if p99 := percentile(took, 0.99); p99 > 500*time.Millisecond {
		t.Errorf("posts took up to %v (half of them %v)", p99, percentile(took, 0.5))
	}
	var me struct {
		ID     string
		Status string `json:"subscription_status"`
	}
	v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
	for _, d := range purchase(me.ID, 1, time.Now().Add(30*24*time.Hour)) {
		begin := time.Now()
		if !d.deliver(p.url) {
			t.Errorf("%s was not taken", d.typ)
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%s took %v", d.typ, took)
		}
	}
	v.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
	if me.Status != "paid" {
		t.Errorf("whoever paid is %s", me.Status)
	}
	v.must(http.StatusOK, http.MethodGet, "/readyz", nil, nil)
	if said := <-bought; !strings.HasPrefix(said, "503 ") || !strings.Contains(said, "billing_unavailable") {
		t.Errorf("checkout: %s, want 503 billing_unavailable", said)
	}
	eventually(t, modelWait+patience, "a reply of the guides", func() bool {
		var all []message
		v.must(http.StatusOK, http.MethodGet, v.messagesPath(), nil, &all)
		return slices.ContainsFunc(all, func(m message) bool {
			return m.Role == "assistant" && strings.Contains(m.Text, "straight from the QuickFix guides")
		})
	})
	p.mustStop()
	t.Logf("half of the posts took at most %v, all but one in a hundred %v; it stopped in %v", percentile(took, 0.5), percentile(took, 0.99), p.stopTime())
	if took := p.stopTime(); took > 10*time.Second {
		t.Errorf("it took %v to stop, want at most 10 s", took)
	}
}
