package bundle

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"liveassist/e2e/evidence"
	"liveassist/e2e/stack"
)

// TestPatches_Apply makes the patches of this very repository, whole and from the commit before the
// last, and applies all three to their base, one after the other.
func TestPatches_Apply(t *testing.T) {
	root, _, err := stack.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"", "HEAD~1"} {
		t.Run("from "+base, func(t *testing.T) {
			patches, err := Patches(t.Context(), root, base)
			if err != nil {
				t.Fatal(err)
			}
			if len(patches) != 3 {
				t.Fatalf("got %d patches, want 3", len(patches))
			}
			dirs := map[string]string{}
			for _, p := range patches {
				if len(p.Files) == 0 || len(p.Text) == 0 {
					t.Errorf("%s is empty", p.File)
				}
				if dirs[p.Base] == "" {
					dirs[p.Base] = layOut(t, root, p.Base)
				}
				applyPatch(t, dirs[p.Base], p)
			}
		})
	}
}

// layOut writes the files of a commit into a new directory.
func layOut(t *testing.T, root, base string) string {
	t.Helper()
	dir := t.TempDir()
	if base == "" {
		return dir
	}
	archive := exec.CommandContext(t.Context(), "git", "-C", root, "archive", "--format=tar", base)
	untar := exec.CommandContext(t.Context(), "tar", "-x", "-C", dir)
	var err error
	if untar.Stdin, err = archive.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := archive.Start(); err != nil {
		t.Fatal(err)
	}
	if out, err := untar.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := archive.Wait(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func applyPatch(t *testing.T, dir string, p Patch) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "apply", "--whitespace=nowarn", "-")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(p.Text))
	cmd.Env = append(os.Environ(), "GIT_DIR="+filepath.Join(dir, ".none"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s does not apply to %q: %v: %s", p.File, p.Base, err, out)
	}
}

// TestPatches_Base: a part that a branch changed starts at the merge base; one that it did not
// touch is shown whole, as are all without a base.
func TestPatches_Base(t *testing.T) {
	repo := t.TempDir()
	commit(t, repo, map[string]string{"main.go": "package main\n", "billing/a.go": "package billing\n", "images/a.go": "package images\n"})
	if _, err := git(t.Context(), repo, "branch", "-m", "main"); err != nil {
		t.Fatal(err)
	}
	base, err := git(t.Context(), repo, "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := git(t.Context(), repo, "checkout", "-q", "-b", "work"); err != nil {
		t.Fatal(err)
	}
	commit(t, repo, map[string]string{"billing/a.go": "package billing\n\n// More.\n", "README.md": "# x\n"})
	for _, c := range []struct {
		base string
		want map[string]string
	}{
		{"main", map[string]string{evidence.SubscriptionPatch: base, evidence.SessionPatch: "", evidence.ImagePatch: ""}},
		{"", map[string]string{evidence.SubscriptionPatch: "", evidence.SessionPatch: "", evidence.ImagePatch: ""}},
		{"no/such/branch", map[string]string{evidence.SubscriptionPatch: "", evidence.SessionPatch: "", evidence.ImagePatch: ""}},
		{"work", map[string]string{evidence.SubscriptionPatch: "", evidence.SessionPatch: "", evidence.ImagePatch: ""}},
	} {
		patches, err := Patches(t.Context(), repo, c.base)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range patches {
			if p.Base != c.want[p.File] {
				t.Errorf("base %q: %s: got base %q, want %q", c.base, p.File, p.Base, c.want[p.File])
			}
			if strings.Contains(string(p.Text), "README.md") {
				t.Errorf("base %q: %s holds README.md, which is no part of the product", c.base, p.File)
			}
		}
	}
}

func commit(t *testing.T, repo string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(repo, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "-A"},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "x"},
	} {
		if _, err := git(t.Context(), repo, args...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPartOf_Cases pins the table: what a reader of each patch expects to find in it.
func TestPartOf_Cases(t *testing.T) {
	for file, want := range map[string]string{
		"billing/webhook.go": evidence.SubscriptionPatch, "store/billing_grant.go": evidence.SubscriptionPatch,
		"httpapi/webhook.go": evidence.SubscriptionPatch, "mirror/follow.go": evidence.SubscriptionPatch,
		"embed/web/src/features/account/PlanCard.tsx": evidence.SubscriptionPatch,
		"images/picture.go":                           evidence.ImagePatch, "httpapi/upload.go": evidence.ImagePatch, "store/usage.go": evidence.ImagePatch,
		"embed/web/src/features/liveassist/photo/usePhotos.ts": evidence.ImagePatch,
		"embed/web/src/features/liveassist/LiveAssistPage.tsx": evidence.SessionPatch,
		"httpapi/liveassist.go":                                evidence.SessionPatch, "store/message.go": evidence.SessionPatch, "main.go": evidence.SessionPatch,
		"embed/dist/index.html": "", "e2e/story_test.go": "", "README.md": "", "Makefile": "", ".github/workflows/ci.yml": "",
	} {
		if got := PartOf(file); got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}
