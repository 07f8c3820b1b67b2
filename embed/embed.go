// Package webapp serves the built web app that is embedded in the program.
package webapp

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// What is compressed is embedded so, and not once more as it is: half a megabyte less.
//
//go:embed dist/*.png dist/*.gz dist/*.br dist/assets/*.gz dist/assets/*.br
var dist embed.FS

// index is the page that every path of the app begins with.
const index = "index.html"

// file is one file of the build: as it is where that cannot be compressed (pictures), else
// as gzip, and as brotli where that is smaller. Each is read when first asked for: the
// program starts without touching them.
type file struct {
	contentType         string
	plain, brotli, gzip func() ([]byte, error) // nil where there is none
	etag                func() (string, error)
}

// app is the embedded build, by path.
type app map[string]*file

// Handler returns a handler for the web app: its files, and the first page for every path
// that names no file. A missing asset is a 404, since a page in place of a script breaks
// the app.
func Handler() (http.Handler, error) {
	a := app{}
	err := fs.WalkDir(dist, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		a.add(strings.TrimPrefix(name, "dist/"), sync.OnceValues(func() ([]byte, error) { return dist.ReadFile(name) }))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the embedded web app: %w", err)
	}
	if a[index] == nil || a[index].gzip == nil {
		return nil, fmt.Errorf("the embedded web app has no %s", index)
	}
	return a, nil
}

func (a app) add(name string, read func() ([]byte, error)) {
	base, encoding := name, ""
	if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
		base, encoding = strings.TrimSuffix(name, ext), ext
	}
	f := a[base]
	if f == nil {
		f = &file{contentType: contentType(base)}
		a[base] = f
	}
	switch encoding {
	case ".br":
		f.brotli = read
		return
	case ".gz":
		f.gzip = read
	default:
		f.plain = read
	}
	f.etag = sync.OnceValues(func() (string, error) {
		b, err := read()
		sum := sha256.Sum256(b)
		return `"` + hex.EncodeToString(sum[:12]) + `"`, err
	})
}

// original returns the file as it is, for the rare client that takes no compression.
func (f *file) original() ([]byte, error) {
	if f.plain != nil {
		return f.plain()
	}
	b, err := f.gzip()
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// contentType does not ask the machine's tables, which differ and take time to read.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	}
	return "application/octet-stream"
}

// ServeHTTP implements http.Handler.
func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	f := a[name]
	switch {
	case f != nil && name != index:
	case isAsset(name):
		http.NotFound(w, r)
		return
	default:
		name, f = index, a[index]
	}
	h := w.Header()
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // the name holds a hash of the content
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	f.serve(w, r)
}

// isAsset reports whether a path asks for a file rather than for a page of the app.
func isAsset(name string) bool {
	return strings.HasPrefix(name, "assets/") || path.Ext(name) != "" && name != index
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body, encoding, etag, err := f.pick(r)
	if err != nil {
		http.Error(w, "This file is damaged.", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = bytes.NewReader(body).WriteTo(w) // a client that left is no failure
	}
}

// pick returns the file in the best encoding that the request takes.
func (f *file) pick(r *http.Request) (body []byte, encoding, etag string, err error) {
	if etag, err = f.etag(); err != nil {
		return nil, "", "", err
	}
	switch {
	case f.brotli != nil && accepts(r, "br"):
		body, err = f.brotli()
		return body, "br", tagged(etag, "br"), err
	case f.gzip != nil && accepts(r, "gzip"):
		body, err = f.gzip()
		return body, "gzip", tagged(etag, "gz"), err
	}
	body, err = f.original()
	return body, "", etag, err
}

// tagged gives each encoding an ETag of its own: they are different bytes.
func tagged(etag, suffix string) string { return strings.TrimSuffix(etag, `"`) + "-" + suffix + `"` }

// accepts reports whether the request takes an encoding (RFC 9110, section 12.5.3).
func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !ok {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}

func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}
