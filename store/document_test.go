package store

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

// show renders a document so that types can be told apart: a date is not a string.
func show(v any) string {
	switch v := v.(type) {
	case domain.Document:
		parts := make([]string, len(v))
		for i, f := range v {
			parts[i] = f.Name + ": " + show(f.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case time.Time:
		return "date(" + v.Format(time.RFC3339Nano) + ")"
	case string:
		return fmt.Sprintf("%q", v)
	case int64, nil:
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%T(%v)", v, v)
}

// mustDocuments returns the rendered documents that meet the matches.
func (s *testStore) mustDocuments(collection string, matches ...Match) []string {
	s.tb.Helper()
	var out []string
	err := s.Find(s.tb.Context(), collection, matches, func(d domain.Document) error {
		out = append(out, show(d))
		return nil
	})
	if err != nil {
		s.tb.Fatalf("find in %s by %v: %v", collection, matches, err)
	}
	return out
}

// goldenMessage is the _id of the first message of golden: its time in milliseconds, and its
// number.
const goldenMessage = "019cece5-2a6f-7000-8000-000000000001"

// golden fills one store with a document of each kind, in each of its forms.
func golden(t *testing.T) *testStore {
	t.Helper()
	s := mustOpen(t)
	anna, annas := s.mustTalk("Anna@Example.com") // ids 1, 2
	s.mustUser("bob@example.com")                 // id 3
	s.clock.Add(time.Second)
	s.mustSay(anna, annas, clientID(1), "tap <b>\"drips\"</b> & leaks")
	s.mustExec(`INSERT INTO liveassist_messages (id, session_id, user_id, role, text, image_id, image_width, image_height, created_at)
		VALUES (?, ?, ?, 'assistant', '', ?, 640, 480, ?)`, string(clientID(2)), string(annas), string(anna), testID(6), testStart.UnixMilli())
	s.mustExec(`UPDATE users SET subscription_status = 'paid', subscription_expiry = ?, image_counter = 2, image_day = 1, role = 'operator' WHERE id = ?`,
		testStart.Add(24*time.Hour).UnixMilli(), string(anna))
	s.mustExec(`INSERT INTO webhook_events (_id, event_id, type, session_id, user_id, status, created_at, processed_at) VALUES
		(?, 'evt_1', 'checkout.session.completed', 'cs_1', ?, 'processed', ?, ?),
		(?, 'evt_2', 'invoice.paid', NULL, NULL, 'parked', ?, NULL)`,
		testID(7), string(anna), testStart.UnixMilli(), testStart.Add(time.Second).UnixMilli(), testID(8), testStart.UnixMilli())
	s.mustExec(`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES (?, ?, 250, 'first_premium', ?)`, testID(9), string(anna), testStart.UnixMilli())
	return s
}

// TestDB_Find_Golden: the documents of CONTRACT section 6, field by field and in that order.
func TestDB_Find_Golden(t *testing.T) {
	s := golden(t)
	id := func(n int) string { return fmt.Sprintf("%q", testID(n)) }
	const at, later = "date(2026-03-14T15:09:26.535Z)", "date(2026-03-14T15:09:27.535Z)"
	for collection, want := range map[string][]string{
		CollUsers: {
			`{_id: ` + id(1) + `, email: "Anna@Example.com", name: "N. N.", role: "operator", subscription_status: "paid", subscription_expiry: "2026-03-15T15:09:26.535Z", image_counter: 2, createdAt: ` + at + `}`,
			`{_id: ` + id(3) + `, email: "bob@example.com", name: "N. N.", role: "user", subscription_status: "free", subscription_expiry: <nil>, image_counter: 0, createdAt: ` + at + `}`,
		},
		CollSessions: {
			`{_id: ` + id(2) + `, id: ` + id(2) + `, userId: ` + id(1) + `, createdAt: ` + at + `, lastActiveAt: ` + later + `}`,
		},
		CollMessages: {
			`{_id: "` + goldenMessage + `", id: "` + string(clientID(1)) + `", sessionId: ` + id(2) + `, userId: ` + id(1) + `, role: "user", text: "tap <b>\"drips\"</b> & leaks", image: <nil>, createdAt: ` + later + `}`,
			`{_id: "019cece5-2687-7000-8000-000000000002", id: "` + string(clientID(2)) + `", sessionId: ` + id(2) + `, userId: ` + id(1) + `, role: "assistant", text: "", image: {id: ` + id(6) + `, width: 640, height: 480}, createdAt: ` + at + `}`,
		},
		CollWebhooks: {
			`{_id: ` + id(7) + `, eventId: "evt_1", type: "checkout.session.completed", sessionId: "cs_1", userId: ` + id(1) + `, status: "processed", createdAt: ` + at + `, processedAt: ` + later + `}`,
			`{_id: ` + id(8) + `, eventId: "evt_2", type: "invoice.paid", sessionId: <nil>, userId: <nil>, status: "parked", createdAt: ` + at + `, processedAt: <nil>}`,
		},
		CollXP: {
			`{_id: ` + id(9) + `, userId: ` + id(1) + `, amount: 250, reason: "first_premium", ts: ` + at + `}`,
		},
	} {
		got := s.mustDocuments(collection)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", collection, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestDB_Find_Filters: an equality of each type finds what bears the value, and a value of
// another type finds nothing.
func TestDB_Find_Filters(t *testing.T) {
	s := golden(t)
	later := testStart.Add(time.Second)
	for _, c := range []struct {
		collection string
		matches    []Match
		want       int
	}{
		{CollUsers, []Match{{"_id", testID(1)}}, 1},
		{CollUsers, []Match{{"email", "Anna@Example.com"}}, 1},
		{CollUsers, []Match{{"email", "anna@example.com"}}, 0}, // documents compare exactly
		{CollUsers, []Match{{"name", "N. N."}, {"role", "user"}}, 1},
		{CollUsers, []Match{{"name", "N. N."}, {"role", "nobody"}}, 0},
		{CollUsers, []Match{{"image_counter", int64(2)}}, 1},
		{CollUsers, []Match{{"image_counter", 2.0}}, 1},
		{CollUsers, []Match{{"image_counter", 2.5}}, 0},
		{CollUsers, []Match{{"image_counter", 1e300}}, 0},
		{CollUsers, []Match{{"image_counter", "2"}}, 0},
		{CollUsers, []Match{{"image_counter", true}}, 0},
		{CollUsers, []Match{{"image_counter", nil}}, 0},
		{CollUsers, []Match{{"subscription_expiry", nil}}, 1},
		{CollUsers, []Match{{"subscription_expiry", "2026-03-15T15:09:26.535Z"}}, 1},
		{CollUsers, []Match{{"subscription_expiry", "2026-03-15T15:09:26Z"}}, 0},
		{CollUsers, []Match{{"subscription_expiry", testStart.Add(24 * time.Hour)}}, 0}, // a string there, not a date
		{CollUsers, []Match{{"createdAt", testStart}}, 2},
		{CollUsers, []Match{{"createdAt", "2026-03-14T15:09:26.535Z"}}, 0}, // a date there, not a string
		{CollUsers, []Match{{"createdAt", testStart.UnixMilli()}}, 0},
		{CollUsers, []Match{{"_id", int64(1)}}, 0},
		{CollUsers, []Match{{"_id", nil}}, 0},
		{CollMessages, []Match{{"_id", goldenMessage}}, 1},
		{CollMessages, []Match{{"_id", goldenMessage}, {"role", "assistant"}}, 0},
		{CollMessages, []Match{{"_id", "019cece5-2a6f-7000-8000-000000000002"}}, 0}, // of another time
		{CollMessages, []Match{{"_id", strings.ToUpper(goldenMessage)}}, 0},
		{CollMessages, []Match{{"_id", strings.TrimSuffix(goldenMessage, "000000000001") + "+00000000001"}}, 0},
		{CollMessages, []Match{{"_id", string(clientID(1))}}, 0},
		{CollMessages, []Match{{"_id", ""}}, 0},
		{CollMessages, []Match{{"_id", nil}}, 0},
		{CollUsers, []Match{{"no_such_field", "x"}}, 0},
		{CollUsers, []Match{{"no_such_field", nil}}, 2},
		{CollUsers, []Match{{"no_such_field", nil}, {"role", "user"}}, 1},
		{CollUsers, []Match{{"password_hash", "$hash"}}, 0},
		{CollUsers, []Match{{"password_hash", nil}}, 2}, // no document has it
		{CollUsers, []Match{{"email_key", "anna@example.com"}}, 0},
		{CollUsers, []Match{{"id = id OR email", "x"}}, 0},
		{CollSessions, []Match{{"lastActiveAt", later}}, 1},
		{CollMessages, []Match{{"userId", testID(1)}}, 2},
		{CollMessages, []Match{{"sessionId", testID(2)}, {"role", "assistant"}}, 1},
		{CollMessages, []Match{{"image", nil}}, 1},
		{CollMessages, []Match{{"image", testID(6)}}, 0}, // a document there, not a string
		{CollWebhooks, []Match{{"userId", nil}}, 1},
		{CollWebhooks, []Match{{"processedAt", nil}, {"status", "parked"}}, 1},
		{CollWebhooks, []Match{{"processedAt", later}}, 1},
		{CollXP, []Match{{"amount", int64(250)}, {"ts", testStart}}, 1},
		{CollXP, []Match{{"amount", int64(250)}, {"amount", int64(251)}}, 0},
	} {
		if got := len(s.mustDocuments(c.collection, c.matches...)); got != c.want {
			t.Errorf("%s by %v: %d documents, want %d", c.collection, c.matches, got, c.want)
		}
	}
}

func TestDB_Find_Errors(t *testing.T) {
	s := golden(t)
	for _, name := range []string{"", "Users", "goose_db_version", "logins", "users; DROP TABLE users"} {
		err := s.Find(t.Context(), name, nil, func(domain.Document) error { return nil })
		if !errors.Is(err, ErrNoCollection) || !strings.Contains(err.Error(), "liveassist_messages") {
			t.Errorf("find in %q: %v, want ErrNoCollection that names those there are", name, err)
		}
	}
	stop := errors.New("enough")
	calls := 0
	err := s.Find(t.Context(), CollUsers, nil, func(domain.Document) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("find = %v after %d documents, want the caller's error after 1", err, calls)
	}
}

func TestDB_FindOne(t *testing.T) {
	s := golden(t)
	for collection, id := range map[string]string{CollUsers: testID(1), CollSessions: testID(2), CollMessages: goldenMessage, CollWebhooks: testID(7), CollXP: testID(9)} {
		d, err := s.FindOne(t.Context(), collection, id)
		if err != nil || field(d, "_id") != id {
			t.Errorf("%s %s: %v, %v", collection, id, d, err)
		}
		if d, err := s.FindOne(t.Context(), collection, testID(999)); !errors.Is(err, domain.ErrNotFound) || d != nil {
			t.Errorf("%s: %v, %v, want domain.ErrNotFound", collection, d, err)
		}
	}
	if _, err := s.FindOne(t.Context(), "nope", testID(1)); !errors.Is(err, ErrNoCollection) {
		t.Errorf("unknown collection: %v, want ErrNoCollection", err)
	}
}

// TestDB_Page: pages of any size show each document once, also where two people gave their
// messages the same id.
func TestDB_Page(t *testing.T) {
	s := golden(t)
	for i, email := range []string{"carla@example.com", "dan@example.com"} {
		user, session := s.mustTalk(email)
		for n := range 3 + i {
			s.mustSay(user, session, clientID(n), email)
		}
	}
	for _, collection := range Collections() {
		want := map[string]bool{}
		if err := s.Find(t.Context(), collection, nil, func(d domain.Document) error { want[field(d, "_id").(string)] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		for size := 1; size <= len(want)+1; size++ {
			got := map[string]bool{}
			for after, rounds := "", 0; rounds <= len(want); rounds++ {
				page, err := s.Page(t.Context(), collection, after, size)
				if err != nil || len(page) > size {
					t.Fatalf("%s: %d documents in a page of %d, %v", collection, len(page), size, err)
				}
				for _, d := range page {
					after = field(d, "_id").(string)
					if got[after] {
						t.Fatalf("%s: %s comes twice with pages of %d", collection, after, size)
					}
					got[after] = true
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s: pages of %d show %v, want %v", collection, size, got, want)
			}
		}
	}
	if _, err := s.Page(t.Context(), "nope", "", 1); !errors.Is(err, ErrNoCollection) {
		t.Errorf("unknown collection: %v, want ErrNoCollection", err)
	}
}

// TestDocRef: what an entry of the outbox names can be read back.
func TestDocRef(t *testing.T) {
	for _, refs := range [][]domain.DocRef{nil, {{Collection: "a", ID: "1"}}, {{Collection: "a", ID: "1"}, {Collection: "b", ID: "2/3"}}} {
		if got := decodeDocs(encodeDocs(refs)); fmt.Sprint(got) != fmt.Sprint(refs) {
			t.Errorf("got %v, want %v", got, refs)
		}
	}
}
