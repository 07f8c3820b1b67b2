package mirror

import (
	"testing"
	"time"
)

func TestHealth_Lag(t *testing.T) {
	var h health
	start := time.Unix(1_800_000_000, 0)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	check := func(what string, lag int64, since time.Time) {
		t.Helper()
		if s := h.status(); s.Lag != lag || !s.LagSince.Equal(since) {
			t.Errorf("%s: lag %d since %v, want %d since %v", what, s.Lag, s.LagSince, lag, since)
		}
	}
	h.exists(100, at(0))
	check("before the cursor is known", 100, at(0))
	h.reached(100, at(1))
	check("level", 0, time.Time{})
	h.exists(101, at(2))
	h.exists(105, at(3))
	h.exists(104, at(3)) // an older wake-up changes nothing
	check("behind", 5, at(2))
	h.reached(103, at(4))
	check("still behind, by entries that came after the first", 2, at(2))
	h.exists(110, at(5))
	h.reached(108, at(6))
	check("behind by younger entries", 2, at(4))
	h.reached(110, at(7))
	check("level again", 0, time.Time{})
}
