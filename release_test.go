package main

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// releaseConfig is what .goreleaser.yaml may say; any other key is a spelling mistake, or
// something that this test should know.
type releaseConfig struct {
	Version     int
	ProjectName string `yaml:"project_name"`
	Before      struct{ Hooks []string }
	Builds      []struct {
		ID, Main, Binary                  string
		Env, Goos, Goarch, Flags, Ldflags []string
		ModTimestamp                      string `yaml:"mod_timestamp"`
	}
	Archives []struct {
		ID              string
		NameTemplate    string `yaml:"name_template"`
		Formats         []string
		FormatOverrides []struct {
			Goos    string
			Formats []string
		} `yaml:"format_overrides"`
		Files []string
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
		Algorithm    string
	}
	Sboms     []struct{ Artifacts string }
	Changelog struct{ Disable bool }
	Release   struct{ Draft bool }
}

// TestRelease_Config: goreleaser builds what `make cross` builds, in the same way, and each
// file that goes into an archive is there.
func TestRelease_Config(t *testing.T) {
	b, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c releaseConfig
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile(`(?m)^TARGETS := (.+)$`).FindSubmatch(makefile)
	if targets == nil || len(c.Builds) != 1 {
		t.Fatalf("targets %q, builds %+v", targets, c.Builds)
	}
	build := c.Builds[0]
	var want []string
	for _, system := range build.Goos {
		for _, arch := range build.Goarch {
			want = append(want, system+"/"+arch)
		}
	}
	if got := strings.Fields(string(targets[1])); !slices.Equal(got, want) {
		t.Errorf("make cross builds %q, goreleaser %q", got, want)
	}
	if !slices.Equal(build.Env, []string{"CGO_ENABLED=0"}) || !slices.Equal(build.Flags, []string{"-trimpath"}) ||
		!slices.Equal(build.Ldflags, []string{"-s -w -X main.version={{ .Version }}"}) {
		t.Errorf("build = %+v; the Makefile builds otherwise", build)
	}
	if c.Version != 2 || c.Checksum.Algorithm != "sha256" || len(c.Sboms) == 0 || len(c.Archives) != 1 || !c.Release.Draft {
		t.Errorf("config = %+v", c)
	}
	for _, pattern := range c.Archives[0].Files {
		path, _, _ := strings.Cut(pattern, "/*")
		if _, err := os.Stat(path); err != nil {
			t.Errorf("archive: %v", err)
		}
	}
}
