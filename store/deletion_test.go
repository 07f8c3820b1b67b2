package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liveassist/domain"
)

// mustFullAccount makes an account that has something of everything: more messages than
// one piece of a deletion takes, photos, XP, a payment, and Stripe's event about it.
func (s *testStore) mustFullAccount(email string) (domain.UserID, map[domain.DocRef]bool) {
	s.tb.Helper()
	u := s.mustUser(email)
	docs := map[domain.DocRef]bool{userDoc(u.ID): true}
	for range 2 {
		session := s.mustSession(u.ID)
		docs[sessionDoc(session)] = true
		for i := range deleteMessages/2 + 20 {
			s.mustSay(u.ID, session, "", fmt.Sprintf("secret word %d", i))
		}
		_, _, err := s.AddImage(s.tb.Context(), NewMessage{User: u.ID, Session: session, Role: domain.AuthorUser},
			NewImage{ContentType: "image/png", PreviewType: "image/png", Width: 1, Height: 1, Bytes: []byte("photo"), Preview: []byte("p")}, Allowance{PerDay: 9})
		if err != nil {
			s.tb.Fatal(err)
		}
	}
	s.mustExec(`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES ('xp-' || ?1, ?1, 50, 'first_premium', 0)`, string(u.ID))
	docs[domain.DocRef{Collection: CollXP, ID: "xp-" + string(u.ID)}] = true
	for _, r := range mustRows(s.tb, s.read.pool, `SELECT `+messageDocID+` FROM liveassist_messages WHERE user_id = ?`, string(u.ID)) {
		docs[domain.DocRef{Collection: CollMessages, ID: r[0]}] = true
	}
	sub, event := "sub_"+string(u.ID), "evt_"+string(u.ID)
	err := s.Write(s.tb.Context(), "pay", func(tx *Tx) error {
		_, err := tx.BindCustomer("cus_"+string(u.ID), u.ID)
		err = errors.Join(err, tx.PutSubscription(Subscription{ID: sub, User: u.ID, Granted: true}))
		_, addErr := tx.AddWebhook(&Webhook{EventID: event, Type: "invoice.paid", User: u.ID, Status: WebhookProcessed, Raw: []byte(`{"email":"` + email + `"}`)})
		return errors.Join(err, addErr)
	})
	if err != nil {
		s.tb.Fatal(err)
	}
	s.mustExec(`INSERT INTO grants (key, subscription, paid_at) VALUES ('inv:' || ?1, ?2, 1)`, string(u.ID), sub)
	if err := s.AddLetter(s.tb.Context(), Letter{Kind: LetterReset, Email: email, Lang: "en"}); err != nil {
		s.tb.Fatal(err)
	}
	if err := s.AddLink(s.tb.Context(), Link{Token: TokenHash([]byte(string(u.ID))[4:36]), Kind: LetterReset, User: u.ID, Email: email, TTL: 1e12}); err != nil {
		s.tb.Fatal(err)
	}
	return u.ID, docs
}

