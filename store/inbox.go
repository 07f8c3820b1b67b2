package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"liveassist/domain"
)

// InboxState chooses conversations for operators.
type InboxState string

// The parts of the inbox.
const (
	InboxWaiting InboxState = "waiting"
	InboxMine    InboxState = "mine"
	InboxDone    InboxState = "done"
	InboxAll     InboxState = "all"
)

// InboxItem is a conversation as the inbox lists it.
type InboxItem struct {
	Session  domain.Session
	Desk     domain.Desk
	Operator *domain.OperatorRef
	Waiting  *domain.Timestamp
	Person   domain.User
	Up, Down int // ratings of its replies
}

// Key is the item's place in the list of a state.
func (i InboxItem) Key(state InboxState) InboxKey {
	k := InboxKey{At: i.Session.LastActiveAt, ID: i.Session.ID}
	if state == InboxWaiting && i.Waiting != nil {
		k.At = *i.Waiting
	}
	return k
}

// InboxKey is a place in a list; the zero value is its beginning.
type InboxKey struct {
	At domain.Timestamp
	ID domain.SessionID
}

// last sorts after every id.
const last = "\U0010FFFF"

// personColumns leave out the look for the latest conversation: a list needs none.
const personColumns = accountColumns + `, ''`

// inboxSelect begins with the conversation, whatever the planner thinks: CROSS JOIN keeps
// the order of the tables.
const inboxSelect = `SELECT s.id, s.created_at, s.last_active_at, s.title, ` + messageColumns + `, s.desk, s.waiting_since, s.operator_id, o.name,
	(SELECT COUNT(*) FROM ratings r WHERE r.session_id = s.id AND r.value = 'up'), (SELECT COUNT(*) FROM ratings r WHERE r.session_id = s.id AND r.value = 'down'),
	` + personColumns + ` FROM liveassist_sessions s CROSS JOIN users u ON u.id = s.user_id LEFT JOIN users o ON o.id = s.operator_id
	LEFT JOIN liveassist_messages m ON m.seq = (SELECT MAX(seq) FROM liveassist_messages WHERE session_id = s.id) `

// Inbox returns at most limit conversations of a state that follow a place.
func (db *DB) Inbox(ctx context.Context, state InboxState, operator domain.UserID, after InboxKey, limit int) ([]InboxItem, error) {
	at, id := int64(after.At), string(after.ID)
	if id == "" {
		at, id = math.MaxInt64, last
	}
	var rows *sql.Rows
	var err error
	switch state {
	case InboxWaiting:
		rows, err = db.query(ctx, inboxSelect+`WHERE s.desk = 'waiting' AND (s.waiting_since, s.id) < (?, ?)
			ORDER BY s.waiting_since DESC, s.id DESC LIMIT ?`, at, id, limit)
	case InboxMine:
		rows, err = db.query(ctx, inboxSelect+`WHERE s.desk = 'operator' AND s.operator_id = ? AND (s.last_active_at, s.id) < (?, ?)
			ORDER BY s.last_active_at DESC, s.id DESC LIMIT ?`, string(operator), at, id, limit)
	case InboxDone:
		rows, err = db.query(ctx, inboxSelect+`WHERE s.desk = 'closed' AND (s.last_active_at, s.id) < (?, ?)
			ORDER BY s.last_active_at DESC, s.id DESC LIMIT ?`, at, id, limit)
	case InboxAll:
		rows, err = db.query(ctx, inboxSelect+`WHERE s.id < ? ORDER BY s.id DESC LIMIT ?`, id, limit)
	default:
		return nil, fmt.Errorf("read inbox: no state %q", state)
	}
	if err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	return collect(rows, scanInboxItem)
}

func scanInboxItem(r scanner) (InboxItem, error) {
	var i InboxItem
	var m messageRow
	var waiting *int64
	var operator, name *string
	var err error
	i.Person, err = scanUser(prefixed{r, append(append([]any{&i.Session.ID, &i.Session.CreatedAt, &i.Session.LastActiveAt, &i.Session.Title}, m.dest()...),
		&i.Desk, &waiting, &operator, &name, &i.Up, &i.Down)})
	if m.id != nil {
		said := m.message()
		i.Session.LastMessage = &said
		i.Session.LastActiveAt = max(i.Session.LastActiveAt, said.CreatedAt)
	}
	i.Waiting, i.Operator = (*domain.Timestamp)(waiting), operatorRef(operator, name)
	return i, err
}

// prefixed is a row whose first columns belong to somebody else.
type prefixed struct {
	row   scanner
	first []any
}

// Scan implements scanner.
func (p prefixed) Scan(dest ...any) error { return p.row.Scan(append(p.first, dest...)...) }

// DeskConversation returns anybody's conversation: how the inbox lists it, and its replies.
func (db *DB) DeskConversation(ctx context.Context, session domain.SessionID) (InboxItem, domain.Conversation, error) {
	i, err := scanInboxItem(db.queryRow(ctx, inboxSelect+`WHERE s.id = ?`, string(session)))
	if err != nil {
		return i, domain.Conversation{}, err
	}
	c, err := db.Conversation(ctx, i.Person.ID, session)
	return i, c, err
}

// OwnerOf returns whose conversation it is, or domain.ErrNotFound.
func (db *DB) OwnerOf(ctx context.Context, session domain.SessionID) (domain.UserID, error) {
	d, err := scanDesk(db.queryRow(ctx, deskQuery, string(session)))
	return d.Owner, err
}
