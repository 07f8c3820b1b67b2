package httpapi

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"liveassist/billing"
	"liveassist/domain"
	"liveassist/images"
)

// scripts are what a page would run if it took a text for markup.
var scripts = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `[x](javascript:alert(1))`, `![x](data:text/html,<script>alert(1)</script>)`,
	`</textarea><script>alert(1)</script>`, `{{constructor.constructor('alert(1)')()}}`, `'-alert(1)-'`, "\u202e<script>", `<!--`, `]]>`, `</script><script>alert(1)</script>`, `<iframe srcdoc="<script>alert(1)</script>">`,
}

// TestAttack_StoredScript: texts, titles and names are kept as they were written, and every
// answer that holds them is of a type that no browser runs, under a policy that would let
// nothing of it run.
func TestAttack_StoredScript(t *testing.T) {
	s := newServer(t)
	anna := s.operator()
	for _, evil := range scripts {
		p := s.browser()
		p.email = fmt.Sprintf("x%d@example.com", len(evil)*1000+int(evil[len(evil)-1]))
		got := p.post("/api/auth/register", map[string]any{"email": p.email, "password": "correct horse", "name": strings.ReplaceAll(evil, "\u202e", "")}).wants(201, "register")
		id := got.str("id")
		session := p.session()
		if sent := p.say(session, evil).wants(201, "say"); sent.str("text") != evil {
			t.Errorf("%q was kept as %q", evil, sent.str("text"))
		}
		p.do(http.MethodPatch, "/api/liveassist/sessions/"+session, map[string]any{"title": evil})
		one := "/api/liveassist/sessions/" + session
		for path, b := range map[string]*browser{
			"/api/users/me": p, one: p, one + "/messages": p, one + "/export": p, "/api/liveassist/sessions": p, "/api/liveassist/search?q=alert": p,
			"/api/operator/users/" + id: anna, "/api/operator/users": anna, "/api/operator/conversations/" + session: anna, "/api/operator/conversations": anna,
			"/api/operator/conversations/" + session + "/messages": anna, "/api/operator/export/users": anna, "/api/operator/users/" + id + "/evidence": anna,
		} {
			got := b.get(path).wants(200, path)
			kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
			if !slices.Contains([]string{"application/json", "text/markdown", "text/csv"}, kind) || got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", path, got.header)
			}
			if kind != "application/json" && !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment;") {
				t.Errorf("%s is shown in the page: %q", path, got.header.Get("Content-Disposition"))
			}
			if kind == "application/json" && bytes.ContainsAny(got.body, "<>") {
				t.Errorf("%s: a bracket is not escaped: %.300s", path, got.body)
			}
			if policy := got.header.Get("Content-Security-Policy"); policy != dataCSP {
				t.Errorf("%s: policy %q", path, policy)
			}
		}
	}
}

