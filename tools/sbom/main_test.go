package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestRun writes the document of this test program itself, holds it against the official
// schema, and looks at one component of each kind.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	licences, lock := filepath.Join(dir, "licences"), filepath.Join(dir, "package-lock.json")
	mustWrite(t, licences, "Apache-2.0 github.com/CycloneDX/cyclonedx-go "+versionOf(t)+"\npublic-domain example.com/other v1.0.0\n")
	mustWrite(t, lock, `{"packages": {"": {"version": "0.0.0"},
		"node_modules/a/node_modules/@scope/b": {"version": "1.0.0", "license": "(MIT OR Apache-2.0)", "integrity": "sha512-`+strings.Repeat("A", 86)+`=="},
		"node_modules/made-with": {"version": "2.0.0", "dev": true}}}`)
	var out bytes.Buffer
	if err := run(&out, os.Args[0], "v1.2.3", licences, lock); err != nil {
		t.Fatal(err)
	}
	mustFitSchema(t, out.Bytes())
	var bom cdx.BOM
	if err := json.Unmarshal(out.Bytes(), &bom); err != nil {
		t.Fatal(err)
	}
	if c := bom.Metadata.Component; c.Name != "liveassist/tools" || c.Version != "v1.2.3" || len((*c.Hashes)[0].Value) != 64 {
		t.Errorf("the program is %+v", c)
	}
	found := map[string]cdx.Component{}
	for _, c := range *bom.Components {
		found[c.PackageURL] = c
	}
	for purl, want := range map[string]struct {
		licence string
		hash    int // digits
	}{
		"pkg:golang/github.com/CycloneDX/cyclonedx-go@" + versionOf(t): {"Apache-2.0", 64},
		"pkg:npm/%40scope/b@1.0.0":                                     {"(MIT OR Apache-2.0)", 128},
	} {
		c, ok := found[purl]
		if !ok || c.Licenses == nil || c.Hashes == nil {
			t.Errorf("%s: %+v", purl, c)
			continue
		}
		licence := (*c.Licenses)[0].Expression
		if l := (*c.Licenses)[0].License; l != nil {
			licence = l.ID
		}
		if got := len((*c.Hashes)[0].Value); licence != want.licence || got != want.hash {
			t.Errorf("%s: licence %q, hash of %d digits; want %q, %d", purl, licence, got, want.licence, want.hash)
		}
	}
	if _, ok := found["pkg:npm/made-with@2.0.0"]; ok {
		t.Error("what only makes the web app is no part of it")
	}
}

// versionOf is the version of the library that writes the document.
func versionOf(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(goList(t, "{{.Version}}"))
}

// goList asks about the library, whose module brings the official schemas along.
func goList(t *testing.T, format string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", format, "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func mustFitSchema(t *testing.T, document []byte) {
	t.Helper()
	schemas := filepath.Join(strings.TrimSpace(goList(t, "{{.Dir}}")), "schema")
	c := jsonschema.NewCompiler()
	for name, file := range map[string]string{
		"bom-1.6.schema.json": "bom-1.6.schema.json", "spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		f, err := os.Open(filepath.Join(schemas, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		if err == nil {
			err = c.AddResource("http://cyclonedx.org/schema/"+name, doc)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%v", err)
	}
}

func mustWrite(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
