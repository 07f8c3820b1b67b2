package billing

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"liveassist/domain"
)

// maxReturnPath is the longest path to come back to, in bytes.
const maxReturnPath = 512

var errReturnPath = domain.E(domain.KindInvalidRequest, "return_to must be a path of this app.")

// checkReturnPath accepts a path of the web app and nothing that a browser could take for
// another site: "//host", "/\host", control characters that browsers drop, and the same
// behind percent signs, which somebody on the way may decode.
func checkReturnPath(s string) error {
	if len(s) > maxReturnPath {
		return errReturnPath
	}
	plain := s
	for range 3 {
		if !localPath(plain) {
			return errReturnPath
		}
		decoded, err := url.PathUnescape(plain)
		if err != nil {
			return errReturnPath
		}
		if decoded == plain {
			return nil
		}
		plain = decoded
	}
	return errReturnPath // nothing of ours is encoded so often
}

func localPath(s string) bool {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.Contains(s, "\\") {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return false
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return false
	}
	p := strings.TrimSuffix(u.Path, "/")
	if p != "" && path.Clean(p) != p {
		return false // "//", "/./" or "/../"
	}
	for _, server := range []string{"/api", "/sandbox", "/debug"} {
		if p == server || strings.HasPrefix(p, server+"/") {
			return false
		}
	}
	return true
}
