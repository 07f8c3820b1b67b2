package store

import (
	"context"
	"errors"

	"liveassist/domain"
)

// The refusals of the desk.
var (
	errTaken    = &domain.Error{Kind: domain.KindConflict, Code: domain.CodeTaken, Message: "Another operator has this conversation."}
	errNotTaken = &domain.Error{Kind: domain.KindConflict, Code: domain.CodeNotTaken, Message: "Take the conversation over first."}
	errIDTaken  = &domain.Error{Kind: domain.KindConflict, Code: domain.CodeIDTaken, Message: "This id names another message."}
)

// Desk is whose a conversation is and who answers in it.
type Desk struct {
	Owner    domain.UserID
	Desk     domain.Desk
	Operator domain.UserID // empty while nobody has it
}

// heldBy answers an error unless the operator has the conversation.
func (d Desk) heldBy(operator domain.UserID) error {
	switch {
	case d.Desk != domain.DeskOperator:
		return errNotTaken
	case d.Operator != operator:
		return errTaken
	}
	return nil
}

// free answers an error where another operator has the conversation.
func (d Desk) free(operator domain.UserID) error {
	if d.Desk == domain.DeskOperator && d.Operator != operator {
		return errTaken
	}
	return nil
}

const deskQuery = `SELECT user_id, desk, COALESCE(operator_id, '') FROM liveassist_sessions WHERE id = ?`

func scanDesk(r scanner) (d Desk, err error) {
	err = r.Scan(&d.Owner, &d.Desk, &d.Operator)
	return d, err
}

// Held returns whose conversation it is, if the operator has it.
func (db *DB) Held(ctx context.Context, operator domain.UserID, session domain.SessionID) (domain.UserID, error) {
	d, err := scanDesk(db.queryRow(ctx, deskQuery, string(session)))
	if err == nil {
		err = d.heldBy(operator)
	}
	return d.Owner, err
}

// Take gives a conversation to an operator, unless another one has it. from names one from
// whom it may be taken; writes come one after the other, so of two at once one gets it.
func (db *DB) Take(ctx context.Context, operator domain.UserID, session domain.SessionID, from domain.UserID) error {
	return db.move(ctx, "take conversation", session, func(tx *Tx, d Desk) error {
		switch {
		case d.Desk == domain.DeskOperator && d.Operator == operator:
			return nil
		case d.Desk == domain.DeskOperator && d.Operator != from:
			return errTaken
		}
		act := Act{Operator: operator, Action: domain.AuditTake, Detail: map[string]any{"from": d.Operator, "desk": d.Desk}}
		return tx.moveDesk(d, session, domain.DeskOperator, act)
	})
}

// HandBack gives a conversation that the operator has to the assistant, or to whoever
// takes it next.
func (db *DB) HandBack(ctx context.Context, operator domain.UserID, session domain.SessionID, to domain.Desk) error {
	return db.move(ctx, "hand conversation back", session, func(tx *Tx, d Desk) error {
		if d.Desk == to {
			return nil
		}
		if err := d.heldBy(operator); err != nil {
			return err
		}
		act := Act{Operator: operator, Action: domain.AuditHandBack, Detail: map[string]any{"to": to}}
		return tx.moveDesk(d, session, to, act)
	})
}

// CloseConversation closes a conversation that the operator has, or that nobody has.
func (db *DB) CloseConversation(ctx context.Context, operator domain.UserID, session domain.SessionID) error {
	return db.move(ctx, "close conversation", session, func(tx *Tx, d Desk) error {
		if d.Desk == domain.DeskClosed {
			return nil
		}
		if err := d.free(operator); err != nil {
			return err
		}
		act := Act{Operator: operator, Action: domain.AuditClose, Detail: map[string]any{"desk": d.Desk}}
		return tx.moveDesk(d, session, domain.DeskClosed, act)
	})
}

