package verify

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"liveassist/e2e/evidence"
)

// patch is one of the three changes, as its file says it.
type patch struct {
	name  string
	base  string // a commit; empty: the empty tree
	files []patched
}

// patched is a file in a patch, with the object that git says it becomes.
type patched struct {
	path    string
	object  string
	removed bool
}

// telling says what each patch must touch to be the change that its name promises.
func telling() map[string]string {
	return map[string]string{
		evidence.SessionPatch:      "liveassist",
		evidence.SubscriptionPatch: "billing",
		evidence.ImagePatch:        "images/",
	}
}

// checkPatches applies the patches to their bases, those with one base together.
func (c *checker) checkPatches(ctx context.Context) {
	byBase := map[string][]patch{}
	owner := map[string]string{}
	for _, name := range []string{evidence.SessionPatch, evidence.SubscriptionPatch, evidence.ImagePatch} {
		text, ok := c.content[name]
		if !ok {
			continue
		}
		p, err := c.parsePatch(name, text)
		if err != nil {
			c.wrong(name, "%v", err)
			continue
		}
		for _, f := range p.files {
			if other := owner[f.path]; other != "" {
				c.wrong(name, "%s is also in %s", f.path, other)
			}
			owner[f.path] = name
		}
		byBase[p.base] = append(byBase[p.base], p)
	}
	for base, group := range byBase {
		if err := c.apply(ctx, base, group); err != nil {
			c.found = append(c.found, err.Error())
		}
	}
}

// parsePatch reads the head of a patch file and the names in it.
func (c *checker) parsePatch(name string, text []byte) (patch, error) {
	p := patch{name: name}
	head, diff, ok := bytes.Cut(text, []byte("\ndiff --git "))
	if !ok {
		return p, errors.New("holds no change")
	}
	base := regexp.MustCompile(`(?m)^Base: (?:([0-9a-f]{40})|the empty tree)$`).FindSubmatch(head)
	commit := regexp.MustCompile(`(?m)^Head: ([0-9a-f]{40})$`).FindSubmatch(head)
	if base == nil || commit == nil {
		return p, errors.New("does not say its base and its head")
	}
	p.base = string(base[1])
	if string(commit[1]) != c.manifest.Commit {
		return p, fmt.Errorf("ends at commit %s, and the bundle is of %s", commit[1], c.manifest.Commit)
	}
	for one := range strings.SplitSeq(string(diff), "\ndiff --git ") {
		f, err := parseFile(one)
		if err != nil {
			return p, err
		}
		p.files = append(p.files, f)
	}
	if !slices.ContainsFunc(p.files, func(f patched) bool { return strings.Contains(f.path, telling()[name]) }) {
		return p, fmt.Errorf("touches nothing of %s", telling()[name])
	}
	return p, nil
}

var (
	diffLine  = regexp.MustCompile(`^(?:diff --git )?a/(.+) b/(.+)$`)
	indexLine = regexp.MustCompile(`(?m)^index ([0-9a-f]{40})\.\.([0-9a-f]{40})(?: |$)`)
)

func parseFile(text string) (patched, error) {
	first, rest, _ := strings.Cut(text, "\n")
	names := diffLine.FindStringSubmatch(first)
	if names == nil || names[1] != names[2] {
		return patched{}, fmt.Errorf("cannot read the line %q", first)
	}
	f := patched{path: names[1], removed: strings.HasPrefix(rest, "deleted file mode")}
	if !filepath.IsLocal(f.path) {
		return patched{}, fmt.Errorf("%s lies outside of the project", f.path)
	}
	if objects := indexLine.FindStringSubmatch(rest); objects != nil {
		f.object = objects[2]
	} else if !strings.HasPrefix(rest, "new file mode") && !strings.HasPrefix(rest, "old mode") {
		return patched{}, fmt.Errorf("%s: no index line", f.path)
	}
	return f, nil
}

// apply lays out a base, applies the patches on it in turn, and looks at every file that they name.
func (c *checker) apply(ctx context.Context, base string, group []patch) error {
	dir, err := os.MkdirTemp("", "evidence-apply-")
	if err != nil {
		return fmt.Errorf("patches: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if base != "" {
		if err := c.layOut(ctx, base, dir); err != nil {
			return fmt.Errorf("%s: the base cannot be had: %w", group[0].name, err)
		}
	}
	for _, p := range group {
		cmd := exec.CommandContext(ctx, "git", "apply", "--whitespace=nowarn", "-")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_DIR="+filepath.Join(dir, ".no-repository"), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		cmd.Stdin = bytes.NewReader(c.content[p.name])
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: does not apply to its base: %w: %s", p.name, err, firstLine(out))
		}
	}
	for _, p := range group {
		for _, f := range p.files {
			if err := checkApplied(dir, f); err != nil {
				c.wrong(p.name, "%v", err)
			}
		}
		c.checkCommit(ctx, p)
	}
	return nil
}

// checkApplied compares a file with the object that the patch says it becomes.
func checkApplied(dir string, f patched) error {
	file := filepath.Join(dir, filepath.FromSlash(f.path))
	info, err := os.Lstat(file)
	if f.removed {
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s should be gone after the patch", f.path)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s is not there after the patch", f.path)
	}
	if !info.Mode().IsRegular() || f.object == "" {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	if got := objectOf(b); got != f.object {
		return fmt.Errorf("%s becomes object %s, and the patch says %s", f.path, got, f.object)
	}
	return nil
}

// objectOf is the name that git gives to a file's content.
func objectOf(b []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(b))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// checkCommit compares what the patch makes of each file with the commit itself, where the
// repository has it. A file with no object in the commit was invented.
func (c *checker) checkCommit(ctx context.Context, p patch) {
	out, err := exec.CommandContext(ctx, "git", "-C", c.repo, "ls-tree", "-r", "-z", c.manifest.Commit).Output()
	if err != nil {
		c.wrong(p.name, "commit %s is not in the repository %s", c.manifest.Commit, c.repo)
		return
	}
	objects := map[string]string{}
	for line := range strings.SplitSeq(string(out), "\x00") {
		if about, path, ok := strings.Cut(line, "\t"); ok {
			words := strings.Fields(about)
			objects[path] = words[len(words)-1]
		}
	}
	for _, f := range p.files {
		if f.object != "" && !f.removed && objects[f.path] != f.object {
			c.wrong(p.name, "%s is not what commit %s has", f.path, c.manifest.Commit)
		}
	}
}

// layOut writes a commit's files into dir.
func (c *checker) layOut(ctx context.Context, commit, dir string) error {
	out, err := exec.CommandContext(ctx, "git", "-C", c.repo, "archive", "--format=tar", commit).Output()
	if err != nil {
		return fmt.Errorf("commit %s is not in the repository %s: %w", commit, c.repo, err)
	}
	r := tar.NewReader(bytes.NewReader(out))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name) {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(h.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, b, h.FileInfo().Mode().Perm()); err != nil {
			return err
		}
	}
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return line
}
