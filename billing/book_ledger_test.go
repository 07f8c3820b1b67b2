package billing

import (
	"strings"
	"testing"

	"liveassist/domain"
	"liveassist/store"
)

func TestBook_OneLineAnEvent(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	e := w.event(typeCheckoutCompleted, d.checkout())
	w.send(e)
	var lines []string
	for l := range strings.SplitSeq(w.log.String(), "\n") {
		if strings.Contains(l, e["id"].(string)) {
			lines = append(lines, l)
		}
	}
	if len(lines) != 1 {
		t.Fatalf("lines: %q", lines)
	}
	for _, want := range []string{"type=" + typeCheckoutCompleted, "user=" + string(d.user), "decision=grant", "ms="} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("%q lacks %s", lines[0], want)
		}
	}
}

// An error before the commit leaves nothing, the ledger's row included.
func TestBook_AllOrNothing(t *testing.T) {
	w := newWorld(t)
	d := w.deal(w.user())
	must(t, w.db.Write(t.Context(), "break", func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON xp_events BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	e := w.event(typeCheckoutCompleted, d.checkout())
	err := w.try(e)
	if domain.KindOf(err) != domain.KindProcessingError {
		t.Fatalf("error = %v, want a processing error", err)
	}
	if w.status(e) != "" || w.paid(d.user) {
		t.Fatalf("half of it was kept: status %q, paid %v", w.status(e), w.paid(d.user))
	}
	must(t, w.db.Write(t.Context(), "mend", func(tx *store.Tx) error {
		_, err := tx.Exec(`DROP TRIGGER broken`)
		return err
	}))
	w.send(e)
	if !w.paid(d.user) || w.get(d.user).XP != domain.FirstPremiumXP {
		t.Error("the retry did not succeed")
	}
}
