package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"liveassist/domain"
	"liveassist/store"
)

// forPerson fails where an error is none that a person could be shown.
func forPerson(t *testing.T, err error) {
	t.Helper()
	if e, ok := errors.AsType[*domain.Error](err); err != nil && (!ok || e.Message == "" || e.Kind == domain.KindInternal) {
		t.Fatalf("got %v, want words for a person", err)
	}
}

// Whatever stands in Last-Event-ID, it is a number that is not negative, nothing, or a refusal.
func FuzzLastEventID(f *testing.F) {
	for _, s := range []string{"", "0", "1", "-1", "+1", "1e3", "9223372036854775807", "9223372036854775808", "99999999999999999999", "0x10", " 1", "1\x00", "١"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, header, query string) {
		r := &http.Request{Header: http.Header{"Last-Event-Id": {header}}, URL: &url.URL{RawQuery: "lastEventId=" + url.QueryEscape(query)}}
		id, resume, err := lastEventID(r)
		forPerson(t, err)
		if id < 0 || !resume && id != 0 || err != nil && resume {
			t.Fatalf("%q %q: %d %v %v", header, query, id, resume, err)
		}
	})
}

// Whatever is uploaded, the fields before the file are bounded and in order, or refused.
func FuzzReadUpload(f *testing.F) {
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n0190a0b0-0000-7000-8000-000000000001\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n--x--\r\n"), "multipart/form-data; boundary=x")
	f.Add([]byte("--x--\r\n"), "multipart/form-data; boundary=x")
	f.Add([]byte("--x\r\n\r\n"), "multipart/mixed; boundary=x")
	f.Add([]byte("--\r\nContent-Disposition: form-data; name=\"\xff\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n"), "multipart/form-data; boundary=\"\"")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(bytes.NewReader(body)))
		r.Header.Set("Content-Type", contentType)
		up, err := readUpload(&request{Request: r})
		forPerson(t, err)
		if err != nil {
			return
		}
		if up.file == nil || up.text != "" && domain.CheckText(up.text) != nil {
			t.Fatalf("%+v", up)
		}
		if _, ok := domain.ParseID(string(up.id)); up.id != "" && !ok {
			t.Fatalf("id %q", up.id)
		}
	})
}

// Whatever a body is, it is read into the fields or refused with words.
func FuzzDecodeObject(f *testing.F) {
	for _, s := range []string{`{}`, `null`, `[]`, ` {"text":"x"}`, `{"text":1}`, `{"id":null,"text":"\ud800"}`, `{"text":"a"}{}`, `{"text"`, "\xef\xbb\xbf{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in struct {
			ID   *string `json:"id"`
			Text string  `json:"text"`
		}
		err := decodeObject(body, &in)
		forPerson(t, err)
		if err == nil && !utf8.ValidString(in.Text) {
			t.Fatalf("%q becomes %q", body, in.Text)
		}
	})
}

// Whatever a photo's conditional header is, only its own tag or a star matches.
func FuzzTagMatches(f *testing.F) {
	f.Add(`W/"a", "b"`)
	f.Add(`*`)
	f.Fuzz(func(t *testing.T, header string) {
		if tagMatches(header, `"q1w2"`) && !bytes.Contains([]byte(header), []byte(`"q1w2"`)) && !bytes.Contains([]byte(header), []byte("*")) {
			t.Fatalf("%q matches", header)
		}
	})
}

// Whatever a client writes into X-Forwarded-For, the address that the trusted proxy added at
// the right is the one that counts.
func FuzzProxies_client(f *testing.F) {
	for _, s := range []string{"", "198.51.100.1", "10.0.0.1, 10.0.0.2", "unknown", ",,", "1.1.1.1\n2.2.2.2", "[::1]:80", "203.0.113.9%eth0", "\"", "1.1.1.1,\t", strings.Repeat("10.0.0.1,", 200)} {
		f.Add(s)
	}
	peer := netip.MustParseAddr("10.0.0.1")
	client := netip.MustParseAddr("203.0.113.9")
	p := Proxies{Trusted: prefixes("10.0.0.0/8"), ClientHeader: headerForwardedFor}
	f.Fuzz(func(t *testing.T, forged string) {
		for _, list := range [][]string{
			{forged, client.String()}, {forged + ", " + client.String()}, {forged + "," + client.String() + ", 10.0.0.2"}, {forged, client.String() + ":1234", "10.0.0.2, 10.0.0.3"},
		} {
			if got := p.client(peer, http.Header{"X-Forwarded-For": list}); got != client {
				t.Fatalf("%q: taken for %v", list, got)
			}
		}
		r := &http.Request{RemoteAddr: "203.0.113.9:1", Header: http.Header{"X-Forwarded-For": {forged}, "X-Forwarded-Proto": {forged}}}
		if https := p.arrive(r, false); https || r.RemoteAddr != "203.0.113.9:1" {
			t.Fatalf("%q from a stranger: taken for %s, https %v", forged, r.RemoteAddr, https)
		}
	})
}

// Whatever stands in ?after= and ?limit=, it is a page or an error with words.
func FuzzNumberedPage(f *testing.F) {
	f.Add("", "")
	f.Add("MTIz", "50")
	f.Add("bnVsbA", "0")
	f.Add("eyJ0ZXh0IjoiYSJ9", "-1")
	f.Add("!!", "99999999999999999999")
	f.Fuzz(func(t *testing.T, after, limit string) {
		q := url.Values{"after": {after}, "limit": {limit}}
		r := &request{Request: &http.Request{URL: &url.URL{RawQuery: q.Encode()}}}
		_, n, err := numberedPage(r)
		forPerson(t, err)
		if err == nil && (n < 1 || n > maxPage) {
			t.Fatalf("limit %q becomes %d", limit, n)
		}
		var key store.UserKey
		err = readKey(r, &key)
		forPerson(t, err)
		if err != nil || after == "" {
			return
		}
		next, err := writeKey(key)
		must(t, err)
		var again store.UserKey
		must(t, readKey(&request{Request: &http.Request{URL: &url.URL{RawQuery: "after=" + url.QueryEscape(*next)}}}, &again))
		if again != key {
			t.Fatalf("%+v becomes %+v", key, again)
		}
	})
}
