// Package faults puts faults into a copy of the product on purpose, to see that the end-to-end run
// turns red and says where. Nothing of it reaches the product.
package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Fault is one mistake that somebody might make.
type Fault struct {
	Name  string
	Step  string // the step of the story that must turn red
	Claim string // the claim of that step that must be found false
	Web   bool   // the web app has to be built again
	Edits []Edit
}

// Edit replaces a text that stands exactly once in a file.
type Edit struct{ File, Old, New string }

// All are the faults that the run must find.
func All() []Fault {
	return []Fault{
		{
			Name: "the bonus is paid twice", Step: "b",
			Claim: "the XP events are unchanged",
			Edits: []Edit{
				{"store/migrations/00001_init.sql", "CREATE UNIQUE INDEX xp_events_first_premium", "CREATE INDEX xp_events_first_premium"},
				{"billing/effect.go", "\tif isNew {\n", "\tb.people[v.user].award = true\n\tif isNew {\n"},
			},
		},
		{
			Name: "the upgrade dialog comes after the upload", Step: "e", Web: true,
			Claim: "the upgrade dialog opens when the third photo is picked, before anything is sent",
			Edits: []Edit{{"embed/web/src/features/liveassist/photo/usePhotos.ts", "const limited = free <= 0;", "const limited = free <= -1000;"}},
		},
		{
			Name: "messages are cleared on navigation", Step: "d", Web: true,
			Claim: "to Home, to QuickFix and back: the conversation is still there",
			Edits: []Edit{
				{"embed/web/src/features/liveassist/useConversation.ts", "const NONE: readonly Message[] = [];", "const NONE: readonly Message[] = [];\nlet left = false;"},
				{
					"embed/web/src/features/liveassist/useConversation.ts", "  const known = id ? query.data : undefined;",
					"  useEffect(() => () => void (left = true), []);\n  const known = id ? query.data : undefined;",
				},
				{"embed/web/src/features/liveassist/useConversation.ts", "known?.messages ?? NONE", "(left ? NONE : known?.messages) ?? NONE"},
			},
		},
		{
			Name: "the mirror stays one document behind", Step: "f",
			Claim: "the mirror is level with SQLite once nothing happens",
			Edits: []Edit{{"mirror/follow.go", "\tfor _, e := range entries {\n", "\tfor _, e := range entries[:len(entries)-1] {\n"}},
		},
		{
			Name: "the event stream is silent", Step: "a",
			Claim: "an open event stream got subscription.updated once, in the same second",
			Edits: []Edit{{"realtime/hub.go", `t != nil && e.Name != ""`, `t != nil && e.Name == "nothing"`}},
		},
	}
}

// Copy copies the product's source, as git sees it, into dir.
func Copy(ctx context.Context, root, dir string) error {
	out, err := exec.CommandContext(ctx, "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return fmt.Errorf("copy the product: %w", err)
	}
	for name := range strings.SplitSeq(string(out), "\x00") {
		if name == "" || strings.HasPrefix(name, "e2e/") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // git knows it, and it is deleted
		}
		if err != nil {
			return fmt.Errorf("copy the product: %w", err)
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			return fmt.Errorf("copy the product: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return fmt.Errorf("copy the product: %w", err)
		}
	}
	return nil
}

// CopyFiles copies the files alone that a fault edits.
func CopyFiles(root, dir string, f Fault) error {
	for _, e := range f.Edits {
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.File)))
		if err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
		file := filepath.Join(dir, filepath.FromSlash(e.File))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
	}
	return nil
}

// Plant edits the copy in dir.
func (f Fault) Plant(dir string) error {
	for _, e := range f.Edits {
		file := filepath.Join(dir, filepath.FromSlash(e.File))
		b, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
		if n := bytes.Count(b, []byte(e.Old)); n != 1 {
			return fmt.Errorf("fault %q: %s holds %q %d times, not once: the product has moved on, and the fault must follow", f.Name, e.File, e.Old, n)
		}
		if err := os.WriteFile(file, bytes.Replace(b, []byte(e.Old), []byte(e.New), 1), 0o600); err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
	}
	return nil
}

// BuildWeb builds the web app of the copy with the packages of the original.
func BuildWeb(ctx context.Context, root, dir string) error {
	web := filepath.Join(dir, "embed", "web")
	if err := os.Symlink(filepath.Join(root, "embed", "web", "node_modules"), filepath.Join(web, "node_modules")); err != nil {
		return fmt.Errorf("build the web app: %w", err)
	}
	cmd := exec.CommandContext(ctx, "npm", "run", "--silent", "build")
	cmd.Dir = web
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the web app: %w: %s", err, out)
	}
	return nil
}
