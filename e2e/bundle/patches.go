package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Patch is the change of one part.
type Patch struct {
	Part

	Base  string // a commit, or empty for the empty tree
	Head  string
	Files []string
	Text  []byte
	Added int
	Gone  int
}

// Patches makes the three changes from a base to HEAD. The base is where HEAD left the branch
// that baseName names. A part without a change since then is shown whole, from the empty tree,
// as are all of them where there is no such branch: what a part is can then be read at once.
func Patches(ctx context.Context, repo, baseName string) ([]Patch, error) {
	head, err := git(ctx, repo, "rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	base := mergeBase(ctx, repo, baseName)
	var patches []Patch
	for _, part := range Parts() {
		p := Patch{Part: part, Head: head}
		if base != "" {
			if p.Files, err = changed(ctx, repo, base, part.File); err != nil {
				return nil, err
			}
			p.Base = base
		}
		if len(p.Files) == 0 {
			p.Base = ""
			if p.Files, err = changed(ctx, repo, "", part.File); err != nil {
				return nil, err
			}
		}
		if err := p.diff(ctx, repo); err != nil {
			return nil, err
		}
		patches = append(patches, p)
	}
	return patches, nil
}

// mergeBase returns the commit at which HEAD left a branch; empty where there is none.
func mergeBase(ctx context.Context, repo, name string) string {
	if name == "" {
		return ""
	}
	base, err := git(ctx, repo, "merge-base", "HEAD", name)
	if err != nil {
		return ""
	}
	return base
}

// tree is how git is told of a base.
func tree(ctx context.Context, repo, base string) (string, error) {
	if base != "" {
		return base, nil
	}
	return git(ctx, repo, "hash-object", "-t", "tree", "/dev/null")
}

// changed lists the files of a part that differ between a base and HEAD.
func changed(ctx context.Context, repo, base, part string) ([]string, error) {
	from, err := tree(ctx, repo, base)
	if err != nil {
		return nil, err
	}
	out, err := git(ctx, repo, "diff", "--name-only", "--no-renames", "-z", from, "HEAD")
	if err != nil {
		return nil, err
	}
	var files []string
	for f := range strings.SplitSeq(out, "\x00") {
		if f != "" && PartOf(f) == part {
			files = append(files, f)
		}
	}
	return files, nil
}

// diff fills in the text, in the form that git apply takes, whatever the user's git is set to.
func (p *Patch) diff(ctx context.Context, repo string) error {
	if len(p.Files) == 0 {
		return fmt.Errorf("patch %s: no file of the repository belongs to it", p.File)
	}
	from, err := tree(ctx, repo, p.Base)
	if err != nil {
		return err
	}
	args := []string{
		"diff", "--binary", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv",
		"--src-prefix=a/", "--dst-prefix=b/", from, "HEAD", "--",
	}
	out, err := gitBytes(ctx, repo, append([]string{"--literal-pathspecs"}, append(args, p.Files...)...)...)
	if err != nil {
		return err
	}
	base := p.Base
	if base == "" {
		base = "the empty tree"
	}
	p.Text = append(fmt.Appendf(nil, "%s\n\nBase: %s\nHead: %s\nFiles: %d\n\n", p.Title, base, p.Head, len(p.Files)), out...)
	for line := range bytes.Lines(out) {
		switch {
		case bytes.HasPrefix(line, []byte("+")) && !bytes.HasPrefix(line, []byte("+++")):
			p.Added++
		case bytes.HasPrefix(line, []byte("-")) && !bytes.HasPrefix(line, []byte("---")):
			p.Gone++
		}
	}
	return nil
}

func git(ctx context.Context, repo string, args ...string) (string, error) {
	out, err := gitBytes(ctx, repo, args...)
	return strings.TrimRight(string(out), "\n"), err
}

func gitBytes(ctx context.Context, repo string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", repo}, args...)...)
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out, nil
}
