package domain

import "strings"

// The ids of LiveAssist are UUID strings; each noun has its own type so that one cannot
// be handed over for another.
type (
	// UserID names a person.
	UserID string
	// SessionID names a LiveAssist conversation.
	SessionID string
	// MessageID names a message as the API shows it; a client may have made it.
	MessageID string
	// ImageID names a stored picture.
	ImageID string
)

// ParseID returns the canonical lower-case form of a UUID in its 36-character text form
// (RFC 9562, section 4) and whether s is one.
func ParseID(s string) (string, bool) {
	if len(s) != 36 {
		return "", false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return "", false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return "", false
		}
	}
	return strings.ToLower(s), true
}
