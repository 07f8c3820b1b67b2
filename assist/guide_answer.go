package assist

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// Guides answers from the embedded guides.
type Guides struct {
	finders *Finders
}

// NewGuides returns an Answerer that knows the guides.
func NewGuides(f *Finders) *Guides { return &Guides{f} }

// From which rank and cover on a guide is what is asked for, and from which on it may be:
// chosen with the questions of testdata and some that no guide is about.
const (
	sureScore, sureCover   = 7.0, 0.42
	maybeScore, maybeCover = 4.5, 0.25
	// closeScore is the share of the first guide's rank from which on the second is named too.
	closeScore = 0.8
)

func (h Hit) sure() bool  { return h.Score >= sureScore && h.Cover >= sureCover }
func (h Hit) maybe() bool { return h.Score >= maybeScore && h.Cover >= maybeCover }

// Answer implements Answerer. It writes in one go, so it has no pieces to say.
func (g *Guides) Answer(ctx context.Context, q Question, _ func(string)) (store.Reply, error) {
	if err := g.finders.wait(ctx); err != nil {
		return store.Reply{}, err
	}
	w := &writing{f: g.finders.byLang[q.Language], phrases: phraseBook[q.Language], q: q}
	w.reply = store.Reply{By: byGuides, Lang: string(q.Language), Guide: q.Guide, Step: q.Step}
	if err := w.write(ctx); err != nil {
		return store.Reply{}, err
	}
	w.reply.Text = w.text.String()
	return w.reply, nil
}

// write decides what to answer. The order tells what matters more.
func (w *writing) write(ctx context.Context) error {
	text := w.q.Question.Text
	if domain.Blank(text) {
		w.askAboutPhoto()
		return nil
	}
	m := w.f.understand(text)
	if m.danger != "" {
		w.add("%s", w.danger[m.danger])
	}
	if m.intent == intentPerson {
		w.reply.AskPerson = true
		w.add("%s", w.person)
		return nil
	}
	hits, err := w.f.find(ctx, text, 3)
	if err != nil {
		return err
	}
	if current, ok := w.current(); ok && w.goesOn(m, hits, current) {
		w.goOn(m, hits, current)
		return nil
	}
	if small := w.smallTalk(m); small != "" && (len(hits) == 0 || !hits[0].sure()) {
		w.add("%s", small)
		return nil
	}
	plain := len(hits) > 0 && hits[0].sure() && !w.oneOfMany(hits)
	if !plain {
		more, err := w.withWhatWasSaid(ctx)
		if err != nil {
			return err
		}
		if len(more) > 0 && more[0].sure() {
			hits, plain = more, true
		}
	}
	w.propose(m, hits, plain)
	return nil
}

// propose begins with a guide, or names those that it may be, or says that there is none.
func (w *writing) propose(m meaning, hits []Hit, plain bool) {
	switch {
	case plain:
		w.begin(hits)
	case len(hits) > 0 && hits[0].maybe():
		w.add("%s", w.unsure)
		w.list(hits)
		w.add("%s", w.unsureEnd)
	case m.danger != "":
		// What to do at once has been said; nothing else matters now.
	case m.rest <= 1:
		w.add("%s", w.nothingYet)
	default:
		w.add("%s", w.nothing)
	}
	if w.q.Question.Image != nil {
		w.add("%s", w.photoNote)
	}
}

// oneOfMany reports whether the question names only a thing that several guides are about.
func (w *writing) oneOfMany(hits []Hit) bool {
	return len(hits) > 1 && hits[1].Score >= closeScore*hits[0].Score && len(w.f.units(w.q.Question.Text)) == 1
}

// current returns the guide that the conversation is about.
func (w *writing) current() (guides.Guide, bool) {
	for _, g := range w.f.list {
		if g.Slug == w.q.Guide {
			return g, true
		}
	}
	return guides.Guide{}, false
}

// goesOn reports whether a message goes on with the current guide: it says so, or no other
// guide fits it better.
func (w *writing) goesOn(m meaning, hits []Hit, current guides.Guide) bool {
	if _, ok := stepNamed(w.f, w.q.Question.Text); ok {
		return true
	}
	first := len(hits) > 0 && hits[0].Guide.Slug == current.Slug
	if m.intent.aboutGuide() && (first || m.rest <= 2 || !hits[0].sure()) {
		return true
	}
	if first && hits[0].maybe() {
		return true
	}
	return m.intent == intentThanks && m.rest == 0
}

// goOn answers about the current guide.
func (w *writing) goOn(m meaning, hits []Hit, g guides.Guide) {
	if n, ok := stepNamed(w.f, w.q.Question.Text); ok && n >= 1 && n <= len(g.Steps) {
		w.stepOf(g, n)
		return
	}
	switch m.intent {
	case intentThanks, intentWorked:
		w.endWell(m, g)
	case intentBack:
		if w.q.Step <= 1 {
			w.add("%s", w.first)
		}
		w.stepOf(g, max(1, w.q.Step-1))
	case intentTools:
		w.toolsOf(g)
	case intentSafety:
		w.add(w.beSafe, g.Safety)
	case intentProfessional:
		w.add("%s", g.Professional)
	default:
		n := w.q.Step + 1
		if len(hits) > 0 && hits[0].Guide.Slug == g.Slug && hits[0].Step > n {
			n = hits[0].Step
		}
		w.stepOf(g, n)
	}
}

// smallTalk returns the kind answer to a message that is about nothing broken.
func (w *writing) smallTalk(m meaning) string {
	if m.rest > 1 {
		return ""
	}
	switch m.intent {
	case intentGreet:
		return w.hello
	case intentThanks:
		return w.thanks
	case intentBye:
		return w.bye
	case intentWorked:
		return w.worked
	default:
		return ""
	}
}

// withWhatWasSaid looks for a guide by the question and the person's words before it, where
// there are any and no guide was found yet: people say what it is and what it does in two messages.
func (w *writing) withWhatWasSaid(ctx context.Context) ([]Hit, error) {
	if w.q.Guide != "" {
		return nil, nil
	}
	said := []string{w.q.Question.Text}
	for _, m := range slices.Backward(w.q.Before) {
		if m.Role == domain.AuthorUser && len(said) < 3 {
			said = append(said, m.Text)
		}
	}
	if len(said) == 1 {
		return nil, nil
	}
	return w.f.find(ctx, strings.Join(said, "\n"), 3)
}

// stepNamed returns the number in "step 3".
func stepNamed(f *finder, text string) (int, bool) {
	tokens := f.split(text)
	for i := 0; i+1 < len(tokens) && len(tokens) <= 6; i++ {
		if t := tokens[i].folded; t != "step" && t != "steg" {
			continue
		}
		var n int
		if _, err := fmt.Sscanf(tokens[i+1].folded, "%d", &n); err == nil {
			return n, true
		}
	}
	return 0, false
}
