package verify_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liveassist/e2e/evidence"
	"liveassist/e2e/verify"
)

func TestBundle_Good(t *testing.T) {
	dir, repo := makeBundle(t)
	if found := verify.Bundle(t.Context(), dir, repo); len(found) > 0 {
		t.Errorf("a good bundle is refused:\n%s", strings.Join(found, "\n"))
	}
}

// TestBundle_EachPiece removes and alters every file of a bundle in turn: each time the checker
// must name that file.
func TestBundle_EachPiece(t *testing.T) {
	good, repo := makeBundle(t)
	var names []string
	err := filepath.WalkDir(good, func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(good, file)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 21+11 {
		t.Fatalf("got %d files %q, want 21 pictures and 11 others", len(names), names)
	}
	for _, name := range names {
		t.Run("removed/"+name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, good)
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			refused(t, dir, repo, name)
		})
		t.Run("altered/"+name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, good)
			change(t, dir, name, func(b []byte) []byte {
				b = bytes.Clone(b)
				b[len(b)/2] ^= 1
				return b
			})
			refused(t, dir, repo, name)
		})
	}
}

// forgery is an alteration by somebody who also writes the new hash into the manifest, so that
// nothing but the content can give it away.
type forgery struct {
	name, file string
	old, fresh string // the text that is replaced, and by what
	says       string // what the checker must find wrong
}

func forgeries() []forgery {
	return []forgery{
		{"the person is free", evidence.DatabaseFile, `subscription_status: 'paid'`, `subscription_status: 'free'`, "differ"},
		{"free in both", evidence.DatabaseFile, `paid`, `free`, "does not show the payer as paid"},
		{"another amount", evidence.DatabaseFile, `250`, `500`, "first_premium"},
		{"a ledger row is not processed", evidence.DatabaseFile, `processed`, `parked`, "0 times as processed"},
		{"a collection differs", evidence.DatabaseFile, "# users: 2 documents, equal in MongoDB and SQLite", "# users: 2 documents, x is missing in MongoDB", "all of users"},
		{"a signature that does not fit", evidence.WebhookFile, `v1=`, `v1=0`, "signature"},
		{"a body that was not signed", evidence.WebhookFile, `\"amount_total\": 900`, `\"amount_total\": 901`, "signature"},
		{"an event that was refused", evidence.WebhookFile, `"status": 200`, `"status": 500`, "the answer is 500"},
		{"no duplicate", evidence.WebhookFile, `decision=duplicate`, `decision=grant`, "duplicate"},
		{"no delivery", evidence.WebhookFile, `"deliveries": [`, `"deliveries": [], "x": [`, "0 deliveries"},
		{"the log is silent", evidence.LogFile, "evt_completed_", "evt_other_", "was processed for the payer"},
		{"the log of an error", evidence.LogFile, "level=INFO msg=ready", "level=ERROR msg=failed", "is a failure"},
		{"the network log is none", evidence.NetworkFile, "{", "[", "no HTTP archive"},
		{"no return from Stripe", evidence.NetworkFile, "/?subscription=success", "/?subscription=cancelled", "no page opened"},
		{"no refusal", evidence.NetworkFile, `"status": 403`, `"status": 201`, "not [201 201 403]"},
		{"other messages", evidence.NetworkFile, session, freeTalk, "two texts and an image"},
		{"a cookie", evidence.NetworkFile, `"value": "(removed)"`, `"value": "session=abc"`, "session cookie"},
		{"the browser saw it fail", evidence.BrowserFile, `"ok": true`, `"ok": false`, "found false"},
		{"the dialog came late", evidence.BrowserFile, `"uploadsBeforeDialog": 2`, `"uploadsBeforeDialog": 3`, "after 3 uploads"},
		{"pictures of another place", evidence.BrowserFile, "http://127.0.0.1:1/", "http://example.com/", "not the product of the run"},
		{"pictures of another day", evidence.BrowserFile, "2026-11-24T22:00:40Z", "2026-11-23T22:00:40Z", "outside of the run"},
		{"a reference to elsewhere", evidence.ReportFile, "<main>", `<main><img src="https://example.com/x.png">`, "from outside"},
		{"a script", evidence.ReportFile, "<main>", "<main><script>1</script>", "script"},
		{"a step failed", evidence.ReportFile, `id="step-d" data-verdict="passed"`, `id="step-d" data-verdict="failed"`, "step d"},
		{"a picture is not shown", evidence.ReportFile, "data:image/png;base64,i", "data:image/png;base64,a", "does not show"},
		{"another commit", evidence.SessionPatch, "Head: ", "Head: 0", "base and its head"},
		{"a line more", evidence.SubscriptionPatch, "+package billing\n", "+package billing\n+// more\n", "webhook.go becomes object"},
		{"another line", evidence.SubscriptionPatch, "+package billing\n", "+package billinG\n", "becomes object"},
		{"no change", evidence.ImagePatch, "diff --git", "diff --none", "no change"},
		{"not its part", evidence.ImagePatch, "images/", "pictures/", "touches nothing of images/"},
		{"out of the project", evidence.ImagePatch, "images/", "../images/", "outside of the project"},
	}
}

