package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// Found is a message that a search found. Matches are the parts of Snippet that were looked
// for, as pairs of begin and end in UTF-16 code units, as JavaScript counts.
type Found struct {
	SessionID domain.SessionID `json:"sessionId"`
	Title     string           `json:"title"` // of the conversation
	ID        domain.MessageID `json:"id"`
	Role      domain.Author    `json:"role"`
	CreatedAt domain.Timestamp `json:"createdAt"`
	Snippet   string           `json:"snippet"`
	Matches   [][2]int         `json:"matches"`

	seq  int64
	text string
}

const (
	// MaxFound is how many messages a search returns at the most.
	MaxFound = 50
	// maxTail is how many of a person's messages that are not indexed yet a search reads.
	maxTail = 2000
)

// Search returns the newest of a person's messages that have all words of query, a word
// also where it only begins one. What the index does not hold yet is read, so that a
// search writes nothing and finds what was said a moment ago.
func (db *DB) Search(ctx context.Context, user domain.UserID, query string) ([]Found, error) {
	wanted := parseQuery(query)
	if len(wanted) == 0 {
		return []Found{}, nil
	}
	var upto int64
	if err := db.queryRow(ctx, `SELECT upto FROM message_words_state`).Scan(&upto); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	found, err := db.searchTail(ctx, user, upto, wanted)
	if err != nil {
		return nil, err
	}
	if len(found) < MaxFound {
		older, err := db.searchIndex(ctx, user, upto, wanted, MaxFound-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, older...)
	}
	for i := range found {
		found[i].Snippet, found[i].Matches = snippet(found[i].text, wanted)
	}
	return found, nil
}

const foundColumns = `m.seq, m.session_id, s.title, m.id, m.role, m.created_at, m.text`

func scanFound(r scanner) (f Found, err error) {
	err = r.Scan(&f.seq, &f.SessionID, &f.Title, &f.ID, &f.Role, &f.CreatedAt, &f.text)
	return f, err
}

// searchTail reads what the index does not hold yet.
func (db *DB) searchTail(ctx context.Context, user domain.UserID, upto int64, wanted []word) ([]Found, error) {
	rows, err := db.query(ctx, `SELECT `+foundColumns+` FROM liveassist_sessions s JOIN liveassist_messages m ON m.session_id = s.id
		WHERE s.user_id = ? AND m.seq > ? ORDER BY m.seq DESC LIMIT ?`, string(user), upto, maxTail)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	tail, err := collect(rows, scanFound)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	found := []Found{}
	for _, f := range tail {
		if len(found) < MaxFound && hasAll(f.text, wanted) {
			found = append(found, f)
		}
	}
	return found, nil
}

// searchIndex reads from the index. Its terms keep it to the person's messages; the
// condition on the message makes sure of it.
func (db *DB) searchIndex(ctx context.Context, user domain.UserID, upto int64, wanted []word, limit int) ([]Found, error) {
	rows, err := db.query(ctx, `SELECT `+foundColumns+` FROM message_words w JOIN liveassist_messages m ON m.seq = w.rowid
		JOIN liveassist_sessions s ON s.id = m.session_id
		WHERE w.message_words MATCH ? AND w.rowid <= ? AND m.user_id = ? ORDER BY w.rowid DESC LIMIT ?`, matchOf(user, wanted), upto, string(user), limit)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	found, err := collect(rows, scanFound)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return found, nil
}
