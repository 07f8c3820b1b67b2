package store

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

// TestDB_Write_Halfway: a write that fails after it has changed something takes nothing with
// it and leaves nothing behind; its neighbours are stored and announced once, though they
// may have run twice. One that fails before it writes makes nobody run again.
func TestDB_Write_Halfway(t *testing.T) {
	errHalf := errors.New("halfway")
	halfway := func(tx *Tx) error { return errors.Join(note("half")(tx), errHalf) }
	early := func(tx *Tx) error {
		var n int
		return errors.Join(tx.QueryRow(`SELECT COUNT(*) FROM meta`).Scan(&n), errHalf)
	}
	returning := func(tx *Tx) error {
		var key string
		return errors.Join(tx.QueryRow(`INSERT INTO meta (key, value) VALUES ('note:returned', '') RETURNING key`).Scan(&key), errHalf)
	}
	panics := func(tx *Tx) error { _ = note("panics")(tx); panic("halfway") }
	for name, c := range map[string]struct {
		bad   func(*Tx) error
		again bool
	}{"halfway": {halfway, true}, "early": {early, false}, "returning": {returning, true}, "panic": {panics, true}} {
		synctest.Test(t, func(t *testing.T) {
			s := mustOpen(t)
			runs := 0
			counted := func(tx *Tx) error { runs++; return note("before")(tx) }
			errs := s.batch(counted, c.bad, note("after"))
			if errs[0] != nil || errs[1] == nil || errs[2] != nil {
				t.Errorf("%s: errors %v, want one in the middle", name, errs)
			}
			if got := s.notes(); !slices.Equal(got, []string{"after", "before"}) {
				t.Errorf("%s: stored %v", name, got)
			}
			if want := map[bool]int{false: 1, true: 2}[c.again]; runs != want {
				t.Errorf("%s: a neighbour ran %d times, want %d", name, runs, want)
			}
			s.assertAnnounced()
		})
	}
}
