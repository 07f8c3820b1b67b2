package store

import (
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
	"pgregory.net/rapid"
)

// failure is what a write to the disk answers instead of writing, 0 for nothing.
var failure atomic.Int32

// failing counts the writes that failed, and systemWrites those that did not.
var failing, systemWrites atomic.Int64

// mustFail puts a file system below ours whose writes to a log fail on demand.
func mustFail(tb testing.TB) {
	tb.Helper()
	if err := registerLogVFS(); err != nil {
		tb.Fatal(err)
	}
	tls := libc.NewTLS()
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	vfs := at[sqlite3.Tsqlite3_vfs](p)
	*vfs = *at[sqlite3.Tsqlite3_vfs](ownVFS)
	vfs.FxOpen = address(openFunc(openFailing))
	systemVFS, ownVFS = ownVFS, p
	tb.Cleanup(func() {
		ownVFS = systemVFS
		libc.Xfree(tls, p)
		tls.Close()
	})
}

var (
	systemVFS      uintptr
	systemMethods  sqlite3.Tsqlite3_io_methods
	failingMethods uintptr
)

func openFailing(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	rc := function[openFunc](at[sqlite3.Tsqlite3_vfs](systemVFS).FxOpen)(tls, systemVFS, name, file, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f := at[sqlite3.Tsqlite3_file](file)
	if failingMethods == 0 {
		systemMethods = *at[sqlite3.Tsqlite3_io_methods](f.FpMethods)
		failingMethods = libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(systemMethods)))
		m := at[sqlite3.Tsqlite3_io_methods](failingMethods)
		*m = systemMethods
		m.FxWrite = address(moveFunc(writeFailing))
	}
	f.FpMethods = failingMethods
	return rc
}

func writeFailing(tls *libc.TLS, file, p uintptr, n int32, to int64) int32 {
	if rc := failure.Load(); rc != sqlite3.SQLITE_OK {
		failing.Add(1)
		return rc
	}
	systemWrites.Add(1)
	return function[moveFunc](systemMethods.FxWrite)(tls, file, p, n, to)
}

// logPair is one content in two databases: written with the log gathered, and as SQLite does.
type logPair struct {
	dir             string
	gathered, plain *sql.DB // one connection each
	reader          *sql.DB // of the gathered one, as SQLite opens it
	open            bool    // in a transaction
}

func mustPair(tb testing.TB, synchronous string) *logPair {
	tb.Helper()
	p := &logPair{dir: tb.TempDir()}
	// So small a cache that a transaction writes to the log long before its commit, and reads back.
	pragmas := "journal_mode(WAL) cache_size(3) wal_autocheckpoint(0) synchronous(" + synchronous + ")"
	p.gathered = mustPool(tb, dsn(filepath.Join(p.dir, "gathered.db"), pragmas)+"&vfs="+logVFS)
	p.plain = mustPool(tb, dsn(filepath.Join(p.dir, "plain.db"), pragmas))
	p.reader = mustPool(tb, dsn(filepath.Join(p.dir, "gathered.db"), "query_only(1)"))
	for _, db := range []*sql.DB{p.gathered, p.plain} {
		if _, err := db.ExecContext(tb.Context(), `CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER NOT NULL CHECK (k >= 0), body TEXT NOT NULL); CREATE INDEX t_k ON t (k, id)`); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

func mustPool(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// content is all that a connection sees.
func content(db *sql.DB) (string, error) {
	var s string
	err := db.QueryRow(`SELECT COUNT(*) || ':' || COALESCE(GROUP_CONCAT(id || ' ' || k || ' ' || LENGTH(body) || ' ' || SUBSTR(body, 1, 9) || SUBSTR(body, -9)), '')
		FROM (SELECT * FROM t ORDER BY k, id)`).Scan(&s)
	return s, err
}

func (p *logPair) mustSee(rt *rapid.T, db *sql.DB) string {
	s, err := content(db)
	if err != nil {
		rt.Fatal(err)
	}
	return s
}

// run runs a statement in both. What a failing disk does to it in the one, the other follows:
// the statement is taken back, or all of the transaction, and nothing else may come of it.
func (p *logPair) run(rt *rapid.T, query string, args ...any) {
	var before string
	if failure.Load() != sqlite3.SQLITE_OK {
		before = p.mustSee(rt, p.plain)
	}
	_, err := p.gathered.Exec(query, args...)
	if err == nil {
		if _, err := p.plain.Exec(query, args...); err != nil {
			rt.Fatalf("%s: %v only as SQLite does", query, err)
		}
		return
	}
	if failure.Swap(sqlite3.SQLITE_OK) == sqlite3.SQLITE_OK {
		rt.Fatalf("%s: %v", query, err)
	}
	is, err := content(p.gathered)
	if err != nil && strings.Contains(err.Error(), "malformed") {
		rt.Fatalf("%s failed, and then: %v", query, err)
	}
	if err == nil && is == before && p.open {
		if _, err := p.gathered.Exec("SAVEPOINT still"); err != nil {
			rt.Fatal(err)
		}
		// A savepoint outside of a transaction begins one, and RELEASE ends it.
		if _, err := p.gathered.Exec("RELEASE still"); err != nil {
			rt.Fatal(err)
		}
		if _, err := p.gathered.Exec("BEGIN"); err != nil {
			return // within one still: only the statement was taken back
		}
	}
	_, _ = p.gathered.Exec("ROLLBACK")
	if p.open {
		if _, err := p.plain.Exec("ROLLBACK"); err != nil {
			rt.Fatal(err)
		}
		p.open = false
	}
}

// mustSurvive looks at what the disk has now, as after a kill.
func (p *logPair) mustSurvive(rt *rapid.T, want string) {
	dir, err := os.MkdirTemp(p.dir, "crash-*")
	if err != nil {
		rt.Fatal(err)
	}
	for _, ext := range []string{"", "-wal"} {
		b, err := os.ReadFile(filepath.Join(p.dir, "gathered.db"+ext))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "crash.db"+ext), b, 0o600)
		}
		if err != nil {
			rt.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, "crash.db"), ""))
	if err != nil {
		rt.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var ok string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		rt.Fatalf("after a crash: %s, %v", ok, err)
	}
	if got := p.mustSee(rt, db); got != want {
		rt.Fatalf("after a crash %.200s, want %.200s", got, want)
	}
}

