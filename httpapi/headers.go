package httpapi

import (
	"net/http"
	"strings"
)

// csp is the policy of UX.md: the app loads nothing from elsewhere and runs no inline code.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
	"manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// dataCSP is for what is no page: should a browser show it as one after all, it can do nothing.
const dataCSP = "default-src 'none'; frame-ancestors 'none'"

// headerSets are the headers that answers begin with. A handler may narrow them. The values
// are shared: nobody changes them in place.
type headerSets struct{ page, data http.Header }

// newHeaderSets returns what OWASP's HTTP Headers Cheat Sheet names for the pages of such an
// app, and its REST Security Cheat Sheet for the API, whose answers need no headers about the
// rights and neighbours of a document. Each message's answer carries them.
func newHeaderSets(encrypted bool) headerSets {
	all := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
	}
	if encrypted {
		all["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
	}
	s := headerSets{page: http.Header{}, data: http.Header{}}
	for name, value := range all {
		s.page.Set(name, value)
		s.data.Set(name, value)
	}
	s.data.Set("Content-Security-Policy", dataCSP)
	s.page.Set("Content-Security-Policy", csp)
	s.page.Set("X-Frame-Options", "DENY")
	s.page.Set("Referrer-Policy", "same-origin")
	s.page.Set("Cross-Origin-Opener-Policy", "same-origin")
	s.page.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	return s
}

// of returns the headers for the answer to a request of the path.
func (s headerSets) of(path string) http.Header {
	if strings.HasPrefix(path, "/api/") {
		return s.data
	}
	return s.page
}
