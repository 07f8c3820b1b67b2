package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

func TestOpen_Fresh(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there yet")
	s := &testStore{tb: t, dir: dir, clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustReopen()
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, clientID(1), "hello")
	for path, want := range map[string]os.FileMode{
		dir: os.ModeDir | 0o700, filepath.Dir(dir): os.ModeDir | 0o700,
		Path(dir): 0o600, Path(dir) + "-wal": 0o600, Path(dir) + "-shm": 0o600, filepath.Join(dir, "liveassist.lock"): 0o600,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want mode %v", path, info, err, want)
		}
	}
	s.mustClose()
	s.mustReopen()
	defer s.mustClose()
	if list, err := s.Messages(t.Context(), user, session, "", MaxPage); err != nil || !slices.Equal(texts(list), []string{"hello"}) {
		t.Errorf("after a restart: %v, %v, want the message", list, err)
	}
}

// TestOpen_StrangeNames: the directory's name is a name, whatever a URL would make of it.
func TestOpen_StrangeNames(t *testing.T) {
	for _, name := range []string{"a b", "100%", "%41", "a?mode=memory", "a#b", "åäö", "a&_pragma=x", "a'b", "a:b"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		s := mustPrepare(t, dir)
		s.mustReopen()
		s.mustUser("a@example.com")
		if info, err := os.Stat(filepath.Join(dir, FileName+"-wal")); err != nil || info.Size() == 0 {
			t.Errorf("%q: %v, %v, want what was written in it", name, info, err)
		}
		s.mustClose()
		r, err := OpenReadOnly(t.Context(), s.dir)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if _, _, err := r.UserByEmail(t.Context(), "a@example.com"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOpen_SecondServer(t *testing.T) {
	s := mustOpen(t)
	user := s.mustUser("a@example.com").ID
	_, err := Open(t.Context(), s.options())
	if err == nil || !strings.Contains(err.Error(), s.dir) || !strings.Contains(err.Error(), "in use by another") {
		t.Errorf("second server: %v, want that the directory is in use", err)
	}
	s.mustSession(user) // the first goes on
	s.mustClose()
	s.mustReopen()
}

// TestOpen_Shared: a short write beside a server, which sees it and goes on.
func TestOpen_Shared(t *testing.T) {
	s := mustOpen(t)
	u := s.mustUser("a@example.com")
	other := &testStore{tb: t, dir: s.dir, clock: s.clock, ids: s.ids}
	shared := func(o *Options) { o.Shared = true }
	other.mustReopen(shared)
	if err := other.SetRole(t.Context(), "a@example.com", domain.RoleOperator); err != nil {
		t.Errorf("beside a server: %v", err)
	}
	if got, err := s.User(t.Context(), u.ID); err != nil || got.Role != domain.RoleOperator {
		t.Errorf("the server sees %v, %v, want an operator", got.Role, err)
	}
	before, err := s.NewestSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other.mustClose()
	s.mustSession(u.ID)
	if after, err := s.NewestSeq(t.Context()); err != nil || after != before+1 {
		t.Errorf("the server's next number is %d after %d, %v", after, before, err)
	}
	s.mustClose()
	other.mustReopen(shared) // and with no server
	if err := other.SetRole(t.Context(), "a@example.com", domain.RoleUser); err != nil {
		t.Errorf("without a server: %v", err)
	}
	other.mustClose()
	s.mustReopen()

	opts := s.options()
	opts.Dir, opts.Shared = t.TempDir(), true
	if _, err := Open(t.Context(), opts); !errors.Is(err, ErrNoDatabase) {
		t.Errorf("shared in an empty directory: %v, want ErrNoDatabase", err)
	}
	if entries, err := os.ReadDir(opts.Dir); err != nil || len(entries) != 0 {
		t.Errorf("it left %v, %v, want nothing", entries, err)
	}
}

// crash copies the database's files as they are while the server has them open: what a
// kill -9 leaves. It returns the new directory.
func (s *testStore) crash() string {
	s.tb.Helper()
	dir := s.tb.TempDir()
	release := s.hold() // no commit in the middle of copying, which a crash cannot have either
	defer release()
	for _, name := range []string{FileName, FileName + "-wal"} {
		b, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			s.tb.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			s.tb.Fatal(err)
		}
	}
	return dir
}

// TestOpenReadOnly: reading beside a server, after its crash, and after its end, sees
// everything that was answered as stored, changes nothing, and can write nothing.
func TestOpenReadOnly(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustSay(user, session, clientID(1), "one")
	assert := func(when, dir string, want ...string) {
		t.Helper()
		r, err := OpenReadOnly(t.Context(), dir)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		list, err := r.Messages(t.Context(), user, session, "", MaxPage)
		if err != nil || !slices.Equal(texts(list), want) {
			t.Errorf("%s: %v, %v, want %v", when, texts(list), err, want)
		}
		if err := r.Write(t.Context(), "x", note("x")); err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s: write: %v, want that it is open for reading only", when, err)
		}
		if got := r.Stats(); got != (Stats{}) {
			t.Errorf("%s: stats %v, want none", when, got)
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: close: %v", when, err)
		}
	}
	assert("beside a server", s.dir, "one")
	crashed := s.crash()
	assert("after a crash", crashed, "one")
	s.mustSay(user, session, clientID(2), "two")
	assert("beside a server that goes on", s.dir, "one", "two")
	s.mustClose()
	assert("after the server's end", s.dir, "one", "two")
	s.mustReopen()
	s.mustSay(user, session, clientID(3), "three")
	assert("beside the next server", s.dir, "one", "two", "three")

	after := &testStore{tb: t, dir: crashed, clock: s.clock, ids: s.ids}
	after.mustReopen()
	after.mustSay(user, session, clientID(2), "after the crash")
	after.mustClose()

	empty := t.TempDir()
	if _, err := OpenReadOnly(t.Context(), empty); !errors.Is(err, ErrNoDatabase) || !strings.Contains(err.Error(), empty) {
		t.Errorf("no database: %v, want ErrNoDatabase that names the directory", err)
	}
	if err := os.WriteFile(Path(empty), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), empty); err == nil || !strings.Contains(err.Error(), "start the server once") {
		t.Errorf("an empty file: %v, want what to do", err)
	}
}

