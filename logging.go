package main

import (
	"context"
	"log/slog"

	"liveassist/domain"
)

// storyHandler adds the id of the request that began a story to each line of it, where the
// line's context carries one.
type storyHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h storyHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := domain.RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h storyHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return storyHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h storyHandler) WithGroup(name string) slog.Handler {
	return storyHandler{h.Handler.WithGroup(name)}
}
