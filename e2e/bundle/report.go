package bundle

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"liveassist/e2e/evidence"
)

//go:embed report.html.tmpl
var reportTemplate string

// page is what the report's template shows.
type page struct {
	Verdict    string
	Commit     string
	Dirty      bool
	Mode       string
	Plain      bool // no containers
	Began      string
	Took       string
	Versions   []pair
	Steps      []pageStep
	Failures   []picture
	Problems   []string
	Patches    []Patch
	Files      []evidence.File
	People     evidence.People
	Claims, OK int
}

type pair struct{ Name, Value string }

type pageStep struct {
	evidence.Step

	OK         bool
	Pictures   []picture
	Deliveries []evidence.Delivery
	Requests   []exchange
	Documents  string
}

type picture struct {
	evidence.Picture

	ID   string
	Data template.URL
	Tall bool // a phone
}

// exchange is one line of a table of requests.
type exchange struct {
	At, Method, Path, Body string
	Status                 int
	Bad                    bool
}

// report renders the page. All pictures are inside, so that it can be mailed.
func (w *writer) report() ([]byte, error) {
	p := page{
		Verdict: w.verdict(), Commit: w.commit, Dirty: w.dirty, Mode: w.modeInWords(), Plain: w.Mode != evidence.Containers,
		Began: w.Began.UTC().Format("2 January 2006, 15:04:05 UTC"), Took: w.Ended.Sub(w.Began).Round(1e8).String(),
		Problems: w.problems, Patches: w.patches, Files: w.files, People: w.People,
	}
	for _, name := range sortedKeys(w.Versions) {
		p.Versions = append(p.Versions, pair{name, w.Versions[name]})
	}
	requests := w.requests()
	for _, s := range w.Steps {
		step := pageStep{Step: s, OK: s.Verdict == evidence.Passed, Requests: requests[s.ID]}
		for _, c := range s.Claims {
			p.Claims++
			if c.OK {
				p.OK++
			}
		}
		for _, d := range w.Deliveries.Deliveries {
			if d.Step == s.ID {
				step.Deliveries = append(step.Deliveries, d)
			}
		}
		for _, shot := range w.pictures {
			if shot.Step != s.ID {
				continue
			}
			pic, err := w.embed(shot)
			if err != nil {
				return nil, err
			}
			step.Pictures = append(step.Pictures, pic)
		}
		if s.ID == "f" {
			step.Documents = string(w.Database)
		}
		p.Steps = append(p.Steps, step)
	}
	for _, shot := range w.failures {
		pic, err := w.embed(shot)
		if err != nil {
			return nil, err
		}
		p.Failures = append(p.Failures, pic)
	}
	t, err := template.New("report").Funcs(template.FuncMap{"short": short, "base": baseInWords}).Parse(reportTemplate)
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return b.Bytes(), nil
}

func (w *writer) embed(shot evidence.Picture) (picture, error) {
	content, err := os.ReadFile(filepath.Join(w.dir, evidence.PictureDir, shot.File))
	if err != nil {
		return picture{}, fmt.Errorf("picture: %w", err)
	}
	return picture{
		Picture: shot, ID: strings.TrimSuffix(shot.File, ".png"), Tall: strings.Contains(shot.File, "phone"),
		Data: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(content)),
	}, nil
}

// requests picks the calls of the API that each browser step is about out of the network log.
func (w *writer) requests() map[string][]exchange {
	found := map[string][]exchange{}
	text, err := os.ReadFile(filepath.Join(w.dir, evidence.NetworkFile))
	if err != nil {
		return found // its absence is a problem of its own
	}
	var archive har
	if json.Unmarshal(text, &archive) != nil {
		return found
	}
	steps := map[string]string{"purchase": "c", "conversation": "d", "limit": "e"}
	for _, e := range list(archive.Log["entries"]) {
		ref, _ := e["pageref"].(string)
		device, _, _ := strings.Cut(ref, "/")
		device, _, _ = strings.Cut(device, "-")
		step := steps[device]
		x, ok := exchangeOf(e)
		if ok && step != "" {
			found[step] = append(found[step], x)
		}
	}
	return found
}

func exchangeOf(entry map[string]any) (exchange, bool) {
	request, _ := entry["request"].(map[string]any)
	response, _ := entry["response"].(map[string]any)
	address, _ := request["url"].(string)
	u, err := url.Parse(address)
	if err != nil || u.Path == "/api/events" || !strings.HasPrefix(u.Path, "/api/") && u.RawQuery == "" {
		return exchange{}, false
	}
	x := exchange{Path: u.RequestURI()}
	x.Method, _ = request["method"].(string)
	x.At, _ = entry["startedDateTime"].(string)
	if len(x.At) > 11 {
		x.At = x.At[11:]
	}
	status, _ := response["status"].(float64)
	x.Status, x.Bad = int(status), status >= 400
	content, _ := response["content"].(map[string]any)
	if mime, _ := content["mimeType"].(string); strings.HasPrefix(mime, "application/json") {
		x.Body = body(content)
	}
	return x, true
}

// body returns a response's text, shortened.
func body(content map[string]any) string {
	text, _ := content["text"].(string)
	if encoding, _ := content["encoding"].(string); encoding == "base64" {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return ""
		}
		text = string(raw)
	}
	const most = 400
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

func short(hash string) string { return hash[:min(len(hash), 12)] }

func baseInWords(base string) string {
	if base == "" {
		return "the empty tree (shown whole)"
	}
	return "commit " + short(base)
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
