package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tiers is the architecture: a package may import packages of a lower tier alone.
var tiers = map[string]int{
	"liveassist":               4,
	"liveassist/httpapi":       3,
	"liveassist/account":       2,
	"liveassist/assist":        2,
	"liveassist/billing":       2,
	"liveassist/images":        2,
	"liveassist/assist/guides": 1,
	"liveassist/backup":        1,
	"liveassist/embed":         1,
	"liveassist/mail":          1,
	"liveassist/mail/smtptest": 1, // for tests alone
	"liveassist/mirror":        1,
	"liveassist/realtime":      1,
	"liveassist/store":         1,
	"liveassist/domain":        0,
}

// owners says which package alone may import a vendor's library, tests included.
var owners = map[string]string{
	"modernc.org/sqlite":                  "liveassist/store",
	"modernc.org/libc":                    "liveassist/store",
	"database/sql":                        "liveassist/store",
	"github.com/pressly/goose":            "liveassist/store",
	"github.com/wneessen/go-mail":         "liveassist/mail",
	"github.com/emersion/go-smtp":         "liveassist/mail/smtptest",
	"github.com/julienschmidt/httprouter": "liveassist/httpapi",
	"github.com/stripe/stripe-go":         "liveassist/billing",
	"github.com/benbjohnson/litestream":   "liveassist/backup",
	"github.com/r3labs/sse":               "liveassist/realtime",
	"go.mongodb.org/mongo-driver":         "liveassist/mirror",
}

func TestArchitecture_Imports(t *testing.T) {
	seen := map[string]bool{}
	walkImports(t, func(file, from, to string, isTest bool) {
		seen[from] = true
		for lib, owner := range owners {
			if (to == lib || strings.HasPrefix(to, lib+"/")) && from != owner {
				t.Errorf("%s: %s imports %s, which belongs to %s", file, from, to, owner)
			}
		}
		if isTest || !strings.HasPrefix(to, "liveassist/") {
			if from == "liveassist/domain" && !isTest && strings.Contains(to, ".") {
				t.Errorf("%s: domain imports %s; it takes the standard library alone", file, to)
			}
			return
		}
		if strings.HasPrefix(to, from+"/internal/") {
			return
		}
		from, _, _ = strings.Cut(from, "/internal/")
		above, ok := tiers[from]
		if !ok {
			t.Errorf("%s: %s has no tier in arch_test.go", file, from)
		}
		below, ok := tiers[to]
		if !ok {
			t.Errorf("%s: %s has no tier in arch_test.go", file, to)
		}
		if below >= above {
			t.Errorf("%s: %s (tier %d) imports %s (tier %d); imports point down", file, from, above, to, below)
		}
	})
	if len(seen) < 8 {
		t.Errorf("saw %d packages: the walk is broken", len(seen))
	}
}

// walkImports calls visit for each import of each Go file of this module.
func walkImports(t *testing.T, visit func(file, from, to string, isTest bool)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case "node_modules", "e2e", "tools", "web", "dist", ".git":
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := strings.TrimSuffix("liveassist/"+filepath.ToSlash(filepath.Dir(path)), "/.")
		for _, spec := range f.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			visit(path, from, to, strings.HasSuffix(path, "_test.go"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
