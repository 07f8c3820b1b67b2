package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// mustRows reads rows of texts.
func mustRows(tb testing.TB, q interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, query string, args ...any,
) [][]string {
	tb.Helper()
	rows, err := q.QueryContext(tb.Context(), query, args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	columns, err := rows.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	list, err := collect(rows, func(r scanner) ([]string, error) {
		cells := make([]sql.NullString, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		err := r.Scan(dest...)
		out := make([]string, len(cells))
		for i, c := range cells {
			out[i] = c.String
		}
		return out, err
	})
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return list
}

// tables are all tables of the schema but SQLite's and goose's own, and the shadow tables
// of a virtual one.
func (s *testStore) tables() []string {
	s.tb.Helper()
	var names []string
	for _, r := range mustRows(s.tb, s.read.pool, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
		AND name NOT LIKE 'sqlite%' AND name <> 'goose_db_version' ORDER BY name`) {
		names = append(names, r[0])
	}
	return names
}

// TestSchema_Connections: WAL, FULL and foreign keys hold on the connection that writes,
// and each connection that reads refuses to write.
func TestSchema_Connections(t *testing.T) {
	s := mustOpen(t)
	err := s.Write(t.Context(), "pragmas", func(tx *Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "query_only": "0", "journal_size_limit": "67108864",
		} {
			var got string
			if err := tx.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("writer: %s = %s, %v, want %s", pragma, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	var conns []*sql.Conn
	for i := range maxReaders { // all at once, so that each is another
		c, err := s.read.pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "query_only": "1", "busy_timeout": "10000"} {
			if got := mustRows(t, c, "PRAGMA "+pragma)[0][0]; got != want {
				t.Errorf("reader %d: %s = %s, want %s", i, pragma, got, want)
			}
		}
		for _, statement := range []string{
			`INSERT INTO meta (key, value) VALUES ('x', '')`, `DELETE FROM users`, `CREATE TABLE x (y)`, `DROP TABLE meta`, `PRAGMA user_version = 7`,
		} {
			if _, err := c.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "readonly") {
				t.Errorf("reader %d: %s: %v, want that it is readonly", i, statement, err)
			}
		}
	}
	for _, c := range conns {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := s.mustInt("PRAGMA user_version"); got != 0 {
		t.Errorf("user_version = %d, want 0", got)
	}
}

// TestSchema_Strict: every table is STRICT, and that means what it says.
func TestSchema_Strict(t *testing.T) {
	s := mustOpen(t)
	tables := s.tables()
	for _, name := range []string{"users", "logins", "liveassist_sessions", "liveassist_messages", "outbox", "webhook_events", "xp_events", "images", "meta"} {
		if !slices.Contains(tables, name) {
			t.Errorf("there is no table %s", name)
		}
	}
	for _, name := range tables {
		if r := mustRows(t, s.read.pool, `SELECT strict FROM pragma_table_list WHERE name = ?`, name); r[0][0] != "1" {
			t.Errorf("table %s is not STRICT", name)
		}
	}
	err := s.Write(t.Context(), "test", func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO outbox (user_id, event, data, docs, created_at) VALUES ('', '', '', '', 'soon')`)
		return err
	})
	if err == nil {
		t.Error("a text was stored as a time")
	}
}

// TestSchema_ForeignKeys: nothing refers to what is not there, deleting a person deletes
// all that is theirs, and the search for it uses an index.
func TestSchema_ForeignKeys(t *testing.T) {
	s := mustOpen(t)
	for _, table := range s.tables() {
		for _, fk := range mustRows(t, s.read.pool, `SELECT "from", "table", on_delete FROM pragma_foreign_key_list(?)`, table) {
			column := fk[0]
			indexed := mustRows(t, s.read.pool, `SELECT COUNT(*) FROM pragma_index_list(?1) l JOIN pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = ?2`, table, column)[0][0]
			plan := mustRows(t, s.read.pool, fmt.Sprintf(`EXPLAIN QUERY PLAN SELECT 1 FROM %s WHERE %s = ?`, table, column), "x")
			if indexed == "0" && !strings.Contains(fmt.Sprint(plan), "PRIMARY KEY") {
				t.Errorf("%s.%s refers to %s without an index: each deletion there reads all of %s", table, column, fk[1], table)
			}
			if fk[2] == "NO ACTION" {
				t.Errorf("%s.%s: deleting from %s is left open", table, column, fk[1])
			}
		}
	}
	user, session := s.mustTalk("a@example.com")
	other, others := s.mustTalk("b@example.com")
	s.mustSay(user, session, clientID(1), "gone")
	s.mustSay(other, others, clientID(1), "stays")
	s.mustExec(`INSERT INTO images (id, user_id, hash, content_type, preview_type, width, height, created_at, preview, bytes) VALUES ('i', ?, '', '', '', 1, 1, 0, x'00', x'00')`, string(user))
	s.mustExec(`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES ('x', ?, 1, 'r', 0)`, string(user))
	s.mustExec(`DELETE FROM users WHERE id = ?`, string(user))
	for table, want := range map[string]int64{"users": 1, "logins": 1, "liveassist_sessions": 1, "liveassist_messages": 1, "images": 0, "xp_events": 0} {
		if got := s.mustInt(`SELECT COUNT(*) FROM ` + table); got != want {
			t.Errorf("%s has %d rows, want %d", table, got, want)
		}
	}
	if bad := mustRows(t, s.read.pool, `PRAGMA foreign_key_check`); len(bad) != 0 {
		t.Errorf("dangling: %v", bad)
	}
	err := s.Write(t.Context(), "test", func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES ('y', 'nobody', 1, 'r', 0)`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") {
		t.Errorf("nobody's XP: %v, want that the foreign key fails", err)
	}
}