// mustCheck bounds how many runs rapid makes, unless the command line says so.
func mustCheck(tb testing.TB, runs int) {
	tb.Helper()
	f := flag.Lookup("rapid.checks")
	if was := f.Value.String(); was == f.DefValue {
		if err := f.Value.Set(strconv.Itoa(runs)); err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = f.Value.Set(was) })
	}
}

// TestLogVFS_AsSQLite: whatever is written, taken back, spilled, checkpointed, and whichever
// write to the disk fails, the gathered log says at each moment what SQLite's own says: to its
// connection, to others, and to who opens the files after a crash.
func TestLogVFS_AsSQLite(t *testing.T) {
	mustFail(t)
	mustCheck(t, 25) // with the race detector each takes up to half a second
	failed := failing.Load()
	crashes := 0
	rapid.Check(t, func(rt *rapid.T) {
		failure.Store(sqlite3.SQLITE_OK)
		p := mustPair(t, rapid.SampledFrom([]string{"FULL", "NORMAL"}).Draw(rt, "synchronous"))
		defer p.close()
		crashed := ""
		body := func(rt *rapid.T) string {
			return strings.Repeat(rapid.StringMatching("[a-z]{2}").Draw(rt, "text"), rapid.IntRange(0, 4000).Draw(rt, "length"))
		}
		begin := func(rt *rapid.T) {
			if !p.open {
				p.run(rt, "BEGIN")
				p.open = true
			}
		}
		insert := func(rt *rapid.T) {
			p.run(rt, "INSERT INTO t (k, body) VALUES (?, ?)", rapid.IntRange(0, 9).Draw(rt, "k"), body(rt))
		}
		end := func(query string) func(*rapid.T) {
			return func(rt *rapid.T) {
				if p.open {
					p.run(rt, query)
					p.open = false
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				if failure.Load() != sqlite3.SQLITE_OK {
					return // a read may fail too; it is looked at when the disk takes writes again
				}
				want := p.mustSee(rt, p.plain)
				if got := p.mustSee(rt, p.gathered); got != want {
					rt.Fatalf("the writer sees %.200s, want %.200s", got, want)
				}
				if p.open {
					return
				}
				if got := p.mustSee(rt, p.reader); got != want {
					rt.Fatalf("another connection sees %.200s, want %.200s", got, want)
				}
				if want != crashed {
					crashed = want
					crashes++
					p.mustSurvive(rt, want)
				}
			},
			"begin":  begin,
			"insert": insert,
			"insert many": func(rt *rapid.T) {
				begin(rt)
				for range rapid.IntRange(1, 25).Draw(rt, "rows") {
					if p.open {
						insert(rt)
					}
				}
			},
			"update": func(rt *rapid.T) {
				p.run(rt, "UPDATE t SET k = (k + 1) % 10, body = body || ? WHERE k % 3 = ?", rapid.StringMatching("[a-z]{2}").Draw(rt, "more"), rapid.IntRange(0, 2).Draw(rt, "which"))
			},
			"delete":   func(rt *rapid.T) { p.run(rt, "DELETE FROM t WHERE k = ?", rapid.IntRange(0, 9).Draw(rt, "k")) },
			"commit":   end("COMMIT"),
			"rollback": end("ROLLBACK"),
			"a part is taken back": func(rt *rapid.T) {
				begin(rt)
				p.run(rt, "SAVEPOINT part")
				for range 8 {
					if p.open {
						insert(rt)
					}
				}
				if p.open {
					p.run(rt, "ROLLBACK TO part")
					p.run(rt, "RELEASE part")
				}
			},
			"checkpoint": func(rt *rapid.T) {
				if !p.open {
					p.run(rt, "PRAGMA wal_checkpoint("+rapid.SampledFrom([]string{"PASSIVE", "RESTART", "TRUNCATE"}).Draw(rt, "mode")+")")
				}
			},
			"disk fails": func(*rapid.T) {
				failure.Store(rapid.SampledFrom([]int32{sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}).Draw(rt, "error"))
			},
			"disk works": func(*rapid.T) { failure.Store(sqlite3.SQLITE_OK) },
		})
	})
	if failed == failing.Load() || crashes == 0 {
		t.Errorf("%d writes failed, %d crashes: the test did not get where it should", failing.Load()-failed, crashes)
	}
}

func (p *logPair) close() {
	failure.Store(sqlite3.SQLITE_OK)
	for _, db := range []*sql.DB{p.reader, p.gathered, p.plain} {
		_ = db.Close()
	}
	_ = os.RemoveAll(p.dir)
}

// TestLogVFS_OneWrite: a commit is one write, where it has no more than 31 pages.
func TestLogVFS_OneWrite(t *testing.T) {
	mustFail(t)
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, "", "the log has its header now")
	for range 20 {
		before := systemWrites.Load()
		s.mustSay(user, session, "", "tap")
		if n := systemWrites.Load() - before; n != 1 {
			t.Fatalf("%d writes for a message, want 1", n)
		}
	}
}
