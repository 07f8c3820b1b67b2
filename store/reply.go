package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"liveassist/domain"
)

// Need is a person's message that waits for a reply.
type Need struct {
	Message  int64 // the message's place in the database
	Session  domain.SessionID
	User     domain.UserID
	Reply    domain.MessageID // the id that the reply will have, however often it is tried
	Attempts int              // tries that came to nothing
}

// Reply is what was written.
type Reply struct {
	Text      string
	By        string // "guides" or "model"
	Lang      string
	Guide     string // slug of the guide that it is about, and the step it names; may be empty
	Step      int
	AskPerson bool // the person wants somebody: the conversation goes to the waiting ones
}

// ErrSuperseded says that a message needs no reply any more: it has one, or an operator
// took the conversation.
var ErrSuperseded = errors.New("no reply is needed any more")

const insertNeed = `INSERT INTO replies (message, session_id, user_id, id, next_at) VALUES (last_insert_rowid(), ?, ?, ?, ?)`

// heard does what a person's new message brings about besides itself: a closed
// conversation opens again, and where the assistant answers, the need for a reply is
// noted. It must follow the message's insertion directly.
func (tx *Tx) heard(nm NewMessage, desk domain.Desk) error {
	if nm.Reply && desk != domain.DeskOperator {
		_, err := tx.Exec(insertNeed, string(nm.Session), string(nm.User), tx.NewID(), tx.Now.UnixMilli())
		if err != nil {
			return err
		}
	}
	if desk == domain.DeskClosed {
		return tx.SetDesk(nm.User, nm.Session, domain.DeskAssistant, "")
	}
	return nil
}

// DueReplies returns at most limit needs whose time has come, the oldest first, and of
// each conversation only its first: replies come in the order of the messages.
func (db *DB) DueReplies(ctx context.Context, now time.Time, limit int) ([]Need, error) {
	rows, err := db.query(ctx, `SELECT r.message, r.session_id, r.user_id, r.id, r.attempts FROM replies r
		WHERE r.state = 'pending' AND r.next_at <= ? AND NOT EXISTS (SELECT 1 FROM replies e
			WHERE e.session_id = r.session_id AND e.message < r.message AND e.state <> 'done' AND e.state = 'pending')
		ORDER BY r.next_at, r.message LIMIT ?`, now.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read due replies: %w", err)
	}
	return collect(rows, func(r scanner) (n Need, err error) {
		err = r.Scan(&n.Message, &n.Session, &n.User, &n.Reply, &n.Attempts)
		return n, err
	})
}

// CountInterrupted counts a try for every reply that still waits when the server starts: a
// message that brings the server down must not do so for ever.
func (db *DB) CountInterrupted(ctx context.Context) error {
	return db.Write(ctx, "count interrupted replies", func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE replies SET attempts = attempts + 1 WHERE state = 'pending'`)
		return err
	})
}

const (
	finishNeed    = `UPDATE replies SET state = 'done', error = '', answered_by = ?, guide = ? WHERE message = ? AND state = 'pending'`
	rememberTopic = `UPDATE liveassist_sessions SET lang = ?, guide = ?, guide_step = ? WHERE id = ? AND (lang <> ? OR guide <> ? OR guide_step <> ?)`
)

// FinishReply stores a reply and announces it; ErrSuperseded where none is needed any more.
func (db *DB) FinishReply(ctx context.Context, n Need, r Reply) (m domain.Message, err error) {
	err = db.Write(ctx, "finish reply", func(tx *Tx) error {
		if err := tx.endReply(finishNeed, r.By, r.Guide, n.Message); err != nil {
			return err
		}
		nm := NewMessage{User: n.User, Session: n.Session, ID: n.Reply, Role: domain.AuthorAssistant, Text: r.Text}
		m, err = tx.addMessage(nm)
		if errors.Is(err, errKnown) { // the person has taken the id, which its first pieces told
			nm.ID = ""
			m, err = tx.addMessage(nm)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(rememberTopic,
			r.Lang, r.Guide, r.Step, string(n.Session), r.Lang, r.Guide, r.Step); err != nil {
			return err
		}
		if r.AskPerson {
			return tx.askPerson(n.User, n.Session)
		}
		return nil
	})
	return m, err
}

// DelayReply leaves a reply for another try at the given time, and counts the one that failed.
func (db *DB) DelayReply(ctx context.Context, n Need, at time.Time) error {
	return db.Write(ctx, "delay reply", func(tx *Tx) error {
		return tx.endReply(`UPDATE replies SET attempts = attempts + 1, next_at = ? WHERE message = ? AND state = 'pending'`, at.UnixMilli(), n.Message)
	})
}

// FailReply gives a reply up and tells the person why.
func (db *DB) FailReply(ctx context.Context, n Need, reason string) error {
	return db.Write(ctx, "fail reply", func(tx *Tx) error {
		if err := tx.endReply(`UPDATE replies SET state = 'failed', attempts = attempts + 1, error = ? WHERE message = ? AND state = 'pending'`, reason, n.Message); err != nil {
			return err
		}
		var id domain.MessageID
		if err := tx.QueryRow(`SELECT id FROM liveassist_messages WHERE seq = ?`, n.Message).Scan(&id); err != nil {
			return err
		}
		return tx.Announce(n.User, domain.EventMessageFailed, domain.MessageFailed{ID: id, SessionID: n.Session, Error: reason})
	})
}

// endReply runs an update of a reply that still waits.
func (tx *Tx) endReply(update string, args ...any) error {
	changed, err := tx.Exec(update, args...)
	if err == nil && changed == 0 {
		err = ErrSuperseded
	}
	return err
}

var errOperatorAnswers = domain.E(domain.KindInvalidRequest, "A person answers in this conversation.")

// RetryReply lets a failed reply be tried anew. One that is on its way, or there, stays as
// it is. A message that never waited for a reply is domain.ErrNotFound.
func (db *DB) RetryReply(ctx context.Context, user domain.UserID, session domain.SessionID, id domain.MessageID) error {
	return db.Write(ctx, "retry reply", func(tx *Tx) error {
		var message int64
		var state string
		var desk domain.Desk
		err := tx.QueryRow(`SELECT r.message, r.state, s.desk FROM liveassist_messages m
			JOIN replies r ON r.message = m.seq JOIN liveassist_sessions s ON s.id = m.session_id
			WHERE m.user_id = ? AND m.id = ? AND m.session_id = ?`, string(user), string(id), string(session)).Scan(&message, &state, &desk)
		if err != nil || state != "failed" {
			return err
		}
		if desk == domain.DeskOperator {
			return errOperatorAnswers
		}
		_, err = tx.Exec(`UPDATE replies SET state = 'pending', attempts = 0, error = '', next_at = ? WHERE message = ?`, tx.Now.UnixMilli(), message)
		return err
	})
}
