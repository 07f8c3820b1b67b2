package verify

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"liveassist/e2e/evidence"
)

// archive is a HAR file, with the parts that are looked into.
type archive struct {
	Log struct {
		Entries []entry `json:"entries"`
	} `json:"log"`
}

type entry struct {
	Page    string    `json:"pageref"`
	Started time.Time `json:"startedDateTime"`
	Request struct {
		Method  string   `json:"method"`
		URL     string   `json:"url"`
		Headers []header `json:"headers"`
	} `json:"request"`
	Response struct {
		Status  int      `json:"status"`
		Headers []header `json:"headers"`
		Content struct {
			Text     string `json:"text"`
			Encoding string `json:"encoding"`
		} `json:"content"`
	} `json:"response"`
}

type header struct{ Name, Value string }

func (e entry) is(method, path string) bool {
	u, err := url.Parse(e.Request.URL)
	return err == nil && e.Request.Method == method && u.Path == path
}

// json reads the response's body.
func (e entry) json(v any) bool {
	text := []byte(e.Response.Content.Text)
	if e.Response.Content.Encoding == "base64" {
		var err error
		if text, err = base64.StdEncoding.DecodeString(e.Response.Content.Text); err != nil {
			return false
		}
	}
	return json.Unmarshal(text, v) == nil
}

// checkNetwork asks the browser's own log of requests for what steps c, d and e claim.
func (c *checker) checkNetwork() {
	text, ok := c.content[evidence.NetworkFile]
	if !ok {
		return
	}
	var a archive
	if err := json.Unmarshal(text, &a); err != nil {
		c.wrong(evidence.NetworkFile, "no HTTP archive: %v", err)
		return
	}
	entries := a.Log.Entries
	slices.SortStableFunc(entries, func(x, y entry) int { return x.Started.Compare(y.Started) })
	for _, e := range entries {
		for _, h := range slices.Concat(e.Request.Headers, e.Response.Headers) {
			if strings.Contains(strings.ToLower(h.Name), "cookie") && strings.Contains(h.Value, "session=") {
				c.wrong(evidence.NetworkFile, "holds a session cookie")
				return
			}
		}
	}
	c.checkReturn(entries)
	c.checkMessages(entries)
	c.checkUploads(entries)
}

// checkReturn: the payer was free before the payment, and the page that opened
// /?subscription=success asked for the user next and was told paid.
func (c *checker) checkReturn(entries []entry) {
	type user struct {
		ID     string `json:"id"`
		Status string `json:"subscription_status"`
	}
	paidAt, _ := time.Parse(time.RFC3339Nano, c.paidAt)
	wasFree, page := false, ""
	for _, e := range entries {
		if u, err := url.Parse(e.Request.URL); err == nil && u.Path == "/" && u.Query().Get("subscription") == "success" && e.Response.Status == 200 {
			page = e.Page
		}
		var who user
		if !e.is("GET", "/api/users/me") || e.Response.Status != 200 || !e.json(&who) || who.ID != c.manifest.People.Payer {
			continue
		}
		if e.Started.Before(paidAt) && who.Status == "free" {
			wasFree = true
		}
		if page == "" || e.Page != page {
			continue
		}
		if who.Status != "paid" {
			c.wrong(evidence.NetworkFile, "after /?subscription=success GET /api/users/me said %q", who.Status)
		}
		if !wasFree {
			c.wrong(evidence.NetworkFile, "no answer says that the payer was free before the payment")
		}
		return
	}
	c.wrong(evidence.NetworkFile, "no page opened /?subscription=success and then asked GET /api/users/me")
}

// checkMessages: the conversation that local storage names was read, with two texts and an image.
func (c *checker) checkMessages(entries []entry) {
	type message struct {
		Role  string `json:"role"`
		Text  string `json:"text"`
		Image any    `json:"image"`
	}
	id, _ := c.browser.fact("sessionId").(string)
	for _, e := range entries {
		var messages []message
		if id == "" || !e.is("GET", "/api/liveassist/sessions/"+id+"/messages") || e.Response.Status != 200 || !e.json(&messages) {
			continue
		}
		texts, images := 0, 0
		for _, m := range messages {
			switch {
			case m.Role != "user":
			case m.Image != nil:
				images++
			case m.Text != "":
				texts++
			}
		}
		if texts >= 2 && images >= 1 {
			return
		}
	}
	c.wrong(evidence.NetworkFile, "no answer of GET messages of conversation %q holds two texts and an image", id)
}

// checkUploads: the free person's photos were taken twice and then refused, in the contract's words.
func (c *checker) checkUploads(entries []entry) {
	id, _ := c.browser.fact("freeSessionId").(string)
	var statuses []int
	var refusal map[string]any
	for _, e := range entries {
		if id == "" || !e.is("POST", "/api/liveassist/sessions/"+id+"/images") {
			continue
		}
		statuses = append(statuses, e.Response.Status)
		if e.Response.Status == 403 && !e.json(&refusal) {
			c.wrong(evidence.NetworkFile, "the refusal is no JSON")
		}
	}
	if !slices.Equal(statuses, []int{201, 201, 403}) {
		c.wrong(evidence.NetworkFile, "the free person's uploads were answered %v, not [201 201 403]", statuses)
	}
	want := map[string]any{"error": "limit_exceeded", "code": "IMAGE_DAY_LIMIT", "message": "Daily image limit reached. Upgrade to send more images."}
	for k, v := range want {
		if refusal[k] != v {
			c.wrong(evidence.NetworkFile, "the refusal's %s is %v, not %v", k, refusal[k], v)
		}
	}
}
