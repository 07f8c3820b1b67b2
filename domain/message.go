package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTextLength is the longest text of a message, in characters (Unicode code points).
const MaxTextLength = 8000

// Author says who wrote a message.
type Author string

// The authors of messages.
const (
	AuthorUser      Author = "user"
	AuthorAssistant Author = "assistant"
	AuthorOperator  Author = "operator"
)

// Message is one entry of a conversation, in the form in which the API and the events show it.
type Message struct {
	ID        MessageID `json:"id"`
	SessionID SessionID `json:"sessionId"`
	Role      Author    `json:"role"`
	Text      string    `json:"text"`
	Image     *Image    `json:"image"`
	CreatedAt Timestamp `json:"createdAt"`
}

// Image is the picture of a message.
type Image struct {
	ID     ImageID `json:"id"`
	URL    string  `json:"url"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
}

// NewImage describes a stored picture of the given size in pixels.
func NewImage(id ImageID, width, height int) *Image {
	return &Image{ID: id, URL: "/api/images/" + string(id), Width: width, Height: height}
}

// Session is a conversation in the form in which the API lists it.
type Session struct {
	ID           SessionID `json:"id"`
	CreatedAt    Timestamp `json:"createdAt"`
	LastActiveAt Timestamp `json:"lastActiveAt"`
	Title        string    `json:"title"`
	LastMessage  *Message  `json:"lastMessage"`
}

// CheckText returns an error for a person when text cannot be sent as a message.
func CheckText(text string) error {
	if utf8.RuneCountInString(text) > MaxTextLength {
		return E(KindInvalidRequest, "A message has at most 8,000 characters.")
	}
	if Blank(text) {
		return E(KindInvalidRequest, "A message needs some text.")
	}
	return nil
}

// Blank reports whether nothing of text would be visible.
func Blank(text string) bool {
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf) {
			return false
		}
	}
	return true
}

// titleLength is how many characters of the first message name a conversation.
const titleLength = 60

// TitleOf names a conversation after its first message.
func TitleOf(text string) string {
	title := oneLine(text, titleLength+1)
	if runes := []rune(title); len(runes) > titleLength {
		return string(runes[:titleLength]) + "…"
	}
	return title
}

// oneLine returns the first limit characters of text with every run of white space and
// control characters as one blank, and none at the beginning or the end.
func oneLine(text string, limit int) string {
	runes := make([]rune, 0, limit)
	for _, r := range strings.TrimRightFunc(text, isGap) {
		if isGap(r) {
			r = ' '
		}
		if r == ' ' && (len(runes) == 0 || runes[len(runes)-1] == ' ') {
			continue
		}
		if runes = append(runes, r); len(runes) == limit {
			break
		}
	}
	return string(runes)
}

func isGap(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
