package webapp

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestHandler_Files: every file of the build is served as it is, and by gzip with the same
// content: none is left out of what is embedded.
func TestHandler_Files(t *testing.T) {
	h, err := Handler()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = fs.WalkDir(os.DirFS("dist"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".br") || name == index {
			return err
		}
		seen++
		want, err := os.ReadFile("dist/" + name)
		if err != nil {
			return err
		}
		for _, encoding := range []string{"", "gzip", "br;q=0, gzip"} {
			r := httptest.NewRequest(http.MethodGet, "/"+name, nil)
			r.Header.Set("Accept-Encoding", encoding)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Body.Bytes()
			if w.Header().Get("Content-Encoding") == "gzip" {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					return err
				}
				if got, err = io.ReadAll(z); err != nil {
					return err
				}
			}
			if w.Code != http.StatusOK || !bytes.Equal(got, want) {
				t.Errorf("%s, %q: %d and %d bytes, want %d", name, encoding, w.Code, len(got), len(want))
			}
		}
		return nil
	})
	if err != nil || seen < 20 {
		t.Errorf("%d files, %v", seen, err)
	}
}
