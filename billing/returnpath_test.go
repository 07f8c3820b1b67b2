package billing

import "testing"

func TestCheckReturnPath(t *testing.T) {
	for _, good := range []string{
		"/", "/liveassist", "/quickfix/leaking-tap", "/quickfix?q=tap&lang=sv", "/account#plan", "/a%20b", "/åäö", "/quickfix/", "/apiary",
	} {
		if err := checkReturnPath(good); err != nil {
			t.Errorf("%q was refused: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "liveassist", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%2Fevil.example", "/%2f%2fevil.example", "/%5Cevil.example",
		"/%252Fevil.example", "/%25252Fevil.example", "/%2525252Fevil.example", "https://evil.example/", "javascript:alert(1)", "/\tevil", "/\nevil", "\n//evil.example", "/%0d%0aSet-Cookie:x", "/%00",
		"/..//evil.example", "/../evil", "/a/../b", "/./a", "/a//b", "/%2e%2e/evil", "/%zz", "/a\u202eb", "/api/users/me", "/api", "/sandbox/x", "/debug/pprof/", " /liveassist",
		"/" + string(make([]byte, 600)), "/\xff",
	} {
		if err := checkReturnPath(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
