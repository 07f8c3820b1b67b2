package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// outcome is what the cuts of a recording have shown.
type outcome struct {
	cuts, rebuilt int
	promised      int // promises that were due, over all rebuilt databases
	pending       int // calls that no sync had covered, over all cuts
	broken        []string
}

// step is a call that begins or ends, in the order of the trace.
type step struct {
	line int
	end  bool
	op   *op
}

func (r *recording) steps() []step {
	var list []step
	for i := range r.ops {
		o := &r.ops[i]
		list = append(list, step{o.enter, false, o})
		if o.kind == opSync && o.leave != never {
			list = append(list, step{o.leave, true, o})
		}
	}
	slices.SortStableFunc(list, func(a, b step) int { return cmp.Compare(a.line, b.line) })
	return list
}

// moments chooses where to cut: half of them right after an answer, when what it promised
// is youngest, the others anywhere.
func (r *recording) moments(n int, rnd *rand.Rand) map[int]bool {
	at := map[int]bool{}
	answers := slices.Sorted(func(yield func(int) bool) {
		for line := range r.due {
			if !yield(line) {
				return
			}
		}
	})
	for len(at) < n/2 && len(at) < len(answers) {
		at[answers[rnd.IntN(len(answers))]] = true
	}
	for len(at) < n {
		at[r.ops[rnd.IntN(len(r.ops))].enter] = true
	}
	at[r.ops[len(r.ops)-1].enter] = true
	return at
}

// cut lets the power fail at n moments and looks at what each leaves. see is called with
// each rebuilt directory before it is removed.
func (r *recording) cut(ctx context.Context, n int, rnd *rand.Rand, work string, see func(dir string, how fate) error) (*outcome, error) {
	out, d := &outcome{}, newDisk()
	moments, steps := r.moments(min(n, len(r.ops)/2), rnd), r.steps()
	var due []promise
	for i, s := range steps {
		if s.end {
			d.end(*s.op)
		} else if err := d.begin(*s.op); err != nil {
			return nil, err
		}
		if p, ok := r.due[s.line]; ok && !s.end {
			due = append(due, p)
		}
		if !moments[s.line] || i+1 < len(steps) && steps[i+1].line == s.line {
			continue
		}
		out.cuts++
		for _, f := range d.inodes {
			out.pending += len(f.pending)
		}
		for _, how := range []fate{dropped, kept, torn, torn} {
			if how == kept && out.cuts%4 != 0 {
				continue
			}
			if err := r.rebuild(ctx, out, d, how, due, s.line, rnd, work, see); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// rebuild writes down what one cut leaves and checks it.
func (r *recording) rebuild(ctx context.Context, out *outcome, d *disk, how fate, due []promise, line int, rnd *rand.Rand, work string, see func(string, fate) error) (err error) {
	dir, err := os.MkdirTemp(work, "cut-")
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for name, content := range d.after(r.dir, how, rnd) {
		if filepath.Ext(name) == ".db-shm" {
			// The index of the log is no file but shared memory: after a cut it is rubbish.
			for i := range content {
				content[i] = byte(rnd.Uint32()) //nolint:gosec // any byte
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
	}
	out.rebuilt++
	out.promised += len(due)
	broken, err := check(ctx, dir, due)
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		more := ""
		if len(broken) > 1 {
			more = fmt.Sprintf(" (and %d more)", len(broken)-1)
		}
		out.broken = append(out.broken, fmt.Sprintf("cut at line %d of the trace, %s, %d promises due: %s%s", line, how, len(due), broken[0], more))
	}
	if see != nil {
		return see(dir, how)
	}
	return nil
}
