package mirror_test

import (
	"strings"
	"testing"

	"liveassist/mirror"
)

// TestMirror_BrokenURL sees that a mirror that cannot work says so once, in clear words,
// keeps the password to itself and keeps trying.
func TestMirror_BrokenURL(t *testing.T) {
	t.Parallel()
	const password = "hunter2"
	server := mongoServer(t)
	tests := map[string]struct{ url, reason string }{
		// FerretDB without its own authentication refuses every SCRAM password, with
		// MongoDB's code 18.
		"WrongPassword": {"mongodb://ann:" + password + "@" + server.addr + "/?serverSelectionTimeoutMS=200", "MongoDB refuses the user or the password of the URL"},
		"NobodyListens": {"mongodb://ann:" + password + "@127.0.0.1:1/?serverSelectionTimeoutMS=200", "MongoDB cannot be reached"},
		"NoSuchHost":    {"mongodb://ann:" + password + "@nosuch.invalid/?serverSelectionTimeoutMS=200", "MongoDB cannot be reached"},
		"NoSuchDNS":     {"mongodb+srv://ann:" + password + "@cluster.nosuch.invalid/", "MongoDB cannot be reached"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openProduct(t, t.TempDir(), tt.url, databaseOf(t))
			p.fill(t, 1)
			p.startMirror(t)
			p.waitFor(t, "three attempts", func(s mirror.Status) bool { return s.Failures >= 3 })
			s := p.status()
			if s.Connected || s.Problem != tt.reason || s.Lag != p.mustNewest(t) || s.LagSince.IsZero() {
				t.Errorf("status is %+v, want the problem %q and all entries as lag", s, tt.reason)
			}
			got := p.log.lines("mirror failed and tries again")
			if len(got) != 1 || !strings.Contains(got[0], tt.reason) || !strings.Contains(got[0], "level=ERROR") {
				t.Errorf("the log is not one clear line:\n%s", p.log)
			}
			t.Log(p.log)
			for _, text := range []string{p.log.String(), s.Problem, s.LastError} {
				if strings.Contains(text, password) {
					t.Errorf("the password shows in %s", text)
				}
			}
		})
	}
}
