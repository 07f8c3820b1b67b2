package domain

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheckText(t *testing.T) {
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"one letter", "x", true},
		{"one emoji", "🚰", true},
		{"longest", strings.Repeat("x", 8000), true},
		{"longest, of four bytes each", strings.Repeat("🚰", 8000), true},
		{"too long", strings.Repeat("x", 8001), false},
		{"too long with blanks", strings.Repeat(" ", 8000) + "x", false},
		{"blanks around", " \n x \t", true},
		{"markup", "<script>alert(1)</script>", true},
		{"empty", "", false},
		{"blanks", " \t\r\n", false},
		{"no-break and ideographic spaces", "\u00a0\u3000\u2003\u2028", false},
		{"zero-width characters", "\u200b\u200d\ufeff\u202e", false},
		{"control characters", "\x00\x01\x1b\x7f\u0085", false},
	} {
		err := CheckText(c.text)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v, want ok: %v", c.name, err, c.ok)
		}
		if err != nil && KindOf(err) != KindInvalidRequest {
			t.Errorf("%s: kind %s, want %s", c.name, KindOf(err), KindInvalidRequest)
		}
	}
}

func TestTitleOf(t *testing.T) {
	sixty := strings.Repeat("ä", 60)
	for in, want := range map[string]string{
		"The tap drips":         "The tap drips",
		"  The\n\n tap\tdrips ": "The tap drips",
		"drips\x00\x1b":         "drips",
		"":                      "",
		" \n":                   "",
		sixty:                   sixty,
		sixty + " \n ":          sixty,
		sixty + "x":             sixty + "…",
		sixty + " x":            sixty + "…",
		strings.Repeat("🚰", 99): strings.Repeat("🚰", 60) + "…",
	} {
		if got := TitleOf(in); got != want {
			t.Errorf("TitleOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCheckTitle(t *testing.T) {
	longest := strings.Repeat("å", 120)
	for in, want := range map[string]string{
		"  Kitchen \n tap ": "Kitchen tap",
		longest:             longest,
		longest + "  ":      longest,
		"  " + longest:      longest,
		longest + "x":       "",
		longest + " x":      "",
		"":                  "",
		" \u200b":           "",
	} {
		got, err := CheckTitle(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CheckTitle(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

func FuzzTitleOf(f *testing.F) {
	f.Add("  The\n tap \x00 drips")
	f.Fuzz(func(t *testing.T, s string) {
		title := TitleOf(s)
		if utf8.RuneCountInString(title) > 61 || strings.ContainsAny(title, "\r\n\t\x00") || strings.Contains(title, "  ") || strings.HasPrefix(title, " ") {
			t.Errorf("TitleOf(%q) = %q", s, title)
		}
	})
}

// TestMessage_JSON is the form of CONTRACT section 3.
func TestMessage_JSON(t *testing.T) {
	m := Message{ID: "m", SessionID: "s", Role: AuthorUser, Text: "a\nb", CreatedAt: 1773500966535}
	for want, image := range map[string]*Image{
		`{"id":"m","sessionId":"s","role":"user","text":"a\nb","image":null,"createdAt":"2026-03-14T15:09:26.535Z"}`:                                                      nil,
		`{"id":"m","sessionId":"s","role":"user","text":"a\nb","image":{"id":"i","url":"/api/images/i","width":640,"height":480},"createdAt":"2026-03-14T15:09:26.535Z"}`: NewImage("i", 640, 480),
	} {
		m.Image = image
		if got, err := json.Marshal(m); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}