// TestAttack_PageEscapes: the pages that are made here, those of the sandbox, show what a
// caller chose as text, and refuse to run scripts at all.
func TestAttack_PageEscapes(t *testing.T) {
	s := newServer(t)
	p := s.browser()
	evil := `x</title><script>alert(1)</script>`
	p.post("/api/auth/register", map[string]any{"email": `"<b>x"@example.com`, "password": "correct horse", "name": evil})
	if p.cookie() == "" {
		p = s.person()
	}
	page := strings.TrimPrefix(p.post("/api/billing/checkout", map[string]any{"plan": "month", "return_to": "/a?x=%22<script>"}).wants(200, "checkout").str("url"), s.url)
	p.post(page+"/pay", nil).wants(303, "pay")
	portal := strings.TrimPrefix(p.post("/api/billing/portal", nil).str("url"), s.url)
	for _, path := range []string{page, portal, "/sandbox/checkout/<script>alert(1)<%2fscript>", "/sandbox/portal/\"><script>"} {
		got := p.get(strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22").Replace(path))
		if bytes.Contains(bytes.ToLower(got.body), []byte("<script")) || bytes.Contains(got.body, []byte("<b>x")) {
			t.Errorf("%s: %s", path, got.body)
		}
		policy := got.header.Get("Content-Security-Policy")
		if page := strings.HasPrefix(got.header.Get("Content-Type"), "text/html"); !strings.HasPrefix(policy, "default-src 'none'") || page && strings.Contains(policy, "script-src") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	// Today nothing on these pages is a caller's choice; what will be is a text there too.
	pages, err := parseSandboxPages()
	must(t, err)
	const mark = `"><script>alert(1)</script>`
	for name, data := range map[string]any{
		"checkout.html": billing.SandboxCheckout{ID: mark, Open: true, CancelURL: mark, Price: billing.Price{Interval: mark}},
		"portal.html":   billing.SandboxPortal{ID: mark, ReturnURL: "javascript:alert(1)", Found: true}, "head": mark,
	} {
		var out strings.Builder
		must(t, pages.ExecuteTemplate(&out, name, data))
		if strings.Contains(out.String(), "<script") || strings.Contains(out.String(), `"javascript:`) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

// form is an upload whose file part has these headers.
func (b *browser) form(session string, file []byte, disposition, contentType string) reply {
	b.s.tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {contentType}})
	must(b.s.tb, err)
	_, err = part.Write(file)
	must(b.s.tb, err)
	must(b.s.tb, w.Close())
	return b.post("/api/liveassist/sessions/"+session+"/images", body.Bytes(), "Content-Type", w.FormDataContentType())
}

// TestAttack_FileNames: a photo's name and claimed type decide nothing and are kept nowhere.
func TestAttack_FileNames(t *testing.T) {
	s := newServer(t, func(c *Config) { c.FreeImagesPerDay = 100 })
	p := s.person()
	session := p.session()
	for _, name := range []string{
		`../../../../etc/cron.d/evil`, `..\\..\\evil.exe`, `evil.html`, `evil.svg`, `a.php%00.png`, `CON`, strings.Repeat("a", 4000), `<script>alert(1)</script>.png`, `\"; name=\"id\"; x=\"`, "\u202egnp.exe", ``,
	} {
		got := p.form(session, photo(t), `form-data; name="image"; filename="`+name+`"`, "text/html")
		if got.status != http.StatusCreated {
			t.Errorf("%q: %d %s", name, got.status, got.body)
			continue
		}
		for _, path := range []string{got.object()["image"].(map[string]any)["url"].(string), got.object()["image"].(map[string]any)["url"].(string) + "?preview=1"} {
			file := p.get(path).wants(200, path)
			if kind := file.header.Get("Content-Type"); kind != "image/png" && kind != "image/jpeg" {
				t.Errorf("%q is served as %q", name, kind)
			}
			if file.header.Get("Content-Disposition") != "inline" || file.header.Get("Content-Security-Policy") != "default-src 'none'; frame-ancestors 'none'; sandbox" || file.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%q: %v", name, file.header)
			}
		}
	}
	for name, body := range map[string]string{
		"no end": "--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc", "no part": "--x--\r\n", "nothing": "", "other mark": "--y\r\n\r\n--y--",
		"many fields":  strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n", 3000) + "--x--\r\n",
		"long header":  "--x\r\nContent-Disposition: form-data; name=\"" + strings.Repeat("i", 1<<20) + "\"\r\n\r\na\r\n--x--\r\n",
		"many headers": "--x\r\n" + strings.Repeat("A: b\r\n", 20_000) + "\r\n\r\na\r\n--x--\r\n",
	} {
		got := p.post("/api/liveassist/sessions/"+session+"/images", body, "Content-Type", "multipart/form-data; boundary=x")
		if got.status != http.StatusBadRequest && got.status != http.StatusUnsupportedMediaType && got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	// What stands before the file counts too: a form has an end, whatever it is filled with.
	padding := "--x\r\nContent-Disposition: form-data; name=\"padding\"\r\n\r\n" + strings.Repeat("a", images.MaxBytes+64<<10) + "\r\n--x--\r\n"
	if got := p.post("/api/liveassist/sessions/"+session+"/images", padding, "Content-Type", "multipart/form-data; boundary=x"); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("padding before the file: %d %s, want 413", got.status, got.body)
	}
}

// jpegWith is a photo with a segment before its picture.
func jpegWith(t *testing.T, marker byte, payload string) []byte {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 16, 16))
	must(t, jpeg.Encode(&b, m, nil))
	segment := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(segment[2:], uint16(len(payload)+2))
	return slices.Concat(b.Bytes()[:2], segment, []byte(payload), b.Bytes()[2:])
}

func gifWith(t *testing.T, tail string) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}), nil))
	return append(b.Bytes(), tail...)
}

