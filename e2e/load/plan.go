package main

import (
	"fmt"
	"os"
	"text/tabwriter"
	"time"
)

const conns = 32

// steps are the measurements by name, in the order of the table.
var (
	order = []string{"post", "read", "latency", "fanout", "idle", "start", "payment", "upload"}
	steps = map[string]func(*plan, *tabwriter.Writer) error{
		"post": (*plan).posting, "read": (*plan).reading, "latency": (*plan).latency,
		"fanout": (*plan).fanning, "idle": (*plan).idling, "start": (*plan).starting,
		"payment": (*plan).paying, "upload": (*plan).uploading,
	}
)

// run prints the table, or one measurement of it.
func (p *plan) run(only string) error {
	if only != "" && steps[only] == nil {
		return fmt.Errorf("no measurement is called %q", only)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "work\tliveassist\treference\tratio\twanted")
	for _, name := range order {
		if only != "" && only != name {
			continue
		}
		if err := steps[name](p, w); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// perSecond measures posts or reads on a fresh server.
func (p *plan) perSecond(s starter, fill int, f func(t *target, people []person) (rate, error)) func() (float64, error) {
	return func() (v float64, err error) {
		err = with(s, func(t *target) error {
			people, err := t.people(8)
			if err != nil {
				return err
			}
			if err := t.fill(people, fill); err != nil {
				return err
			}
			r, err := f(t, people)
			v = r.perSecond
			return err
		})
		return v, err
	}
}

func (p *plan) posting(w *tabwriter.Writer) error {
	post := func(t *target, people []person) (rate, error) { return posts(t, people, conns, p.d) }
	m, err := median(p.rounds, p.perSecond(p.product, 0, post), p.perSecond(p.bare, 0, post), p.perSecond(p.single, 0, post), p.perSecond(p.oneByOne, 0, post))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "post a message, durable (FULL), 32 connections\t%.0f/s\tbare group commit (FULL) %.0f/s\t%.2f\t>= 0.70\n", m[0], m[1], m[0]/m[1])
	fmt.Fprintf(w, "\t\tthe same code, one transaction each (FULL) %.0f/s\t%.2f\t>= 3\n", m[3], m[0]/m[3])
	fmt.Fprintf(w, "\t\tbare, one transaction each (FULL) %.0f/s\t%.2f\t\n", m[2], m[0]/m[2])
	return nil
}

func (p *plan) reading(w *tabwriter.Writer) error {
	read := func(path string) func(t *target, people []person) (rate, error) {
		return func(t *target, people []person) (rate, error) {
			if _, err := reads(t, people, 1, 50*time.Millisecond, ""); err != nil {
				return rate{}, err
			}
			return reads(t, people, conns, p.d, path)
		}
	}
	m, err := median(p.rounds, p.perSecond(p.product, 50, read("")), p.perSecond(p.bare, 50, read("")), p.perSecond(p.bare, 50, read("/bytes")))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "read 50 messages, 32 connections\t%.0f/s\tbare handler, same query %.0f/s\t%.2f\t>= 0.80\n", m[0], m[1], m[0]/m[1])
	fmt.Fprintf(w, "\t\tsame bytes from memory %.0f/s\t%.2f\t>= 0.50\n", m[2], m[0]/m[2])
	return nil
}

func (p *plan) latency(w *tabwriter.Writer) error {
	measure := func(s starter) func() (float64, error) {
		return func() (v float64, err error) {
			err = with(s, func(t *target) error {
				people, err := t.people(100)
				if err != nil {
					return err
				}
				_, p99, err := postToEvent(t, people, 200, p.d)
				v = float64(p99)
				return err
			})
			return v, err
		}
	}
	m, err := median(p.rounds, measure(p.product), measure(p.bare))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "post to event at 200/s, 100 people, p99\t%s\tbare handler %s\t%.2f\t<= 2, < 20 ms\n", ms(time.Duration(m[0])), ms(time.Duration(m[1])), m[0]/m[1])
	return nil
}

func (p *plan) fanning(w *tabwriter.Writer) error {
	measure := func(s starter) func() (float64, error) {
		return func() (v float64, err error) {
			err = with(s, func(t *target) error {
				people, err := t.people(1)
				if err != nil {
					return err
				}
				last, err := fanOut(t, people[0], 1000, 10)
				v = float64(last)
				return err
			})
			return v, err
		}
	}
	m, err := median(p.rounds, measure(p.product), measure(p.bare))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "one event to 1,000 streams, last one\t%s\tbare handler %s\t%.2f\t<= 1.3\n", ms(time.Duration(m[0])), ms(time.Duration(m[1])), m[0]/m[1])
	return nil
}

func (p *plan) idling(w *tabwriter.Writer) error {
	measure := func(s starter) (v float64, err error) {
		err = with(s, func(t *target) error {
			people, err := t.people(20)
			if err != nil {
				return err
			}
			v, err = idle(t, people, p.streams)
			return err
		})
		return v, err
	}
	a, err := measure(p.product)
	if err != nil {
		return err
	}
	b, err := measure(p.bare)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "memory of an idle stream, of %d\t%.1f KiB\tbare handler %.1f KiB\t%.2f\t<= 36 KiB\n", p.streams, a, b, a/b)
	return nil
}

func (p *plan) starting(w *tabwriter.Writer) error {
	var rss int
	measure := func(s starter) func() (float64, error) {
		return func() (v float64, err error) {
			err = with(s, func(t *target) error {
				v, rss = float64(t.started), t.rss()
				return nil
			})
			return v, err
		}
	}
	m, err := median(5, measure(p.product))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "start to first 200 (new database); RSS\t%s; %d MB\t\t\t<= 50 ms; 30 MB\n", ms(time.Duration(m[0])), rss/1024)
	return nil
}
