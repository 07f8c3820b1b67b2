package assist

import (
	"testing"

	"liveassist/assist/guides"
)

// BenchmarkFinders is how long the guides take to be indexed after the start.
func BenchmarkFinders(b *testing.B) {
	library, err := guides.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f := NewFinders(b.Context(), library, makeIndex)
		if err := f.wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
