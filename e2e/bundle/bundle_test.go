package bundle

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/e2e/evidence"
)

// TestPublish_IntoASharedPlace: the files of the earlier bundle go, everybody else's stay.
func TestPublish_IntoASharedPlace(t *testing.T) {
	to := t.TempDir()
	write(t, filepath.Join(to, "somebody-elses.txt"), "x")
	write(t, filepath.Join(to, "screenshots", "old.png"), "x")
	earlier, err := json.Marshal(evidence.Manifest{Files: []evidence.File{{Path: "screenshots/old.png"}, {Path: "gone.log"}}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(to, evidence.ManifestFile), string(earlier))
	from := t.TempDir()
	write(t, filepath.Join(from, evidence.ManifestFile), "{}")
	write(t, filepath.Join(from, "screenshots", "new.png"), "y")
	if err := Publish(from, to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"somebody-elses.txt": true, "screenshots/old.png": false, "screenshots/new.png": true} {
		_, err := os.Stat(filepath.Join(to, name))
		if got := err == nil; got != want {
			t.Errorf("%s is there: got %v, want %v", name, got, want)
		}
	}
}

// TestPublish_ErrManifest: a manifest that leads outside, or is somebody else's, removes nothing.
func TestPublish_ErrManifest(t *testing.T) {
	for name, manifest := range map[string]string{"outside": `{"files":[{"path":"../victim"}]}`, "foreign": "name: something\n"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "victim"), "x")
			write(t, filepath.Join(dir, "to", evidence.ManifestFile), manifest)
			if err := Publish(t.TempDir(), filepath.Join(dir, "to")); err == nil {
				t.Error("got no error")
			}
			if _, err := os.Stat(filepath.Join(dir, "victim")); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMake_FailedStory: a story that broke still leaves a report that says where.
func TestMake_FailedStory(t *testing.T) {
	repo := t.TempDir()
	commit(t, repo, map[string]string{"main.go": "package main\n", "billing/a.go": "package billing\n", "images/a.go": "package images\n"})
	steps := evidence.StepTitles()
	for i := range steps {
		steps[i].Verdict = evidence.Failed
	}
	steps[0].Claims = []evidence.Claim{{Text: "the bonus is <one>", OK: false, Detail: "got 2, want 1"}}
	dir := t.TempDir()
	err := Make(t.Context(), Input{Root: repo, Mode: evidence.Processes, Steps: steps, BrowserDir: t.TempDir(), Problems: []string{"panic: at the disco"}}, dir)
	if err == nil || !strings.Contains(err.Error(), evidence.DatabaseFile) {
		t.Errorf("got error %v, want one that names %s", err, evidence.DatabaseFile)
	}
	report := read(t, filepath.Join(dir, evidence.ReportFile))
	for _, want := range []string{"the bonus is &lt;one&gt;", "got 2, want 1", "panic: at the disco", "E2E_CONTAINERS=off", "did not come this far"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if summary := read(t, filepath.Join(dir, evidence.SummaryFile)); !strings.Contains(summary, "the bonus is <one>: got 2, want 1") {
		t.Errorf("the summary does not say where: %s", summary)
	}
	var m evidence.Manifest
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, evidence.ManifestFile))), &m); err != nil || m.Verdict != evidence.Failed {
		t.Errorf("got verdict %q, %v; want failed", m.Verdict, err)
	}
}

func TestMergeHARs_Cleans(t *testing.T) {
	dir := t.TempDir()
	entry := func(at, url string) string {
		return `{"startedDateTime":"` + at + `","pageref":"p1","request":{"url":"` + url + `","headers":[{"name":"cookie","value":"session=secret"}],` +
			`"cookies":[{"name":"session","value":"secret"}],"postData":{"text":"{\"password\":\"secret\"}"}},` +
			`"response":{"headers":[{"name":"Set-Cookie","value":"session=secret"}],"content":{"size":3,"text":"body"}}}`
	}
	write(t, filepath.Join(dir, "b.har"), `{"log":{"pages":[{"id":"p1"}],"entries":[`+entry("2026-01-01T00:00:02Z", "http://x/api/auth/login")+`]}}`)
	write(t, filepath.Join(dir, "a.har"), `{"log":{"pages":[{"id":"p1"}],"entries":[`+entry("2026-01-01T00:00:03Z", "http://x/assets/a.js")+`]}}`)
	got, err := mergeHARs([]string{filepath.Join(dir, "a.har"), filepath.Join(dir, "b.har")})
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	// The login's body is the password; the asset's is code that the repository has.
	if strings.Contains(strings.Replace(text, `{\"password\":\"secret\"}`, "", 1), "secret") {
		t.Errorf("the merged log still holds a secret: %s", text)
	}
	if first, second := strings.Index(text, "auth/login"), strings.Index(text, "assets/a.js"); first < 0 || second < first {
		t.Errorf("the requests are not in the order of time: %s", text)
	}
	for _, want := range []string{`"b/p1"`, `"a/p1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the pages have lost their device: no %s", want)
		}
	}
}

func TestShell_Forms(t *testing.T) {
	date := bson.DateTime(1_795_557_600_000)
	got := Shell([]bson.D{{
		{Key: "_id", Value: "it's \\ a\nline"},
		{Key: "a-b", Value: nil},
		{Key: "n", Value: int32(2)},
		{Key: "at", Value: date},
		{Key: "image", Value: bson.D{{Key: "id", Value: "x"}}},
		{Key: "none", Value: bson.D{}},
		{Key: "list", Value: bson.A{true, 1.5}},
	}})
	want := `[
  {
    _id: 'it\'s \\ a\nline',
    'a-b': null,
    n: 2,
    at: ISODate('2026-11-24T22:00:00.000Z'),
    image: {
      id: 'x'
    },
    none: {},
    list: [
      true,
      1.5
    ]
  }
]`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
