package assist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"liveassist/store"
)

// ModelOptions name an OpenAI-compatible chat endpoint and bound what it may cost. Zero
// bounds get the defaults.
type ModelOptions struct {
	URL  string // up to and without /chat/completions
	Key  string // may be empty
	Name string
	// Pictures reads the photos of the conversation.
	Pictures Pictures
	Finders  *Finders // the guides that the model is shown
	Clock    func() time.Time
	// FirstToken is how long a reply may take to begin, waiting for a place included;
	// Pause how long it may stand still; Total how long it may take.
	FirstToken, Pause, Total time.Duration
	AtOnce                   int // requests at once
}

const (
	defaultFirstToken  = 20 * time.Second
	defaultPause       = 15 * time.Second
	defaultTotal       = 90 * time.Second
	defaultModelAtOnce = 8
	// maxReplyTokens is how long a reply may be, as the model counts.
	maxReplyTokens = 900
	// maxReplyBytes ends the reply of an endpoint that does not keep to maxReplyTokens.
	maxReplyBytes = 8000
)

// Model writes replies with a language model.
type Model struct {
	opts   ModelOptions
	chat   openai.ChatCompletionService
	places chan struct{}
	// What the endpoint was found not to take, so that it is not tried each time:
	noPhotosUntil atomic.Int64 // Unix seconds
	oldLimit      atomic.Bool  // it wants max_tokens
}

// NewModel returns an Answerer that asks the endpoint. It takes nothing from the
// environment, as the library's own client would.
func NewModel(opts ModelOptions) *Model {
	opts.FirstToken = cmp.Or(opts.FirstToken, defaultFirstToken)
	opts.Pause = cmp.Or(opts.Pause, defaultPause)
	opts.Total = cmp.Or(opts.Total, defaultTotal)
	opts.AtOnce = cmp.Or(opts.AtOnce, defaultModelAtOnce)
	with := []option.RequestOption{
		option.WithBaseURL(strings.TrimSuffix(opts.URL, "/") + "/"), option.WithMaxRetries(0), // a person waits: the guides answer instead
		option.WithHTTPClient(&http.Client{}),
	}
	if opts.Key != "" {
		with = append(with, option.WithAPIKey(opts.Key))
	}
	return &Model{opts: opts, chat: openai.NewChatCompletionService(with...), places: make(chan struct{}, opts.AtOnce)}
}

// Why a model's reply cannot be used.
var (
	errSlow     = errors.New("the model did not begin in time")
	errStopped  = errors.New("the model stood still")
	errTooLong  = errors.New("the model took too long")
	errCutOff   = errors.New("the model's reply was cut off")
	errNoReply  = errors.New("the model's reply is empty")
	errFiltered = errors.New("the model refused to reply")
)

// Answer implements Answerer.
func (m *Model) Answer(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, m.opts.Total, errTooLong)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var begun atomic.Bool
	patience := time.AfterFunc(m.opts.FirstToken, func() {
		if begun.Load() {
			stop(errStopped)
		}
		stop(errSlow) // the first cause counts
	})
	defer patience.Stop()
	select {
	case m.places <- struct{}{}:
		defer func() { <-m.places }()
	case <-ctx.Done():
		return store.Reply{}, context.Cause(ctx)
	}
	hits, err := m.opts.Finders.Find(ctx, q.Language, q.Question.Text, promptGuides)
	if err != nil {
		return store.Reply{}, err
	}
	text, err := m.try(ctx, q, hits, func(piece string) {
		begun.Store(true)
		if patience.Reset(m.opts.Pause) { // else it fired: the stream ends with its cause
			say(piece)
		}
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	if err != nil {
		return store.Reply{}, fmt.Errorf("ask model: %w", err)
	}
	r := store.Reply{Text: text, By: byModel, Lang: string(q.Language), Guide: q.Guide, Step: q.Step}
	if len(hits) > 0 && hits[0].sure() && hits[0].Guide.Slug != q.Guide {
		r.Guide, r.Step = hits[0].Guide.Slug, 0
	}
	return r, nil
}

// try asks with all there is, and again with less where the endpoint refuses that.
func (m *Model) try(ctx context.Context, q Question, hits []Hit, say func(string)) (string, error) {
	photos := m.opts.Clock().Unix() >= m.noPhotosUntil.Load()
	for {
		messages, withPhotos := m.prompt(ctx, q, hits, photos)
		text, err := m.stream(ctx, m.params(messages), say)
		refusal, ok := errors.AsType[*openai.Error](err)
		switch {
		case !ok || text != "" || !canRefuse(refusal.StatusCode):
			return text, err
		case !m.oldLimit.Load() && strings.Contains(refusal.Error()+refusal.RawJSON(), "max_completion_tokens"):
			m.oldLimit.Store(true)
		case withPhotos > 0:
			photos = false
			m.noPhotosUntil.Store(m.opts.Clock().Add(time.Hour).Unix())
		default:
			return text, err
		}
	}
}

// canRefuse reports whether a status may say that the endpoint does not take what was sent.
func canRefuse(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusNotImplemented:
		return true
	}
	return false
}

func (m *Model) params(messages []openai.ChatCompletionMessageParamUnion) openai.ChatCompletionNewParams {
	p := openai.ChatCompletionNewParams{Model: m.opts.Name, Messages: messages}
	if m.oldLimit.Load() {
		p.MaxTokens = openai.Int(maxReplyTokens)
	} else {
		p.MaxCompletionTokens = openai.Int(maxReplyTokens)
	}
	return p
}

// stream reads a reply to its end. Text that comes with an error was said already.
func (m *Model) stream(ctx context.Context, p openai.ChatCompletionNewParams, say func(string)) (string, error) {
	s := m.chat.NewStreaming(ctx, p)
	defer s.Close() //nolint:errcheck // nothing was written
	var text strings.Builder
	finish := ""
	for s.Next() && text.Len() <= maxReplyBytes {
		for _, c := range s.Current().Choices {
			if c.Index != 0 {
				continue
			}
			finish = cmp.Or(c.FinishReason, finish)
			if c.Delta.Content != "" {
				text.WriteString(c.Delta.Content)
				say(c.Delta.Content)
			}
		}
	}
	switch err := s.Err(); {
	case err != nil:
		return text.String(), err
	case finish == "content_filter":
		return text.String(), errFiltered
	case text.Len() > maxReplyBytes, finish == "length":
		return strings.TrimSpace(text.String()) + " …", nil
	case finish == "":
		return text.String(), errCutOff
	case strings.TrimSpace(text.String()) == "":
		return "", errNoReply
	}
	return strings.TrimSpace(text.String()), nil
}

// retryAfter returns how long an endpoint asks to be left alone; 0 where it does not.
func retryAfter(err error) time.Duration {
	e, ok := errors.AsType[*openai.Error](err)
	if !ok || e.Response == nil || e.StatusCode != http.StatusTooManyRequests && e.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	seconds, err := strconv.Atoi(e.Response.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return defaultRetryAfter
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}

// How long an endpoint is left alone that is overrun: where it does not say, and at the most.
const (
	defaultRetryAfter = 10 * time.Second
	maxRetryAfter     = 10 * time.Minute
)