// where says in which columns of the whole database a text stands.
func (s *testStore) where(text string) []string {
	s.tb.Helper()
	var found []string
	for _, table := range s.tables() {
		for _, c := range mustRows(s.tb, s.read.pool, `SELECT name FROM pragma_table_info(?)`, table) {
			if table == "message_words" {
				continue // its text is in its shadow tables, as words
			}
			n := mustRows(s.tb, s.read.pool, fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE instr(CAST(%s AS TEXT), ?) > 0`, table, c[0]), text)[0][0]
			if n != "0" {
				found = append(found, table+"."+c[0])
			}
		}
	}
	return found
}

// TestDB_Deletion: all that is a person's is gone, every document of it is named for the
// mirror, what accounting needs stays without name and address, and a neighbour keeps all.
func TestDB_Deletion(t *testing.T) {
	s := mustOpen(t)
	id, docs := s.mustFullAccount("gone@example.com")
	other, _ := s.mustFullAccount("stays@example.com")
	before := s.mustInt(`SELECT COUNT(*) FROM liveassist_messages WHERE user_id = ?`, string(other))
	newest, err := s.NewestSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	if _, err := s.BeginDeletion(t.Context(), id, "$another"); !errors.Is(err, domain.ErrNotFound) {
		t.Fatalf("with a password that was changed: %v, want domain.ErrNotFound", err)
	}
	ended, err := s.BeginDeletion(t.Context(), id, "$hash")
	if err != nil || len(ended) != 1 || ended[0].UserID != id {
		t.Fatalf("begin: %v, %v, want the one login", ended, err)
	}
	if found := s.where("gone@example.com"); len(found) != 0 {
		t.Errorf("the address is still in %v", found)
	}
	if _, _, err := s.UserByEmail(t.Context(), "gone@example.com"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("sign in: %v, want domain.ErrNotFound", err)
	}
	if open, err := s.OpenDeletions(t.Context()); err != nil || !slices.Equal(open, []domain.UserID{id}) {
		t.Errorf("open: %v, %v, want %v", open, err, id)
	}

	s.mustClose() // a crash in between
	s.mustReopen()
	if err := s.FinishDeletion(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if open, err := s.OpenDeletions(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open afterwards: %v, %v, want none", open, err)
	}
	for table, want := range map[string]int64{
		"users": 0, "logins": 0, "liveassist_sessions": 0, "liveassist_messages": 0, "images": 0, "xp_events": 0, "account_tokens": 0,
		"webhook_events": 1, "subscriptions": 1, "stripe_customers": 1,
	} {
		column := "user_id"
		if table == "users" {
			column = "id"
		}
		if got := s.mustInt(fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE %s = ?`, table, column), string(id)); got != want {
			t.Errorf("%s has %d rows of the person, want %d", table, got, want)
		}
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM grants WHERE key = 'inv:' || ?`, string(id)); n != 1 {
		t.Error("the payment is gone")
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM webhook_events WHERE user_id = ? AND raw IS NOT NULL`, string(id)); n != 0 {
		t.Error("the event's body is still there")
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM outbox WHERE user_id = ? AND instr(data, 'secret') > 0`, string(id)); n != 0 {
		t.Errorf("%d events still hold what was said", n)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM liveassist_messages WHERE user_id = ?`, string(other)); n != before {
		t.Errorf("the neighbour has %d messages, want %d", n, before)
	}
	s.assertNamed(newest, docs)
}

// assertNamed fails unless each document stands in an entry of the outbox after the given
// one, no entry names very many, and none of them can be found any more.
func (s *testStore) assertNamed(after int64, docs map[domain.DocRef]bool) {
	s.tb.Helper()
	named := map[domain.DocRef]bool{}
	entries, err := s.EntriesAfter(s.tb.Context(), after, 10_000)
	if err != nil {
		s.tb.Fatal(err)
	}
	for _, e := range entries {
		if len(e.Docs) > deleteMessages {
			s.tb.Errorf("entry %d names %d documents", e.Seq, len(e.Docs))
		}
		for _, d := range e.Docs {
			named[d] = true
		}
	}
	for d := range docs {
		if !named[d] {
			s.tb.Errorf("%s went without being named", d)
		}
		if doc, err := s.FindOne(s.tb.Context(), d.Collection, d.ID); !errors.Is(err, domain.ErrNotFound) {
			s.tb.Errorf("%s: %v, %v, want that it is gone", d, doc, err)
		}
	}
}

// TestDB_Deletion_Meanwhile: what a request under way still writes goes too, named as well;
// afterwards nothing can be written for the account.
func TestDB_Deletion_Meanwhile(t *testing.T) {
	s := mustOpen(t)
	id, session := s.mustTalk("gone@example.com")
	newest, err := s.NewestSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.BeginDeletion(t.Context(), id, "$hash"); err != nil {
		t.Fatal(err)
	}
	s.mustSay(id, session, "", "too late")
	late := s.mustSession(id)
	docs := map[domain.DocRef]bool{userDoc(id): true, sessionDoc(session): true, sessionDoc(late): true}
	for _, r := range mustRows(t, s.read.pool, `SELECT `+messageDocID+` FROM liveassist_messages`) {
		docs[domain.DocRef{Collection: CollMessages, ID: r[0]}] = true
	}
	if err := s.FinishDeletion(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.assertNamed(newest, docs)
	if _, _, err := s.AddMessage(t.Context(), NewMessage{User: id, Session: session, Role: domain.AuthorUser, Text: "x"}); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a message afterwards: %v, want domain.ErrNotFound", err)
	}
	if _, err := s.CreateSession(t.Context(), id); err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") {
		t.Errorf("a conversation afterwards: %v, want that its person is missing", err)
	}
	if err := s.BindCustomer(t.Context(), "cus_late", id); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a customer afterwards: %v, want domain.ErrNotFound", err)
	}
	if err := s.FinishDeletion(t.Context(), id); err != nil {
		t.Errorf("once more: %v, want nothing to do", err)
	}
}
