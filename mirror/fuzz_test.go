package mirror

import (
	"strings"
	"testing"
)

// Whatever MONGO_URL says, it is taken or refused, and neither the refusal nor what is shown
// of a URL that was taken tells of the password, however badly that is written.
func FuzzCheckURL(f *testing.F) {
	for _, s := range [][2]string{
		{"mongodb://user:", "@127.0.0.1:27017/"},
		{"mongodb+srv://user:", "@db.example.com"},
		{"mongodb://user:a/", "@127.0.0.1"},
		{"mongodb://user:a@", "@127.0.0.1"},
		{"mongodb://user:%zz", "@127.0.0.1"},
		{"mongodb://user:", "@127.0.0.1/?authMechanism=x"},
		{"mongodb://127.0.0.1/?tlsCertificateKeyFilePassword=", "&tls=true"},
		{"mongodb://127.0.0.1/?authMechanismProperties=", ""},
		{"", ""},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "correct-horse-battery"
		raw := before + secret + after
		err := CheckURL(raw)
		if err != nil {
			// Where it stands as a host or an option's value it is no password.
			if scheme, authority := split(raw); scheme != "" && strings.Contains(authority, secret) && strings.Contains(authority[strings.Index(authority, secret):], "@") && strings.Contains(err.Error(), secret) {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if _, authority := split(raw); strings.Contains(authority, secret+"@") && strings.Contains(hosts(raw), secret) {
			t.Fatalf("%q leads to %q", raw, hosts(raw))
		}
	})
}