// move lets decide look at a conversation and change its desk in one transaction.
func (db *DB) move(ctx context.Context, op string, session domain.SessionID, decide func(*Tx, Desk) error) error {
	return db.Write(ctx, op, func(tx *Tx) error {
		d, err := scanDesk(tx.QueryRow(deskQuery, string(session)))
		if err != nil {
			return err
		}
		return decide(tx, d)
	})
}

// moveDesk changes who answers and enters whose act that is.
func (tx *Tx) moveDesk(d Desk, session domain.SessionID, to domain.Desk, act Act) error {
	act.User, act.Subject = d.Owner, string(session)
	var holder domain.UserID
	if to == domain.DeskOperator {
		holder = act.Operator
	}
	return errors.Join(tx.SetDesk(d.Owner, session, to, holder), tx.Audit(act))
}

// OperatorReply stores what an operator says in a conversation that he has. The same id
// again is answered with the first message, also when the conversation is another's by now.
func (db *DB) OperatorReply(ctx context.Context, operator domain.UserID, session domain.SessionID, id domain.MessageID, text string) (m domain.Message, known bool, err error) {
	err = db.move(ctx, "operator's reply", session, func(tx *Tx, d Desk) error {
		if m, known, err = tx.operatorSaid(d.Owner, session, id); known || err != nil {
			return err
		}
		if err := d.heldBy(operator); err != nil {
			return err
		}
		if m, err = tx.addMessage(NewMessage{User: d.Owner, Session: session, ID: id, Role: domain.AuthorOperator, Text: text}); err != nil {
			return err
		}
		return tx.Audit(Act{Operator: operator, Action: domain.AuditReply, User: d.Owner, Subject: string(session), Detail: map[string]any{"message": m.ID}})
	})
	return m, known, err
}

// operatorSaid returns an operator's message of a conversation by its id. An id that names
// another message is refused: the answer would not be what was said.
func (tx *Tx) operatorSaid(owner domain.UserID, session domain.SessionID, id domain.MessageID) (m domain.Message, known bool, err error) {
	if id == "" {
		return m, false, nil
	}
	m, err = scanMessage(tx.QueryRow(`SELECT `+messageColumns+` FROM liveassist_messages m WHERE m.user_id = ? AND m.id = ?`, string(owner), string(id)))
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return m, false, nil
	case err == nil && (m.SessionID != session || m.Role != domain.AuthorOperator):
		return domain.Message{}, false, errIDTaken
	}
	return m, err == nil, err
}

// announceInbox tells the operators how a conversation stands, and the one who has it what
// was said; nobody else reads a message by having a page open.
func (tx *Tx) announceInbox(session domain.SessionID, said *domain.Message) error {
	u := domain.InboxUpdated{SessionID: session}
	var operator, name *string
	var waiting *int64
	err := tx.QueryRow(`SELECT s.user_id, s.desk, s.operator_id, o.name, s.waiting_since, `+lastActive+`,
		COALESCE((SELECT m.role FROM liveassist_messages m WHERE m.session_id = s.id ORDER BY m.seq DESC LIMIT 1), '')
		FROM liveassist_sessions s LEFT JOIN users o ON o.id = s.operator_id WHERE s.id = ?`, string(session)).
		Scan(&u.UserID, &u.Desk, &operator, &name, &waiting, &u.LastActiveAt, &u.LastRole)
	if err != nil {
		return err
	}
	u.Operator, u.WaitingSince = operatorRef(operator, name), (*domain.Timestamp)(waiting)
	if err := tx.Announce(domain.DeskUser, domain.EventInboxUpdated, u); err != nil {
		return err
	}
	if said == nil || u.Operator == nil {
		return nil
	}
	return tx.Announce(u.Operator.ID, domain.EventInboxMessage, said)
}

// operatorRef makes the two columns of an outer join one value.
func operatorRef(id, name *string) *domain.OperatorRef {
	if id == nil {
		return nil
	}
	ref := &domain.OperatorRef{ID: domain.UserID(*id)}
	if name != nil {
		ref.Name = *name
	}
	return ref
}
