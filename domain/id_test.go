package domain

import (
	"strings"
	"testing"
)

func TestParseID(t *testing.T) {
	const id = "0190a3e4-7b1c-7def-8123-456789abcdef"
	for in, want := range map[string]string{
		id:                                     id,
		strings.ToUpper(id):                    id,
		"00000000-0000-0000-0000-000000000000": "00000000-0000-0000-0000-000000000000",
		"":                                     "",
		"x":                                    "",
		id + "0":                               "",
		id[:35]:                                "",
		" " + id[1:]:                           "",
		id[:35] + "\n":                         "",
		"0190a3e47b1c-7def-8123-456789abcdef-": "",
		"0190a3e4-7b1c-7def-8123_456789abcdef": "",
		"0190a3e4-7b1c-7def-8123-456789abcdeg": "",
		"{190a3e4-7b1c-7def-8123-456789abcdf}": "",
		"0190a3e4-7b1c-7def-8123-456789abcdé":  "", // 36 bytes
		strings.ReplaceAll(id, "-", ""):        "",
		"urn:uuid:" + id:                       "",
	} {
		got, ok := ParseID(in)
		if got != want || ok != (want != "") {
			t.Errorf("ParseID(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("0190A3e4-7b1c-7def-8123-456789abcdef")
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := ParseID(s)
		if !ok {
			return
		}
		if again, ok := ParseID(id); !ok || again != id || !strings.EqualFold(id, s) || len(id) != 36 {
			t.Errorf("ParseID(%q) = %q, and that is %q, %v", s, id, again, ok)
		}
	})
}