func TestBundle_ForgedContent(t *testing.T) {
	good, repo := makeBundle(t)
	for _, f := range forgeries() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, good)
			change(t, dir, f.file, func(b []byte) []byte {
				if !bytes.Contains(b, []byte(f.old)) {
					t.Fatalf("%s has no %q: the test is out of date", f.file, f.old)
				}
				return bytes.ReplaceAll(b, []byte(f.old), []byte(f.fresh))
			})
			rehash(t, dir, f.file)
			refused(t, dir, repo, f.says)
		})
	}
}

func TestBundle_ForgedPictures(t *testing.T) {
	good, repo := makeBundle(t)
	const a, b = "screenshots/page-account-premium-desk-light.png", "screenshots/page-upgrade-dialog-desk-light.png"
	read := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(good, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	for _, c := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"another picture's copy", read(b), "the same picture as"},
		{"no picture", []byte("\x89PNG\r\n\x1a\nno picture"), "no PNG picture"},
		{"a phone's", read("screenshots/page-account-premium-phone-light.png"), "390 by 400"},
		{"a dark one", read("screenshots/page-account-premium-desk-dark.png"), "not darker"},
		{"one colour", blank(), "colours"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, good)
			change(t, dir, a, func([]byte) []byte { return c.content })
			rehash(t, dir, a)
			refused(t, dir, repo, c.says)
		})
	}
}

func TestBundle_ForgedManifest(t *testing.T) {
	good, repo := makeBundle(t)
	for _, c := range []struct {
		name  string
		forge func(m *evidence.Manifest)
		says  string
	}{
		{"failed", func(m *evidence.Manifest) { m.Verdict = evidence.Failed }, "the verdict"},
		{"a step failed", func(m *evidence.Manifest) { m.Steps[2].Verdict = evidence.Failed }, "step c"},
		{"a claim is false", func(m *evidence.Manifest) { m.Steps[1].Claims[0].OK = false }, "step b: found false"},
		{"a step says nothing", func(m *evidence.Manifest) { m.Steps[1].Claims = nil }, "step b claims nothing"},
		{"a step is missing", func(m *evidence.Manifest) { m.Steps = m.Steps[1:] }, "step a is missing"},
		{"another person", func(m *evidence.Manifest) { m.People.Payer = free }, "not the payer"},
		{"another commit", func(m *evidence.Manifest) { m.Commit = strings.Repeat("0", 40) }, "ends at commit"},
		{"another day", func(m *evidence.Manifest) { m.Ended = m.Ended.AddDate(0, 0, 2); m.Began = m.Ended.AddDate(0, 0, -1) }, "outside of the run"},
		{"a file outside", func(m *evidence.Manifest) { m.Files[0].Path = "../x" }, "outside of the bundle"},
		{"a file twice", func(m *evidence.Manifest) { m.Files[1] = m.Files[0] }, "named twice"},
		{"an old form", func(m *evidence.Manifest) { m.Format = 0 }, "format 0"},
		{"no version of the browser", func(m *evidence.Manifest) { delete(m.Versions, "Chromium") }, "Chromium"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, good)
			m := manifestOf(t, dir)
			c.forge(&m)
			seal(t, dir, m)
			refused(t, dir, repo, c.says)
		})
	}
}

func TestBundle_TwoBonuses(t *testing.T) {
	dir, repo := makeBundle(t)
	change(t, dir, evidence.DatabaseFile, func([]byte) []byte { return makeProof(t, 2) })
	rehash(t, dir, evidence.DatabaseFile)
	refused(t, dir, repo, "2 first_premium of 250")
}

// refused checks that the checker finds the bundle wrong, and says what.
func refused(t *testing.T, dir, repo, says string) {
	t.Helper()
	found := verify.Bundle(t.Context(), dir, repo)
	if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, says) }) {
		t.Errorf("got %q, want something that says %q", found, says)
	}
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func change(t *testing.T, dir, name string, f func([]byte) []byte) {
	t.Helper()
	file := filepath.Join(dir, name)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, f(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func manifestOf(t *testing.T, dir string) (m evidence.Manifest) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, evidence.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// rehash makes the manifest fit a file that was altered.
func rehash(t *testing.T, dir, name string) {
	t.Helper()
	m := manifestOf(t, dir)
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	i := slices.IndexFunc(m.Files, func(f evidence.File) bool { return f.Path == name })
	m.Files[i].SHA256, m.Files[i].Size = hex.EncodeToString(sum[:]), int64(len(b))
	seal(t, dir, m)
}

// seal writes a manifest with a seal that fits.
func seal(t *testing.T, dir string, m evidence.Manifest) {
	t.Helper()
	var err error
	if m.Seal, err = m.Digest(); err != nil {
		t.Fatal(err)
	}
	writeJSON(t, filepath.Join(dir, evidence.ManifestFile), m)
}
