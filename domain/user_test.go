package domain

import (
	"testing"
	"time"
)

// TestSubscription_ActiveAt: one that renews counts through its grace, one that ends has none.
func TestSubscription_ActiveAt(t *testing.T) {
	const grace = 72 * time.Hour
	expiry := At(mustTime(t, "2026-03-14T12:00:00Z"))
	for _, c := range []struct {
		name  string
		s     Subscription
		after time.Duration // since the expiry
		want  bool
	}{
		{"long before", Subscription{Status: StatusPaid, Expiry: &expiry}, -24 * time.Hour, true},
		{"at its expiry", Subscription{Status: StatusPaid, Expiry: &expiry}, 0, true},
		{"in its grace", Subscription{Status: StatusPaid, Expiry: &expiry}, grace - time.Millisecond, true},
		{"after its grace", Subscription{Status: StatusPaid, Expiry: &expiry}, grace, false},
		{"past due, in its grace", Subscription{Status: StatusPaid, Expiry: &expiry, PastDue: true}, time.Hour, true},
		{"cancelled, before its end", Subscription{Status: StatusPaid, Expiry: &expiry, Cancels: true}, -time.Millisecond, true},
		{"cancelled, at its end", Subscription{Status: StatusPaid, Expiry: &expiry, Cancels: true}, 0, false},
		{"free", Subscription{Status: StatusFree}, -time.Hour, false},
		{"ended by a refund, before its old expiry", Subscription{Status: StatusFree, Expiry: &expiry}, -time.Hour, false},
		{"paid without an expiry", Subscription{Status: StatusPaid}, -time.Hour, false},
		{"nothing", Subscription{}, 0, false},
	} {
		if got := c.s.ActiveAt(expiry.Time().Add(c.after), grace); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := (Subscription{Status: StatusPaid, Expiry: &expiry}).ActiveAt(expiry.Time(), 0); got {
		t.Error("without grace it counts at its expiry")
	}
}

func TestUser_ImagesOn(t *testing.T) {
	u := User{ImageCounter: 2, ImageDay: 100}
	for day, want := range map[Day]int{99: 0, 100: 2, 101: 0} {
		if got := u.ImagesOn(day); got != want {
			t.Errorf("ImagesOn(%d) = %d, want %d", day, got, want)
		}
	}
}

// TestLevelOf: CONTRACT section 5b: 0, 100, 300, 600, 1,000 points.
func TestLevelOf(t *testing.T) {
	for total, want := range map[int]int{-5: 1, 0: 1, 99: 1, 100: 2, 250: 2, 299: 2, 300: 3, 599: 3, 600: 4, 999: 4, 1000: 5} {
		if got := LevelOf(total); got != want {
			t.Errorf("LevelOf(%d) = %d, want %d", total, got, want)
		}
	}
	for n := 1; n < 200; n++ {
		if got := LevelOf(LevelStart(n)); got != n {
			t.Errorf("LevelOf(LevelStart(%d)) = %d", n, got)
		}
		if got := LevelOf(LevelStart(n+1) - 1); got != n {
			t.Errorf("one point below level %d is level %d", n+1, got)
		}
	}
}
