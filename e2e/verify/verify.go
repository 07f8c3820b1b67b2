// Package verify checks a bundle of evidence without trusting whoever made it. It knows for
// itself what has to be there, reads every file again, and asks of each that it says what the
// steps claim; the maker's own verdicts are the least of it.
package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"liveassist/e2e/evidence"
)

// Bundle checks the bundle in dir, and returns what is missing or wrong: nothing for a good one.
// The patches are applied to bases that are commits of the repository repo.
func Bundle(ctx context.Context, dir, repo string) []string {
	c := &checker{dir: dir, repo: repo, content: map[string][]byte{}}
	if !c.readManifest() {
		return c.found
	}
	c.checkFiles()
	c.checkSteps()
	c.checkPictures()
	c.checkPatches(ctx)
	c.checkBrowser()
	c.checkDeliveries()
	c.checkLog()
	c.checkNetwork()
	c.checkDatabase()
	c.checkReport()
	return c.found
}

// checker collects what is wrong with one bundle.
type checker struct {
	dir, repo string
	found     []string

	manifest evidence.Manifest
	content  map[string][]byte // of the files that are there and have the right hash
	browser  browserFile
	// What the deliveries say, for the checks after it.
	completed, invoice string // ids of the events
	paidAt             string // when the first was sent, RFC 3339
}

// wrong notes a fault of one file.
func (c *checker) wrong(file, format string, args ...any) {
	c.found = append(c.found, file+": "+fmt.Sprintf(format, args...))
}

// files is what a bundle must hold beside its manifest. The maker has a list of its own.
func files() []string {
	return append([]string{
		evidence.SessionPatch, evidence.SubscriptionPatch, evidence.ImagePatch,
		evidence.LogFile, evidence.WebhookFile, evidence.NetworkFile, evidence.DatabaseFile, evidence.BrowserFile,
		evidence.ReportFile, evidence.SummaryFile,
	}, pictures()...)
}

func (c *checker) readManifest() bool {
	b, err := os.ReadFile(filepath.Join(c.dir, evidence.ManifestFile))
	if err != nil {
		c.wrong(evidence.ManifestFile, "missing or unreadable: %v", err)
		return false
	}
	if err := json.Unmarshal(b, &c.manifest); err != nil {
		c.wrong(evidence.ManifestFile, "no manifest: %v", err)
		return false
	}
	m := c.manifest
	if m.Format != evidence.Format {
		c.wrong(evidence.ManifestFile, "format %d; this checker reads %d", m.Format, evidence.Format)
		return false
	}
	if digest, err := m.Digest(); err != nil || digest != m.Seal {
		c.wrong(evidence.ManifestFile, "altered: its seal does not fit its content")
	}
	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(m.Commit) {
		c.wrong(evidence.ManifestFile, "%q is no commit", m.Commit)
	}
	if m.Mode != evidence.Containers && m.Mode != evidence.Processes {
		c.wrong(evidence.ManifestFile, "%q is no way to run the programs", m.Mode)
	}
	if m.Began.IsZero() || !m.Began.Before(m.Ended) {
		c.wrong(evidence.ManifestFile, "the run began at %v and ended at %v", m.Began, m.Ended)
	}
	for _, name := range []string{"LiveAssist", "Chromium", "Playwright", "MongoDB server", "Stripe", "Go"} {
		if m.Versions[name] == "" || m.Versions[name] == "unknown" {
			c.wrong(evidence.ManifestFile, "no version of %s", name)
		}
	}
	return true
}

// checkFiles reads every file that the manifest names, and compares the names with those that
// must be there.
func (c *checker) checkFiles() {
	named := map[string]bool{}
	for _, f := range c.manifest.Files {
		if named[f.Path] {
			c.wrong(f.Path, "named twice in the manifest")
		}
		named[f.Path] = true
		c.readFile(f)
	}
	for _, f := range files() {
		if !named[f] {
			c.wrong(f, "missing in the manifest")
		}
	}
}

func (c *checker) readFile(f evidence.File) {
	if !filepath.IsLocal(f.Path) {
		c.wrong(f.Path, "outside of the bundle")
		return
	}
	file := filepath.Join(c.dir, filepath.FromSlash(f.Path))
	info, err := os.Lstat(file)
	if err != nil {
		c.wrong(f.Path, "missing")
		return
	}
	if !info.Mode().IsRegular() {
		c.wrong(f.Path, "no ordinary file")
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		c.wrong(f.Path, "unreadable: %v", err)
		return
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 || int64(len(b)) != f.Size {
		c.wrong(f.Path, "altered: %d bytes with SHA-256 %s, the manifest has %d and %s", len(b), got, f.Size, f.SHA256)
		return
	}
	c.content[f.Path] = b
}

// checkSteps asks for every step, passed, and for claims that were found true.
func (c *checker) checkSteps() {
	if c.manifest.Verdict != evidence.Passed {
		c.wrong(evidence.ManifestFile, "the verdict is %q", c.manifest.Verdict)
	}
	for _, want := range evidence.StepTitles() {
		i := slices.IndexFunc(c.manifest.Steps, func(s evidence.Step) bool { return s.ID == want.ID })
		if i < 0 {
			c.wrong(evidence.ManifestFile, "step %s is missing", want.ID)
			continue
		}
		step := c.manifest.Steps[i]
		if step.Verdict != evidence.Passed {
			c.wrong(evidence.ManifestFile, "step %s: the verdict is %q", step.ID, step.Verdict)
		}
		if len(step.Claims) == 0 {
			c.wrong(evidence.ManifestFile, "step %s claims nothing", step.ID)
		}
		for _, claim := range step.Claims {
			if !claim.OK {
				c.wrong(evidence.ManifestFile, "step %s: found false: %s", step.ID, claim.Text)
			}
		}
	}
}
