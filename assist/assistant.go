package assist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// Options are what an Assistant needs from outside.
type Options struct {
	Store    *store.DB
	Answerer Answerer
	Finders  *Finders // tell the language
	// Whisper sends an event that is not worth keeping to a person's open pages.
	Whisper func(user domain.UserID, name string, data []byte)
	Clock   func() time.Time
	Log     *slog.Logger
	// Replied is told of each message that is settled: who answered it (guides, model), or
	// that it failed. May be nil.
	Replied func(by string)
	// AtOnce is how many replies are written at once, each in another conversation.
	AtOnce int
}

const (
	// history is how many messages of the conversation the writer of a reply may see.
	history = 30
	// maxTries is how often a reply is tried before the person is told.
	maxTries = 3
	// answerTime is how long one try may take, whatever the writer does.
	answerTime = 2 * time.Minute
	// lookEvery is how often is looked for replies that were put off, or whose wake-up was
	// lost with a crash.
	lookEvery = time.Second
	// page is how many needs are read at once: more than are written at once, since some
	// belong to conversations that are being answered.
	page = 64
)

// Assistant takes up the messages that wait for a reply.
type Assistant struct {
	opts Options
	wake chan struct{}
}

// New returns an Assistant that is at rest until Run.
func New(opts Options) *Assistant {
	return &Assistant{opts: opts, wake: make(chan struct{}, 1)}
}

// Wake says that a message may wait for a reply. It never blocks.
func (a *Assistant) Wake() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// Run answers until ctx ends, and then waits for the replies that are being written to
// stop: they stay due.
func (a *Assistant) Run(ctx context.Context) error {
	if err := a.opts.Store.CountInterrupted(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	busy := map[domain.SessionID]bool{}
	finished := make(chan domain.SessionID, a.opts.AtOnce)
	var writers sync.WaitGroup
	defer writers.Wait()
	for {
		a.takeUp(ctx, busy, func(n store.Need) {
			writers.Go(func() {
				a.reply(ctx, n)
				finished <- n.Session // it has room for all
			})
		})
		select {
		case <-ctx.Done():
			return nil
		case <-a.wake:
		case <-tick.C:
		case id := <-finished:
			delete(busy, id)
		}
	}
}

// takeUp starts what is due, as far as there is room.
func (a *Assistant) takeUp(ctx context.Context, busy map[domain.SessionID]bool, start func(store.Need)) {
	if len(busy) >= a.opts.AtOnce {
		return
	}
	due, err := a.opts.Store.DueReplies(ctx, a.opts.Clock(), page+len(busy))
	if err != nil {
		if ctx.Err() == nil {
			a.opts.Log.Error("replies that are due could not be read", "error", err)
		}
		return
	}
	for _, n := range due {
		if len(busy) < a.opts.AtOnce && !busy[n.Session] {
			busy[n.Session] = true
			start(n)
		}
	}
}

// reply writes the reply to one message and stores it.
func (a *Assistant) reply(ctx context.Context, n store.Need) {
	lang := guides.English
	err := a.write(ctx, n, &lang)
	switch {
	case err == nil, errors.Is(err, store.ErrSuperseded), ctx.Err() != nil:
		return
	case n.Attempts+1 < maxTries:
		a.opts.Log.Warn("reply failed, it is tried again", "session", n.Session, "attempts", n.Attempts+1, "error", err)
		err = a.opts.Store.DelayReply(ctx, n, a.opts.Clock().Add(delay(n.Attempts)))
	default:
		a.opts.Log.Error("reply failed", "session", n.Session, "attempts", n.Attempts+1, "error", err)
		if err = a.opts.Store.FailReply(ctx, n, failure(lang)); err == nil {
			a.replied(byNobody)
		}
	}
	if err == nil || errors.Is(err, store.ErrSuperseded) || ctx.Err() != nil {
		return
	}
	// Not even that could be stored. The reply is still due, so wait here.
	a.opts.Log.Error("state of a reply not stored", "session", n.Session, "error", err)
	pause := time.NewTimer(lookEvery)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
}

// delay is how long the next try waits after attempts failed ones.
func delay(attempts int) time.Duration { return time.Second << (2 * attempts) }

// write asks the answerer once and stores what it wrote. A panic in it is its error.
func (a *Assistant) write(ctx context.Context, n store.Need, lang *guides.Lang) (err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if n.Attempts >= maxTries {
		return errors.New("the server stopped each time when this reply was written")
	}
	talk, err := a.opts.Store.Talk(ctx, n, history)
	if err != nil {
		return err
	}
	if err := a.opts.Finders.wait(ctx); err != nil {
		return err
	}
	*lang = language(a.opts.Finders, talk)
	out := &whisperer{send: func(piece string) { a.whisper(n, piece) }}
	defer out.stop()
	r, err := a.opts.Answerer.Answer(ctx, Question{Need: n, Talk: talk, Language: *lang}, out.say)
	if err != nil {
		return err
	}
	out.stop()
	if _, err = a.opts.Store.FinishReply(ctx, n, r); err == nil {
		a.replied(r.By)
	}
	return err
}

func (a *Assistant) replied(by string) {
	if a.opts.Replied != nil {
		a.opts.Replied(by)
	}
}

// whisper sends a piece of a reply to the person's open pages.
func (a *Assistant) whisper(n store.Need, piece string) {
	data, err := json.Marshal(domain.MessageDelta{ID: n.Reply, SessionID: n.Session, Text: piece})
	if err != nil {
		a.opts.Log.Error("piece of a reply not encoded", "error", err)
		return
	}
	a.opts.Whisper(n.User, domain.EventMessageDelta, data)
}
