package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// maxOpen is how many pending and failed replies, and ratings, a conversation shows.
const maxOpen = 500

// Conversation returns a person's conversation, or domain.ErrNotFound.
func (db *DB) Conversation(ctx context.Context, user domain.UserID, id domain.SessionID) (domain.Conversation, error) {
	c := domain.Conversation{ID: id, Pending: []domain.MessageID{}, Failed: []domain.FailedReply{}}
	var waiting *int64
	err := db.queryRow(ctx, `SELECT s.title, s.desk, s.waiting_since, o.name FROM liveassist_sessions s LEFT JOIN users o ON o.id = s.operator_id
		WHERE s.id = ? AND s.user_id = ?`, string(id), string(user)).Scan(&c.Title, &c.Desk, &waiting, &c.Operator)
	if err != nil {
		return c, err
	}
	if waiting != nil {
		ts := domain.Timestamp(*waiting)
		c.WaitingSince = &ts
	}
	if err := db.openReplies(ctx, &c); err != nil {
		return c, err
	}
	c.Ratings, err = db.ratings(ctx, id)
	return c, err
}

// openReplies fills in what waits for a reply, and what got none.
func (db *DB) openReplies(ctx context.Context, c *domain.Conversation) error {
	rows, err := db.query(ctx, `SELECT m.id, r.state, r.error FROM replies r JOIN liveassist_messages m ON m.seq = r.message
		WHERE r.session_id = ? AND r.state <> 'done' ORDER BY r.message DESC LIMIT ?`, string(c.ID), maxOpen)
	if err != nil {
		return fmt.Errorf("read replies: %w", err)
	}
	_, err = collect(rows, func(r scanner) (struct{}, error) {
		var f domain.FailedReply
		var state string
		err := r.Scan(&f.ID, &state, &f.Error)
		if state == "pending" {
			c.Pending = append([]domain.MessageID{f.ID}, c.Pending...)
		} else {
			c.Failed = append([]domain.FailedReply{f}, c.Failed...)
		}
		return struct{}{}, err
	})
	return err
}

// Rename gives a person's conversation a title.
func (db *DB) Rename(ctx context.Context, user domain.UserID, id domain.SessionID, title string) error {
	return db.Write(ctx, "rename session", func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE liveassist_sessions SET title = ? WHERE id = ? AND user_id = ?`, title, string(id), string(user))
		if err != nil {
			return err
		}
		if n == 0 {
			return domain.ErrNotFound
		}
		return tx.announceDesk(user, id)
	})
}

// AskPerson puts a person's conversation among those that wait for an operator, where
// none has it.
func (db *DB) AskPerson(ctx context.Context, user domain.UserID, id domain.SessionID) error {
	return db.Write(ctx, "ask for a person", func(tx *Tx) error { return tx.askPerson(user, id) })
}

func (tx *Tx) askPerson(user domain.UserID, id domain.SessionID) error {
	var desk domain.Desk
	err := tx.QueryRow(`SELECT desk FROM liveassist_sessions WHERE id = ? AND user_id = ?`, string(id), string(user)).Scan(&desk)
	if err != nil || desk == domain.DeskWaiting || desk == domain.DeskOperator {
		return err
	}
	return tx.SetDesk(user, id, domain.DeskWaiting, "")
}

// SetDesk says who answers in a person's conversation from now on, and tells the person and
// the operators. operator is empty except for domain.DeskOperator: then nothing waits for the assistant
// any more.
func (tx *Tx) SetDesk(user domain.UserID, id domain.SessionID, desk domain.Desk, operator domain.UserID) error {
	var waiting, by any
	if desk == domain.DeskWaiting {
		waiting = tx.Now.UnixMilli()
	}
	if operator != "" {
		by = string(operator)
	}
	n, err := tx.Exec(`UPDATE liveassist_sessions AS s SET desk = ?, operator_id = ?, waiting_since = ?, last_active_at = `+lastActive+` WHERE s.id = ? AND s.user_id = ?`,
		string(desk), by, waiting, string(id), string(user))
	if err != nil {
		return err
	}
	if n == 0 {
		return domain.ErrNotFound
	}
	if desk == domain.DeskOperator {
		if _, err := tx.Exec(`UPDATE replies SET state = 'done', error = '' WHERE session_id = ? AND state <> 'done'`, string(id)); err != nil {
			return err
		}
	}
	if err := tx.announceDesk(user, id); err != nil {
		return err
	}
	return tx.announceInbox(id, nil)
}

// announceDesk tells a person's pages how the conversation stands now.
func (tx *Tx) announceDesk(user domain.UserID, id domain.SessionID) error {
	u := domain.ConversationUpdated{SessionID: id}
	err := tx.QueryRow(`SELECT s.desk, s.title, o.name FROM liveassist_sessions s LEFT JOIN users o ON o.id = s.operator_id WHERE s.id = ?`,
		string(id)).Scan(&u.Desk, &u.Title, &u.Operator)
	if err != nil {
		return err
	}
	return tx.Announce(user, domain.EventConversationUpdated, u)
}

// OperatorOf returns who has a person's conversation; empty while nobody has.
func (db *DB) OperatorOf(ctx context.Context, user domain.UserID, id domain.SessionID) (domain.UserID, error) {
	var operator *string
	err := db.queryRow(ctx, `SELECT operator_id FROM liveassist_sessions WHERE id = ? AND user_id = ?`, string(id), string(user)).Scan(&operator)
	if err != nil || operator == nil {
		return "", err
	}
	return domain.UserID(*operator), nil
}
