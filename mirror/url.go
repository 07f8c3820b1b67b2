package mirror

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	plainScheme = "mongodb://"
	srvScheme   = "mongodb+srv://"
)

// CheckURL says what is wrong with a MongoDB URL, without the network, and without any of
// the URL's parts that may be secret.
func CheckURL(raw string) error {
	scheme, authority := split(raw)
	switch {
	case scheme == "":
		return errors.New("must begin with mongodb:// or mongodb+srv://")
	case authority == "":
		return errors.New("names no server")
	}
	// What the driver says about a broken user, password or host may quote it.
	if options.Client().ApplyURI(plainScheme+authority+"/").Validate() != nil {
		return errors.New("has a user, password or host that is malformed (special characters in user and password must be percent-encoded)")
	}
	if scheme == srvScheme {
		return nil // the rest depends on what the DNS says when the mirror connects
	}
	if err := options.Client().ApplyURI(raw).Validate(); err != nil {
		if strings.Contains(strings.ToLower(raw), "password=") || strings.Contains(raw, "authMechanismProperties=") {
			return errors.New("has options that are malformed")
		}
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

// split returns a URL's scheme, and its user, password and hosts.
func split(raw string) (scheme, authority string) {
	for _, s := range []string{plainScheme, srvScheme} {
		if after, ok := strings.CutPrefix(raw, s); ok {
			if i := strings.IndexAny(after, "/?"); i >= 0 {
				after = after[:i]
			}
			return s, after
		}
	}
	return "", ""
}

// hosts returns where a URL that passed CheckURL leads, without user and password.
func hosts(raw string) string {
	_, authority := split(raw)
	return authority[strings.LastIndexByte(authority, '@')+1:]
}

// secrets returns the password of a URL that passed CheckURL, as it stands there and in
// clear, for texts that must not show it.
func secrets(raw string) []string {
	_, authority := split(raw)
	i := strings.LastIndexByte(authority, '@')
	if i < 0 {
		return nil
	}
	_, password, _ := strings.Cut(authority[:i], ":")
	if password == "" {
		return nil
	}
	found := []string{password}
	if clear, err := url.PathUnescape(password); err == nil && clear != password {
		found = append(found, clear)
	}
	return found
}
