package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLastStage_Product keeps what the test runs equal to what is deployed: the same lines, but
// for where the files come from.
func TestLastStage_Product(t *testing.T) {
	root, product, err := Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(product, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := lastStage(string(text))
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(string(text), "\nFROM ")
	if want := strings.ReplaceAll(string(text)[at+1:], "--from=build ", ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// What the issue asks of the image, so that nobody loses it by the way.
	for _, want := range []string{"FROM scratch\n", "USER 65532:65532\n", "VOLUME /data\n", "ENTRYPOINT [\"/liveassist\"]\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the last stage has no line %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "RUN ") {
		t.Errorf("the last stage runs something, and FROM scratch there is nothing to run:\n%s", got)
	}
	// Each file that the stage copies is in the test's build context under the same name.
	names := map[string]bool{}
	for _, e := range contextOf(program{name: "liveassist", file: filepath.Join(root, "go.mod")}) {
		names["/"+strings.TrimSuffix(e.name, "/")] = true
	}
	for line := range strings.Lines(got) {
		words := strings.Fields(line)
		if len(words) > 2 && words[0] == "COPY" && !names[words[len(words)-2]] {
			t.Errorf("the build context has no %s", words[len(words)-2])
		}
	}
}

func TestLastStage_Cases(t *testing.T) {
	for _, c := range []struct{ name, file, want, err string }{
		{"one stage", "FROM scratch\nUSER 1\n", "FROM scratch\nUSER 1\n", ""},
		{
			"comments and flags", "# a\nFROM golang AS build\nRUN x\n# b\nfrom scratch\n# c\ncopy --from=build --chown=1:1 /a /b\n",
			"from scratch\n# c\ncopy --chown=1:1 /a /b\n", "",
		},
		{"not from scratch", "FROM debian\n", "", "must be FROM scratch"},
		{"scratch first", "FROM scratch\nFROM debian AS x\n", "", "must be FROM scratch"},
		{"empty", "# nothing\n", "", "no FROM line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := lastStage(c.file)
			if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got %q, %v; want %q, %q", got, err, c.want, c.err)
			}
		})
	}
}
