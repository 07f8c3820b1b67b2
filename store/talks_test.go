package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveassist/domain"
)

// mustKnow compares what the writer keeps of conversations with what the database says, and
// returns how many it keeps.
func (s *testStore) mustKnow(tb rapid.TB) (n int) {
	tb.Helper()
	s.writer.between(context.Background(), func() {
		if err := s.writer.heedOthers(context.Background()); err != nil { // as each transaction does
			tb.Error(err)
		}
		for id, kept := range s.writer.talks.known {
			is := talk{user: kept.user}
			err := s.writer.conn.QueryRowContext(context.Background(), `SELECT s.desk, s.title <> '', s.last_active_at, `+lastActive+` FROM liveassist_sessions s WHERE s.id = ? AND s.user_id = ?`,
				string(id), string(kept.user)).Scan(&is.desk, &is.titled, &is.active, &is.said)
			if err != nil || is != kept {
				tb.Errorf("conversation %s is kept as %+v and is %+v, %v", id, kept, is, err)
			}
		}
		n = len(s.writer.talks.known)
	})
	return n
}

// TestTalks_Exact: whatever happens to a conversation, by whom and in which order, and also
// what is taken back: the writer keeps nothing that is not so.
func TestTalks_Exact(t *testing.T) {
	s := mustOpen(t)
	other := &testStore{tb: t, dir: s.dir, clock: s.clock, ids: s.ids}
	other.mustReopen(func(o *Options) { o.Shared = true })
	defer other.mustClose()
	user := s.mustUser("a@example.com").ID
	errHalf := errors.New("halfway")
	most := 0
	rapid.Check(t, func(rt *rapid.T) {
		sessions := []domain.SessionID{s.mustSession(user), s.mustSession(user)}
		one := func(rt *rapid.T) domain.SessionID { return rapid.SampledFrom(sessions).Draw(rt, "session") }
		say := func(session domain.SessionID, text string) func(tx *Tx) error {
			return func(tx *Tx) error {
				_, err := tx.addMessage(NewMessage{User: user, Session: session, Role: domain.AuthorUser, Text: text, Reply: true})
				return err
			}
		}
		// Sessions may be gone: then nothing is written, which is as good.
		write := func(fn func(tx *Tx) error) {
			if err := s.Write(t.Context(), "test", fn); err != nil && !errors.Is(err, domain.ErrNotFound) && !errors.Is(err, errHalf) {
				rt.Fatal(err)
			}
		}
		exec := func(to *testStore, query string) func(*rapid.T) {
			return func(rt *rapid.T) { to.mustExec(query, string(one(rt))) }
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				most = max(most, s.mustKnow(rt))
				if n := s.mustInt(`SELECT COUNT(*) FROM liveassist_sessions s WHERE s.title = '' AND s.id IN (SELECT session_id FROM liveassist_messages WHERE role = 'user' AND text <> '')`); n != 0 {
					rt.Errorf("%d conversations have no title", n)
				}
			},
			"say":         func(rt *rapid.T) { write(say(one(rt), "tap")) },
			"say nothing": func(rt *rapid.T) { write(say(one(rt), "")) },
			"say halfway": func(rt *rapid.T) {
				session := one(rt)
				write(func(tx *Tx) error { return errors.Join(say(session, "half")(tx), errHalf) })
			},
			"batch": func(rt *rapid.T) {
				first, second := one(rt), one(rt)
				half := func(tx *Tx) error { return errors.Join(say(second, "half")(tx), errHalf) }
				var batch []*job
				for _, fn := range []func(*Tx) error{say(first, "tap"), half, say(second, "tap")} {
					batch = append(batch, &job{ctx: t.Context(), op: "test", fn: fn, done: make(chan struct{})})
				}
				s.writer.between(t.Context(), func() { s.writer.commit(t.Context(), batch) })
			},
			"reply": func(rt *rapid.T) {
				due, err := s.DueReplies(t.Context(), s.clock.Now(), 1)
				if err != nil {
					rt.Fatal(err)
				}
				for _, n := range due {
					if _, err := s.FinishReply(t.Context(), n, Reply{Text: "turn it", By: "guides", Guide: "tap", AskPerson: rapid.Bool().Draw(rt, "ask")}); err != nil {
						rt.Fatal(err)
					}
				}
			},
			"desk": func(rt *rapid.T) {
				session, desk := one(rt), rapid.SampledFrom([]domain.Desk{domain.DeskAssistant, domain.DeskWaiting, domain.DeskClosed}).Draw(rt, "desk")
				write(func(tx *Tx) error { return tx.SetDesk(user, session, desk, "") })
			},
			"later":           func(*rapid.T) { s.clock.Add(touchEvery / 3) },
			"clock goes back": func(*rapid.T) { s.clock.Add(-touchEvery) },
			"elsewhere":       exec(other, `UPDATE liveassist_sessions SET desk = 'closed', title = 'x', last_active_at = last_active_at + 1 WHERE id = ?`),
			"message deleted": exec(s, `DELETE FROM liveassist_messages WHERE seq = (SELECT MAX(seq) FROM liveassist_messages WHERE session_id = ?)`),
			"gone":            exec(s, `DELETE FROM liveassist_sessions WHERE id = ?`),
			"gone elsewhere":  exec(other, `DELETE FROM liveassist_sessions WHERE id = ?`),
		})
	})
	if most < 2 {
		t.Errorf("at most %d conversations were kept: the test shows nothing", most)
	}
}

// TestTalks_Foreign: that the writer knows a conversation opens it to nobody else.
func TestTalks_Foreign(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, "", "tap")
	stranger := s.mustUser("b@example.com").ID
	s.mustSay(user, session, "", "tap") // is kept again
	_, _, err := s.AddMessage(t.Context(), NewMessage{User: stranger, Session: session, Role: domain.AuthorUser, Text: "mine"})
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a stranger's message: %v", err)
	}
	s.mustKnow(t)
}

// TestTalks_Bounded: what is kept does not grow with the people.
func TestTalks_Bounded(t *testing.T) {
	var k talks
	for range maxTalks + 10 {
		k.keep(domain.SessionID(time.Now().String()), talk{})
	}
	if len(k.known) > maxTalks {
		t.Errorf("%d conversations are kept, want at most %d", len(k.known), maxTalks)
	}
}
