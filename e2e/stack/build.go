package stack

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// builds are the static binaries, each in the directory that is its image's build context.
type builds struct {
	liveassist, ferret, stripe string

	productDockerfile string // the text of the product's Dockerfile
	helperDockerfile  string // that of e2e/stack/helper.Dockerfile
}

// build makes the three binaries. The Go toolchain's cache makes the second time quick.
func build(ctx context.Context, o Options) (b builds, err error) {
	version := gitVersion(ctx, o.Product)
	if b.liveassist, err = goBuild(ctx, o.Product, BinDir(o.Product), "liveassist", "-ldflags", "-s -w -X main.version="+version, "."); err != nil {
		return b, err
	}
	if b.stripe, err = goBuild(ctx, filepath.Join(o.Root, "e2e", "tools"), BinDir(o.Root), "stripe-mock", "github.com/stripe/stripe-mock"); err != nil {
		return b, err
	}
	if o.MongoImage == "" {
		if b.ferret, err = goBuild(ctx, filepath.Join(o.Root, "e2e", "ferretdb"), BinDir(o.Root), "ferretdb", "."); err != nil {
			return b, err
		}
	}
	product, err := os.ReadFile(filepath.Join(o.Product, "Dockerfile"))
	if err != nil {
		return b, fmt.Errorf("build: %w", err)
	}
	helper, err := os.ReadFile(filepath.Join(o.Root, "e2e", "stack", "helper.Dockerfile"))
	if err != nil {
		return b, fmt.Errorf("build: %w", err)
	}
	b.productDockerfile, b.helperDockerfile = string(product), string(helper)
	return b, nil
}

// goBuild builds a package of the module in dir into out/name/name.
func goBuild(ctx context.Context, dir, out, name string, args ...string) (string, error) {
	file := filepath.Join(out, name, name)
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-trimpath", "-buildvcs=auto", "-o", file}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w: %s", name, err, bytes.TrimSpace(text))
	}
	return file, nil
}

// gitVersion names the source for `liveassist version`.
func gitVersion(ctx context.Context, dir string) string {
	cmd := exec.CommandContext(ctx, "git", "describe", "--tags", "--always", "--dirty")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "dev"
	}
	return strings.TrimSpace(string(out))
}

// moduleVersion reads from a binary which version of a module went into it.
func moduleVersion(file, module string) string {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return "of unknown version"
	}
	if info.Main.Path == module {
		return info.Main.Version
	}
	for _, d := range info.Deps {
		if d.Path == module {
			return d.Version
		}
	}
	return "of unknown version"
}

// Sources returns where the project stands, seen from a package of the module e2e, and the
// source of the product: the same, or what E2E_PRODUCT names (a copy with a fault in it).
func Sources(ctx context.Context) (root, product string, err error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", "", fmt.Errorf("find the project: %w", err)
	}
	root = filepath.Dir(strings.TrimSpace(string(out)))
	product = root
	if p := os.Getenv("E2E_PRODUCT"); p != "" {
		product = p
	}
	return root, product, nil
}
