package domain

// DeskUser is whom the outbox names for events that are for all operators.
const DeskUser UserID = "operators"

// The events that only an operator's stream carries. Their names begin with DeskPrefix.
const (
	DeskPrefix        = "inbox."
	EventInboxUpdated = DeskPrefix + "updated"
	EventInboxMessage = DeskPrefix + "message"
)

// OperatorRef is an operator as other operators see him.
type OperatorRef struct {
	ID   UserID `json:"id"`
	Name string `json:"name"`
}

// InboxUpdated is the data of EventInboxUpdated: how a conversation at the desk stands. It
// holds no text: reading a conversation is an action of its own.
type InboxUpdated struct {
	SessionID    SessionID    `json:"sessionId"`
	UserID       UserID       `json:"userId"`
	Desk         Desk         `json:"desk"`
	Operator     *OperatorRef `json:"operator"`
	WaitingSince *Timestamp   `json:"waitingSince"`
	LastActiveAt Timestamp    `json:"lastActiveAt"`
	// LastRole is who wrote the newest message; empty while there is none.
	LastRole Author `json:"lastRole"`
}

// The codes of conflicts at the desk.
const (
	CodeTaken    = "TAKEN"
	CodeNotTaken = "NOT_TAKEN"
	CodeIDTaken  = "ID_TAKEN"
	CodeNoBody   = "NO_BODY"
)

// AuditAction says what an operator did.
type AuditAction string

// The actions. They are part of the API: new ones may be added, none is ever renamed.
const (
	AuditInboxRead        AuditAction = "inbox.read"
	AuditConversationRead AuditAction = "conversation.read"
	AuditReply            AuditAction = "conversation.reply"
	AuditTake             AuditAction = "conversation.take"
	AuditHandBack         AuditAction = "conversation.hand_back"
	AuditClose            AuditAction = "conversation.close"
	AuditImageRead        AuditAction = "image.read"
	AuditUsersSearch      AuditAction = "users.search"
	AuditUserRead         AuditAction = "user.read"
	AuditEvidenceRead     AuditAction = "evidence.read"
	AuditWebhookRead      AuditAction = "webhook.read"
	AuditWebhookReplay    AuditAction = "webhook.replay"
	AuditGrant            AuditAction = "premium.grant"
	AuditEnd              AuditAction = "premium.end"
	AuditExport           AuditAction = "export"
	AuditOperatorAdd      AuditAction = "operator.add"
	AuditOperatorRemove   AuditAction = "operator.remove"
)
