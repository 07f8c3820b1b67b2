package main

import (
	"net/url"
	"strings"
	"testing"
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
