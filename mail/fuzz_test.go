package mail

import (
	"strings"
	"testing"
)

// Whatever SMTP_URL says, it is a server or an error, and the error tells nothing of the
// password, however badly that is written.
func FuzzParse(f *testing.F) {
	for _, s := range [][2]string{
		{"smtps://user:", "@mail.example.com:465"}, {"smtp://user:", "@mail.example.com?starttls=off"}, {"smtp://user:12/", "@mail.example.com"},
		{"smtp://user:12?", "@mail.example.com"}, {"smtp://user:12#", "@mail.example.com"}, {"smtp://user:%zz", "@mail.example.com"}, {"smtp://[::1]:", "@"},
		{"http://user:", "@mail.example.com"}, {"", ""},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "correct-horse-battery"
		u, err := parse(before + secret + after)
		if err == nil {
			if u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || port(u) <= 0 {
				t.Fatalf("%q is taken as %v", before+secret+after, u)
			}
			return
		}
		if text := err.Error(); strings.Contains(text, secret) || strings.ContainsAny(text, "\r\n") {
			t.Fatalf("%q: %v", before+secret+after, err)
		}
	})
}
