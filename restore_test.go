//go:build litestream

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"liveassist/backup"
	"liveassist/domain"
	"liveassist/store"
)

// lossWindow is what a lost machine may lose, as the documentation promises.
const lossWindow = 2 * time.Second

// TestBackup_LostMachine: killed under load, and its volume gone, the server comes up on an
// empty one with everything that was acknowledged more than two seconds before the end. No
// page goes on as if nothing had happened, and no number is used twice.
func TestBackup_LostMachine(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place []string) {
		t.Helper()
		env := append([]string{"RATE_LIMIT=off", "ASSIST=off"}, place...)
		dir := t.TempDir()
		p := mustStart(t, dir, env...)
		p.mustLog("no backup yet")
		people := mustLosers(p, "a@example.com", "b@example.com", "c@example.com")
		p.mustLog("backup follows the database")
		var load sync.WaitGroup
		for _, l := range people {
			load.Go(func() { l.flood(2) })
		}
		time.Sleep(3 * lossWindow)
		late := people[0].mustStream("").mustNext("ready").id
		end := time.Now()
		p.kill()
		load.Wait()
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}

		p = mustStart(t, dir, env...)
		if n := strings.Count(p.stderr.String(), "restored the database from its backup"); n != 1 {
			t.Errorf("the log says %d times that the database was restored:\n%s", n, p.stderr)
		}
		lost := time.Duration(0)
		for _, l := range people {
			l.moveTo(p)
			lost = max(lost, l.check(end.Add(-lossWindow), end))
		}
		t.Logf("the oldest message that was lost is %v old", lost)
		l, given := people[0], mustNumber(t, late)
		next := ""
		for _, after := range []string{l.first.id, late, strconv.FormatInt(given+1000, 10)} {
			if next = l.mustReset(after); mustNumber(t, next) <= given+1000 {
				t.Errorf("after %s the page goes on from %s: numbers up to %s were in use", after, next, late)
			}
		}
		id := l.mustSay()
		if e := l.mustStream(next).mustNext("message.created"); mustNumber(t, e.id) <= mustNumber(t, next) || !strings.Contains(e.data, id) {
			t.Errorf("the first event %+v, want message %s beyond %s", e, id, next)
		}
		p.mustStop()

		// The next start is an ordinary one: it restores nothing and sends only what is new.
		p = mustStart(t, dir, env...)
		p.mustLog("backup follows the database")
		if strings.Contains(p.stderr.String(), "restored") || strings.Contains(p.stderr.String(), "anew") {
			t.Errorf("the second start restored something:\n%s", p.stderr)
		}
		l.moveTo(p)
		if e := l.mustStream(next).mustNext("message.created"); !strings.Contains(e.data, id) {
			t.Errorf("after a restart %+v, want message %s again", e, id)
		}
		p.mustStop()
	})
}

// TestBackup_Damaged: a start on a damaged database is refused with a line that names the
// way out, and the way leads out.
func TestBackup_Damaged(t *testing.T) {
	t.Parallel()
	dir, place := t.TempDir(), "BACKUP_URL="+t.TempDir()
	p := mustStart(t, dir, place, "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	want := []string{v.mustSay(), v.mustSay()}
	p.mustStop()
	p.mustLog("backup is complete")
	// The log would cover the damage: whoever closes the database last moves it into the file.
	if r := mustRun(t, []string{"DATA_DIR=" + dir}, "find", "users"); r.code != 0 {
		t.Fatal(r.stderr)
	}

	file := store.Path(dir)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[10*4096:], bytes.Repeat([]byte{0xA5}, 3*4096))
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"LISTEN_ADDR=127.0.0.1:0", "DATA_DIR=" + dir}
	assertFails(t, mustRun(t, env), 1, "damaged", "the way out", file, "`liveassist backup`")
	env = append(env, place)
	assertFails(t, mustRun(t, env), 1, "damaged", "the way out", file, "`liveassist restore`")
	assertFails(t, mustRun(t, env, "restore"), 1, file+" exists", "move it away")
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, b) {
		t.Errorf("the damaged file has changed (%v)", err)
	}
	mustMoveAway(t, dir)
	r := mustRun(t, env, "restore")
	if r.code != 0 || r.stderr != "" || !strings.HasPrefix(r.stdout, "restored "+file+" as it was at ") {
		t.Fatalf("restore: code %d, %q, %q", r.code, r.stdout, r.stderr)
	}
	p = mustStart(t, dir, place, "ASSIST=off")
	v.moveTo(p)
	assertSaid(t, v, want...)
	p.mustStop()
}

