package bundle

import (
	"path"
	"strings"

	"liveassist/e2e/evidence"
)

// Part is one of the three reviewable changes.
type Part struct {
	File  string
	Title string
	// paths are what belongs to the part: a path ending in "/" is a directory, any other is a
	// pattern of path.Match, where a star does not cross a slash.
	paths []string
}

// Parts are the three changes. A file belongs to the first part that names it; every file of the
// product that none of the two later ones names belongs to the session fix, the ground that they
// stand on.
func Parts() []Part {
	return []Part{
		{File: evidence.SubscriptionPatch, Title: "Stripe: a payment becomes entitlement exactly once, and every open page knows", paths: []string{
			"billing/", "mirror/", "httpapi/sandbox/",
			"httpapi/billing*.go", "httpapi/sandbox*.go", "httpapi/webhook*.go",
			"store/billing_*.go", "store/xp*.go", "store/mirror*.go", "store/migrations/*billing*.sql",
			"domain/plan*.go", "domain/level*.go",
			"embed/web/src/features/account/", "embed/web/src/features/billing/",
		}},
		{File: evidence.ImagePatch, Title: "Photos: the daily limit, and an upgrade dialog that opens before the upload", paths: []string{
			"images/", "httpapi/upload*.go", "httpapi/picture*.go", "httpapi/image*.go",
			"store/image*.go", "store/usage*.go", "store/migrations/*images*.sql",
			"embed/web/src/features/liveassist/photo/", "embed/web/src/lib/allowance*.ts", "embed/web/src/lib/upgrade*",
			"embed/web/src/app/UpgradeDialog*",
		}},
		{File: evidence.SessionPatch, Title: "LiveAssist: a conversation that is never lost, in one program", paths: nil},
	}
}

// outside lists what is no part of the product: how it is built, tested and described, and what
// is generated from the rest.
func outside() []string {
	return []string{"e2e/", "scripts/", "tools/", "docs/", ".ci/", ".github/", "embed/dist/", "*.md", "Makefile", "Dockerfile", ".dockerignore"}
}

// PartOf returns the patch that a file belongs to; empty for a file outside of the product.
func PartOf(file string) string {
	if matchAny(outside(), file) {
		return ""
	}
	for _, p := range Parts() {
		if matchAny(p.paths, file) {
			return p.File
		}
	}
	return evidence.SessionPatch
}

func matchAny(patterns []string, file string) bool {
	for _, p := range patterns {
		if strings.HasSuffix(p, "/") && strings.HasPrefix(file, p) {
			return true
		}
		if ok, err := path.Match(p, file); ok && err == nil {
			return true
		}
	}
	return false
}
