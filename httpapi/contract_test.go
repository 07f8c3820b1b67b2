package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract holds real answers against openapi.yaml: each status and body that a test sees
// must be one that the description names.
type contract struct {
	paths []contractPath

	mu       sync.Mutex // the compiler is for one caller at a time
	compiler *jsonschema.Compiler
}

type contractPath struct {
	pattern *regexp.Regexp
	text    string
	item    map[string]any
}

const contractURL = "mem:///openapi.json"

func newContract(tb testing.TB) *contract {
	tb.Helper()
	b, err := openAPIJSON()
	if err != nil {
		tb.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	c := &contract{compiler: jsonschema.NewCompiler()}
	if err := c.compiler.AddResource(contractURL, doc); err != nil {
		tb.Fatal(err)
	}
	param := regexp.MustCompile(`\\\{[^}]*\\\}`)
	for path, item := range doc.(map[string]any)["paths"].(map[string]any) {
		re := "^" + param.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$"
		c.paths = append(c.paths, contractPath{regexp.MustCompile(re), path, item.(map[string]any)})
	}
	return c
}

// check returns what is wrong with an answer.
func (c *contract) check(method, path string, status int, contentType string, body []byte) error {
	for _, p := range c.paths {
		if !p.pattern.MatchString(path) {
			continue
		}
		op, ok := p.item[strings.ToLower(method)].(map[string]any)
		if !ok {
			if status == http.StatusMethodNotAllowed || status == http.StatusForbidden || status == http.StatusNotFound && strings.HasPrefix(path, operatorPrefix) {
				return nil
			}
			return fmt.Errorf("%s %s is not described, and answered %d", method, p.text, status)
		}
		return c.checkResponse(p.text, method, op, status, contentType, body)
	}
	return nil // not an address of the API
}

func (c *contract) checkResponse(path, method string, op map[string]any, status int, contentType string, body []byte) error {
	responses := op["responses"].(map[string]any)
	key := strconv.Itoa(status)
	if _, ok := responses[key]; !ok {
		if status < 400 {
			return fmt.Errorf("%s %s answered %d, which is not described", method, path, status)
		}
		key = "default"
	}
	if !strings.HasPrefix(contentType, "application/json") {
		return nil
	}
	at := "#/paths/" + pointer(path) + "/" + strings.ToLower(method) + "/responses/" + key
	if key == "default" {
		at = "#/components/responses/Error"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	schema, err := c.compiler.Compile(contractURL + at + "/content/" + pointer("application/json") + "/schema")
	if err != nil {
		return fmt.Errorf("%s %s %d: %w", method, path, status, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s %d: answer is no JSON: %w", method, path, status, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s %s %d: %w\n%s", method, path, status, err, body)
	}
	return nil
}

func pointer(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(s)
}

// transport checks every answer that passes through it.
type contractTransport struct {
	tb       testing.TB
	contract *contract
}

// RoundTrip implements http.RoundTripper.
func (t contractTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if err := t.contract.check(r.Method, r.URL.Path, resp.StatusCode, resp.Header.Get("Content-Type"), body); err != nil {
		t.tb.Error(err)
	}
	return resp, nil
}

// TestContract_Routes holds the route table against the description: what one has the
// other has too.
func TestContract_Routes(t *testing.T) {
	c := newContract(t)
	described := map[string]bool{}
	for _, p := range c.paths {
		for method := range p.item {
			if method == "parameters" {
				continue
			}
			described[strings.ToUpper(method)+" "+p.text] = true
		}
	}
	registered := map[string]bool{}
	for _, r := range routeTable(t) {
		registered[r] = true
		if !described[r] && !strings.Contains(r, "/debug/") && !strings.Contains(r, "/metrics") && !strings.Contains(r, "/sandbox/") {
			t.Errorf("route %s is not in openapi.yaml", r)
		}
	}
	for d := range described {
		if !registered[d] {
			t.Errorf("openapi.yaml describes %s, which is no route", d)
		}
	}
}

// TestContract_Refuses shows that the check can fail.
func TestContract_Refuses(t *testing.T) {
	c := newContract(t)
	user := map[string]any{"id": "x"}
	b, err := json.Marshal(user)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.check(http.MethodGet, "/api/users/me", 200, "application/json", b); err == nil {
		t.Error("a user without most fields passed")
	}
	if err := c.check(http.MethodGet, "/api/users/me", 204, "", nil); err == nil {
		t.Error("a status that is not described passed")
	}
	if err := c.check(http.MethodGet, "/api/users/me", 401, "application/json", []byte(`{"error":"made_up","message":"x"}`)); err == nil {
		t.Error("an unknown error kind passed")
	}
}
