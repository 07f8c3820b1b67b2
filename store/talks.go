package store

import (
	"context"
	"time"

	"liveassist/domain"
)

// openSession is what a message needs to know of its conversation.
type openSession struct {
	id     domain.SessionID
	desk   domain.Desk
	titled bool
	active domain.Timestamp // last_active_at
	// next is the time of a message that is stored now: never before that of an earlier
	// one, also when the clock went back.
	next domain.Timestamp
}

// maxTalks is how many conversations the writer keeps in mind, each in about 200 bytes.
const maxTalks = 4096

// talks keeps what the writer read of conversations: to look each up anew took a quarter of
// the database's work for a post. It is exact, since there is one writer: it knows of each change
// that it makes itself (postStatements), forgets all with any other, and learns from SQLite
// when somebody else has written (heedOthers).
type talks struct {
	known   map[domain.SessionID]talk
	version int64 // PRAGMA data_version when known was right
}

type talk struct {
	user   domain.UserID
	desk   domain.Desk
	titled bool
	active domain.Timestamp // last_active_at
	said   domain.Timestamp // when something was last said, or it began
}

// postStatements are what posts and replies run. They change nothing that talks keeps beyond
// what touch enters there.
//
//nolint:gochecknoglobals // a constant table
var postStatements = []string{insertMessage, touchSession, insertNeed, finishNeed, rememberTopic}

func (t *talks) forget() { clear(t.known) }

func (t *talks) keep(id domain.SessionID, k talk) {
	if t.known == nil {
		t.known = map[domain.SessionID]talk{}
	}
	if len(t.known) >= maxTalks {
		for some := range t.known {
			delete(t.known, some)
			break
		}
	}
	t.known[id] = k
}

// heedOthers forgets all where another connection, such as that of a command beside the
// server, has written since the last transaction.
func (w *writer) heedOthers(ctx context.Context) error {
	s, err := w.stmt(ctx, "PRAGMA data_version")
	if err != nil {
		return err
	}
	var version int64
	if err := s.QueryRowContext(ctx).Scan(&version); err != nil {
		return err
	}
	if version != w.talks.version {
		w.talks.forget()
		w.talks.version = version
	}
	return nil
}

// session looks at a person's conversation. It changes nothing.
func (tx *Tx) session(user domain.UserID, id domain.SessionID) (openSession, error) {
	k, ok := tx.w.talks.known[id]
	if !ok || k.user != user {
		k = talk{user: user}
		err := tx.QueryRow(`SELECT s.desk, s.title <> '', s.last_active_at, `+lastActive+` FROM liveassist_sessions s WHERE s.id = ? AND s.user_id = ?`,
			string(id), string(user)).Scan(&k.desk, &k.titled, &k.active, &k.said)
		if err != nil {
			return openSession{}, err
		}
		tx.w.talks.keep(id, k)
	}
	return openSession{id: id, desk: k.desk, titled: k.titled, active: k.active, next: max(k.said, domain.Timestamp(tx.Now.UnixMilli()))}, nil
}

// touchEvery is how far a conversation's last_active_at may be behind its last message while
// the assistant answers. To move it with each message would cost every post two pages more.
const touchEvery = time.Minute

const touchSession = `UPDATE liveassist_sessions SET last_active_at = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?`

// touch moves a conversation to its newest message, where that is due: at once while
// operators have it in their lists, whose order is that of the column. A title is given once.
func (tx *Tx) touch(s openSession, nm NewMessage) error {
	title := ""
	if !s.titled && nm.Role == domain.AuthorUser {
		title = domain.TitleOf(nm.Text)
	}
	behind := time.Duration(s.next-s.active) * time.Millisecond
	if s.desk != domain.DeskAssistant || behind >= touchEvery || title != "" {
		if _, err := tx.Exec(touchSession, int64(s.next), title, string(s.id)); err != nil {
			return err
		}
		s.active, s.titled = s.next, s.titled || title != ""
	}
	tx.w.talks.keep(s.id, talk{user: nm.User, desk: s.desk, titled: s.titled, active: s.active, said: s.next})
	return nil
}
