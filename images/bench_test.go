package images

import (
	"testing"
)

// A photo of 12 megapixels and 3 MB, as phones send them, and a small drawing.
func BenchmarkProcess(b *testing.B) {
	for name, raw := range map[string][]byte{
		"jpeg-12mp": mustJPEG(b, photo(4032, 3024), 92),
		"png-64x48": mustPNG(b, corners(64, 48)),
	} {
		b.Run(name, func(b *testing.B) {
			p := NewProcessor(2)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Process(b.Context(), raw); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(raw))/1e6, "MB")
		})
	}
}
