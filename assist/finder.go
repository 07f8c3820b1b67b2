package assist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"liveassist/assist/guides"
)

// WordIndex ranks texts by a phrase; store.GuideIndex is the one that the program uses.
type WordIndex interface {
	// Match returns the texts that hold the phrase, by their place in the list, with their
	// rank: the higher, the better.
	Match(ctx context.Context, phrase string) (map[int]float64, error)
	Close() error
}

// MakeIndex makes a WordIndex of texts, each a list of columns of words, with what a word
// counts in each column.
type MakeIndex func(ctx context.Context, columnWeights []float64, texts [][]string) (WordIndex, error)

// finder finds the guide that a description of a problem is about.
type finder struct {
	*lexicon
	speller *speller
	intents intents
	list    []guides.Guide

	heads  WordIndex // a text a guide: what it is about
	lines  WordIndex // a text a title, summary or symptom: words that stand together
	bodies WordIndex // a text a guide: all the rest
	steps  WordIndex // a text a step

	lineOf []int    // the guide of each line
	stepOf [][2]int // the guide of each step and its number, from 0

	seen sync.Map // phrase -> *evidence; phrases are those of guides and lexicon, so it stays small
}

// What a word counts by where it stands: chosen with the questions of testdata.
//
//nolint:gochecknoglobals // constants
var (
	headWeights = []float64{3, 2, 3, 1, 0.8} // title, symptoms, tags, summary, parts of compounds
	stepWeights = []float64{2, 1}            // title, text
)

const (
	lineShare = 0.45 // of a line's rank, against a head's
	bodyShare = 0.12
	sameShare = 0.75 // of another word for the same
	hintShare = 0.5  // of what a word makes likely
	typoShare = 0.85 // of a word that was corrected
)

func newFinder(ctx context.Context, lang guides.Lang, list []guides.Guide, makeIndex MakeIndex) (f *finder, err error) {
	f = &finder{list: list}
	if f.lexicon, err = loadLexicon(lang); err != nil {
		return nil, err
	}
	if f.intents, err = loadIntents(f.lexicon, lang); err != nil {
		return nil, err
	}
	f.learn()
	var heads, lines, bodies, steps [][]string
	for i, g := range list {
		heads = append(heads, f.head(g))
		bodies = append(bodies, []string{f.text(body(g))})
		for _, line := range append([]string{g.Title, g.Summary.Summary}, g.Symptoms...) {
			lines = append(lines, []string{f.text(line)})
			f.lineOf = append(f.lineOf, i)
		}
		for n, s := range g.Steps {
			steps = append(steps, []string{f.text(s.Title), f.text(s.Text)})
			f.stepOf = append(f.stepOf, [2]int{i, n})
		}
	}
	index := func(weights []float64, texts [][]string) (x WordIndex) {
		if err != nil {
			return nil
		}
		if x, err = makeIndex(ctx, weights, texts); err != nil {
			return nil
		}
		return x
	}
	f.heads, f.lines = index(headWeights, heads), index([]float64{1}, lines)
	f.bodies, f.steps = index([]float64{1}, bodies), index(stepWeights, steps)
	f.learned = true
	if err != nil {
		return nil, errors.Join(fmt.Errorf("index guides: %w", err), f.close())
	}
	return f, nil
}

func (f *finder) close() error {
	var errs []error
	for _, x := range []WordIndex{f.heads, f.lines, f.bodies, f.steps} {
		if x != nil {
			errs = append(errs, x.Close())
		}
	}
	return errors.Join(errs...)
}

// learn takes every word of the guides and the lexicon as spelt right.
func (f *finder) learn() {
	f.speller = newSpeller(f.stem)
	for _, g := range f.list {
		for _, t := range f.split(strings.Join([]string{g.Title, g.Summary.Summary, strings.Join(g.Tags, " "), strings.Join(g.Symptoms, " ")}, "\n")) {
			f.speller.learn(t, !f.empty(t))
		}
		for _, t := range f.split(body(g)) {
			f.speller.learn(t, false)
		}
	}
	for _, w := range f.words {
		for _, t := range f.split(w) {
			f.speller.learn(t, !f.empty(t))
		}
	}
	slices.Sort(f.speller.words)
}

func (f *finder) head(g guides.Guide) []string {
	title, symptoms, tags, summary := g.Title, strings.Join(g.Symptoms, "\n"), strings.Join(g.Tags, "\n"), g.Summary.Summary
	var parts []string
	for _, t := range f.split(title + "\n" + symptoms + "\n" + tags) {
		if first, last := f.speller.parted(t.folded); first != "" && last != "" {
			parts = append(parts, f.stem(first), f.stem(last))
		}
	}
	return []string{f.text(title), f.text(symptoms), f.text(tags), f.text(summary), strings.Join(parts, " ")}
}

