package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"liveassist/domain"
	"liveassist/store"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	r := mustRun(t, nil, "version")
	want := regexp.MustCompile(`^liveassist \S+, commit .+, ` + regexp.QuoteMeta(runtime.Version()) + `\n$`)
	if r.code != 0 || r.stderr != "" || !want.MatchString(r.stdout) {
		t.Errorf("code %d, %q, %q, want %v", r.code, r.stdout, r.stderr, want)
	}
}

// lines decodes a program's output, one document a line.
func lines(tb testing.TB, out string) (docs []map[string]any) {
	tb.Helper()
	for line := range strings.Lines(out) {
		var d map[string]any
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			tb.Fatalf("line %q: %v", line, err)
		}
		docs = append(docs, d)
	}
	return docs
}

// TestFind prints the documents of the running server, of one that was killed, and of one
// that has stopped: extended JSON, one document a line.
func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := mustStart(t, dir, "ASSIST=off")
	v := mustRegister(p, "Anna@example.com")
	id := v.mustSay()
	var me struct{ ID string }
	v.must(200, "GET", "/api/users/me", nil, &me)
	env := []string{"DATA_DIR=" + dir}

	assert := func(when string) {
		t.Helper()
		r := mustRun(t, env, "find", "liveassist_messages", `{"userId":"`+me.ID+`","role":"user"}`)
		docs := lines(t, r.stdout)
		if r.code != 0 || r.stderr != "" || len(docs) != 1 {
			t.Fatalf("%s: code %d, %q, %q, want one document", when, r.code, r.stdout, r.stderr)
		}
		d := docs[0]
		for field, want := range map[string]any{"id": id, "sessionId": v.session, "userId": me.ID, "role": "user", "text": "text of " + id, "image": nil} {
			if got, ok := d[field]; !ok || got != want {
				t.Errorf("%s: %s = %v, want %v", when, field, got, want)
			}
		}
		if _, ok := domain.ParseID(d["_id"].(string)); !ok || d["_id"] == id {
			t.Errorf("%s: _id = %v, want one of the server's", when, d["_id"])
		}
		date, _ := d["createdAt"].(map[string]any)["$date"].(string)
		if !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`).MatchString(date) {
			t.Errorf("%s: createdAt = %v, want a date", when, d["createdAt"])
		}
		if !regexp.MustCompile(`^\{"_id":"[^"]+","id":"[^"]+","sessionId":`).MatchString(r.stdout) {
			t.Errorf("%s: %s: the fields are in another order", when, r.stdout)
		}
		// A date that was printed finds its document again.
		if r := mustRun(t, env, "find", "liveassist_messages", `{"createdAt":{"$date":"`+date+`"},"_id":"`+d["_id"].(string)+`"}`); len(lines(t, r.stdout)) != 1 {
			t.Errorf("%s: by its date: code %d, %q, %q", when, r.code, r.stdout, r.stderr)
		}
		if r := mustRun(t, env, "find", "users", `{"_id":"nobody"}`); r.code != 0 || r.stdout != "" || r.stderr != "" {
			t.Errorf("%s: nothing found: code %d, %q, %q, want 0 and nothing", when, r.code, r.stdout, r.stderr)
		}
	}
	assert("running")
	r := mustRun(t, env, "find", "users")
	if docs := lines(t, r.stdout); len(docs) != 1 || docs[0]["email"] != "Anna@example.com" || docs[0]["subscription_expiry"] != nil || docs[0]["image_counter"] != 0.0 {
		t.Errorf("users: %s", r.stdout)
	}
	if strings.Contains(strings.ToLower(r.stdout), "argon") || strings.Contains(r.stdout, "hash") {
		t.Errorf("users show their hash: %s", r.stdout)
	}
	p.kill()
	assert("killed")
	p = mustStart(t, dir)
	p.mustStop()
	assert("stopped")
}

// TestFind_Refused: what cannot be understood is one line and code 2; the collections'
// names are in it.
func TestFind_Refused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"nope"}, []string{`"nope"`, "users", "liveassist_sessions", "liveassist_messages", "webhook_events", "xp_events"}},
		{[]string{"logins"}, []string{`"logins"`}},
		{[]string{""}, []string{"collection"}},
		{[]string{"users", "{"}, []string{"filter", "JSON object"}},
		{[]string{"users", ""}, []string{"filter"}},
		{[]string{"users", "null"}, []string{"filter"}},
		{[]string{"users", "[]"}, []string{"filter"}},
		{[]string{"users", `"x"`}, []string{"filter"}},
		{[]string{"users", `{"a":1} {}`}, []string{"filter"}},
		{[]string{"users", `{"a":1}x`}, []string{"filter"}},
		{[]string{"users", `{'a':1}`}, []string{"filter"}},
		{[]string{"users", `{"a":[1]}`}, []string{"filter", "a"}},
		{[]string{"users", `{"a":{"$gt":1}}`}, []string{"filter", "a"}},
		{[]string{"users", `{"a":{"$date":"yesterday"}}`}, []string{"filter", "a"}},
		{[]string{"users", `{"a":{"$date":1}}`}, []string{"filter", "a"}},
		{[]string{"users", `{"$or":"x"}`}, []string{"filter", "$or"}},
		{[]string{"users", `{"a":1e999}`}, []string{"filter", "a"}},
		{[]string{"users", "{\"a\":\n[1]}"}, []string{"filter"}},
		{[]string{"users", "{}", "{}"}, []string{"unexpected"}},
	} {
		assertFails(t, mustRun(t, nil, append([]string{"find"}, c.args...)...), 2, c.says...)
	}
	empty := t.TempDir()
	for _, args := range [][]string{{"find", "users"}, {"backup", filepath.Join(empty, "b")}, {"operator", "add", "a@example.com"}} {
		assertFails(t, mustRun(t, []string{"DATA_DIR=" + empty}, args...), 1, args[0], "no database in "+empty)
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) != 0 {
		t.Errorf("they left %v, %v, want nothing", entries, err)
	}
}

// TestOperator gives and takes the role beside a running server, which knows it at once.
func TestOperator(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := mustStart(t, dir)
	v := mustRegister(p, "Boss@example.com")
	env := []string{"DATA_DIR=" + dir}
	desk := map[string]int{"operator": 200, "user": 404}
	for _, c := range []struct{ verb, who, role, stderr string }{
		{"add", "boss@EXAMPLE.com", "operator", "not confirmed"},
		{"add", v.id(), "operator", ""},
		{"remove", "boss@EXAMPLE.com", "user", ""},
		{"remove", v.id(), "user", ""},
		{"add", strings.ToUpper(v.id()), "operator", ""},
		{"remove", v.id(), "user", ""},
	} {
		r := mustRun(t, env, "operator", c.verb, c.who)
		if r.code != 0 || strings.Count(r.stderr, "\n") > 1 || !strings.Contains(r.stderr, c.stderr) || c.stderr == "" && r.stderr != "" || strings.Count(r.stdout, "\n") != 1 || !strings.Contains(r.stdout, c.role) {
			t.Errorf("operator %s: code %d, %q, %q, want one line with %s", c.verb, r.code, r.stdout, r.stderr, c.role)
		}
		var me struct{ Role string }
		if v.must(200, "GET", "/api/users/me", nil, &me); me.Role != c.role {
			t.Errorf("operator %s: the server says %s, want %s", c.verb, me.Role, c.role)
		}
		if status, answer, err := v.call(t.Context(), "GET", "/api/operator/overview", nil); err != nil || status != desk[c.role] {
			t.Errorf("operator %s: the console answers %d %s, %v, want %d", c.verb, status, answer, err, desk[c.role])
		}
		if docs := lines(t, mustRun(t, env, "find", "users").stdout); docs[0]["role"] != c.role {
			t.Errorf("operator %s: find says %v, want %s", c.verb, docs[0]["role"], c.role)
		}
	}
	assertFails(t, mustRun(t, env, "operator", "add", "nobody@example.com"), 1, "nobody@example.com", "no account")
	// Where the world can register, an address that nobody has proven says nothing.
	public := append(env, "BASE_URL=https://help.example.com")
	assertFails(t, mustRun(t, public, "operator", "add", "boss@example.com"), 1, "not confirmed", v.id())
	if r := mustRun(t, public, "operator", "add", v.id()); r.code != 0 || r.stderr != "" {
		t.Errorf("by id on a public server: %d %q", r.code, r.stderr)
	}
	v.mustSay()
	p.mustStop()
}

// TestBackup copies beside a running server; the copy is a database that a server starts
// on, and only its owner reads it.
func TestBackup(t *testing.T) {
	t.Parallel()
	dir, copied := t.TempDir(), t.TempDir()
	p := mustStart(t, dir, "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	id := v.mustSay()
	env := []string{"DATA_DIR=" + dir}
	file := store.Path(copied)
	r := mustRun(t, env, "backup", file)
	if r.code != 0 || r.stderr != "" || r.stdout != "wrote "+file+"\n" {
		t.Fatalf("backup: code %d, %q, %q", r.code, r.stdout, r.stderr)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("copy: %v, %v, want 0600", info, err)
	}
	assertFails(t, mustRun(t, env, "backup", file), 1, "backup: ", file, "exists already")
	assertFails(t, mustRun(t, env, "backup", filepath.Join(copied, "no", "dir")), 1, "backup: ", "no such file")
	v.mustSay() // not in the copy
	p.mustStop()
	if r := mustRun(t, env, "backup", filepath.Join(copied, "second")); r.code != 0 {
		t.Errorf("backup without a server: code %d, %s", r.code, r.stderr)
	}
	if entries, err := os.ReadDir(copied); err != nil || len(entries) != 2 {
		t.Errorf("copies %v, %v, want two files", entries, err)
	}
	if err := os.Remove(filepath.Join(copied, "second")); err != nil {
		t.Fatal(err)
	}
	p = mustStart(t, copied, "ASSIST=off")
	v.moveTo(p)
	if said := v.mustRead(); len(said) != 1 || said[0].ID != id {
		t.Errorf("restored: %v, want the message from before the copy", said)
	}
	v.mustSay()
	p.mustStop()
}