// TestAttack_Polyglots: nothing of a file but its picture reaches another person's browser,
// and what is no picture of a known kind is not taken.
func TestAttack_Polyglots(t *testing.T) {
	s := newServer(t, func(c *Config) { c.FreeImagesPerDay = 100 })
	p := s.person()
	session := p.session()
	const html = `<html><script>alert(document.cookie)</script></html>`
	for name, file := range map[string][]byte{
		"GIF then HTML":     gifWith(t, html),
		"GIF then ZIP":      gifWith(t, "PK\x03\x04"+html),
		"EXIF of a script":  jpegWith(t, 0xe1, "Exif\x00\x00II*\x00"+html),
		"comment":           jpegWith(t, 0xfe, html),
		"XMP":               jpegWith(t, 0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+html),
		"JPEG then PHP":     append(jpegWith(t, 0xfe, "x"), "<?php system($_GET[0]); <script>"...),
		"PNG then HTML":     append(photo(t), html...),
		"PNG with a script": slices.Concat(photo(t)[:33], pngChunk("tEXt", "Comment\x00"+html), photo(t)[33:]),
	} {
		got := p.upload(session, file)
		if got.status != http.StatusCreated {
			if got.status != http.StatusUnsupportedMediaType {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
			continue
		}
		url := got.object()["image"].(map[string]any)["url"].(string)
		for _, path := range []string{url, url + "?preview=1"} {
			kept := p.get(path).wants(200, path)
			if bytes.Contains(kept.body, []byte("script")) || bytes.Contains(kept.body, []byte("Exif")) || bytes.Contains(kept.body, []byte("php")) {
				t.Errorf("%s: %s still holds it", name, path)
			}
		}
	}
	for name, file := range map[string][]byte{
		"SVG":             []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"SVG after XML":   []byte("\ufeff<?xml version=\"1.0\"?>\n<!-- x --><svg onload=\"alert(1)\"/>"),
		"HTML":            []byte(html),
		"GIF in name":     []byte("GIF89a/*" + html + "*/=1;"),
		"PDF":             []byte("%PDF-1.7\n" + html),
		"nothing":         {},
		"PNG's beginning": photo(t)[:20],
		"entity bomb":     []byte(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>`),
	} {
		if got := p.upload(session, file); got.status != http.StatusUnsupportedMediaType && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func pngChunk(name, payload string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	b = append(append(b, name...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+payload)))
}

// blankPNG is a whole picture of one colour, one bit a pixel: small, however large it is.
func blankPNG(t *testing.T, w, h int) []byte {
	t.Helper()
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	row := make([]byte, 1+(w+7)/8)
	for range h {
		_, err := z.Write(row)
		must(t, err)
	}
	must(t, z.Close())
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", string(size)+"\x01\x00\x00\x00\x00"), pngChunk("IDAT", data.String()), pngChunk("IEND", ""))
}

// TestAttack_PictureBombs: a small file that holds a huge picture, or claims one, is refused
// by its head, before its pixels are made: whole ones with the limit as the reason, so that
// it is not for a fault in them that they are refused.
func TestAttack_PictureBombs(t *testing.T) {
	s := newServer(t, func(c *Config) { c.FreeImagesPerDay = 100 })
	p := s.person()
	session := p.session()
	head := func(w, h uint32) []byte {
		size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
		return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", string(size)+"\x08\x06\x00\x00\x00"), pngChunk("IDAT", "x"), pngChunk("IEND", ""))
	}
	for name, c := range map[string]struct {
		file   []byte
		status int
	}{
		"whole PNG of 52 megapixels": {blankPNG(t, 7_232, 7_232), 413}, "whole PNG of one long line": {blankPNG(t, images.MaxSide+1, 1), 413}, "whole PNG of one column": {blankPNG(t, 1, images.MaxSide+1), 413},
		"PNG 50,000 x 50,000": {head(50_000, 50_000), 413}, "PNG of 2^31": {head(1<<31-1, 1<<31-1), 413}, "PNG of none": {head(0, 0), 415}, "PNG of one line": {head(1<<31-1, 1), 413},
		"GIF 65,535 x 65,535": {[]byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x44\x01\x00;"), 413},
		"JPEG 65,535":         {[]byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9"), 415},
	} {
		start := time.Now()
		if got := p.upload(session, c.file); got.status != c.status {
			t.Errorf("%s, %d bytes: %d %s, want %d", name, len(c.file), got.status, got.body, c.status)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	if u := p.get("/api/users/me").object(); u["image_counter"] != 0.0 {
		t.Errorf("refused files were counted: %v", u["image_counter"])
	}
}

// TestAttack_JSONBombs: depth and size are bounded before anything is done with them.
func TestAttack_JSONBombs(t *testing.T) {
	s := newServer(t)
	p := s.person()
	path := "/api/liveassist/sessions/" + p.session() + "/messages"
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"deep lists":        {`{"text":` + strings.Repeat("[", 60_000) + strings.Repeat("]", 60_000) + `}`, 400},
		"deep objects":      {strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000), 400},
		"never closed":      {`{"text":` + strings.Repeat("[", 100_000), 400},
		"too large":         {`{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413},
		"many fields":       {`{` + strings.Repeat(`"a":1,`, 15_000) + `"text":""}`, 400},
		"field given twice": {`{"text":"first","text":""}`, 400},
		"huge number":       {`{"text":1e999999}`, 400},
		"long text":         {`{"text":"` + strings.Repeat("x", domain.MaxTextLength+1) + `"}`, 400},
		"half a surrogate":  {`{"text":"\ud800"}`, 201}, // becomes U+FFFD
		"NUL":               {`{"text":"a\u0000b"}`, 201},
	} {
		start := time.Now()
		if got := p.post(path, c.body); got.status != c.status {
			t.Errorf("%s: %d %.200s, want %d", name, got.status, got.body, c.status)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	// A body that is compressed is not unpacked: the server knows of none.
	if got := p.post(path, "\x1f\x8b\x08\x00", "Content-Encoding", "gzip"); got.status != http.StatusBadRequest {
		t.Errorf("compressed: %d %s", got.status, got.body)
	}
}
