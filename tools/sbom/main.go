// Command sbom writes what is in the program as a CycloneDX document: the Go modules, as the
// program's file itself says, the standard library, and the npm packages of the web app inside.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	binary := flag.String("binary", "", "the program")
	version := flag.String("version", "", "its version")
	licences := flag.String("licences", "", "what security/licences.sh prints: LICENCE MODULE VERSION")
	lock := flag.String("lock", "", "package-lock.json of the web app")
	flag.Parse()
	if err := run(os.Stdout, *binary, *version, *licences, *lock); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, binary, version, licences, lock string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return err
	}
	known, err := readLicences(licences)
	if err != nil {
		return err
	}
	modules, err := modulesOf(info, known)
	if err != nil {
		return err
	}
	packages, err := packagesOf(lock)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(program)
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: builtFrom(info), Component: &cdx.Component{
		BOMRef: "liveassist", Type: cdx.ComponentTypeApplication, Name: info.Main.Path, Version: version,
		Hashes: hashes(cdx.HashAlgoSHA256, sum[:]),
	}}
	components := slices.Concat(modules, packages)
	bom.Components = &components
	return cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
}

// builtFrom is the time of the commit, so that two builds of it have the same document; empty
// where the file does not say it.
func builtFrom(info *debug.BuildInfo) string {
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			return s.Value
		}
	}
	return ""
}

// readLicences gives the licence of each "module version".
func readLicences(file string) (map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	known := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		field := strings.Fields(lines.Text())
		if len(field) != 3 {
			return nil, fmt.Errorf("%s: %q is not LICENCE MODULE VERSION", file, lines.Text())
		}
		known[field[1]+" "+field[2]] = field[0]
	}
	return known, lines.Err()
}

func modulesOf(info *debug.BuildInfo, licences map[string]string) ([]cdx.Component, error) {
	list := []cdx.Component{component("golang", "std", strings.TrimPrefix(info.GoVersion, "go"), "BSD-3-Clause")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := component("golang", m.Path, m.Version, licences[m.Path+" "+m.Version])
		if sum, ok := strings.CutPrefix(m.Sum, "h1:"); ok { // SHA-256 of the list of the files' hashes, as in go.sum
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("%s: sum: %w", m.Path, err)
			}
			c.Hashes = hashes(cdx.HashAlgoSHA256, raw)
		}
		list = append(list, c)
	}
	return list, nil
}

// packagesOf lists what the web app runs with: of a lock file, what is not for its making alone.
func packagesOf(file string) ([]cdx.Component, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, Integrity, License string
			Dev, DevOptional            bool
		}
	}
	if err := json.Unmarshal(b, &lock); err != nil {
		return nil, err
	}
	var list []cdx.Component
	for _, at := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[at]
		if at == "" || p.Dev || p.DevOptional { // "" is the web app itself
			continue
		}
		name := at[strings.LastIndex(at, "node_modules/")+len("node_modules/"):] // packages stand in packages
		c := component("npm", name, p.Version, p.License)
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("%s: integrity: %w", name, err)
			}
			c.Hashes = hashes(cdx.HashAlgoSHA512, raw)
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, errors.New(file + " names no package")
	}
	return list, nil
}

func component(kind, name, version, licence string) cdx.Component {
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, Name: name, Version: version, PackageURL: packageURL(kind, name, version)}
	c.BOMRef = c.PackageURL
	switch licence {
	case "":
	case "public-domain": // no licence, and no name in the list of SPDX
		c.Licenses = &cdx.Licenses{{License: &cdx.License{Name: "public domain"}}}
	default:
		c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: licence}}}
		if strings.ContainsAny(licence, " (") {
			c.Licenses = &cdx.Licenses{{Expression: licence}}
		}
	}
	return c
}

// packageURL is the address of a package: pkg:golang/example.com/m@v1.2.3, with the @ of an npm
// scope escaped.
func packageURL(kind, name, version string) string {
	name = strings.ReplaceAll(name, "@", "%40")
	return "pkg:" + kind + "/" + name + "@" + url.PathEscape(version)
}

func hashes(algorithm cdx.HashAlgorithm, sum []byte) *[]cdx.Hash {
	return &[]cdx.Hash{{Algorithm: algorithm, Value: hex.EncodeToString(sum)}}
}
