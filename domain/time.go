package domain

import "time"

// TimeLayout is RFC 3339 in UTC with milliseconds, the form of every time in the API.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// Day is a UTC calendar day, counted from 1970-01-01.
type Day int64

// DayOf returns the UTC day that t falls in.
func DayOf(t time.Time) Day {
	s := t.Unix()
	if s < 0 {
		return Day((s - 86399) / 86400)
	}
	return Day(s / 86400)
}

// End returns the first instant after d: the UTC midnight at which counters start anew.
func (d Day) End() time.Time { return time.Unix(int64(d+1)*86400, 0).UTC() }

// AddMonths adds n calendar months to t and stays within the target month:
// 31 January plus one month is the last day of February, as Stripe bills it.
func AddMonths(t time.Time, n int) time.Time {
	t = t.UTC()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}
