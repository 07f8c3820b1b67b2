package httpapi

import (
	"maps"
	"slices"
	"testing"
)

// TestHeaderSets: pages say what they may do and who may show them; data says that it is no
// page; over TLS both insist on it.
func TestHeaderSets(t *testing.T) {
	all := []string{"Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "X-Content-Type-Options"}
	pages := []string{"Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy", "X-Frame-Options"}
	for path, c := range map[string]struct {
		names  []string
		policy string
	}{
		"/": {slices.Concat(all, pages), csp}, "/liveassist": {slices.Concat(all, pages), csp}, "/apis": {slices.Concat(all, pages), csp},
		"/sandbox/checkout/1": {slices.Concat(all, pages), csp},
		"/api/users/me":       {all, dataCSP}, "/api/nothing": {all, dataCSP},
	} {
		for _, encrypted := range []bool{false, true} {
			h := newHeaderSets(encrypted).of(path)
			names := slices.Clone(c.names)
			if encrypted {
				names = append(names, "Strict-Transport-Security")
			}
			slices.Sort(names)
			if got := slices.Sorted(maps.Keys(h)); !slices.Equal(got, names) || h.Get("Content-Security-Policy") != c.policy {
				t.Errorf("%s, encrypted %v: %v, want %v with the policy %q", path, encrypted, h, names, c.policy)
			}
		}
	}
}
