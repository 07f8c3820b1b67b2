package images

import (
	"bytes"
	"strings"
)

// format is a kind of file that can be decoded.
type format int

const (
	formatJPEG format = iota + 1
	formatPNG
	formatWebP
	formatGIF
)

// sniff recognises a file by its first bytes alone; names and headers of the upload are the
// sender's claim. The error says in words what else the file is, where people commonly pick
// it by mistake.
func sniff(raw []byte) (format, error) {
	has := func(at int, s string) bool { return len(raw) >= at+len(s) && string(raw[at:at+len(s)]) == s }
	switch {
	case len(raw) == 0:
		return 0, unsupported(textEmpty)
	case has(0, "\xff\xd8\xff"):
		return formatJPEG, nil
	case has(0, "\x89PNG\r\n\x1a\n"):
		return formatPNG, nil
	case has(0, "RIFF") && has(8, "WEBP"):
		return formatWebP, nil
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return formatGIF, nil
	case has(4, "ftypavif"), has(4, "ftypavis"):
		return 0, unsupported(textAVIF)
	case has(4, "ftyphei"), has(4, "ftyphev"), has(4, "ftypmif1"), has(4, "ftypmsf1"):
		return 0, unsupported(textHEIC)
	case has(0, "%PDF"):
		return 0, unsupported(textPDF)
	case isSVG(raw):
		return 0, unsupported(textSVG)
	}
	return 0, unsupported(textUnknown)
}

// isSVG reports whether the root of an XML text near the beginning is svg; it only chooses
// between two refusals.
func isSVG(raw []byte) bool {
	head := strings.ToLower(string(bytes.TrimPrefix(raw[:min(len(raw), 1024)], []byte("\ufeff"))))
	head = strings.TrimLeft(head, " \t\r\n")
	return strings.HasPrefix(head, "<svg") || strings.HasPrefix(head, "<?xml") && strings.Contains(head, "<svg") ||
		strings.HasPrefix(head, "<!doctype svg")
}
