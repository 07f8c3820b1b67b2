package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

// mustNeed stores a person's message that wants a reply.
func (s *testStore) mustNeed(user domain.UserID, session domain.SessionID, id domain.MessageID) {
	s.tb.Helper()
	_, _, err := s.AddMessage(s.tb.Context(), NewMessage{User: user, Session: session, ID: id, Role: domain.AuthorUser, Text: "help", Reply: true})
	if err != nil {
		s.tb.Fatal(err)
	}
}

func (s *testStore) mustDue(limit int) []Need {
	s.tb.Helper()
	due, err := s.DueReplies(s.tb.Context(), s.clock.Now(), limit)
	if err != nil {
		s.tb.Fatal(err)
	}
	return due
}

// names returns the events that were announced, without those of messages.
func (s *testStore) names() []string {
	s.tb.Helper()
	// The writer answers before it announces: when it takes the next write, it has.
	if err := s.Write(s.tb.Context(), "wait", func(*Tx) error { return nil }); err != nil {
		s.tb.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, e := range s.announced {
		if e.Name != "" && e.Name != domain.EventMessageCreated {
			list = append(list, e.Name)
		}
	}
	return list
}

// TestDB_DueReplies: of each conversation the first, also while it is put off.
func TestDB_DueReplies(t *testing.T) {
	s := mustOpen(t)
	a, first := s.mustTalk("a@example.com")
	b, second := s.mustTalk("b@example.com")
	s.mustNeed(a, first, clientID(1))
	s.mustNeed(a, first, clientID(2))
	s.mustNeed(a, first, clientID(1)) // a retry is no second need
	s.mustNeed(b, second, clientID(1))
	s.mustSay(a, first, clientID(3), "nobody answers by itself")
	sessions := func(due []Need) (list []domain.SessionID) {
		for _, n := range due {
			list = append(list, n.Session)
		}
		return list
	}
	due := s.mustDue(10)
	if got, want := sessions(due), []domain.SessionID{first, second}; !slices.Equal(got, want) || due[0].Message != 1 || due[0].User != a {
		t.Fatalf("due: %+v", due)
	}
	if err := s.DelayReply(t.Context(), due[0], s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got, want := sessions(s.mustDue(10)), []domain.SessionID{second}; !slices.Equal(got, want) {
		t.Errorf("due while the first is put off: %v, want %v", got, want)
	}
	s.clock.Add(time.Minute)
	if due := s.mustDue(1); len(due) != 1 || due[0].Session != second {
		t.Errorf("due, at most one: %+v, want the one that waits longest", due)
	}
	again := s.mustDue(10)
	if len(again) != 2 || again[1].Attempts != 1 || again[1].Reply != due[0].Reply {
		t.Errorf("due after the delay: %+v", again)
	}
}

// TestDB_FinishReply: a reply is stored once, whoever tries, and ends the need.
func TestDB_FinishReply(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustNeed(user, session, clientID(1))
	need := s.mustDue(1)[0]
	r := Reply{Text: "turn it off", By: "guides", Lang: "sv", Guide: "dripping-tap", Step: 2}
	m, err := s.FinishReply(t.Context(), need, r)
	if err != nil || m.ID != need.Reply || m.Role != domain.AuthorAssistant {
		t.Fatalf("finish: %+v, %v", m, err)
	}
	for what, err := range map[string]error{
		"finish": func() error { _, err := s.FinishReply(t.Context(), need, r); return err }(),
		"delay":  s.DelayReply(t.Context(), need, s.clock.Now()),
		"fail":   s.FailReply(t.Context(), need, "no"),
	} {
		if !errors.Is(err, ErrSuperseded) {
			t.Errorf("%s after it is there: %v, want ErrSuperseded", what, err)
		}
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM liveassist_messages`); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	s.mustNeed(user, session, clientID(2))
	talk, err := s.Talk(t.Context(), s.mustDue(1)[0], 10)
	if err != nil || talk.Guide != "dripping-tap" || talk.Step != 2 || talk.Lang != "sv" || !slices.Equal(texts(talk.Before), []string{"help", "turn it off"}) {
		t.Errorf("talk: %+v, %v", talk, err)
	}
	s.assertAnnounced()
}

// TestTx_SetDesk: an operator's taking over ends what waits, and his closing lets the next
// message wait again.
func TestTx_SetDesk(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	operator := s.mustUser("o@example.com")
	set := func(desk domain.Desk, by domain.UserID) {
		t.Helper()
		if err := s.Write(t.Context(), "test", func(tx *Tx) error { return tx.SetDesk(user, session, desk, by) }); err != nil {
			t.Fatal(err)
		}
	}
	s.mustNeed(user, session, clientID(1))
	need := s.mustDue(1)[0]
	set(domain.DeskOperator, operator.ID)
	if _, err := s.FinishReply(t.Context(), need, Reply{Text: "x", By: "guides"}); !errors.Is(err, ErrSuperseded) {
		t.Errorf("finish when an operator has it: %v, want ErrSuperseded", err)
	}
	s.mustNeed(user, session, clientID(2))
	if due := s.mustDue(10); len(due) != 0 {
		t.Errorf("due when an operator has it: %+v", due)
	}
	c, err := s.Conversation(t.Context(), user, session)
	if err != nil || c.Desk != domain.DeskOperator || c.Operator == nil || *c.Operator != "N. N." {
		t.Errorf("conversation: %+v, %v", c, err)
	}
	if err := s.AskPerson(t.Context(), user, session); err != nil {
		t.Fatal(err)
	}
	set(domain.DeskClosed, "")
	s.mustNeed(user, session, clientID(3))
	if due := s.mustDue(10); len(due) != 1 {
		t.Errorf("due after it was opened again: %+v", due)
	}
	if err := s.AskPerson(t.Context(), user, session); err != nil {
		t.Fatal(err)
	}
	got := slices.DeleteFunc(s.names(), func(name string) bool { return strings.HasPrefix(name, domain.DeskPrefix) })
	if want := slices.Repeat([]string{domain.EventConversationUpdated}, 4); !slices.Equal(got, want) {
		t.Errorf("announced %v, want operator, closed, opened, waiting", got)
	}
	other := s.mustUser("b@example.com")
	err = s.Write(t.Context(), "test", func(tx *Tx) error { return tx.SetDesk(other.ID, session, domain.DeskClosed, "") })
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("another's conversation: %v, want ErrNotFound", err)
	}
}

// TestDB_RetryReply: only what failed is tried again, and only by its person.
func TestDB_RetryReply(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	other, theirs := s.mustTalk("b@example.com")
	s.mustNeed(user, session, clientID(1))
	need := s.mustDue(1)[0]
	if err := s.FailReply(t.Context(), need, "sorry"); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Conversation(t.Context(), user, session); err != nil || len(c.Pending) != 0 || !slices.Equal(c.Failed, []domain.FailedReply{{ID: clientID(1), Error: "sorry"}}) {
		t.Errorf("conversation: %+v, %v", c, err)
	}
	for what, err := range map[string]error{
		"another person":       s.RetryReply(t.Context(), other, session, clientID(1)),
		"another conversation": s.RetryReply(t.Context(), user, theirs, clientID(1)),
		"another message":      s.RetryReply(t.Context(), user, session, clientID(2)),
	} {
		if !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
	if err := s.RetryReply(t.Context(), user, session, clientID(1)); err != nil {
		t.Fatal(err)
	}
	if due := s.mustDue(1); len(due) != 1 || due[0].Attempts != 0 || due[0].Reply != need.Reply {
		t.Errorf("due: %+v, want the same reply anew", due)
	}
	if got, want := s.names(), []string{domain.EventMessageFailed}; !slices.Equal(got, want) {
		t.Errorf("announced %v, want %v", got, want)
	}
}

func TestGuideIndex_Match(t *testing.T) {
	x, err := NewGuideIndex(t.Context(), []float64{2, 1}, [][]string{{"tap", "drip water"}, {"sink", "water tap"}, {"door", "squeak"}, {"lock", "stiff"}})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close() //nolint:errcheck // in memory
	got, err := x.Match(t.Context(), "tap")
	if err != nil || len(got) != 2 || got[0] <= got[1] || got[1] <= 0 {
		t.Errorf("tap: %v, %v; want the first text before the second", got, err)
	}
	if got, err := x.Match(t.Context(), "water tap"); err != nil || len(got) != 1 || got[1] == 0 {
		t.Errorf("phrase: %v, %v; want the second text alone", got, err)
	}
	if got, err := x.Match(t.Context(), `x" OR "tap`); err != nil || len(got) != 0 {
		t.Errorf("marks: %v, %v; want nothing", got, err)
	}
}
