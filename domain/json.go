package domain

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// AppendJSON appends the message in the API's form: the bytes that json.Marshal makes of
// it, in a fifth of the time. Each read and each post of a message ends here.
func (m *Message) AppendJSON(b []byte) []byte {
	b = append(slices.Grow(b, jsonRoom+len(m.Text)), `{"id":`...)
	b = appendJSONString(b, string(m.ID))
	b = append(b, `,"sessionId":`...)
	b = appendJSONString(b, string(m.SessionID))
	b = append(b, `,"role":`...)
	b = appendJSONString(b, string(m.Role))
	b = append(b, `,"text":`...)
	b = appendJSONString(b, m.Text)
	b = append(b, `,"image":`...)
	b = m.Image.appendJSON(b)
	b = append(b, `,"createdAt":`...)
	b = m.CreatedAt.appendJSON(b)
	return append(b, '}')
}

func (i *Image) appendJSON(b []byte) []byte {
	if i == nil {
		return append(b, "null"...)
	}
	b = append(b, `{"id":`...)
	b = appendJSONString(b, string(i.ID))
	b = append(b, `,"url":`...)
	b = appendJSONString(b, i.URL)
	b = append(b, `,"width":`...)
	b = strconv.AppendInt(b, int64(i.Width), 10)
	b = append(b, `,"height":`...)
	b = strconv.AppendInt(b, int64(i.Height), 10)
	return append(b, '}')
}

// jsonRoom is what a message takes beside its text: two ids, the time, the names. A
// picture takes more, and then the list is copied once.
const jsonRoom = 192

// AppendMessagesJSON appends a list of messages in the API's form.
func AppendMessagesJSON(b []byte, list []Message) []byte {
	size := 2
	for i := range list {
		size += jsonRoom + len(list[i].Text)
	}
	b = append(slices.Grow(b, size), '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = list[i].AppendJSON(b)
	}
	return append(b, ']')
}

// appendJSON appends TimeLayout in quotes. time.AppendFormat reads its layout anew each time.
func (ts Timestamp) appendJSON(b []byte) []byte {
	t := ts.Time()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	if year < 1000 || year > 9999 {
		return append(t.AppendFormat(append(b, '"'), TimeLayout), '"')
	}
	b = append(b, '"')
	b = strconv.AppendInt(b, int64(year), 10)
	b = appendTwo(append(b, '-'), int(month))
	b = appendTwo(append(b, '-'), day)
	b = appendTwo(append(b, 'T'), hour)
	b = appendTwo(append(b, ':'), minute)
	b = appendTwo(append(b, ':'), second)
	ms := t.Nanosecond() / 1e6
	b = append(b, '.', byte('0'+ms/100)) //nolint:gosec // a digit
	b = appendTwo(b, ms%100)
	return append(b, 'Z', '"')
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) } //nolint:gosec // two digits

// appendJSONString appends s in quotes. What needs escapes is left to encoding/json.
func appendJSONString(b []byte, s string) []byte {
	if !plain(s) {
		quoted, err := json.Marshal(s)
		if err != nil {
			panic(err) // no string is without a JSON form
		}
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plain reports whether encoding/json writes s as it is: it escapes what HTML or JavaScript
// would read as code, and mends what is no UTF-8.
func plain(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.ContainsAny(s, "\u2028\u2029")
}
