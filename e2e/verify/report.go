package verify

import (
	"encoding/base64"
	"regexp"
	"strings"

	"liveassist/e2e/evidence"
)

// Patterns of what a page must not do: ask anybody for anything.
var (
	references = regexp.MustCompile(`(?i)(?:\b(?:src|href|srcset|action|poster|data|xlink:href)\s*=\s*["']?|url\(\s*["']?|@import\s+["']?)([^"'\s)>]*)`)
	dataImages = regexp.MustCompile(`src="data:image/png;base64,([^"]+)"`)
)

// checkReport asks that the page tells all steps as passed, holds every picture, and needs nothing
// from anywhere else.
func (c *checker) checkReport() {
	const file = evidence.ReportFile
	text, ok := c.content[file]
	if !ok {
		return
	}
	page := string(text)
	shown := map[string]bool{}
	for _, m := range dataImages.FindAllStringSubmatch(page, -1) {
		b, err := base64.StdEncoding.DecodeString(unescape(m[1]))
		if err != nil {
			c.wrong(file, "holds a picture that cannot be read")
			continue
		}
		shown[string(b)] = true
	}
	for _, name := range pictures() {
		if b, ok := c.content[name]; ok && !shown[string(b)] {
			c.wrong(file, "does not show %s", name)
		}
	}
	for _, s := range evidence.StepTitles() {
		if !strings.Contains(page, `<section id="step-`+s.ID+`" data-verdict="`+evidence.Passed+`">`) {
			c.wrong(file, "does not tell step %s as passed", s.ID)
		}
	}
	if !strings.Contains(page, c.manifest.Commit) {
		c.wrong(file, "does not name commit %s", c.manifest.Commit)
	}
	// What stands in a text (an event's JSON, a log line) is no reference: tags and styles alone count.
	for _, part := range tagsAndStyles(dataImages.ReplaceAllString(page, "")) {
		for _, m := range references.FindAllStringSubmatch(part, -1) {
			if m[1] != "" && !strings.HasPrefix(m[1], "#") {
				c.wrong(file, "asks for something from outside: %.80s", m[1])
			}
		}
	}
	if regexp.MustCompile(`(?i)<(script|iframe|object|embed|link|base)\b`).MatchString(page) {
		c.wrong(file, "holds a script or a frame")
	}
}

// unescape undoes what the template does to a plus sign in an attribute.
func unescape(s string) string { return strings.ReplaceAll(s, "&#43;", "+") }

// tagsAndStyles returns the tags of a page and its style sheets.
func tagsAndStyles(page string) []string {
	styles := regexp.MustCompile(`(?is)<style.*?</style>`)
	return append(styles.FindAllString(page, -1), regexp.MustCompile(`(?s)<[a-zA-Z][^>]*>`).FindAllString(styles.ReplaceAllString(page, ""), -1)...)
}
