package store

import (
	"context"
	"fmt"
	"slices"

	"liveassist/domain"
)

// Talk is what the writer of a reply may know: one conversation of one person.
type Talk struct {
	Question domain.Message
	// Before is what was said besides, oldest first: not what the person said after the question.
	Before []domain.Message
	// Guide and Step are what the last reply was about, Lang its language; empty where
	// there was none. Lang may come from another conversation of the same person.
	Guide string
	Step  int
	Lang  string
}

// Talk returns what there is to know for a reply, with at most limit messages.
func (db *DB) Talk(ctx context.Context, n Need, limit int) (Talk, error) {
	var t Talk
	err := db.queryRow(ctx, `SELECT s.guide, s.guide_step, COALESCE(NULLIF(s.lang, ''), (SELECT o.lang FROM liveassist_sessions o
			WHERE o.user_id = s.user_id AND o.lang <> '' ORDER BY o.last_active_at DESC LIMIT 1), '')
		FROM liveassist_sessions s WHERE s.id = ? AND s.user_id = ?`, string(n.Session), string(n.User)).Scan(&t.Guide, &t.Step, &t.Lang)
	if err != nil {
		return t, fmt.Errorf("read conversation: %w", err)
	}
	t.Question, err = scanMessage(db.queryRow(ctx, `SELECT `+messageColumns+` FROM liveassist_messages m
		WHERE m.seq = ? AND m.user_id = ? AND m.session_id = ?`, n.Message, string(n.User), string(n.Session)))
	if err != nil {
		return t, fmt.Errorf("read question: %w", err)
	}
	rows, err := db.query(ctx, `SELECT `+messageColumns+` FROM liveassist_messages m
		WHERE m.session_id = ? AND m.user_id = ? AND (m.role <> 'user' OR m.seq < ?) ORDER BY m.seq DESC LIMIT ?`,
		string(n.Session), string(n.User), n.Message, limit)
	if err != nil {
		return t, fmt.Errorf("read conversation: %w", err)
	}
	t.Before, err = collect(rows, scanMessage)
	slices.Reverse(t.Before)
	return t, err
}