// assertSaid looks for exactly these messages, in this order.
func assertSaid(t *testing.T, v *person, want ...string) {
	t.Helper()
	var got []string
	for _, m := range v.mustRead() {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("messages %v, want %v", got, want)
	}
}

// TestBackup_AtTime: a moment of the past comes back, in another directory than the one
// that goes on.
func TestBackup_AtTime(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place []string) {
		t.Helper()
		before := time.Now().Add(-time.Minute)
		p := mustStart(t, t.TempDir(), append(place, "ASSIST=off")...)
		v := mustRegister(p, "a@example.com")
		first := v.mustSay()
		time.Sleep(lossWindow)
		at := time.Now()
		time.Sleep(lossWindow)
		second := v.mustSay()
		p.mustStop()

		dir := t.TempDir()
		env := append([]string{"DATA_DIR=" + dir}, place...)
		assertFails(t, mustRun(t, env, "restore", "--at", "yesterday"), 2, "--at")
		assertFails(t, mustRun(t, env, "restore", "--at", before.UTC().Format(time.RFC3339)), 1, "no backup from before")
		for _, c := range []struct {
			args []string
			want []string
		}{
			{[]string{"restore", "--at", at.UTC().Format(time.RFC3339Nano)}, []string{first}},
			{[]string{"restore"}, []string{first, second}},
		} {
			if r := mustRun(t, env, c.args...); r.code != 0 {
				t.Fatalf("%v: code %d, %s", c.args, r.code, r.stderr)
			}
			p := mustStart(t, dir, "ASSIST=off") // without the backup: it belongs to the other
			v.moveTo(p)
			assertSaid(t, v, c.want...)
			p.mustStop()
			mustMoveAway(t, dir)
		}
	})
}

// TestBackup_PlaceAway: while the place is away the server goes on; when it is back, so is
// the backup, with all of it.
func TestBackup_PlaceAway(t *testing.T) {
	t.Parallel()
	place := filepath.Join(t.TempDir(), "backup")
	dir := t.TempDir()
	p := mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	want := []string{v.mustSay()}
	p.mustLog("backup follows the database")
	if err := os.Rename(place, place+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, nil, 0o600); err != nil { // no directory can be made here
		t.Fatal(err)
	}
	want = append(want, v.mustSay())
	p.mustLog("backup failed and tries again")
	want = append(want, v.mustSay())
	if b := v.mustBackup(); b.Problem == "" || b.Lag <= 0 {
		t.Errorf("readyz says %+v, want the problem", b)
	}
	if err := os.Remove(place); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(place+".away", place); err != nil {
		t.Fatal(err)
	}
	p.mustLog("backup works again")
	if b := v.mustBackup(); b.Problem != "" || b.Lag > patience.Seconds() {
		t.Errorf("readyz says %+v, want no problem", b)
	}
	if n := strings.Count(p.stderr.String(), "backup failed"); n != 1 {
		t.Errorf("the log says %d times that the backup failed:\n%s", n, p.stderr)
	}
	p.kill()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p = mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
	v.moveTo(p)
	assertSaid(t, v, want...)
	p.mustStop()
}

