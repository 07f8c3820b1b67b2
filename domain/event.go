package domain

// The names of the events that a person's stream carries (CONTRACT section 4).
const (
	EventReady               = "ready"
	EventReset               = "reset"
	EventSubscriptionUpdated = "subscription.updated"
	EventMessageCreated      = "message.created"
	EventMessageDelta        = "message.delta"
	EventMessageFailed       = "message.failed"
	EventUsageUpdated        = "usage.updated"
	EventXPAwarded           = "xp.awarded"
	EventConversationUpdated = "conversation.updated"
	EventConversationTyping  = "conversation.typing"
)

// Event is one announcement to one person. Seq is its place in the outbox: it only grows.
type Event struct {
	Seq  int64
	User UserID
	Name string
	Data []byte // JSON on one line
}

// SubscriptionUpdated is the data of EventSubscriptionUpdated.
type SubscriptionUpdated struct {
	Type   string             `json:"type"`
	Status SubscriptionStatus `json:"subscription_status"`
	Expiry *Timestamp         `json:"subscription_expiry"`
}

// UsageUpdated is the data of EventUsageUpdated; Limit is nil while the person pays.
type UsageUpdated struct {
	Type    string `json:"type"`
	Counter int    `json:"image_counter"`
	Limit   *int   `json:"image_limit"`
}

// XPAwarded is the data of EventXPAwarded.
type XPAwarded struct {
	Type   string    `json:"type"`
	Amount int       `json:"amount"`
	Reason string    `json:"reason"`
	TS     Timestamp `json:"ts"`
	Total  int       `json:"total"`
}

// XPEvent is one entry of a person's XP history.
type XPEvent struct {
	UserID UserID    `json:"userId"`
	Amount int       `json:"amount"`
	Reason string    `json:"reason"`
	TS     Timestamp `json:"ts"`
}
