package domain

import "context"

// requestIDKey is the context's key for the id of the HTTP request that began a story.
type requestIDKey struct{}

// WithRequestID returns a context that carries a request's id through the layers, so that
// their log lines can be told to belong together.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id that ctx carries; empty where it carries none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
