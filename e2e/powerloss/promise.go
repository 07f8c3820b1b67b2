package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver that the product uses
)

// promise is what an answer to a client has promised: it must be there after a power cut.
type promise struct {
	what string // "user", "session", "message", "photo" or "event"
	id   string // the message's, the event's, the person's
	text string // what must stand there; for an event: who has paid by it
}

// state is what a rebuilt database says.
type state struct {
	users, sessions, events, paid map[string]int
	texts                         map[string][]string // message id -> texts
	announced                     map[string]int      // message id -> times in the outbox
	photos                        map[string]bool     // message id -> its bytes are the ones that were accepted
}

// check opens the database in dir and holds it against what was promised. It returns what
// is broken, one line each.
func check(ctx context.Context, dir string, due []promise) (broken []string, err error) {
	path := filepath.Join(dir, "liveassist.db")
	if _, err := os.Stat(path); err != nil {
		if len(due) == 0 {
			return nil, nil
		}
		return []string{fmt.Sprintf("there is no database, and %d writes were acknowledged", len(due))}, nil
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=journal_mode(WAL)")
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	broken, err = integrity(ctx, db)
	if err != nil || len(broken) > 0 {
		return append(broken, describe(err)...), nil
	}
	if len(due) == 0 {
		return nil, nil // there may be no schema yet
	}
	s, err := readState(ctx, db)
	if err != nil {
		return []string{err.Error()}, nil
	}
	for _, p := range due {
		if wrong := s.holds(p); wrong != "" {
			broken = append(broken, fmt.Sprintf("%s %s: %s", p.what, p.id, wrong))
		}
	}
	return broken, nil
}

func describe(err error) []string {
	if err == nil {
		return nil
	}
	return []string{err.Error()}
}

// integrity returns what SQLite itself finds wrong.
func integrity(ctx context.Context, db *sql.DB) (broken []string, err error) {
	for _, query := range []string{"SELECT * FROM pragma_integrity_check", `SELECT "table" || ' refers to a missing row of ' || parent FROM pragma_foreign_key_check`} {
		err := each(ctx, db, query, func(scan func(...any) error) error {
			var line string
			if err := scan(&line); err != nil {
				return err
			}
			if line != "ok" {
				broken = append(broken, "integrity: "+line)
			}
			return nil
		})
		if err != nil {
			return broken, fmt.Errorf("integrity check: %w", err)
		}
	}
	return broken, nil
}

// each calls row for every row of a query.
func each(ctx context.Context, db *sql.DB, query string, row func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readState reads what promises are about.
func readState(ctx context.Context, db *sql.DB) (*state, error) {
	s := &state{texts: map[string][]string{}, photos: map[string]bool{}}
	for query, counts := range map[string]*map[string]int{
		"SELECT id FROM users":                                                          &s.users,
		"SELECT id FROM liveassist_sessions":                                            &s.sessions,
		"SELECT event_id FROM webhook_events WHERE status = 'processed'":                &s.events,
		"SELECT id FROM users WHERE subscription_status = 'paid'":                       &s.paid,
		"SELECT json_extract(data, '$.id') FROM outbox WHERE event = 'message.created'": &s.announced,
	} {
		*counts = map[string]int{}
		err := each(ctx, db, query, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			(*counts)[id]++
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
	}
	err := each(ctx, db, "SELECT m.id, m.text, i.hash, i.bytes FROM liveassist_messages m LEFT JOIN images i ON i.id = m.image_id", func(scan func(...any) error) error {
		var id, text string
		var hash sql.NullString
		var bytes []byte
		err := scan(&id, &text, &hash, &bytes)
		s.texts[id] = append(s.texts[id], text)
		if hash.Valid {
			sum := sha256.Sum256(bytes)
			s.photos[id] = hex.EncodeToString(sum[:]) == hash.String
		}
		return err
	})
	return s, err
}

// holds says what is wrong with a promise, or nothing.
func (s *state) holds(p promise) string {
	once := func(n int) string {
		if n == 1 {
			return ""
		}
		return fmt.Sprintf("acknowledged, and there %d times", n)
	}
	switch p.what {
	case "user":
		return once(s.users[p.id])
	case "session":
		return once(s.sessions[p.id])
	case "event":
		if s.events[p.id] == 1 && s.paid[p.text] != 1 {
			return "it is there, and its person is not paid"
		}
		return once(s.events[p.id])
	case "message", "photo":
		texts := s.texts[p.id]
		switch {
		case len(texts) != 1:
			return once(len(texts))
		case texts[0] != p.text:
			return fmt.Sprintf("text %.40q, want %.40q", texts[0], p.text)
		case s.announced[p.id] != 1:
			return fmt.Sprintf("announced %d times", s.announced[p.id])
		case p.what == "photo" && !s.photos[p.id]:
			return "its picture is not there, or is another one"
		}
	}
	return ""
}
