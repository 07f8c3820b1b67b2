package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFault_BrokenLog breaks the write-ahead log of a server that was killed, at random: the
// next server starts, SQLite finds nothing wrong, and the conversation is the beginning of
// what was said: nothing after the broken place, nothing wrong before it.
func TestFault_BrokenLog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RATE_LIMIT=off", "ASSIST=off"}
	p := mustStart(t, dir, env...)
	v := mustRegister(p, "a@example.com")
	p.mustStop() // what came so far is in the database itself
	p = mustStart(t, dir, env...)
	v.moveTo(p)
	var said []string
	for range 60 {
		said = append(said, v.mustSay())
	}
	p.kill()

	const header, frame = 32, 24 + 4096
	shortened := 0
	for trial := range faultSetting(t, "FAULT_ROUNDS", 8) {
		broken := mustCopy(t, dir)
		log := filepath.Join(broken, "liveassist.db-wal")
		b, err := os.ReadFile(log)
		if err != nil || len(b) < 60*frame {
			t.Fatalf("a log of %d bytes, %v", len(b), err)
		}
		at := rand.IntN(len(b))
		how := []string{"bits flipped", "in the header", "cut off", "zeros", "rubbish at the end", "rubbish from here", "a frame twice", "frames swapped"}[trial%8]
		switch how {
		case "bits flipped":
			for range 8 {
				b[at+rand.IntN(min(64, len(b)-at))] ^= byte(1 + rand.IntN(255))
			}
		case "in the header":
			b[rand.IntN(header)] ^= byte(1 + rand.IntN(255))
		case "cut off":
			b = b[:at]
		case "zeros":
			clear(b[at:min(at+8192, len(b))])
		case "rubbish at the end":
			for range 3 * frame {
				b = append(b, byte(rand.Uint32()))
			}
		case "rubbish from here":
			for i := range b[at:] {
				b[at+i] = byte(rand.Uint32())
			}
		case "a frame twice", "frames swapped":
			i := header + rand.IntN((len(b)-header)/frame-1)*frame
			first := string(b[i : i+frame])
			if how == "frames swapped" {
				copy(b[i:], b[i+frame:i+2*frame])
			}
			copy(b[i+frame:], first)
		}
		if err := os.WriteFile(log, b, 0o600); err != nil {
			t.Fatal(err)
		}
		p := mustStart(t, broken, env...)
		v.moveTo(p)
		got := v.mustRead()
		if err := isBeginning(got, said); err != nil {
			t.Errorf("%s at %d of %d: %v", how, at, len(b), err)
		}
		if len(got) < len(said) {
			shortened++
		}
		if how == "rubbish at the end" && len(got) != len(said) {
			t.Errorf("%s: %d messages, want all %d", how, len(got), len(said))
		}
		v.must(http.StatusOK, http.MethodGet, "/readyz", nil, nil)
		v.mustSay() // and it goes on
		p.kill()
		mustBeSound(t, broken)
	}
	if shortened == 0 {
		t.Error("no trial lost anything: the log was not broken")
	}
}

// isBeginning reports what is wrong with a conversation that should be the first part of what
// was said.
func isBeginning(got []message, said []string) error {
	for i, m := range got {
		if i >= len(said) || m.ID != said[i] {
			return fmt.Errorf("message %d is %s, which is not what was said then", i, m.ID)
		}
		if !strings.HasSuffix(m.Text, m.ID) {
			return fmt.Errorf("message %s says %q", m.ID, m.Text)
		}
	}
	return nil
}
