package main

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"liveassist/httpapi"
)

// Whatever BASE_URL says, it is refused or an origin of this app: no user, path, query or
// fragment that links would carry on.
func FuzzParseBaseURL(f *testing.F) {
	for _, s := range []string{"https://a.example", "http://127.0.0.1:8080", "https://u:p@a.example", "https://a.example/x?y#z", "javascript:alert(1)", "//a", "https://[::1]", "https://a.example\r\nX: y", "https://a.example/", "https://a.example?", "https://:8080", "https://a.example#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := parseBaseURL(s)
		if err != nil {
			return
		}
		text := u.String()
		again, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.HasSuffix(text, "?") || u.User != nil || u.RawQuery != "" || u.Fragment != "" || again.Host != u.Host || strings.ContainsAny(text, "\r\n\t ") {
			t.Fatalf("%q is taken as %q", s, text)
		}
	})
}

// Whatever the filter of `find` says, it is a list of equalities or a misuse that says so.
func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{`{}`, `{"_id":"a"}`, `{"ts":{"$date":"2026-01-02T03:04:05Z"}}`, `{"n":1,"f":1.5,"b":true,"z":null}`, `{"$where":"1"}`, `{"a":{"$gt":1}}`, `[]`, `null`, `{"a":1}{}`, `{"a":1e999}`, `{"a":[1]}`, `{"ts":{"$date":1}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseFilter(text)
		if err != nil {
			if !errors.Is(err, errFilter) || list != nil {
				t.Fatalf("%q: %v, %v", text, list, err)
			}
			return
		}
		for _, m := range list {
			if strings.HasPrefix(m.Field, "$") {
				t.Fatalf("%q takes the operator %q", text, m.Field)
			}
			switch m.Value.(type) {
			case nil, string, bool, int64, float64, time.Time:
			default:
				t.Fatalf("%q: %s is compared with a %T", text, m.Field, m.Value)
			}
		}
	})
}

// Whatever TRUSTED_PROXIES says, it is refused or a list of networks, none of which is everybody.
func FuzzCheckProxies(f *testing.F) {
	for _, s := range []string{"", "10.0.0.0/8", "127.0.0.1, ::1", "0.0.0.0/0", "::/0", "::ffff:0:0/96", "::ffff:10.0.0.1/104", "10.0.0.1/0", "fe80::1%eth0", "fe80::/10%eth0", "10.0.0.0/33", ",,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := settings{TrustedProxies: text, ClientIPHeader: httpapi.ClientHeaders()[0]}
		refused := false
		s.checkProxies(func(string, string, ...any) { refused = true })
		if refused {
			return
		}
		inside := 0
		for _, a := range []string{"1.2.3.4", "203.0.113.9", "2001:db8::1", "2600::1"} {
			for _, n := range s.proxies.Trusted {
				if n.Contains(netip.MustParseAddr(a)) {
					inside++
					break
				}
			}
		}
		if networks := len(s.proxies.Trusted); inside == 4 && networks < 3 {
			t.Fatalf("%q trusts everybody: %v", text, s.proxies.Trusted)
		}
	})
}
