package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"liveassist/domain"
)

// NewMessage is something that is said in a conversation.
type NewMessage struct {
	User    domain.UserID // the conversation's owner
	Session domain.SessionID
	ID      domain.MessageID // empty: the store makes one
	Role    domain.Author
	Text    string
	Image   *domain.Image
	// Reply says that the person's message waits for a reply of the assistant, unless an
	// operator has the conversation.
	Reply bool
}

// errKnown ends a transaction whose message is stored already.
var errKnown = errors.New("message is known")

// AddMessage stores a message and announces it. A message with the same id of the same
// person is answered instead, with known set, and nothing is stored.
func (db *DB) AddMessage(ctx context.Context, nm NewMessage) (m domain.Message, known bool, err error) {
	err = db.Write(ctx, "add message", func(tx *Tx) error {
		m, err = tx.addMessage(nm)
		return err
	})
	if errors.Is(err, errKnown) {
		m, err = db.MessageOf(ctx, nm.User, nm.ID)
		return m, true, err
	}
	return m, false, err
}

const insertMessage = `INSERT INTO liveassist_messages (id, session_id, user_id, role, text, image_id, image_width, image_height, created_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, user_id) DO NOTHING`

func (tx *Tx) addMessage(nm NewMessage) (domain.Message, error) {
	s, err := tx.session(nm.User, nm.Session)
	if err != nil {
		return domain.Message{}, err
	}
	if nm.ID == "" {
		nm.ID = domain.MessageID(tx.NewID())
	}
	m := domain.Message{ID: nm.ID, SessionID: nm.Session, Role: nm.Role, Text: nm.Text, Image: nm.Image, CreatedAt: s.next}
	var image domain.Image
	var imageID, width, height any
	if nm.Image != nil {
		image = *nm.Image
		imageID, width, height = string(image.ID), image.Width, image.Height
	}
	seq, err := tx.insert(insertMessage, string(m.ID), string(m.SessionID), string(nm.User), string(m.Role), m.Text, imageID, width, height, int64(m.CreatedAt))
	if err != nil {
		return m, err
	}
	if seq == 0 {
		return m, errKnown
	}
	if err := tx.touch(s, nm); err != nil {
		return m, err
	}
	if nm.Role == domain.AuthorUser {
		if err := tx.heard(nm, s.desk); err != nil {
			return m, err
		}
	}
	if err := tx.Announce(nm.User, domain.EventMessageCreated, m, messageDoc(seq, m.CreatedAt), sessionDoc(nm.Session)); err != nil {
		return m, err
	}
	if s.desk == domain.DeskWaiting || s.desk == domain.DeskOperator {
		return m, tx.announceInbox(nm.Session, &m)
	}
	return m, nil
}

const messageColumns = `m.id, m.session_id, m.role, m.text, m.image_id, m.image_width, m.image_height, m.created_at`

// messageRow takes messageColumns; all may be null, for outer joins.
type messageRow struct {
	id, session, role, text, image *string
	width, height                  *int
	at                             *int64
}

func (r *messageRow) dest() []any {
	return []any{&r.id, &r.session, &r.role, &r.text, &r.image, &r.width, &r.height, &r.at}
}

func (r *messageRow) message() domain.Message {
	m := domain.Message{
		ID: domain.MessageID(*r.id), SessionID: domain.SessionID(*r.session), Role: domain.Author(*r.role),
		Text: *r.text, CreatedAt: domain.Timestamp(*r.at),
	}
	if r.image != nil {
		m.Image = domain.NewImage(domain.ImageID(*r.image), *r.width, *r.height)
	}
	return m
}

// scanMessage reads a message into plain variables: database/sql copies those without
// reflection, and a read of 50 is mostly copying.
func scanMessage(s scanner) (domain.Message, error) {
	var id, session, role, text string
	var at int64
	var image *string
	var width, height *int
	if err := s.Scan(&id, &session, &role, &text, &image, &width, &height, &at); err != nil {
		return domain.Message{}, err
	}
	m := domain.Message{
		ID: domain.MessageID(id), SessionID: domain.SessionID(session), Role: domain.Author(role),
		Text: text, CreatedAt: domain.Timestamp(at),
	}
	if image != nil {
		m.Image = domain.NewImage(domain.ImageID(*image), *width, *height)
	}
	return m, nil
}

// MessageOf returns the message that a person knows by the given id.
func (db *DB) MessageOf(ctx context.Context, user domain.UserID, id domain.MessageID) (domain.Message, error) {
	return scanMessage(db.queryRow(ctx, `SELECT `+messageColumns+` FROM liveassist_messages m WHERE m.user_id = ? AND m.id = ?`, string(user), string(id)))
}

// MaxPage is how many messages one read returns at the most.
const MaxPage = 500

// Messages returns at most limit messages of a person's conversation, the newest of those
// stored before the message before (all, where it is empty), oldest first. A conversation
// or a before that is not the person's is domain.ErrNotFound.
func (db *DB) Messages(ctx context.Context, user domain.UserID, session domain.SessionID, before domain.MessageID, limit int) ([]domain.Message, error) {
	upTo := int64(1<<63 - 1)
	if before != "" {
		if err := db.queryRow(ctx, `SELECT seq FROM liveassist_messages WHERE user_id = ? AND id = ? AND session_id = ?`,
			string(user), string(before), string(session)).Scan(&upTo); err != nil {
			return nil, err
		}
	}
	rows, err := db.query(ctx, `SELECT `+messageColumns+` FROM liveassist_messages m
		WHERE m.session_id = (SELECT id FROM liveassist_sessions WHERE id = ? AND user_id = ?) AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`, string(session), string(user), upTo, limit)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	list, err := collect(rows, scanMessage)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		// An empty conversation, or one that is not the person's.
		return list, db.OwnsSession(ctx, user, session)
	}
	slices.Reverse(list)
	return list, nil
}
