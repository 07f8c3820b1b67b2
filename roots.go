package main

import (
	"crypto/x509"
	"os"
	"runtime"
	"slices"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// certificateFiles are where crypto/x509 looks for the certificate authorities of a Linux system
// (its root_linux.go).
//
//nolint:gochecknoglobals // a constant table
var certificateFiles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// trustRoots brings Mozilla's certificate authorities where the system may have none, as in
// an image FROM scratch. Elsewhere crypto/x509 would not look at them, and to read them takes
// a tenth of the start.
func trustRoots() {
	if runtime.GOOS == "linux" && systemHasRoots(os.Getenv) {
		return
	}
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			continue // one that this Go refuses is not trusted
		}
		if root.Constraint == nil {
			pool.AddCert(certificate)
		} else {
			pool.AddCertWithConstraint(certificate, root.Constraint)
		}
	}
	x509.SetFallbackRoots(pool)
}

// systemHasRoots reports whether there is certainly a file of certificate authorities: the one
// that SSL_CERT_FILE names, else a system's own. In doubt, as with directories, it is false.
func systemHasRoots(env func(string) string) bool {
	files := certificateFiles
	if own := env("SSL_CERT_FILE"); own != "" {
		files = []string{own}
	}
	return slices.ContainsFunc(files, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && info.Size() > 0
	})
}
