package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"liveassist/domain"
)

// CreateSession begins a conversation.
func (db *DB) CreateSession(ctx context.Context, user domain.UserID) (domain.SessionID, error) {
	var id domain.SessionID
	err := db.Write(ctx, "create session", func(tx *Tx) error {
		id = domain.SessionID(tx.NewID())
		_, err := tx.Exec(`INSERT INTO liveassist_sessions (id, user_id, created_at, last_active_at) VALUES (?, ?, ?, ?)`,
			string(id), string(user), tx.Now.UnixMilli(), tx.Now.UnixMilli())
		tx.Changed(user, sessionDoc(id))
		return err
	})
	return id, err
}

// maxSessions is how many conversations a list shows at the most.
const maxSessions = 500

// Sessions returns a person's conversations, the latest active first.
func (db *DB) Sessions(ctx context.Context, user domain.UserID) ([]domain.Session, error) {
	rows, err := db.query(ctx, `SELECT s.id, s.created_at, s.last_active_at, s.title, `+messageColumns+`
		FROM liveassist_sessions s
		LEFT JOIN liveassist_messages m ON m.seq = (SELECT MAX(seq) FROM liveassist_messages WHERE session_id = s.id)
		WHERE s.user_id = ? ORDER BY s.last_active_at DESC LIMIT ?`, string(user), maxSessions)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	list, err := collect(rows, scanSession)
	slices.SortStableFunc(list, func(a, b domain.Session) int { return cmp.Compare(b.LastActiveAt, a.LastActiveAt) })
	return list, err
}

func scanSession(r scanner) (domain.Session, error) {
	var s domain.Session
	var m messageRow
	err := r.Scan(append([]any{&s.ID, &s.CreatedAt, &s.LastActiveAt, &s.Title}, m.dest()...)...)
	if m.id != nil {
		last := m.message()
		s.LastMessage = &last
		s.LastActiveAt = max(s.LastActiveAt, last.CreatedAt)
	}
	return s, err
}

// OwnsSession answers domain.ErrNotFound unless the conversation is the person's.
func (db *DB) OwnsSession(ctx context.Context, user domain.UserID, id domain.SessionID) error {
	var one int
	return db.queryRow(ctx, `SELECT 1 FROM liveassist_sessions WHERE id = ? AND user_id = ?`, string(id), string(user)).Scan(&one)
}

// lastActive is when something was last said in the conversation s, or it began.
const lastActive = `MAX(s.last_active_at, COALESCE((SELECT m.created_at FROM liveassist_messages m WHERE m.session_id = s.id ORDER BY m.seq DESC LIMIT 1), 0))`

func sessionDoc(id domain.SessionID) domain.DocRef {
	return domain.DocRef{Collection: CollSessions, ID: string(id)}
}
