// Package assist answers in conversations: from the embedded guides, or with a language
// model where one is configured.
//
// The need for a reply is a row that is stored with the person's message. The Assistant
// takes up what is due, asks an Answerer, and stores the reply: once, in the order of the
// messages, also across a restart.
package assist

import (
	"context"
	"slices"

	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// Question is a message that waits for a reply, with what its writer may know: one
// conversation of one person, and nothing of anybody else.
type Question struct {
	store.Need
	store.Talk
	// Language is the one to answer in.
	Language guides.Lang
}

// Answerer writes the reply to one message. It is asked once a message, and again only
// where it failed. say takes pieces of the reply while it is being written, for pages that
// are open; what counts is the reply that is returned.
type Answerer interface {
	Answer(ctx context.Context, q Question, say func(piece string)) (store.Reply, error)
}

// Who wrote a reply.
const (
	byGuides = "guides"
	byModel  = "model"
	byNobody = "failed" // for those who count replies
)

// language decides in which language to answer: the question's own words, or what the
// person wrote before, or the language of their last reply.
func language(f *Finders, t store.Talk) guides.Lang {
	if lang, ok := f.Language(t.Question.Text); ok {
		return lang
	}
	for _, m := range slices.Backward(t.Before) {
		if m.Role != domain.AuthorUser {
			continue
		}
		if lang, ok := f.Language(m.Text); ok {
			return lang
		}
	}
	return guides.ParseLang(t.Lang)
}
