package domain

import (
	"strings"
	"unicode/utf8"
)

// Desk says who answers in a conversation.
type Desk string

// The desks. While a person has a conversation the assistant is silent; a closed one opens
// again with the person's next message.
const (
	DeskAssistant Desk = "assistant"
	DeskWaiting   Desk = "waiting" // for an operator; until then the assistant answers
	DeskOperator  Desk = "operator"
	DeskClosed    Desk = "closed"
)

// Conversation is a session in the form in which the API shows it alone.
type Conversation struct {
	ID    SessionID `json:"id"`
	Title string    `json:"title"`
	Desk  Desk      `json:"desk"`
	// Operator is the name of who has the conversation; nil while nobody has.
	Operator     *string    `json:"operator"`
	WaitingSince *Timestamp `json:"waitingSince"`
	// Pending are the messages whose reply is on its way, oldest first.
	Pending []MessageID `json:"pending"`
	// Failed are the messages that got no reply.
	Failed []FailedReply `json:"failed"`
	// Ratings are what the person thinks of replies.
	Ratings map[MessageID]Rating `json:"ratings"`
}

// FailedReply says why a message got no reply.
type FailedReply struct {
	ID    MessageID `json:"id"`
	Error string    `json:"error"`
}

// Rating is what a person thinks of a reply.
type Rating string

// The two ratings; none is the empty one.
const (
	RatingNone Rating = ""
	RatingUp   Rating = "up"
	RatingDown Rating = "down"
)

// ConversationUpdated is the data of EventConversationUpdated.
type ConversationUpdated struct {
	SessionID SessionID `json:"sessionId"`
	Desk      Desk      `json:"desk"`
	Operator  *string   `json:"operator"`
	Title     string    `json:"title"`
}

// MessageDelta is the data of EventMessageDelta: a piece of the reply ID.
type MessageDelta struct {
	ID        MessageID `json:"id"`
	SessionID SessionID `json:"sessionId"`
	Text      string    `json:"text"`
}

// MessageFailed is the data of EventMessageFailed: the message ID gets no reply.
type MessageFailed struct {
	ID        MessageID `json:"id"`
	SessionID SessionID `json:"sessionId"`
	Error     string    `json:"error"`
}

// ConversationTyping is the data of EventConversationTyping.
type ConversationTyping struct {
	SessionID SessionID `json:"sessionId"`
	Role      Author    `json:"role"` // who types
}

// MaxTitleLength is the longest title of a conversation, in characters.
const MaxTitleLength = 120

// CheckTitle returns the title that a person gives a conversation, on one line, or an
// error for the person.
func CheckTitle(s string) (string, error) {
	if Blank(s) {
		return "", E(KindInvalidRequest, "A title needs some text.")
	}
	s = strings.TrimSpace(oneLine(s, MaxTitleLength+2))
	if utf8.RuneCountInString(s) > MaxTitleLength {
		return "", E(KindInvalidRequest, "A title has at most 120 characters.")
	}
	return s, nil
}
