package assist

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// Fallback lets a model answer, and the guides where it cannot: those say so then.
type Fallback struct {
	Model  Answerer
	Guides *Guides
	Clock  func() time.Time
	Log    *slog.Logger
	// Asked is told how long the model took, and whether it answered; may be nil.
	Asked func(took time.Duration, answered bool)

	mu       sync.Mutex // guards the following
	failures int        // in a row
	closed   time.Time  // until then the model is left alone
}

const (
	// maxFailures is how many failures in a row lead to a pause, so that not everybody
	// waits for a model that does not answer.
	maxFailures  = 3
	failurePause = 30 * time.Second
)

// Answer implements Answerer.
func (f *Fallback) Answer(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
	if err := f.Guides.finders.wait(ctx); err != nil {
		return store.Reply{}, err
	}
	p := phraseBook[q.Language]
	warning := ""
	if !domain.Blank(q.Question.Text) {
		m := f.Guides.finders.byLang[q.Language].understand(q.Question.Text)
		if m.intent == intentPerson {
			return f.Guides.Answer(ctx, q, say)
		}
		if m.danger != "" { // what must not fail does not depend on a model
			warning = p.danger[m.danger] + "\n\n"
			say(warning)
		}
	}
	if f.open() {
		start := f.Clock()
		r, err := f.Model.Answer(ctx, q, say)
		if f.Asked != nil {
			f.Asked(f.Clock().Sub(start), err == nil)
		}
		f.note(err)
		if err == nil {
			r.Text = warning + r.Text
			return r, nil
		}
		if ctx.Err() != nil {
			return r, err
		}
		f.Log.Warn("model failed, the guides answer", "session", q.Session, "error", err)
	}
	r, err := f.Guides.Answer(ctx, q, say)
	r.Text = p.fallback + "\n\n" + r.Text
	return r, err
}

func (f *Fallback) open() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.Clock().Before(f.closed)
}

// note remembers how the model did.
func (f *Fallback) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.failures = 0
		return
	}
	f.failures++
	pause := retryAfter(err)
	if pause == 0 && f.failures >= maxFailures {
		pause = failurePause
	}
	if pause > 0 {
		f.closed = f.Clock().Add(pause)
	}
}
