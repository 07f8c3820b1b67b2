package stack

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// lastStage returns the last stage of a Dockerfile as a Dockerfile of its own. What it copies
// from an earlier stage it copies from the build context instead, at the same path.
//
// The classic builder of Docker 20.10 runs every stage, also those that the last one needs
// nothing of, and would pull a Go image. The test builds the last stage alone, around the binary
// that it made, and takes it from the product's Dockerfile, so that the two cannot differ.
func lastStage(dockerfile string) (string, error) {
	var stage []string
	for line := range strings.Lines(dockerfile) {
		words := strings.Fields(line)
		if len(words) > 0 && strings.EqualFold(words[0], "FROM") {
			stage = nil
		}
		if stage == nil && (len(words) == 0 || !strings.EqualFold(words[0], "FROM")) {
			continue
		}
		stage = append(stage, fromContext(line))
	}
	if len(stage) == 0 {
		return "", errors.New("dockerfile: there is no FROM line")
	}
	if base := strings.Fields(stage[0]); len(base) != 2 || base[1] != "scratch" {
		return "", fmt.Errorf("dockerfile: the last stage must be FROM scratch, not %q", strings.TrimSpace(stage[0]))
	}
	return strings.Join(stage, ""), nil
}

// fromContext drops the flag of a COPY line that names an earlier stage.
func fromContext(line string) string {
	words := strings.Split(line, " ")
	if !strings.EqualFold(words[0], "COPY") {
		return line
	}
	kept := words[:1]
	for _, w := range words[1:] {
		if !strings.HasPrefix(w, "--from=") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// contextEntry is one file or directory (a name that ends with a slash) of a build context.
type contextEntry struct {
	name string
	file string // on this machine; none for a directory or for text
	text string
}

// contextOf returns what the build of p needs: its binary and an empty directory, under the
// names that the product's Dockerfile and helper.Dockerfile copy.
func contextOf(p program) []contextEntry {
	if p.name == "liveassist" {
		return []contextEntry{
			{name: "Dockerfile", text: p.dockerfile},
			{name: "out/liveassist", file: p.file},
			{name: "out/data/"},
		}
	}
	return []contextEntry{{name: "Dockerfile", text: p.dockerfile}, {name: p.name, file: p.file}, {name: "state/"}}
}

// contextArchive packs entries as Docker wants them.
func contextArchive(entries []contextEntry) (io.ReadSeeker, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		content := []byte(e.text)
		header := &tar.Header{Name: e.name, Mode: 0o644, Typeflag: tar.TypeReg}
		switch {
		case strings.HasSuffix(e.name, "/"):
			header.Mode, header.Typeflag = 0o700, tar.TypeDir
		case e.file != "":
			var err error
			if content, err = os.ReadFile(e.file); err != nil {
				return nil, fmt.Errorf("build context: %w", err)
			}
			header.Mode = 0o755
		}
		header.Size = int64(len(content))
		if err := w.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("build context: %w", err)
		}
		if _, err := w.Write(content); err != nil {
			return nil, fmt.Errorf("build context: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("build context: %w", err)
	}
	return bytes.NewReader(b.Bytes()), nil
}
