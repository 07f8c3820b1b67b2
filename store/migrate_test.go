package store

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"liveassist/domain"
)

// mustOlder makes a database with the schema of an earlier version.
func (s *testStore) mustOlder(pragmas string, version int64, statements ...string) {
	s.tb.Helper()
	pool, err := sql.Open("sqlite", dsn(Path(s.dir), pragmas))
	if err != nil {
		s.tb.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	p, err := provider(pool)
	if err != nil {
		s.tb.Fatal(err)
	}
	if _, err := p.UpTo(s.tb.Context(), version); err != nil {
		s.tb.Fatal(err)
	}
	for _, q := range statements {
		if _, err := pool.ExecContext(s.tb.Context(), q); err != nil {
			s.tb.Fatalf("schema %d: %s: %v", version, q, err)
		}
	}
	if err := pool.Close(); err != nil {
		s.tb.Fatal(err)
	}
}

// history is what a database may hold, by the version of the schema that brought it.
//

var history = map[int64][]string{
	1: {
		`INSERT INTO users (id, email, email_key, name, role, password_hash, subscription_status, subscription_expiry, xp, created_at) VALUES ('u', 'Ä@b.c', 'ä@b.c', 'Ä', 'operator', '$h', 'paid', 4102444800000, 50, 5)`,
		`INSERT INTO logins (token_hash, user_id, created_at, expires_at) VALUES (zeroblob(32), 'u', 7, 4102444800000)`,
		`INSERT INTO liveassist_sessions (id, user_id, title, created_at, last_active_at) VALUES ('s', 'u', 'tap', 5, 6)`,
		`INSERT INTO liveassist_messages (_id, id, session_id, user_id, role, text, created_at) VALUES ('d', 'm', 's', 'u', 'user', 'my tap drips', 6)`,
		`INSERT INTO outbox (seq, user_id, event, data, docs, created_at) VALUES (41, 'u', 'message.created', '{}', 'liveassist_messages/d', 6)`,
		`INSERT INTO webhook_events (_id, event_id, type, user_id, status, created_at, processed_at) VALUES ('w', 'evt_1', 'invoice.paid', 'u', 'processed', 6, 6)`,
		`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES ('x', 'u', 50, 'first_premium', 6)`,
	},
	2: {
		`UPDATE webhook_events SET raw = x'7b7d'`,
		`INSERT INTO webhook_events (seq, _id, event_id, type, status, created_at, raw) VALUES (9, 'w2', 'evt_2', 'charge.refunded', 'parked', 6, x'7b7d')`,
		`INSERT INTO webhook_parked (key, event) VALUES ('ch_2', 9)`,
		`INSERT INTO stripe_customers (id, user_id, created_at) VALUES ('cus_1', 'u', 6)`,
		`INSERT INTO subscriptions (id, user_id, customer, granted, plan, period_end, end_at, ending, said_at, created_at) VALUES ('sub_1', 'u', 'cus_1', 1, 'year', 4102444800000, 4102444800000, 0, 6, 6)`,
		`INSERT INTO grants (key, subscription, intent, charge, invoice, session, period_end, paid_at) VALUES ('inv:in_1', 'sub_1', 'pi_1', 'ch_1', 'in_1', 'cs_1', 4102444800000, 6)`,
		`INSERT INTO billing_state (name, value) VALUES ('caught_up', 6)`,
	},
	3: {
		`INSERT INTO images (id, user_id, hash, content_type, preview_type, width, height, created_at, preview, bytes) VALUES ('i', 'u', 'h', 'image/png', 'image/png', 1, 1, 6, x'01', x'02')`,
	},
	4: {
		`UPDATE liveassist_sessions SET desk = 'operator', operator_id = 'u'`,
		`INSERT INTO replies (message, session_id, user_id, id, next_at) SELECT seq, 's', 'u', 'r', 6 FROM liveassist_messages`,
		`INSERT INTO ratings (message, session_id, value, rated_at) SELECT seq, 's', 'up', 6 FROM liveassist_messages`,
	},
	5: {
		`INSERT INTO audit (_id, at, operator_id, action, user_id, subject, reason, detail) VALUES ('a', 6, 'u', 'conversation.read', 'u', 's', '', '{}')`,
	},
	6: {
		`UPDATE logins SET seen_at = created_at`,
		`INSERT INTO mails (id, kind, email, email_key, lang, next_at, created_at) VALUES ('l', 'reset', 'Ä@b.c', 'ä@b.c', 'sv', 4102444800000, 6)`,
		`INSERT INTO account_tokens (token_hash, kind, user_id, email, email_key, created_at, expires_at) VALUES (zeroblob(32), 'reset', 'u', 'Ä@b.c', 'ä@b.c', 6, 4102444800000)`,
		`INSERT INTO deleted_accounts (id, deleted_at) VALUES ('gone', 6)`,
	},
	7: {
		`INSERT INTO outbox_people (user_id, seq) SELECT user_id, seq FROM outbox`,
		`UPDATE outbox_state SET upto = 41`,
	},
	8: {
		`INSERT INTO message_words (rowid, words) SELECT seq, '` + terms(ownerKey("u"), "my tap drips") + `' FROM liveassist_messages`,
		`UPDATE message_words_state SET upto = (SELECT MAX(seq) FROM liveassist_messages), deleted = 1`,
	},
}

// TestMigrate_Released: a database of every released schema, with data in each of its
// tables, comes up to date with all of it.
func TestMigrate_Released(t *testing.T) {
	for version := int64(1); version <= 8; version++ {
		t.Run(fmt.Sprint("from ", version), func(t *testing.T) {
			s := &testStore{tb: t, dir: t.TempDir(), clock: &testClock{now: testStart}, ids: &testIDs{}}
			var data []string
			for v := int64(1); v <= version; v++ {
				data = append(data, history[v]...)
			}
			s.mustOlder(writerPragmas, version, data...)
			s.mustReopen()
			defer s.mustClose()
			s.assertHistory(version)
			s.mustSay("u", "s", clientID(1), "and it takes more")
			want := int64(42)
			if version >= 4 {
				want += 2 // the conversation is at the desk, which hears of it too
			}
			if seq, err := s.NewestSeq(t.Context()); err != nil || seq != want {
				t.Errorf("the next entry is %d, %v, want %d", seq, err, want)
			}
			for _, check := range []string{`PRAGMA integrity_check`, `PRAGMA foreign_key_check`} {
				if rows := mustRows(t, s.read.pool, check); len(rows) > 1 || len(rows) == 1 && rows[0][0] != "ok" {
					t.Errorf("%s: %v", check, rows)
				}
			}
			assertSameSchema(t, s)
		})
	}
}

// assertHistory fails unless all of history up to a version is there.
func (s *testStore) assertHistory(version int64) {
	t := s.tb
	t.Helper()
	u, hash, err := s.UserByEmail(t.Context(), "ä@B.c")
	if err != nil || u.ID != "u" || u.Role != domain.RoleOperator || u.XP != 50 || hash != "$h" || u.Subscription.Status != domain.StatusPaid || u.ConfirmedAt != 0 {
		t.Errorf("user %+v, %v", u, err)
	}
	if l, err := s.LoginsOf(t.Context(), "u", testStart); err != nil || len(l) != 1 || l[0].SeenAt != 7 {
		t.Errorf("logins %+v, %v, want one that was seen at 7", l, err)
	}
	if m, err := s.Messages(t.Context(), "u", "s", "", 10); err != nil || len(m) != 1 || m[0].Text != "my tap drips" {
		t.Errorf("messages %+v, %v", m, err)
	}
	if x, err := s.XPEvents(t.Context(), "u"); err != nil || len(x) != 1 || x[0].Amount != 50 {
		t.Errorf("xp %+v, %v", x, err)
	}
	if d := s.mustDocuments(CollMessages, Match{"_id", "00000000-0006-7000-8000-000000000001"}); len(d) != 1 || !strings.Contains(d[0], "my tap drips") {
		t.Errorf("message documents %v", d)
	}
	if found, err := s.Search(t.Context(), "u", "drip"); err != nil || len(found) != 1 || found[0].ID != "m" {
		t.Errorf("found %+v, %v", found, err)
	}
	if known, err := s.KnowsWebhook(t.Context(), "evt_1", "invoice.paid"); err != nil || !known {
		t.Errorf("the ledger has lost an event: %v", err)
	}
	if events, err := s.EventsAfter(t.Context(), "u", 0, 1); err != nil || len(events) != 1 || events[0].Seq != 41 || events[0].Name != domain.EventMessageCreated {
		t.Errorf("events %+v, %v", events, err)
	}
	if version >= 2 {
		subs, err := s.SubscriptionsOf(t.Context(), "u")
		if err != nil || len(subs) != 1 || subs[0].Customer != "cus_1" || subs[0].PeriodEnd != 4102444800000 || !subs[0].Granted || subs[0].Plan != "year" {
			t.Errorf("subscriptions %+v, %v", subs, err)
		}
		grants, err := s.GrantsOf(t.Context(), "sub_1")
		if err != nil || len(grants) != 1 || grants[0].Key != "inv:in_1" || grants[0].Intent != "pi_1" || grants[0].Session != "cs_1" {
			t.Errorf("payments %+v, %v", grants, err)
		}
		if owner, err := s.CustomerUser(t.Context(), "cus_1"); err != nil || owner != "u" {
			t.Errorf("customer of %q, %v", owner, err)
		}
		if parked, err := s.ParkedWebhooks(t.Context(), 0, 10); err != nil || len(parked) != 1 || parked[0].EventID != "evt_2" {
			t.Errorf("parked %+v, %v", parked, err)
		}
	}
	if version >= 3 {
		if p, err := s.Picture(t.Context(), "i", false); err != nil || p.Owner != "u" || string(p.Bytes) != "\x02" {
			t.Errorf("picture %+v, %v", p, err)
		}
	}
	if version >= 4 {
		if c, err := s.Conversation(t.Context(), "u", "s"); err != nil || c.Desk != domain.DeskOperator || len(c.Pending) != 1 || len(c.Ratings) != 1 {
			t.Errorf("conversation %+v, %v", c, err)
		}
	}
	if version >= 8 && s.mustInt(`SELECT upto = 1 AND deleted = 1 FROM message_words_state`) != 1 {
		t.Error("the words are to be indexed again, and need not be")
	}
	if version >= 6 {
		for _, table := range []string{"mails", "account_tokens", "deleted_accounts"} {
			if n := s.mustInt(`SELECT COUNT(*) FROM ` + table); n != 1 {
				t.Errorf("%s has %d rows, want 1", table, n)
			}
		}
	}
}

// assertSameSchema fails unless a migrated database has the schema of a new one.
func assertSameSchema(t *testing.T, s *testStore) {
	t.Helper()
	const schema = `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`
	fresh := mustOpen(t)
	if got, want := fmt.Sprint(mustRows(t, s.read.pool, schema)), fmt.Sprint(mustRows(t, fresh.read.pool, schema)); got != want {
		t.Errorf("schema\n%s\nwant\n%s", got, want)
	}
}
