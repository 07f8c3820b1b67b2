package backup

import (
	"path/filepath"
	"testing"
)

func TestTarget_parse(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		target           Target
		want             string // the place's name
		endpoint, region string
	}{
		{target: Target{URL: "s3://bucket/path"}, want: "s3://bucket/path"},
		{target: Target{URL: "s3://bucket/a/path/"}, want: "s3://bucket/a/path"},
		{target: Target{URL: "s3://b/p?endpoint=http://x:1&region=r"}, want: "s3://b/p", endpoint: "http://x:1", region: "r"},
		{target: Target{URL: "s3://b/p", Endpoint: "http://y", Region: "s"}, want: "s3://b/p", endpoint: "http://y", region: "s"},
		{target: Target{URL: "s3://b/p?endpoint=http://x", Endpoint: "http://y", Region: "s"}, want: "s3://b/p", endpoint: "http://x", region: "s"},
		{target: Target{URL: "file:///var/backup/"}, want: "/var/backup"},
		{target: Target{URL: "/var/backup"}, want: "/var/backup"},
		{target: Target{URL: "backup", Endpoint: "http://y"}, want: filepath.Join(here, "backup")},
	} {
		p, err := c.target.parse()
		if err != nil || p.String() != c.want || p.query.Get("endpoint") != c.endpoint || p.query.Get("region") != c.region {
			t.Errorf("%+v: %v (%v), %v, want %s at %q in %q", c.target, p, p.query, err, c.want, c.endpoint, c.region)
		}
	}
	for _, url := range []string{"", "s3://", "s3://bucket", "s3:///path", "s3://b/p#f", "s3://k:s@b/p", "s3://b/p?x=1", "s3://b/%zz", "file://dir", "file://", "gs://b/p", "http://b/p"} {
		if p, err := (Target{URL: url}).parse(); err == nil {
			t.Errorf("%q is taken as %v, want an error", url, p)
		}
	}
}
