package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// mustParse reads a trace of three threads in /home/data.
func mustParse(t *testing.T, text string) *parser {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newParser("/d")
	if err := p.file(file); err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	hexDir  = `"\x2f\x64"`                                                         // /d
	hexFile = `"\x2f\x64\x2f\x6c\x69\x76\x65\x61\x73\x73\x69\x73\x74\x2e\x64\x62"` // /d/liveassist.db
	made    = "1 mkdirat(AT_FDCWD</>, " + hexDir + ", 0700) = 0\n1 openat(AT_FDCWD</>, " + hexFile + ", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3</d/liveassist.db>\n"
	named   = "1 fsync(4</>) = 0\n1 fsync(4</d>) = 0\n"
	a, b    = `1 pwrite64(3</d/liveassist.db>, "\x61\x61", 2, 0) = 2` + "\n", `1 pwrite64(3</d/liveassist.db>, "\x62", 1, 1) = 1` + "\n"
	synced  = "1 fsync(3</d/liveassist.db>) = 0\n"
)

// TestDisk_After: what a power cut at the end of a trace leaves for certain.
func TestDisk_After(t *testing.T) {
	for name, c := range map[string]struct{ trace, dropped, kept string }{
		"nothing synced":            {made + a, "no file", "aa"},
		"content, no name":          {made + a + synced, "no file", "aa"},
		"name, no content":          {made + named + a, "", "aa"},
		"directory without a name":  {made + "1 fsync(4</d>) = 0\n" + a + synced, "no file", "aa"},
		"synced":                    {made + named + a + synced, "aa", "aa"},
		"written after the sync":    {made + named + a + synced + b, "aa", "ab"},
		"sync that failed":          {made + named + a + "1 fsync(3</d/liveassist.db>) = -1 EIO (Input/output error)\n", "", "aa"},
		"write that failed":         {made + named + a + synced + `1 pwrite64(3</d/liveassist.db>, "\x62", 1, 1) = -1 ENOSPC (No space left on device)` + "\n", "aa", "aa"},
		"write that was cut short":  {made + named + `1 pwrite64(3</d/liveassist.db>, "\x61\x61", 2, 0) = 1` + "\n" + synced, "a", "a"},
		"sync that has not ended":   {made + named + a + "1 fsync(3</d/liveassist.db> <unfinished ...>\n", "", "aa"},
		"write while strace left":   {made + named + a + synced + `1 pwrite64(3</d/liveassist.db>, "\x62", 1, 1 <detached ...>` + "\n", "aa", "ab"},
		"sync that has ended":       {made + named + a + "1 fsync(3</d/liveassist.db> <unfinished ...>\n2 fsync(4</d>) = 0\n1 <... fsync resumed>) = 0\n", "aa", "aa"},
		"write while a sync runs":   {made + named + a + "1 fsync(3</d/liveassist.db> <unfinished ...>\n2 " + b[2:] + "1 <... fsync resumed>) = 0\n", "aa", "ab"},
		"write begun before a sync": {made + named + a + synced + `2 pwrite64(3</d/liveassist.db>, "\x62", 1, 1 <unfinished ...>` + "\n" + synced + "2 <... pwrite64 resumed>) = 1\n", "aa", "ab"},
		"truncated":                 {made + named + a + synced + "1 ftruncate(3</d/liveassist.db>, 1) = 0\n", "aa", "a"},
		"truncated and grown":       {made + named + a + synced + "1 ftruncate(3</d/liveassist.db>, 0) = 0\n" + b + synced, "\x00b", "\x00b"},
		"unlinked":                  {made + named + a + synced + "1 unlink(" + hexFile + ") = 0\n", "aa", "no file"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recording{ops: mustParse(t, c.trace).ops}
			d := newDisk()
			for _, s := range r.steps() {
				if s.end {
					d.end(*s.op)
				} else if err := d.begin(*s.op); err != nil {
					t.Fatal(err)
				}
			}
			for how, want := range map[fate]string{dropped: c.dropped, kept: c.kept} {
				files := d.after("/d", how, nil)
				got, ok := files["liveassist.db"]
				if !ok {
					got = []byte("no file")
				}
				if string(got) != want {
					t.Errorf("%s: %q, want %q (%v)", how, got, want, slices.Collect(maps.Keys(files)))
				}
			}
		})
	}
}

// TestOp_Apply: a torn write leaves whole sectors, old or new, and zeros where the file grew
// over what never came.
func TestOp_Apply(t *testing.T) {
	old := slices.Repeat([]byte{'o'}, 3*sector)
	w := op{kind: opWrite, off: sector / 2, data: slices.Repeat([]byte{'n'}, 4*sector)}
	seen := map[string]bool{}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		got := w.apply(slices.Clone(old), func() bool { return r.IntN(2) == 0 })
		for at := sector; at < len(got); at += sector {
			part := got[at:min(at+sector/2, len(got))]
			seen[string(part[:1])] = true
			if n := len(slices.Compact(slices.Clone(part))); n != 1 {
				t.Fatalf("sector at %d holds %d different bytes", at, n)
			}
		}
	}
	if !seen["o"] || !seen["n"] || !seen["\x00"] {
		t.Errorf("seen %v, want old, new and zero", seen)
	}
}

// TestParser_Refuses what it would have to overlook.
func TestParser_Refuses(t *testing.T) {
	for name, line := range map[string]string{
		"unknown call": "1 fallocate(3</d/liveassist.db>, 0, 0, 4096) = 0\n",
		"cut off":      `1 pwrite64(3</d/liveassist.db>, "\x61"..., 2, 0) = 2` + "\n",
		"no offset":    `1 write(3</d/liveassist.db>, "\x61", 1) = 1` + "\n",
	} {
		p := newParser("/d")
		if err := p.one([]byte(line[:len(line)-1])); err == nil {
			t.Errorf("%s: read as %+v", name, p.ops)
		}
	}
}
