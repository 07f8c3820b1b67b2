package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"liveassist/e2e/evidence"
)

// Publish copies a bundle to where its reader looks for it. The files of an earlier bundle there
// are removed first, as its manifest names them; other files stay, so that the place may well be
// the temporary directory.
func Publish(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := removeEarlier(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		relative, err := filepath.Rel(from, file)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		target := filepath.Join(to, relative)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		return os.WriteFile(target, content, 0o644)
	})
}

func removeEarlier(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, evidence.ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	var m evidence.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("publish: %s holds a %s that is none of ours: %w", dir, evidence.ManifestFile, err)
	}
	for _, f := range append(m.Files, evidence.File{Path: evidence.ManifestFile}) {
		if !filepath.IsLocal(f.Path) {
			return fmt.Errorf("publish: the earlier manifest names %q, outside of %s", f.Path, dir)
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(f.Path))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("publish: %w", err)
		}
	}
	return nil
}
