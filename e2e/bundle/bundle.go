// Package bundle makes a bundle of evidence out of a story that was played.
package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"liveassist/e2e/evidence"
)

// Input is what a story leaves behind. What is missing, because the story failed, is missing in
// the bundle, and the report says so.
type Input struct {
	Root       string // the repository
	Base       string // the branch that patches start from
	Mode       string
	Began      time.Time
	Ended      time.Time
	Versions   map[string]string
	People     evidence.People
	Steps      []evidence.Step
	Passed     bool
	Log        []string // all lines of the server
	Deliveries evidence.Deliveries
	Scenes     []evidence.Scene
	BrowserDir string // what Playwright wrote
	Database   []byte
	Problems   []string // what went wrong outside of the steps
}

// writer puts the files of one bundle into a directory.
type writer struct {
	Input

	dir      string
	files    []evidence.File
	pictures []evidence.Picture
	failures []evidence.Picture // where a scene broke
	patches  []Patch
	commit   string
	dirty    bool
	problems []string
}

// Make writes the bundle into an empty directory. It writes all that it can, and its error names
// what it could not.
func Make(ctx context.Context, in Input, dir string) error {
	w := &writer{Input: in, dir: dir, problems: in.Problems}
	var err error
	if w.commit, err = git(ctx, in.Root, "rev-parse", "HEAD"); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	status, err := git(ctx, in.Root, "status", "--porcelain")
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	w.dirty = status != ""

	w.try("patches", w.addPatches(ctx))
	w.try(evidence.LogFile, w.addLog())
	w.try(evidence.WebhookFile, w.addJSON(evidence.WebhookFile, "What Stripe sent, what the product answered and logged", in.Deliveries, "a", "b"))
	w.try(evidence.NetworkFile, w.addNetwork())
	w.try(evidence.DatabaseFile, w.addDatabase())
	w.try("pictures", w.addPictures())
	w.try(evidence.BrowserFile, w.addBrowser())
	w.try(evidence.SummaryFile, w.add(evidence.SummaryFile, "The verdict of every step in short", w.summary()))
	report, err := w.report()
	if err == nil {
		err = w.add(evidence.ReportFile, "The story with all its evidence on one page", report)
	}
	w.try(evidence.ReportFile, err)
	w.try(evidence.ManifestFile, w.writeManifest())
	if len(w.problems) > len(in.Problems) {
		return errors.New("bundle: " + strings.Join(w.problems[len(in.Problems):], "; "))
	}
	return nil
}

func (w *writer) try(what string, err error) {
	if err != nil {
		w.problems = append(w.problems, what+": "+err.Error())
	}
}

// add writes a file and enters it into the manifest.
func (w *writer) add(path, shows string, content []byte, steps ...string) error {
	file := filepath.Join(w.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	sum := sha256.Sum256(content)
	if steps == nil {
		steps = []string{}
	}
	w.files = append(w.files, evidence.File{Path: path, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content)), Steps: steps, Shows: shows})
	return nil
}

func (w *writer) addJSON(path, shows string, v any, steps ...string) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return w.add(path, shows, append(b, '\n'), steps...)
}

func (w *writer) addPatches(ctx context.Context) error {
	patches, err := Patches(ctx, w.Root, w.Base)
	if err != nil {
		return err
	}
	w.patches = patches
	var errs []error
	for _, p := range patches {
		errs = append(errs, w.add(p.File, p.Title, p.Text))
	}
	return errors.Join(errs...)
}

func (w *writer) addLog() error {
	if len(w.Log) == 0 {
		return errors.New("the server wrote no log")
	}
	last := w.Log[max(0, len(w.Log)-evidence.LogLines):]
	return w.add(evidence.LogFile, "The last lines of the server's log", []byte(strings.Join(last, "\n")+"\n"), "a", "b")
}

func (w *writer) addNetwork() error {
	files, err := filepath.Glob(filepath.Join(w.BrowserDir, "har", "*.har"))
	if err != nil {
		return err
	}
	slices.Sort(files)
	merged, err := mergeHARs(files)
	if err != nil {
		return err
	}
	return w.add(evidence.NetworkFile, "All requests of the browser and their answers", merged, "c", "d", "e")
}

func (w *writer) addDatabase() error {
	if len(w.Database) == 0 {
		return errors.New("the databases were not read")
	}
	return w.add(evidence.DatabaseFile, "The documents in MongoDB and in SQLite", w.Database, "f")
}

// addPictures takes over the pictures with what was noted of each, in the order of the story.
func (w *writer) addPictures() error {
	notes, err := filepath.Glob(filepath.Join(w.BrowserDir, "pictures", "*.png.json"))
	if err != nil {
		return err
	}
	for _, note := range notes {
		var p evidence.Picture
		text, err := os.ReadFile(note)
		if err == nil {
			err = json.Unmarshal(text, &p)
		}
		if err != nil {
			return fmt.Errorf("picture: %w", err)
		}
		w.pictures = append(w.pictures, p)
	}
	if len(w.pictures) == 0 {
		return errors.New("the browser took none")
	}
	slices.SortStableFunc(w.pictures, func(a, b evidence.Picture) int { return a.TakenAt.Compare(b.TakenAt) })
	for _, p := range w.pictures {
		content, err := os.ReadFile(filepath.Join(w.BrowserDir, "pictures", p.File))
		if err != nil {
			return fmt.Errorf("picture: %w", err)
		}
		if err := w.add(evidence.PictureDir+"/"+p.File, p.Caption, content, p.Step); err != nil {
			return err
		}
	}
	return w.addFailures()
}

// addFailures keeps the page as it stood when a scene broke.
func (w *writer) addFailures() error {
	return filepath.WalkDir(filepath.Join(w.BrowserDir, "failures"), func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".png") {
			return nil //nolint:nilerr // without a failure there is no such directory
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("picture of a failure: %w", err)
		}
		name := fmt.Sprintf("failure-%d.png", len(w.failures)+1)
		w.failures = append(w.failures, evidence.Picture{File: name, Caption: "The page when the scene broke: " + filepath.Base(filepath.Dir(file))})
		return w.add(evidence.PictureDir+"/"+name, "The page when a scene broke", content)
	})
}

func (w *writer) addBrowser() error {
	if len(w.Scenes) == 0 {
		return errors.New("no scene was played")
	}
	return w.addJSON(evidence.BrowserFile, "What the browser found in each scene, and where each picture was taken",
		map[string]any{"scenes": w.Scenes, "pictures": w.pictures}, "c", "d", "e")
}

func (w *writer) verdict() string {
	if w.Passed && len(w.problems) == 0 {
		return evidence.Passed
	}
	return evidence.Failed
}

func (w *writer) writeManifest() error {
	m := evidence.Manifest{
		Format: evidence.Format, Verdict: w.verdict(), Commit: w.commit, Dirty: w.dirty, Mode: w.Mode, Began: w.Began, Ended: w.Ended,
		Versions: w.Versions, People: w.People, Steps: w.Steps, Files: w.files,
	}
	var err error
	if m.Seal, err = m.Digest(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return os.WriteFile(filepath.Join(w.dir, evidence.ManifestFile), append(b, '\n'), 0o644)
}
