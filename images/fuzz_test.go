package images

import (
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"liveassist/domain"
)

// Whatever arrives, the answer is a picture that agrees with itself or an error with words.
func FuzzImage(f *testing.F) {
	transparent := corners(40, 30)
	transparent.SetNRGBA(3, 3, color.NRGBA{})
	for _, name := range []string{
		"progressive-420.jpg", "baseline-420.jpg", "cmyk.jpg", "lossy.webp", "lossless.webp", "lossless-alpha.webp",
		"lossless-palette.webp", "lossy-alpha.webp", "animated.webp", "animated.gif",
	} {
		f.Add(mustRead(f, name))
	}
	f.Add(mustPNG(f, transparent))
	f.Add(mustInterlaced(f, 16, 16))
	f.Add(mustPNG(f, corners(700, 2)))
	f.Add(mustGIF(f, corners(40, 30)))
	f.Add(mustJPEG(f, image.NewGray(image.Rect(0, 0, 3, 2100)), 80))
	p := NewProcessor(2)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if src, err := open(raw); err == nil {
			if w, h := src.size(); w*h > 1<<18 {
				return // right, but slow
			}
		}
		img, err := p.Process(t.Context(), raw)
		if err != nil {
			e, ok := errors.AsType[*domain.Error](err)
			if !ok || e.Message == "" || e.Kind != domain.KindUnsupportedMediaType && e.Kind != domain.KindTooLarge {
				t.Fatalf("got %v, want words for a person", err)
			}
			if e.Cause != nil && strings.Contains(e.Cause.Error(), "panic") {
				t.Fatal(e.Cause)
			}
			return
		}
		check(t, img)
	})
}
