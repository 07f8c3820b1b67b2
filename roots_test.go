package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSystemHasRoots: the built-in certificate authorities are left out only where a file of
// them is there, since without any nobody could be paid or mailed.
func TestSystemHasRoots(t *testing.T) {
	dir := t.TempDir()
	some, empty := filepath.Join(dir, "some.pem"), filepath.Join(dir, "empty.pem")
	for name, content := range map[string]string{some: "-----BEGIN CERTIFICATE-----", empty: ""} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	system := certificateFiles
	t.Cleanup(func() { certificateFiles = system })
	for _, c := range []struct {
		system, file string
		want         bool
	}{
		{some, "", true},
		{empty, "", false},
		{filepath.Join(dir, "none"), "", false},
		{empty, some, true},
		{some, empty, false},
		{some, filepath.Join(dir, "none"), false},
	} {
		certificateFiles = []string{filepath.Join(dir, "none"), c.system}
		env := map[string]string{"SSL_CERT_FILE": c.file}
		if got := systemHasRoots(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