// TestOpen_NotADatabase: a foreign file is refused and stays as it is.
func TestOpen_NotADatabase(t *testing.T) {
	dir := t.TempDir()
	content := []byte(strings.Repeat("this is no database. ", 500))
	if err := os.WriteFile(Path(dir), content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir, Clock: time.Now, NewID: (&testIDs{}).New})
	if err == nil || !strings.Contains(err.Error(), Path(dir)) || !strings.Contains(err.Error(), "not a database") {
		t.Errorf("open: %v, want that the named file is no database", err)
	}
	if got, err := os.ReadFile(Path(dir)); err != nil || string(got) != string(content) {
		t.Errorf("the file has changed (%v)", err)
	}
}

// TestOpen_NewerSchema: what a newer program wrote is refused with one clear line by
// everything that opens, and not a byte of it changes.
func TestOpen_NewerSchema(t *testing.T) {
	s := &testStore{tb: t, dir: t.TempDir(), clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustReopen()
	s.mustUser("a@example.com")
	_, want, err := versions(t.Context(), s.read.pool)
	if err != nil {
		t.Fatal(err)
	}
	s.mustExec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)`, want+1)
	restored := t.TempDir() // a backup that was put back is no WAL database yet
	if err := s.Backup(t.Context(), Path(restored)); err != nil {
		t.Fatal(err)
	}
	s.mustClose()

	for name, dir := range map[string]string{"as it was": s.dir, "restored": restored} {
		before, err := os.ReadFile(Path(dir))
		if err != nil {
			t.Fatal(err)
		}
		opts := s.options()
		opts.Dir = dir
		sharedOpts := opts
		sharedOpts.Shared = true
		for how, open := range map[string]func() (*DB, error){
			"server":  func() (*DB, error) { return Open(t.Context(), opts) },
			"shared":  func() (*DB, error) { return Open(t.Context(), sharedOpts) },
			"reading": func() (*DB, error) { return OpenReadOnly(t.Context(), dir) },
		} {
			_, err := open()
			if !errors.Is(err, ErrNewerSchema) || strings.Contains(err.Error(), "\n") ||
				!strings.Contains(err.Error(), fmt.Sprintf("schema is %d, this program knows %d", want+1, want)) {
				t.Errorf("%s, %s: %v, want ErrNewerSchema with both versions on one line", name, how, err)
			}
		}
		after, err := os.ReadFile(Path(dir))
		if err != nil || string(after) != string(before) {
			t.Errorf("%s: the database has changed (%v)", name, err)
		}
		free, err := Open(t.Context(), opts) // the lock was given back: the same refusal again
		if !errors.Is(err, ErrNewerSchema) {
			t.Errorf("%s: %v, %v, want ErrNewerSchema again", name, free, err)
		}
	}
}

// TestOpen_OlderSchema: the server brings it up to date, and a reader says that it must.
func TestOpen_OlderSchema(t *testing.T) {
	dir := t.TempDir()
	pool, err := sql.Open("sqlite", dsn(Path(dir), writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider(pool)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.ExecContext(t.Context(), `INSERT INTO users (id, email, email_key, name, password_hash, created_at) VALUES ('u', 'A@b.c', 'a@b.c', '', '', 0)`); err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "start the server once") {
		t.Errorf("reading an older schema: %v, want what to do", err)
	}
	s := &testStore{tb: t, dir: dir, clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustReopen()
	defer s.mustClose()
	have, want, err := versions(t.Context(), s.read.pool)
	if err != nil || have != want {
		t.Errorf("schema %d, %v, want %d", have, err, want)
	}
	if u, _, err := s.UserByEmail(context.Background(), "a@B.c"); err != nil || u.ID != "u" {
		t.Errorf("user %+v, %v, want the one from before", u, err)
	}
}
