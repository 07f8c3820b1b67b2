package account

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a browser calls itself, what is kept is one of our own short names: nothing of
// the header itself.
func FuzzDeviceOf(f *testing.F) {
	f.Add("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36")
	f.Add("<script>\r\nX-Evil: 1")
	f.Add("\xff\x00")
	f.Fuzz(func(t *testing.T, agent string) {
		d := DeviceOf(agent)
		for _, s := range []string{d.Browser, d.System} {
			if len(s) > 40 || !utf8.ValidString(s) || strings.ContainsAny(s, "<>\r\n\x00") {
				t.Fatalf("%q is kept as %+v", agent, d)
			}
		}
	})
}
