package backup

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// place is a Target that was understood.
type place struct {
	dir    string // a directory; empty where it is an object store
	bucket string
	path   string // within the bucket
	query  url.Values
}

// Check reports what is wrong with a target.
func (t Target) Check() error {
	_, err := t.parse()
	return err
}

// Dir returns the directory of the backup; empty where it is no directory.
func (t Target) Dir() string {
	p, err := t.parse()
	if err != nil {
		return ""
	}
	return p.dir
}

// String names the place without its parameters, for people.
func (t Target) String() string {
	p, err := t.parse()
	if err != nil {
		return "?"
	}
	return p.String()
}

func (p place) String() string {
	if p.dir != "" {
		return p.dir
	}
	return "s3://" + p.bucket + "/" + p.path
}

func (t Target) parse() (place, error) {
	scheme, rest, ok := strings.Cut(t.URL, "://")
	if !ok {
		return directory(t.URL)
	}
	switch scheme {
	case "file":
		if !strings.HasPrefix(rest, "/") {
			return place{}, errors.New("a file:// URL must name a whole path: file:///var/backup")
		}
		return directory(rest)
	case "s3":
		return t.bucket()
	}
	return place{}, fmt.Errorf("must be s3://BUCKET/PATH, file:///DIRECTORY or a directory, and begins with %s://", scheme)
}

func directory(name string) (place, error) {
	if name == "" {
		return place{}, errors.New("must not be empty")
	}
	dir, err := filepath.Abs(name)
	if err != nil {
		return place{}, fmt.Errorf("find the directory: %w", err)
	}
	return place{dir: dir}, nil
}

func (t Target) bucket() (place, error) {
	u, err := url.Parse(t.URL)
	if err != nil {
		return place{}, errors.New("is not a URL") // the error would quote it
	}
	if u.User != nil {
		return place{}, errors.New("must not hold the keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	p := place{bucket: u.Host, path: strings.Trim(u.Path, "/"), query: u.Query()}
	if p.bucket == "" || p.path == "" || u.Fragment != "" {
		return place{}, errors.New("must name a bucket and a path within it: s3://BUCKET/PATH")
	}
	parameters := []string{"endpoint", "region", "force-path-style", "storage-class", "sse-kms-key-id"} // Litestream's words
	for name := range p.query {
		if !slices.Contains(parameters, name) {
			return place{}, fmt.Errorf("has the unknown parameter %q; there are %s", name, strings.Join(parameters, ", "))
		}
	}
	for name, value := range map[string]string{"endpoint": t.Endpoint, "region": t.Region} {
		if value != "" && !p.query.Has(name) {
			p.query.Set(name, value)
		}
	}
	return p, nil
}
