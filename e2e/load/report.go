package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// unit is what a figure counts.
type unit string

const (
	perSecond unit = "/s"
	millis    unit = "ms"
	kib       unit = "KiB"
	mb        unit = "MB"
	percent   unit = "%"
	count     unit = ""
)

// sample is a figure: the median of rounds.
type sample struct {
	Median float64   `json:"median"`
	Rounds []float64 `json:"rounds"`
}

func sampled(v ...float64) sample {
	sorted := slices.Sorted(slices.Values(v))
	return sample{sorted[len(sorted)/2], v}
}

func (u unit) show(v float64) string {
	switch u {
	case perSecond:
		return fmt.Sprintf("%.0f/s", v)
	case millis:
		return fmt.Sprintf("%.2f ms", v)
	case percent:
		return fmt.Sprintf("%.1f %%", v)
	case count:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f %s", v, u)
}

// against is what somebody else reached at the same work.
type against struct {
	Name       string `json:"name"`
	Durability string `json:"durability,omitempty"`
	sample
	// Ratio is the product's figure divided by this one; 0 where there is none.
	Ratio float64 `json:"ratio,omitempty"`
	goal  goal
	Goal  string `json:"wanted,omitempty"`
	Met   *bool  `json:"met,omitempty"`
}

// row is one work: the product's figure, what it must reach, and the others'.
type row struct {
	Work       string `json:"work"`
	Unit       unit   `json:"unit"`
	Durability string `json:"durability,omitempty"` // the product's
	sample
	goal   goal
	Goal   string    `json:"wanted,omitempty"`
	Met    *bool     `json:"met,omitempty"`
	Others []against `json:"others,omitempty"`
	Note   string    `json:"note,omitempty"`
}

// goal is a bound; the zero value wants nothing.
type goal struct {
	sign  string // ">=" or "<="
	limit float64
}

func atLeast(v float64) goal { return goal{">=", v} }
func atMost(v float64) goal  { return goal{"<=", v} }

// judge returns what is wanted, and whether v is it.
func (g goal) judge(v float64, show func(float64) string) (text string, met *bool) {
	if g.sign == "" {
		return "", nil
	}
	ok := v >= g.limit
	if g.sign == "<=" {
		ok = v <= g.limit
	}
	return g.sign + " " + show(g.limit), &ok
}

func mark(met *bool) string {
	switch {
	case met == nil:
		return ""
	case *met:
		return "ok"
	}
	return "MISSED"
}

// report is the table: it prints each row as it comes and keeps it for JSON.
type report struct {
	out  io.Writer
	w    *tabwriter.Writer
	At   time.Time `json:"at"`
	Rows []*row    `json:"rows"`
}

func newReport(out io.Writer, at time.Time) *report {
	r := &report{out: out, w: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), At: at}
	fmt.Fprintln(r.w, "work\tfigure\tratio\twanted\t")
	return r
}

// add judges a row and prints it.
func (r *report) add(w row) {
	w.Goal, w.Met = w.goal.judge(w.Median, w.Unit.show)
	ratio := func(v float64) string { return fmt.Sprintf("%.2f", v) }
	name := "liveassist"
	if w.Durability != "" {
		name += " (" + w.Durability + ")"
	}
	fmt.Fprintf(r.w, "%s\t\t\t\t\n  %s\t%s\t\t%s\t%s\n", w.Work, name, w.Unit.show(w.Median), w.Goal, mark(w.Met))
	for i := range w.Others {
		o := &w.Others[i]
		if o.Median != 0 {
			o.Ratio = w.Median / o.Median
		}
		o.Goal, o.Met = o.goal.judge(o.Ratio, ratio)
		name := o.Name
		if o.Durability != "" {
			name += " (" + o.Durability + ")"
		}
		shown := ""
		if o.Ratio != 0 {
			shown = ratio(o.Ratio)
		}
		fmt.Fprintf(r.w, "  %s\t%s\t%s\t%s\t%s\n", name, w.Unit.show(o.Median), shown, o.Goal, mark(o.Met))
	}
	if w.Note != "" {
		fmt.Fprintf(r.w, "  %s\t\t\t\t\n", strings.ReplaceAll(w.Note, "\n", "; "))
	}
	r.w.Flush()
	r.Rows = append(r.Rows, &w)
}

// missed is how many goals were not reached.
func (r *report) missed() (n int) {
	for _, w := range r.Rows {
		for _, met := range append([]*bool{w.Met}, mets(w.Others)...) {
			if met != nil && !*met {
				n++
			}
		}
	}
	return n
}

func mets(others []against) (list []*bool) {
	for _, o := range others {
		list = append(list, o.Met)
	}
	return list
}

func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
