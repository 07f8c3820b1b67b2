package bundle

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// har is an HTTP archive, with the parts that are looked into; the rest is kept as it is.
type har struct {
	Log map[string]any `json:"log"`
}

const hidden = "(removed)"

// mergeHARs joins the network logs of all devices into one, in the order of time. Session cookies
// and passwords are removed, and the bytes of the app's static files left out.
func mergeHARs(files []string) ([]byte, error) {
	merged := har{}
	var pages, entries []any
	for _, f := range files {
		device := strings.TrimSuffix(filepath.Base(f), ".har")
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("network log: %w", err)
		}
		var one har
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("network log %s: %w", device, err)
		}
		if merged.Log == nil {
			merged.Log = one.Log
		}
		for _, p := range list(one.Log["pages"]) {
			if id, ok := p["id"].(string); ok {
				p["id"] = device + "/" + id
			}
			pages = append(pages, p)
		}
		for _, e := range list(one.Log["entries"]) {
			if ref, ok := e["pageref"].(string); ok {
				e["pageref"] = device + "/" + ref
			}
			clean(e)
			entries = append(entries, e)
		}
	}
	if merged.Log == nil {
		return nil, errors.New("network log: the browser wrote none")
	}
	slices.SortStableFunc(entries, func(a, b any) int { return cmp.Compare(startOf(a), startOf(b)) })
	merged.Log["pages"], merged.Log["entries"] = pages, entries
	out, err := json.MarshalIndent(merged, "", " ")
	if err != nil {
		return nil, fmt.Errorf("network log: %w", err)
	}
	return out, nil
}

func startOf(entry any) string {
	s, _ := entry.(map[string]any)["startedDateTime"].(string)
	return s
}

// list returns the objects of a JSON array.
func list(v any) (objects []map[string]any) {
	items, _ := v.([]any)
	for _, i := range items {
		if m, ok := i.(map[string]any); ok {
			objects = append(objects, m)
		}
	}
	return objects
}

// clean removes from an entry what does not belong into a file that is handed around.
func clean(entry map[string]any) {
	request, _ := entry["request"].(map[string]any)
	response, _ := entry["response"].(map[string]any)
	for _, message := range []map[string]any{request, response} {
		for _, h := range list(message["headers"]) {
			if name, _ := h["name"].(string); strings.EqualFold(name, "cookie") || strings.EqualFold(name, "set-cookie") {
				h["value"] = hidden
			}
		}
		for _, c := range list(message["cookies"]) {
			c["value"] = hidden
		}
	}
	address, _ := request["url"].(string)
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	if post, ok := request["postData"].(map[string]any); ok && strings.HasPrefix(u.Path, "/api/auth/") {
		post["text"] = hidden
	}
	if content, ok := response["content"].(map[string]any); ok && strings.HasPrefix(u.Path, "/assets/") {
		delete(content, "text")
		delete(content, "encoding")
	}
}