func body(g guides.Guide) string {
	parts := []string{g.Safety, g.Next, g.Professional, strings.Join(g.Tools, "\n")}
	for _, s := range g.Steps {
		parts = append(parts, s.Title, s.Text)
	}
	return strings.Join(parts, "\n")
}

// text is what the index holds of a text.
func (f *finder) text(s string) string { return stems(f.split(s)) }

// evidence is what one phrase says about each guide and each step.
type evidence struct {
	heads, lines, bodies, steps map[int]float64
	weight                      float64 // how much it tells: its best rank
}

func (f *finder) evidence(ctx context.Context, phrase string) (*evidence, error) {
	if e, ok := f.seen.Load(phrase); ok {
		return e.(*evidence), nil
	}
	e := &evidence{}
	for x, into := range map[WordIndex]*map[int]float64{f.heads: &e.heads, f.lines: &e.lines, f.bodies: &e.bodies, f.steps: &e.steps} {
		found, err := x.Match(ctx, phrase)
		if err != nil {
			return nil, err
		}
		*into = found
	}
	for _, score := range e.heads {
		e.weight = max(e.weight, score)
	}
	f.seen.Store(phrase, e)
	return e, nil
}

// Hit is a guide that may be what somebody asks for.
type Hit struct {
	Guide guides.Guide
	Score float64
	// Cover is the share of what the question says that the guide has too, from 0 to 1.
	Cover float64
	// Step is the step that fits best, from 1; 1 where none stands out.
	Step int
}

// find returns the guides that a question may be about, the best first.
func (f *finder) find(ctx context.Context, question string, limit int) ([]Hit, error) {
	hits := make([]Hit, len(f.list))
	lines := make([]float64, len(f.lineOf))
	steps := make([]float64, len(f.stepOf))
	asked := 0.0
	for _, u := range f.units(question) {
		best, err := f.gather(ctx, u)
		if err != nil {
			return nil, err
		}
		weight := best.weight
		if weight == 0 {
			weight = unknownWeight
		}
		asked += u.weight * weight
		for i, s := range best.heads {
			hits[i].Score += u.weight * s
			hits[i].Cover += u.weight * min(1, s/weight*2) * weight
		}
		for i, s := range best.bodies {
			hits[i].Score += u.weight * bodyShare * s
			if best.heads[i] == 0 {
				hits[i].Cover += u.weight * 0.3 * weight
			}
		}
		for i, s := range best.lines {
			lines[i] += u.weight * s
		}
		for i, s := range best.steps {
			steps[i] += u.weight * s
		}
	}
	if asked == 0 {
		return nil, nil
	}
	f.addLines(hits, lines)
	for i := range hits {
		hits[i].Guide = f.list[i]
		hits[i].Cover = min(1, hits[i].Cover/asked)
		hits[i].Score *= 0.4 + 0.6*hits[i].Cover
	}
	f.addSteps(hits, steps)
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Score <= 0 })
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(limit, len(hits))], nil
}

// unknownWeight is what a word counts that no guide has, as a rank: as much as a rare one.
const unknownWeight = 8

// gather returns the best of what the alternatives of a unit say.
func (f *finder) gather(ctx context.Context, u unit) (evidence, error) {
	best := evidence{heads: map[int]float64{}, lines: map[int]float64{}, bodies: map[int]float64{}, steps: map[int]float64{}}
	for _, alt := range u.alternatives {
		e, err := f.evidence(ctx, alt.phrase)
		if err != nil {
			return best, err
		}
		take(best.heads, e.heads, alt.share)
		take(best.lines, e.lines, alt.share)
		take(best.bodies, e.bodies, alt.share)
		take(best.steps, e.steps, alt.share)
		best.weight = max(best.weight, alt.share*e.weight)
	}
	return best, nil
}

func take(best, from map[int]float64, share float64) {
	for i, s := range from {
		best[i] = max(best[i], share*s)
	}
}

// addLines adds each guide's best line: words that stand together in it tell more than
// words that are strewn over the guide.
func (f *finder) addLines(hits []Hit, lines []float64) {
	best := make([]float64, len(hits))
	for i, s := range lines {
		best[f.lineOf[i]] = max(best[f.lineOf[i]], s)
	}
	for i, s := range best {
		hits[i].Score += lineShare * s
	}
}

// addSteps notes for each guide the step that fits best.
func (f *finder) addSteps(hits []Hit, steps []float64) {
	best := make([]float64, len(hits))
	for i, s := range steps {
		g, n := f.stepOf[i][0], f.stepOf[i][1]
		switch {
		case n == 0:
			hits[g].Step = 1
			best[g] = max(minStep, firstStep*s)
		case s > best[g]:
			best[g], hits[g].Step = s, n+1
		}
	}
}

// A step that is not the first is begun with only where it stands out: from that rank on,
// and by that factor above the first. Guides are written to be followed from the start.
const (
	minStep   = 13
	firstStep = 2
)
