package httpapi

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"liveassist/account"
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, t := range texts {
		list = append(list, netip.MustParsePrefix(t))
	}
	return list
}

// TestProxies_Network: whatever a client writes into its headers, it cannot choose whose
// bucket it takes from.
func TestProxies_Network(t *testing.T) {
	none := Proxies{}
	nginx := Proxies{Trusted: prefixes("10.0.0.0/8", "fd00::/8"), ClientHeader: "X-Forwarded-For"}
	fly := Proxies{Trusted: prefixes("172.16.0.0/12"), ClientHeader: "Fly-Client-IP"}
	for _, c := range []struct {
		name    string
		proxies Proxies
		peer    string
		header  []string // names and values, in order
		want    string
	}{
		{"no proxy", none, "203.0.113.9:1234", nil, "203.0.113.9"},
		{"no proxy, forged list", none, "203.0.113.9:1234", []string{"X-Forwarded-For", "198.51.100.1"}, "203.0.113.9"},
		{"no proxy, forged Fly header", none, "203.0.113.9:1234", []string{"Fly-Client-IP", "198.51.100.1"}, "203.0.113.9"},
		{"no proxy, loopback is not trusted by itself", none, "127.0.0.1:1", []string{"X-Forwarded-For", "198.51.100.1"}, "127.0.0.1"},
		{"IPv6 by its /64", none, "[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		{"IPv4 within IPv6", none, "[::ffff:203.0.113.9]:80", nil, "203.0.113.9"},
		{"zone", none, "[fe80::1%eth0]:80", nil, "fe80::/64"},

		{"stranger past the proxy", nginx, "203.0.113.9:1", []string{"X-Forwarded-For", "198.51.100.1"}, "203.0.113.9"},
		{"one proxy", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.9"}, "203.0.113.9"},
		{"forged left of the truth", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "1.1.1.1, 10.0.0.7,203.0.113.9"}, "203.0.113.9"},
		{"forged line before the proxy's own", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "203.0.113.9"}, "203.0.113.9"},
		{"two proxies", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"two proxies, two lines", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "10.0.0.2"}, "203.0.113.9"},
		{"proxy over IPv6", nginx, "[fd00::1]:1", []string{"X-Forwarded-For", "2001:db8:1:2:3::9"}, "2001:db8:1:2::/64"},
		{"trusted in IPv6's clothes", nginx, "[::ffff:10.0.0.1]:1", []string{"X-Forwarded-For", "203.0.113.9"}, "203.0.113.9"},
		{"with ports", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.9:5555"}, "203.0.113.9"},
		{"IPv6 with a port", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "[2001:db8::9]:5555"}, "2001:db8::/64"},
		{"the proxy's own call", nginx, "10.0.0.1:1", nil, "10.0.0.1"},
		{"nonsense at the right", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "1.1.1.1, unknown"}, "10.0.0.1"},
		{"nonsense behind a proxy", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "1.1.1.1, _hidden, 10.0.0.2"}, "10.0.0.2"},
		{"empty entries", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.9,"}, "10.0.0.1"},
		{"only proxies", nginx, "10.0.0.1:1", []string{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"Fly's header is not asked for", nginx, "10.0.0.1:1", []string{"Fly-Client-IP", "1.1.1.1", "X-Forwarded-For", "203.0.113.9"}, "203.0.113.9"},

		{"Fly", fly, "172.19.4.1:1", []string{"Fly-Client-IP", "203.0.113.9", "X-Forwarded-For", "1.1.1.1, 203.0.113.9, 66.241.125.1"}, "203.0.113.9"},
		{"Fly, past its proxy", fly, "203.0.113.9:1", []string{"Fly-Client-IP", "1.1.1.1"}, "203.0.113.9"},
		{"Fly, header twice", fly, "172.19.4.1:1", []string{"Fly-Client-IP", "1.1.1.1", "Fly-Client-IP", "203.0.113.9"}, "172.19.4.1"},
		{"Fly, header missing", fly, "172.19.4.1:1", []string{"X-Forwarded-For", "1.1.1.1"}, "172.19.4.1"},
		{"Fly, header broken", fly, "172.19.4.1:1", []string{"Fly-Client-IP", "1.1.1.1, 2.2.2.2"}, "172.19.4.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.RemoteAddr = c.peer
			for i := 0; i < len(c.header); i += 2 {
				r.Header.Add(c.header[i], c.header[i+1])
			}
			c.proxies.arrive(r, false)
			if got := network(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestProxies_Encrypted(t *testing.T) {
	nginx := Proxies{Trusted: prefixes("10.0.0.0/8")}
	for _, c := range []struct {
		name    string
		proxies Proxies
		peer    string
		proto   string
		base    bool // BASE_URL is https
		want    bool
	}{
		{"base alone", Proxies{}, "10.0.0.1:1", "", true, true},
		{"plain alone", Proxies{}, "10.0.0.1:1", "", false, false},
		{"forged", Proxies{}, "10.0.0.1:1", "https", false, false},
		{"forged past the proxy", nginx, "203.0.113.9:1", "https", false, false},
		{"told", nginx, "10.0.0.1:1", "https", false, true},
		{"told otherwise", nginx, "10.0.0.1:1", "http", true, false},
		{"not told", nginx, "10.0.0.1:1", "", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			if got := c.proxies.arrive(r, c.base); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestLimits_ForgedHeaders tries to sign in with another forged address each time: on the
// whole server, the limit is reached all the same, and HSTS comes where the proxy says https.
func TestLimits_ForgedHeaders(t *testing.T) {
	s := newServer(t, func(c *Config) { c.RateLimit = true })
	b := s.browser()
	hopeless := strings.Repeat("x", 5*account.MaxPassword) // refused without the work of a hash
	refused := 0
	for i := range 12 {
		forged := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String()
		got := b.post("/api/auth/login", map[string]any{"email": "a@example.com", "password": hopeless}, "X-Forwarded-For", forged, "Fly-Client-IP", forged, "X-Forwarded-Proto", "https")
		if got.status == http.StatusTooManyRequests {
			refused++
		}
		if got.header.Get("Strict-Transport-Security") != "" {
			t.Error("HSTS for a forged header")
		}
	}
	if refused != 2 {
		t.Errorf("%d of 12 were refused, want 2", refused)
	}

	s = newServer(t, func(c *Config) {
		c.RateLimit, c.Proxies = true, Proxies{Trusted: prefixes("127.0.0.0/8"), ClientHeader: "X-Forwarded-For"}
	})
	b = s.browser()
	for i := range 12 {
		from := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String()
		got := b.post("/api/auth/login", map[string]any{"email": "a@example.com", "password": hopeless}, "X-Forwarded-For", from, "X-Forwarded-Proto", "https")
		if got.status == http.StatusTooManyRequests {
			t.Error("people behind one proxy share a bucket")
		}
		if got.header.Get("Strict-Transport-Security") == "" {
			t.Error("no HSTS though the proxy says https")
		}
	}
	// Nobody becomes this machine by way of a proxy.
	if got := b.get("/sandbox/style.css", "X-Forwarded-For", "127.0.0.1"); got.status != http.StatusNotFound {
		t.Errorf("the sandbox answered %d to a forwarded request", got.status)
	}
}