// TestBackup_NotesDamaged: where Litestream's notes beside the database are damaged or gone,
// the backup begins anew by itself, and holds everything.
func TestBackup_NotesDamaged(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(file string) error{
		"Damaged": func(file string) error { return os.WriteFile(file, bytes.Repeat([]byte{0xA5}, 500), 0o600) },
		"Gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := filepath.Join(t.TempDir(), "backup")
			dir := t.TempDir()
			p := mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
			v := mustRegister(p, "a@example.com")
			want := []string{v.mustSay()}
			time.Sleep(lossWindow)
			want = append(want, v.mustSay())
			p.mustStop()
			files, err := filepath.Glob(filepath.Join(backup.Notes(store.Path(dir)), "ltx", "0", "*.ltx"))
			if err != nil || len(files) < 2 {
				t.Fatalf("notes %v, %v, want at least two", files, err)
			}
			if err := harm(files[len(files)-1]); err != nil {
				t.Fatal(err)
			}
			p = mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
			v.moveTo(p)
			want = append(want, v.mustSay())
			p.mustLog("backup follows the database")
			p.mustStop()
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			p = mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
			v.moveTo(p)
			assertSaid(t, v, want...)
			p.mustStop()
		})
	}
}

// TestBackup_Unreachable: on an empty volume a place that cannot be asked ends the start. An
// empty database would be taken for the truth, and be copied over the backup.
func TestBackup_Unreachable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"LISTEN_ADDR=127.0.0.1:0", "DATA_DIR=" + dir, "BACKUP_URL=s3://backups/live?endpoint=http://127.0.0.1:1&region=x", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=topsecret"}
	r := mustRun(t, env)
	assertFails(t, r, 1, "whether there is a backup could not be found out", "connection refused")
	if strings.Contains(r.stderr, "topsecret") {
		t.Errorf("the secret shows in %s", r.stderr)
	}
	if empty, err := store.Empty(dir); !empty || err != nil {
		t.Errorf("a database was made (%v)", err)
	}
	assertFails(t, mustRun(t, []string{"DATA_DIR=" + dir}, "restore"), 2, "BACKUP_URL is required")
	assertFails(t, mustRun(t, []string{"DATA_DIR=" + dir, "BACKUP_URL=" + t.TempDir()}, "restore"), 1, "there is no backup")
}

// TestBackup_Foreign: a database does not write over the backup of another one. It serves
// on without a backup, and says so.
func TestBackup_Foreign(t *testing.T) {
	t.Parallel()
	dir, place := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	p := mustStart(t, dir, "BACKUP_URL="+place, "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	want := v.mustSay()
	p.mustStop()

	other := t.TempDir()
	p = mustStart(t, other, "ASSIST=off")
	mustRegister(p, "b@example.com").mustSay()
	p.mustStop()
	p = mustStart(t, other, "BACKUP_URL="+place, "ASSIST=off")
	p.mustLog("holds the backup of another database")
	mustRegister(p, "c@example.com").mustSay()
	p.mustStop()

	restored := t.TempDir()
	p = mustStart(t, restored, "BACKUP_URL="+place, "ASSIST=off")
	v.moveTo(p)
	assertSaid(t, v, want)
	p.mustLog("backup follows the database") // what came from there may go on there
	p.mustStop()
}

// TestBackup_Doctor: the doctor tells a fresh backup from one whose server does not answer.
func TestBackup_Doctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	place := "BACKUP_URL=file://" + filepath.Join(t.TempDir(), "backup")
	p := mustStart(t, dir, "ASSIST=off", place)
	p.mustLog("backup follows the database")
	env := []string{"DATA_DIR=" + dir, "LISTEN_ADDR=" + strings.TrimPrefix(p.url, "http://"), place}
	if f := mustExamine(t, 0, env...)["backup"]; f.State != domain.StateOK || !strings.Contains(f.Says, "ago") {
		t.Errorf("beside the server: %+v, want a fresh backup", f)
	}
	p.mustStop()
	if f := mustExamine(t, 0, env...)["backup"]; f.State != domain.StateWarning || f.Do == "" {
		t.Errorf("without a server: %+v, want a warning", f)
	}
}
