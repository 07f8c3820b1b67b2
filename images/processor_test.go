package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"testing/synctest"
)

// mustDecode returns the pixels of a result, read by the decoder of its type.
func mustDecode(tb testing.TB, contentType string, data []byte) image.Image {
	tb.Helper()
	decode := png.Decode
	if contentType == typeJPEG {
		decode = jpeg.Decode
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatalf("decode %s: %v", contentType, err)
	}
	return m
}

// check fails if a result contradicts itself or breaks a bound.
func check(tb testing.TB, img Image) {
	tb.Helper()
	m := mustDecode(tb, img.ContentType, img.Data)
	if m.Bounds() != image.Rect(0, 0, img.Width, img.Height) {
		tb.Errorf("got %v, want %d x %d", m.Bounds(), img.Width, img.Height)
	}
	if max(img.Width, img.Height) > StoredSide || min(img.Width, img.Height) < 1 {
		tb.Errorf("%d x %d pixels are stored", img.Width, img.Height)
	}
	if len(img.Data) > MaxBytes {
		tb.Errorf("%d bytes are stored", len(img.Data))
	}
	p := mustDecode(tb, img.PreviewType, img.Preview).Bounds()
	if got, want := p.Dx(), min(img.Width, PreviewWidth); got != want {
		tb.Errorf("preview: got %d pixels across, want %d", got, want)
	}
	if got, want := p.Dy(), float64(img.Height)*float64(p.Dx())/float64(img.Width); float64(got) < want-1 || float64(got) > want+1 {
		tb.Errorf("preview: got %d pixels down, want %.1f", got, want)
	}
	sum := sha256.Sum256(img.Data)
	if got, want := img.Hash, hex.EncodeToString(sum[:]); got != want {
		tb.Errorf("hash: got %s, want %s", got, want)
	}
}

func mustProcess(tb testing.TB, raw []byte) Image {
	tb.Helper()
	img, err := NewProcessor(2).Process(tb.Context(), raw)
	if err != nil {
		tb.Fatal(err)
	}
	check(tb, img)
	return img
}

func TestProcessor_Process(t *testing.T) {
	transparent := corners(64, 48)
	transparent.SetNRGBA(3, 3, color.NRGBA{0, 0, 255, 9})
	deep := image.NewNRGBA64(image.Rect(0, 0, 20, 10))
	for i := range deep.Pix {
		deep.Pix[i] = byte(i * 7)
	}
	paletted := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.Black, color.White, color.NRGBA{1, 2, 3, 255}})
	for name, c := range map[string]struct {
		raw  []byte
		kind string
		w, h int
	}{
		"jpeg":                  {mustJPEG(t, corners(64, 48), 90), typeJPEG, 64, 48},
		"gray jpeg":             {mustJPEG(t, image.NewGray(image.Rect(0, 0, 9, 9)), 90), typeJPEG, 9, 9},
		"progressive jpeg":      {mustRead(t, "progressive-420.jpg"), typeJPEG, 67, 45},
		"cmyk jpeg":             {mustRead(t, "cmyk.jpg"), typeJPEG, 67, 45},
		"jpeg 1 wide":           {mustJPEG(t, image.NewGray(image.Rect(0, 0, 1, 300)), 90), typeJPEG, 1, 300},
		"jpeg 1 wide, long":     {mustJPEG(t, corners(1, 9000), 90), typeJPEG, 1, 2048},
		"photo":                 {mustJPEG(t, photo(4032, 3024), 80), typeJPEG, 2016, 1512},
		"upright photo":         {mustJPEG(t, photo(2100, 2800), 80), typeJPEG, 1536, 2048},
		"png":                   {mustPNG(t, corners(64, 48)), typePNG, 64, 48},
		"png 1 wide":            {mustPNG(t, corners(1, 77)), typePNG, 1, 77},
		"png 1 high, long":      {mustPNG(t, corners(30_000, 1)), typePNG, 2048, 1},
		"png with transparency": {mustPNG(t, transparent), typePNG, 64, 48},
		"png of 16 bits":        {mustPNG(t, deep), typePNG, 20, 10},
		"png with palette":      {mustPNG(t, paletted), typePNG, 30, 20},
		"screenshot":            {mustPNG(t, corners(2560, 1600)), typePNG, 2048, 1280},
		"photo as png":          {mustPNG(t, photo(1400, 1000)), typeJPEG, 1400, 1000},
		"gif":                   {mustGIF(t, corners(64, 48)), typePNG, 64, 48},
		"animated gif":          {mustRead(t, "animated.gif"), typePNG, 67, 45},
		"lossy webp":            {mustRead(t, "lossy.webp"), typeJPEG, 67, 45},
		"lossless webp":         {mustRead(t, "lossless.webp"), typePNG, 67, 45},
		"transparent webp":      {mustRead(t, "lossy-alpha.webp"), typePNG, 67, 45},
	} {
		t.Run(name, func(t *testing.T) {
			img := mustProcess(t, c.raw)
			if img.ContentType != c.kind || img.Width != c.w || img.Height != c.h {
				t.Errorf("got %s %d x %d, want %s %d x %d", img.ContentType, img.Width, img.Height, c.kind, c.w, c.h)
			}
		})
	}
}

