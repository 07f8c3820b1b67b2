package guides

import (
	"io/fs"
	"strings"
	"testing"
)

// Whatever is in a file, it is a guide that has all its parts, or an error.
func FuzzParse(f *testing.F) {
	names, err := fs.Glob(files, "en/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names[:3] {
		b, err := files.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("---\ntitle: x\n---\n## Safety\n## Steps\n1. **a**\n## What to check next\n## When to call a professional\n"))
	f.Add([]byte("---\na: &a [*a]\n---\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := parse(text)
		if err != nil {
			return
		}
		if len(g.Steps) == 0 {
			t.Fatalf("a guide without steps: %q", text)
		}
		for _, s := range g.Steps {
			if strings.TrimSpace(s.Title) == "" {
				t.Fatalf("a step without a title: %q", text)
			}
		}
	})
}
