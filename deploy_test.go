package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"liveassist/billing"
)

// exposedFamilies are the names that /metrics of a running server can show.
func exposedFamilies(t *testing.T) map[string]bool {
	t.Helper()
	p := mustStart(t, t.TempDir(), "MONGO_URL=mongodb://127.0.0.1:1/")
	mustRegister(p, "anna@example.com")
	resp, err := http.Get(p.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if words := strings.Fields(line); words[0] == "#" && words[1] == "TYPE" {
			names[words[2]] = true
		} else if words[0] != "#" {
			names[regexp.MustCompile(`^\w+`).FindString(line)] = true
		}
	}
	return names
}

// TestDeploy_Metrics: what the dashboard and the alert rules look at is there, and each rule
// and panel can be told by its title.
func TestDeploy_Metrics(t *testing.T) {
	t.Parallel()
	exposed := exposedFamilies(t)
	named := regexp.MustCompile(`\b(liveassist|go|process)_\w+`)
	look := func(where, expr string) {
		t.Helper()
		found := named.FindAllString(expr, -1)
		if len(found) == 0 && !strings.HasPrefix(expr, "up{") {
			t.Errorf("%s looks at nothing: %s", where, expr)
		}
		for _, name := range found {
			family := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			if !exposed[name] && !exposed[family] {
				t.Errorf("%s: %s is not exposed", where, name)
			}
		}
	}

	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	mustRead(t, "deploy/prometheus/alerts.yml", yaml.Unmarshal, &rules)
	seen := 0
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			seen++
			look(r.Alert, r.Expr)
			if r.Alert == "" || r.Annotations["summary"] == "" || r.Annotations["action"] == "" || !slices.Contains([]string{"page", "ticket"}, r.Labels["severity"]) {
				t.Errorf("rule %+v does not say what to do", r)
			}
		}
	}
	var board struct {
		Panels []struct {
			Type, Title string
			Targets     []struct{ Expr string }
		}
	}
	mustRead(t, "deploy/grafana/liveassist.json", json.Unmarshal, &board)
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			seen++
			look("panel "+p.Title, target.Expr)
		}
		if p.Title == "" || p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %+v is empty", p)
		}
	}
	if seen < 40 {
		t.Errorf("looked at %d expressions only", seen)
	}
}

func mustRead(t *testing.T, file string, unmarshal func([]byte, any) error, v any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err == nil {
		err = unmarshal(b, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestDeploy_Documents: each setting that the documents, the unit and the commands name is
// one, and the Stripe events that they list are those that mean something.
func TestDeploy_Documents(t *testing.T) {
	t.Parallel()
	known := envNames()
	settingLike := regexp.MustCompile(`\b([A-Z][A-Z0-9]+_[A-Z0-9_]+)=`)
	for _, file := range []string{"docs/deploy.md", "docs/operate.md", "deploy/systemd/liveassist.service"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range settingLike.FindAllStringSubmatch(string(b), -1) {
			if _, ok := known[m[1]]; !ok {
				t.Errorf("%s: %s is no setting", file, m[1])
			}
		}
	}
	b, err := os.ReadFile("docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, name := range regexp.MustCompile(`(?m)^\s*((?:checkout|invoice|customer|charge|refund)\.[a-z_.]+)$`).FindAllStringSubmatch(string(b), -1) {
		listed[name[1]] = true
	}
	if got, want := slices.Sorted(maps.Keys(listed)), slices.Sorted(slices.Values(billing.EventTypes())); !slices.Equal(got, want) {
		t.Errorf("docs/deploy.md lists the events %q, want %q", got, want)
	}
}