// A transparent picture that even PNG cannot make small is stored at half the size.
func TestProcessor_Process_transparentNoise(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 1360, 1060))
	copy(m.Pix, photo(1360, 1060).Pix)
	for i := range m.Pix {
		m.Pix[i] ^= byte(i * i >> 8)
	}
	img := mustProcess(t, mustPNG(t, m))
	if img.ContentType != typePNG || len(img.Data) > maxStored {
		t.Errorf("got %s of %d bytes", img.ContentType, len(img.Data))
	}
}

// Whoever leaves while waiting, or while the picture is worked on, gets the context's error
// and takes nothing along.
func TestProcessor_Process_cancelled(t *testing.T) {
	raw, lossy := mustPNG(t, corners(64, 48)), mustRead(t, "lossy.webp")
	synctest.Test(t, func(t *testing.T) {
		p := NewProcessor(2)
		if err := p.memory.Acquire(t.Context(), memoryBudget); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { _, err := p.Process(ctx, raw); done <- err }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("waiting: got %v, want %v", err, context.Canceled)
		}
		p.memory.Release(memoryBudget)
		if !p.memory.TryAcquire(memoryBudget) {
			t.Error("some of the budget is lost")
		}
	})

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, raw := range map[string][]byte{
		"png": raw, "jpeg": mustJPEG(t, corners(64, 48), 90), "gif": mustGIF(t, corners(64, 48)),
		"webp": lossy, "progressive": mustRead(t, "progressive-420.jpg"), "interlaced": mustInterlaced(t, 16, 64),
	} {
		src, err := open(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := src.decode(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}

// Each picture takes its share of the budget, so no more than the given number are in work.
func TestNewProcessor(t *testing.T) {
	raw := mustPNG(t, corners(64, 48))
	for n, places := range map[int]int64{0: 1, 1: 1, 2: 2, 4: 4} {
		synctest.Test(t, func(t *testing.T) {
			p := NewProcessor(n)
			taken := p.share*places - p.share/2 // half a place is free, enough for the picture itself
			if err := p.memory.Acquire(t.Context(), taken); err != nil {
				t.Fatal(err)
			}
			finished := false
			go func() {
				if _, err := p.Process(t.Context(), raw); err != nil {
					t.Errorf("%d at once: %v", n, err)
				}
				finished = true
			}()
			synctest.Wait()
			if finished {
				t.Errorf("%d at once: one more was worked on", n)
			}
			p.memory.Release(p.share / 2)
			synctest.Wait()
			if !finished {
				t.Errorf("%d at once: a free place was not taken", n)
			}
			p.memory.Release(taken - p.share/2)
		})
	}
}
