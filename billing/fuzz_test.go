package billing

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Whatever is accepted to come back to, a browser that resolves it stays on this site, also
// when somebody on the way decodes it.
func FuzzCheckReturnPath(f *testing.F) {
	for _, s := range []string{"/", "/account?x=1#y", "//evil", "/\\evil", "/%2fevil", "/%252fevil", "/\t/evil", "https:evil", "/..//evil", "/%5cevil", "/a?u=//b"} {
		f.Add(s)
	}
	base := &url.URL{Scheme: "https", Host: "help.example.com", Path: "/"}
	f.Fuzz(func(t *testing.T, s string) {
		if checkReturnPath(s) != nil {
			return
		}
		for range 4 {
			// What browsers do first: take out tabs and line breaks, turn backslashes round.
			seen := strings.NewReplacer("\t", "", "\r", "", "\n", "", "\\", "/").Replace(s)
			to, err := base.Parse(strings.TrimSpace(seen))
			if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || strings.HasPrefix(seen, "//") {
				t.Fatalf("%q leads to %v (%v)", s, to, err)
			}
			if s, err = url.PathUnescape(s); err != nil {
				return
			}
		}
	})
}

// Whatever a signature says, without the secret it is none.
func FuzzSecrets_Verify(f *testing.F) {
	now := time.Now()
	payload := []byte(`{"id":"evt_1","type":"a.b"}`)
	f.Add(payload, sign(payload, "whsec_other", now))
	f.Add(payload, fmt.Sprintf("t=%d,v1=", now.Unix()))
	f.Add(payload, "t=,v1=00,,=,v1")
	f.Add([]byte{}, strings.Repeat("v1=0,", 1000))
	secrets := ParseSecrets("whsec_fuzz")
	f.Fuzz(func(t *testing.T, payload []byte, header string) {
		if err := secrets.Verify(payload, header); err == nil {
			t.Fatalf("%q verifies as %q", header, payload)
		}
	})
}
