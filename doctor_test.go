package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"liveassist/domain"
	"liveassist/store"
)

// mustExamine runs the doctor and returns its findings by what they are about.
func mustExamine(t *testing.T, code int, env ...string) map[string]domain.Finding {
	t.Helper()
	r := mustRun(t, env, "doctor", "--json")
	var list []domain.Finding
	if err := json.Unmarshal([]byte(r.stdout), &list); err != nil || r.code != code {
		t.Fatalf("code %d, want %d; %v\n%s%s", r.code, code, err, r.stdout, r.stderr)
	}
	found := map[string]domain.Finding{}
	for _, f := range list {
		found[f.Check] = f
		if f.Says == "" || f.State == domain.StateBroken && f.Do == "" {
			t.Errorf("finding without words: %+v", f)
		}
	}
	return found
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := func(more ...string) []string { return append([]string{"DATA_DIR=" + dir}, more...) }

	if f := mustExamine(t, 0, env()...)["database"]; f.State != domain.StateWarning {
		t.Errorf("nothing there yet: %+v", f)
	}
	p := mustStart(t, dir, "ASSIST=off")
	v := mustRegister(p, "anna@example.com")
	for range 50 {
		v.mustSay()
	}
	found := mustExamine(t, 0, env()...) // while the server runs
	for check, want := range map[string]domain.State{"settings": domain.StateOK, "database": domain.StateOK, "backup": domain.StateOff, "stripe": domain.StateOff, "mongodb": domain.StateOff} {
		if got := found[check]; got.State != want {
			t.Errorf("%s: %+v, want %s", check, got, want)
		}
	}
	if _, ok := found["disk"]; !ok {
		t.Error("nobody looked at the disk")
	}
	p.mustStop()

	for _, c := range []struct {
		env   string
		check string
		state domain.State
		code  int
	}{
		{"MONGO_URL=mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200", "mongodb", domain.StateBroken, 1},
		{"BASE_URL=http://example.com", "settings", domain.StateBroken, 1},
		{"BASE_URL=https://example.com", "settings", domain.StateWarning, 0},
		{"STRIPE_SECRET_KEY=pk_live_1", "stripe", domain.StateBroken, 1},
	} {
		if f := mustExamine(t, c.code, env(c.env)...)[c.check]; f.State != c.state {
			t.Errorf("%s: %+v, want %s", c.env, f, c.state)
		}
	}

	// A page of the database is overwritten.
	path := filepath.Join(dir, store.FileName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+8192; i++ {
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := mustExamine(t, 1, env()...)["database"]; f.State != domain.StateBroken {
		t.Errorf("a damaged database: %+v", f)
	}
	if r := mustRun(t, env(), "doctor"); r.code != 1 || r.stderr != "liveassist: doctor: something does not work\n" {
		t.Errorf("code %d, %q", r.code, r.stderr)
	}
}
