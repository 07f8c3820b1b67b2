package images

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/color"
	"strings"
	"testing"

	"liveassist/domain"
)

func TestProcessor_Process_refused(t *testing.T) {
	p := mustPNG(t, corners(64, 48))
	huge := func(w, h int) []byte {
		return append(append([]byte{}, p[:8]...), append(pngHeader(w, h, 8, 2, 0), p[33:]...)...)
	}
	jpegSize := func(w, h int) []byte {
		b := mustJPEG(t, corners(64, 48), 90)
		at := bytes.Index(b, []byte{0xff, 0xc0})
		binary.BigEndian.PutUint16(b[at+5:], uint16(h))
		binary.BigEndian.PutUint16(b[at+7:], uint16(w))
		return b
	}
	gifSize := func(w, h int) []byte {
		b := mustGIF(t, corners(64, 48))
		binary.LittleEndian.PutUint16(b[6:], uint16(w))
		binary.LittleEndian.PutUint16(b[8:], uint16(h))
		return b
	}
	for name, c := range map[string]struct {
		raw  []byte
		kind domain.Kind
		text string
	}{
		"nothing":         {nil, domain.KindUnsupportedMediaType, textEmpty},
		"text":            {[]byte("hello"), domain.KindUnsupportedMediaType, textUnknown},
		"html":            {[]byte("<html><script>alert(1)</script>"), domain.KindUnsupportedMediaType, textUnknown},
		"svg":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), domain.KindUnsupportedMediaType, textSVG},
		"svg with prolog": {[]byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x --><svg/>"), domain.KindUnsupportedMediaType, textSVG},
		"heic":            {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), domain.KindUnsupportedMediaType, textHEIC},
		"heif":            {[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"), domain.KindUnsupportedMediaType, textHEIC},
		"avif":            {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), domain.KindUnsupportedMediaType, textAVIF},
		"pdf":             {[]byte("%PDF-1.7"), domain.KindUnsupportedMediaType, textPDF},
		"bmp":             {[]byte("BM\x00\x00\x00\x00"), domain.KindUnsupportedMediaType, textUnknown},
		"animated webp":   {mustRead(t, "animated.webp"), domain.KindUnsupportedMediaType, textAnimated},
		"wrong webp size": {withRIFF(mustRead(t, "lossy.webp"), 66, 45, 0), domain.KindUnsupportedMediaType, textDamaged},
		"jpeg of 12 bits": {bytes.Replace(mustJPEG(t, corners(8, 8), 90), []byte{0xff, 0xc0, 0, 17, 8}, []byte{0xff, 0xc1, 0, 17, 12}, 1), domain.KindUnsupportedMediaType, textVariant},
		"lossless jpeg":   {bytes.Replace(mustJPEG(t, corners(8, 8), 90), []byte{0xff, 0xc0}, []byte{0xff, 0xc3}, 1), domain.KindUnsupportedMediaType, textVariant},
		"too many bytes":  {append(bytes.Clone(p), make([]byte, MaxBytes)...), domain.KindTooLarge, textBytes},
		"png bomb":        {huge(60_000, 60_000), domain.KindTooLarge, textPixels},
		"jpeg bomb":       {jpegSize(65_000, 65_000), domain.KindTooLarge, textPixels},
		"gif bomb":        {gifSize(65_000, 65_000), domain.KindTooLarge, textPixels},
		"50 MP and a row": {huge(10_000, 5_001), domain.KindTooLarge, textPixels},
		"too long":        {huge(MaxSide+1, 1), domain.KindTooLarge, textSide},
		"big webp":        {webpHeader(5000, 5000), domain.KindTooLarge, textComplex},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewProcessor(2).Process(t.Context(), c.raw)
			e, ok := errors.AsType[*domain.Error](err)
			if !ok || e.Kind != c.kind || e.Message != c.text {
				t.Errorf("got %v, want %s: %s", err, c.kind, c.text)
			}
		})
	}
}

// webpHeader returns a lossless WebP without pixels.
func webpHeader(w, h int) []byte {
	bits := uint32(w-1) | uint32(h-1)<<14
	return riffChunk("RIFF", append([]byte("WEBP"), riffChunk("VP8L", binary.LittleEndian.AppendUint32([]byte{0x2f}, bits))...))
}

// No part of a file is half a picture.
func TestProcessor_Process_truncated(t *testing.T) {
	transparent := corners(20, 20)
	transparent.SetNRGBA(1, 1, color.NRGBA{})
	p := NewProcessor(1)
	for name, raw := range map[string][]byte{
		"jpeg": mustJPEG(t, corners(20, 20), 90), "progressive": mustRead(t, "progressive-420.jpg"),
		"png": mustPNG(t, corners(20, 20)), "transparent png": mustPNG(t, transparent),
		"gif": mustGIF(t, corners(20, 20)), "animated gif": mustRead(t, "animated.gif"),
		"lossy": mustRead(t, "lossy.webp"), "lossless": mustRead(t, "lossless.webp"), "alpha": mustRead(t, "lossy-alpha.webp"),
	} {
		if _, err := p.Process(t.Context(), raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := 0; n < len(raw); n += 1 + len(raw)/200 {
			if _, err := p.Process(t.Context(), raw[:n]); domain.KindOf(err) != domain.KindUnsupportedMediaType {
				t.Errorf("%s: the first %d of %d bytes: %v", name, n, len(raw), err)
			}
		}
	}
}

func TestGuard(t *testing.T) {
	_, err := guard(func() (Image, error) { var p []byte; _ = p[len(p)]; return Image{}, nil })
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Kind != domain.KindUnsupportedMediaType || e.Message != textDamaged || !strings.Contains(e.Cause.Error(), "guard") {
		t.Errorf("got %v, want the text for a damaged file and the place as the cause", err)
	}
}
