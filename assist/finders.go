package assist

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"liveassist/assist/guides"
)

// Finders finds guides in every language. It is made in the background, because that
// takes longer than the whole program may take to start; whoever asks first waits for it.
type Finders struct {
	ready  chan struct{} // closed when what follows is set
	byLang map[guides.Lang]*finder
	err    error
	once   sync.Once
}

// NewFinders begins to index the guides of a library.
func NewFinders(ctx context.Context, library *guides.Library, makeIndex MakeIndex) *Finders {
	f := &Finders{ready: make(chan struct{})}
	go func() {
		defer close(f.ready)
		f.byLang = map[guides.Lang]*finder{}
		for _, lang := range []guides.Lang{guides.English, guides.Swedish} {
			one, err := newFinder(ctx, lang, library.All(lang), makeIndex)
			if err != nil {
				f.err = fmt.Errorf("guides in %s: %w", lang, err)
				return
			}
			f.byLang[lang] = one
		}
	}()
	return f
}

// Ready is closed when the guides are indexed, or cannot be.
func (f *Finders) Ready() <-chan struct{} { return f.ready }

// wait returns when the guides are indexed.
func (f *Finders) wait(ctx context.Context) error {
	select {
	case <-f.ready:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Language returns the language of a text by its own words; ok is false where they do
// not decide.
func (f *Finders) Language(text string) (lang guides.Lang, ok bool) {
	<-f.ready
	return detect(text, f.byLang)
}

// Find returns the guides that a question may be about, the best first.
func (f *Finders) Find(ctx context.Context, lang guides.Lang, question string, limit int) ([]Hit, error) {
	if err := f.wait(ctx); err != nil {
		return nil, err
	}
	return f.byLang[lang].find(ctx, question, limit)
}

// Close waits until the index is made, and frees it.
func (f *Finders) Close() error {
	<-f.ready
	var errs []error
	f.once.Do(func() {
		for _, one := range f.byLang {
			errs = append(errs, one.close())
		}
	})
	return errors.Join(errs...)
}
