package domain

import (
	"encoding/json"
	"testing"
	"time"
)

func mustTime(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// TestDay: a day is UTC's, whatever the zone in which a time is told.
func TestDay(t *testing.T) {
	for in, want := range map[string]Day{
		"1970-01-01T00:00:00Z":           0,
		"1970-01-01T23:59:59.999Z":       0,
		"1970-01-02T00:00:00Z":           1,
		"1969-12-31T23:59:59.999Z":       -1,
		"1969-12-31T00:00:00Z":           -1,
		"1969-12-30T23:59:59Z":           -2,
		"2026-03-14T23:59:59.999Z":       20526,
		"2026-03-15T01:30:00+02:00":      20526,
		"2026-03-14T22:30:00-02:00":      20527,
		"2026-03-29T00:30:00+01:00":      20540, // the night in which Europe's clocks change
		"2024-02-29T12:00:00.000000001Z": 19782,
	} {
		at := mustTime(t, in)
		got := DayOf(at)
		if got != want {
			t.Errorf("DayOf(%s) = %d, want %d", in, got, want)
		}
		if end := got.End(); !at.Before(end) || end.Sub(at) > 24*time.Hour || DayOf(end) != got+1 || end.Location() != time.UTC {
			t.Errorf("DayOf(%s).End() = %v", in, end)
		}
	}
}

func TestPlan_PeriodEnd(t *testing.T) {
	for _, c := range []struct {
		plan     Plan
		from, to string
	}{
		{PlanMonth, "2026-01-15T10:00:00.5Z", "2026-02-15T10:00:00.5Z"},
		{PlanMonth, "2026-01-31T23:59:59Z", "2026-02-28T23:59:59Z"},
		{PlanMonth, "2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z"},
		{PlanMonth, "2026-02-28T00:00:00Z", "2026-03-28T00:00:00Z"},
		{PlanMonth, "2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z"},
		{PlanMonth, "2026-12-31T00:00:00Z", "2027-01-31T00:00:00Z"},
		{PlanMonth, "2026-02-01T00:30:00+01:00", "2026-02-28T23:30:00Z"}, // 31 January in UTC
		{PlanYear, "2026-01-15T10:00:00Z", "2027-01-15T10:00:00Z"},
		{PlanYear, "2024-02-29T12:00:00Z", "2025-02-28T12:00:00Z"},
		{PlanYear, "2027-02-28T12:00:00Z", "2028-02-28T12:00:00Z"},
	} {
		if got, want := c.plan.PeriodEnd(mustTime(t, c.from)), mustTime(t, c.to); !got.Equal(want) {
			t.Errorf("%s from %s ends %v, want %v", c.plan, c.from, got, want)
		}
	}
	for months, want := range map[int]string{0: "2026-03-31T00:00:00Z", -1: "2026-02-28T00:00:00Z", -13: "2025-02-28T00:00:00Z", 11: "2027-02-28T00:00:00Z", 23: "2028-02-29T00:00:00Z"} {
		if got := AddMonths(mustTime(t, "2026-03-31T00:00:00Z"), months); !got.Equal(mustTime(t, want)) {
			t.Errorf("31 March 2026 and %d months = %v, want %s", months, got, want)
		}
	}
	for plan, want := range map[Plan]bool{PlanMonth: true, PlanYear: true, "": false, "week": false} {
		if got := plan.Valid(); got != want {
			t.Errorf("%q.Valid() = %v, want %v", plan, got, want)
		}
	}
}

func TestTimestamp_JSON(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-14T15:09:26.535897Z":   `"2026-03-14T15:09:26.535Z"`,
		"2026-03-14T16:09:26+01:00":     `"2026-03-14T15:09:26.000Z"`,
		"1969-12-31T23:59:59.999Z":      `"1969-12-31T23:59:59.999Z"`,
		"2026-03-14T15:09:26.999999Z":   `"2026-03-14T15:09:26.999Z"`,
		"2026-03-14T15:09:26.0000001Z":  `"2026-03-14T15:09:26.000Z"`,
		"1969-12-31T23:59:59.9999999Z":  `"1969-12-31T23:59:59.999Z"`,
		"0001-01-01T00:00:00.00000001Z": `"0001-01-01T00:00:00.000Z"`,
	} {
		ts := At(mustTime(t, in))
		got, err := json.Marshal(ts)
		if err != nil || string(got) != want || `"`+ts.String()+`"` != want {
			t.Errorf("%s shows as %s and %s, %v, want %s", in, got, ts, err, want)
		}
		var back Timestamp
		if err := json.Unmarshal(got, &back); err != nil || back != ts {
			t.Errorf("%s reads as %v, %v, want %v", got, back, err, ts)
		}
	}
	for _, in := range []string{`""`, `"soon"`, `1773500966535`, `"2026-03-14"`, `{}`} {
		var ts Timestamp
		if err := json.Unmarshal([]byte(in), &ts); err == nil {
			t.Errorf("%s reads as %v", in, ts)
		}
	}
}
