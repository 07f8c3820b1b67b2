package verify

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"liveassist/e2e/evidence"
)

// browserFile is the content of evidence.BrowserFile.
type browserFile struct {
	Scenes   []evidence.Scene   `json:"scenes"`
	Pictures []evidence.Picture `json:"pictures"`
}

// fact returns what a scene noted under a name.
func (b browserFile) fact(name string) any {
	for _, s := range b.Scenes {
		if v, ok := s.Facts[name]; ok {
			return v
		}
	}
	return nil
}

// checkBrowser asks that the browser saw what steps c, d and e claim.
func (c *checker) checkBrowser() {
	const file = evidence.BrowserFile
	text, ok := c.content[file]
	if !ok {
		return
	}
	if err := json.Unmarshal(text, &c.browser); err != nil {
		c.wrong(file, "cannot be read: %v", err)
		return
	}
	claims := map[string]int{}
	for _, s := range c.browser.Scenes {
		for _, claim := range s.Claims {
			claims[claim.Step]++
			if !claim.OK {
				c.wrong(file, "step %s: found false: %s", claim.Step, claim.Text)
			}
		}
	}
	for _, step := range []string{"c", "d", "e"} {
		if claims[step] == 0 {
			c.wrong(file, "the browser saw nothing of step %s", step)
		}
	}
	me, _ := c.browser.fact("me").(map[string]any)
	if me["id"] != c.manifest.People.Payer || me["subscription_status"] != "paid" {
		c.wrong(file, "GET /api/users/me did not say paid of the payer")
	}
	if n, _ := c.browser.fact("uploadsBeforeDialog").(float64); n != 2 {
		c.wrong(file, "the upgrade dialog came after %v uploads, not after 2", c.browser.fact("uploadsBeforeDialog"))
	}
	for _, name := range pictures() {
		at := slices.IndexFunc(c.browser.Pictures, func(p evidence.Picture) bool { return p.File == path.Base(name) })
		if at < 0 {
			c.wrong(file, "says nothing of the picture %s", name)
			continue
		}
		p := c.browser.Pictures[at]
		if p.TakenAt.Before(c.manifest.Began) || p.TakenAt.After(c.manifest.Ended) {
			c.wrong(name, "taken at %v, outside of the run", p.TakenAt)
		}
		if !strings.HasPrefix(p.Address, "http://127.0.0.1:") {
			c.wrong(name, "of %q, which is not the product of the run", p.Address)
		}
	}
}
