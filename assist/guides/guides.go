// Package guides holds the QuickFix guides that are embedded in the program.
package guides

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"liveassist/domain"
)

//go:embed en/*.md sv/*.md
var files embed.FS

// Lang is a language in which every guide exists.
type Lang string

// The languages. English is what everybody gets who asks for another.
const (
	English Lang = "en"
	Swedish Lang = "sv"
)

// ParseLang returns the language of that name, and English for any other.
func ParseLang(s string) Lang {
	if Lang(s) == Swedish {
		return Swedish
	}
	return English
}

// Summary is what a list shows of a guide.
type Summary struct {
	Slug       string   `json:"slug" yaml:"-"`
	Lang       Lang     `json:"lang" yaml:"-"`
	Title      string   `json:"title" yaml:"title"`
	Summary    string   `json:"summary" yaml:"summary"`
	Category   string   `json:"category" yaml:"category"`
	Minutes    int      `json:"minutes" yaml:"minutes"` // for a beginner
	Difficulty string   `json:"difficulty" yaml:"difficulty"`
	Tags       []string `json:"tags" yaml:"tags"`
	Symptoms   []string `json:"symptoms" yaml:"symptoms"`
}

// Guide is a whole guide. Safety, Next, Professional and a step's Text are Markdown with
// bold and lists alone.
type Guide struct {
	Summary      `yaml:",inline"`
	Tools        []string `json:"tools" yaml:"tools"`
	Safety       string   `json:"safety" yaml:"-"`
	Steps        []Step   `json:"steps" yaml:"-"`
	Next         string   `json:"next" yaml:"-"`
	Professional string   `json:"professional" yaml:"-"`
}

// Step is one step of a guide.
type Step struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Library holds all guides, read-only.
type Library struct {
	byLang map[Lang][]Guide // sorted by slug
}

// Load reads the embedded guides. An error means that the program was built wrongly.
func Load() (*Library, error) {
	l := &Library{byLang: map[Lang][]Guide{}}
	for _, lang := range []Lang{English, Swedish} {
		names, err := fs.Glob(files, string(lang)+"/*.md")
		if err != nil {
			return nil, fmt.Errorf("guides: %w", err)
		}
		for _, name := range names {
			text, err := files.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("guides: %w", err)
			}
			g, err := parse(text)
			if err != nil {
				return nil, fmt.Errorf("guide %s: %w", name, err)
			}
			g.Slug, g.Lang = strings.TrimSuffix(path.Base(name), ".md"), lang
			l.byLang[lang] = append(l.byLang[lang], g)
		}
	}
	return l, nil
}

// List returns the guides of a language without their steps, sorted by slug.
func (l *Library) List(lang Lang) []Summary {
	list := make([]Summary, 0, len(l.byLang[lang]))
	for _, g := range l.byLang[lang] {
		list = append(list, g.Summary)
	}
	return list
}

// All returns the guides of a language, sorted by slug. The caller must not change them.
func (l *Library) All(lang Lang) []Guide { return l.byLang[lang] }

// Get returns a guide, or domain.ErrNotFound.
func (l *Library) Get(lang Lang, slug string) (Guide, error) {
	list := l.byLang[lang]
	i, ok := slices.BinarySearchFunc(list, slug, func(g Guide, slug string) int { return strings.Compare(g.Slug, slug) })
	if !ok {
		return Guide{}, domain.ErrNotFound
	}
	return list[i], nil
}

var errFormat = errors.New("not in the form of a guide")

// parse reads a file: YAML between two lines of three dashes, then the sections.
func parse(text []byte) (Guide, error) {
	var g Guide
	front, body, ok := bytes.Cut(bytes.TrimPrefix(text, []byte("---\n")), []byte("\n---\n"))
	if !ok {
		return g, fmt.Errorf("%w: no front matter", errFormat)
	}
	d := yaml.NewDecoder(bytes.NewReader(front))
	d.KnownFields(true)
	if err := d.Decode(&g); err != nil {
		return g, fmt.Errorf("front matter: %w", err)
	}
	sections := [...]string{"Safety", "Steps", "What to check next", "When to call a professional"}
	parts := strings.Split("\n"+string(body), "\n## ")[1:]
	if len(parts) != len(sections) {
		return g, fmt.Errorf("%w: %d sections, not %d", errFormat, len(parts), len(sections))
	}
	for i, part := range parts {
		title, content, _ := strings.Cut(part, "\n")
		if strings.TrimSpace(title) != sections[i] {
			return g, fmt.Errorf("%w: section %q, not %q", errFormat, title, sections[i])
		}
		parts[i] = strings.TrimSpace(content)
	}
	g.Safety, g.Next, g.Professional = parts[0], parts[2], parts[3]
	var err error
	g.Steps, err = parseSteps(parts[1])
	return g, err
}

// stepStart matches "1. **Title.** text".
var stepStart = regexp.MustCompile(`(?m)^\d+\. \*\*(.+?)\*\*`)

func parseSteps(text string) ([]Step, error) {
	at := stepStart.FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 || at[0][0] != 0 {
		return nil, fmt.Errorf("%w: steps must be numbered and begin with a bold title", errFormat)
	}
	steps := make([]Step, len(at))
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		steps[i] = Step{
			Title: strings.TrimSpace(strings.TrimSuffix(text[m[2]:m[3]], ".")),
			Text:  strings.TrimSpace(text[m[1]:end]),
		}
		if steps[i].Title == "" {
			return nil, fmt.Errorf("%w: step %d has no title", errFormat, i+1)
		}
	}
	return steps, nil
}
