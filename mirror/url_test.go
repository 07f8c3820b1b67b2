package mirror

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	tests := map[string]string{ // URL -> part of the error; empty: none
		"mongodb://127.0.0.1:27017":                                    "",
		"mongodb://ann:s%2Fcret@a.example,b.example:27018/db?tls=true": "",
		"mongodb+srv://ann:secret@cluster.example/?retryWrites=true":   "",
		"":                               "must begin with mongodb://",
		"127.0.0.1:27017":                "must begin with mongodb://",
		"http://ann:secret@127.0.0.1":    "must begin with mongodb://",
		"mongodb://":                     "names no server",
		"mongodb+srv:///db":              "names no server",
		"mongodb://ann:secret":           "malformed",
		"mongodb://ann:se/cret@host":     "malformed",
		"mongodb://ann:se:cret@host":     "malformed",
		"mongodb://ann:se@cret@host":     "malformed",
		"mongodb+srv://ann:se:cret@host": "malformed",
		"mongodb://host:99999":           "malformed",
		"mongodb://host/?tls=maybe":      "tls",
		"mongodb://host/?tls=maybe&tlsCertificateKeyFilePassword=secret": "options that are malformed",
	}
	for url, want := range tests {
		err := CheckURL(url)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", url, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", url, err, want)
		case err != nil && (strings.Contains(err.Error(), "cret") || strings.Contains(err.Error(), "ann:")):
			t.Errorf("%s: the error shows a part of the URL: %v", url, err)
		}
	}
}

// A slash that should have been written as %2F lets a part of the password look like a host.
func TestCheckURL_SlashInPassword(t *testing.T) {
	err := CheckURL("mongodb://ann:0/secret@host")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want an error without the password", err)
	}
}

func TestURL_Parts(t *testing.T) {
	const url = "mongodb+srv://ann:s%40cret@a.example,b.example:27018/db?tls=true"
	if got, want := hosts(url), "a.example,b.example:27018"; got != want {
		t.Errorf("hosts: got %q, want %q", got, want)
	}
	if got, want := secrets(url), []string{"s%40cret", "s@cret"}; !slices.Equal(got, want) {
		t.Errorf("secrets: got %q, want %q", got, want)
	}
	if got := secrets("mongodb://ann@host"); got != nil {
		t.Errorf("secrets without a password: %q", got)
	}
}
