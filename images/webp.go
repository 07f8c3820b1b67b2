package images

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/webp"
)

// webpSource is a still WebP. golang.org/x/image/webp decodes it as a whole; the container is
// walked here first, for what that package does not tell.
type webpSource struct {
	raw           []byte
	width, height int
	exif          []byte
	lossless      bool // VP8L instead of VP8
	alpha         bool // a VP8 picture with an ALPH chunk
}

var errWebPTruncated = errors.New("webp: the data ends too early")

func openWebP(raw []byte) (source, error) {
	s := &webpSource{raw: raw}
	if err := s.walk(); err != nil {
		return nil, err
	}
	config, err := webp.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	s.width, s.height = config.Width, config.Height
	return s, nil
}

// walk looks at all chunks up to the length that the container states.
func (s *webpSource) walk() error {
	const headSize = 8 // name, length
	end := int64(binary.LittleEndian.Uint32(s.raw[4:])) + headSize
	if end > int64(len(s.raw)) {
		return errWebPTruncated
	}
	s.raw = s.raw[:end] // what follows is not the picture's
	for rest := s.raw[12:]; len(rest) > 0; {
		if len(rest) < headSize {
			return errWebPTruncated
		}
		name, n := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[headSize:]
		if n > int64(len(rest)) {
			return errWebPTruncated
		}
		payload := rest[:n]
		switch name {
		case "ANIM", "ANMF":
			return unsupported(textAnimated)
		case "VP8L":
			s.lossless = true
		case "ALPH":
			s.alpha = true
		case "EXIF":
			s.exif = bytes.TrimPrefix(payload, []byte("Exif\x00\x00"))
		}
		rest = rest[min(int64(len(rest)), n+n&1):] // chunks are padded to an even length
	}
	return nil
}

func (s *webpSource) size() (w, h int) { return s.width, s.height }
func (s *webpSource) orientation() int { return orientation(s.exif) }
func (s *webpSource) lossy() bool      { return !s.lossless }

// memory follows what x/image allocates: lossy 4:2:0 planes; lossless 4 bytes a pixel, as much
// again when it unpacks a palette, and up to 3/4 for its tables; transparency is a lossless
// picture and its copy. The Huffman tables of a hostile lossless picture can take another
// 130 MB, whatever its size (2,600 groups), so two of them are never worked on at once.
func (s *webpSource) memory() int64 {
	px := int64(s.width) * int64(s.height)
	if !s.lossless && !s.alpha {
		return px * 3 / 2
	}
	need := px * 35 / 4
	if s.alpha {
		need += px*3/2 + px
	}
	return max(need, memoryBudget/2+1)
}

func (s *webpSource) decode(ctx context.Context) (picture, error) {
	m, err := webp.Decode(bytes.NewReader(s.raw))
	if err != nil {
		return picture{}, err
	}
	if err := ctx.Err(); err != nil {
		return picture{}, err
	}
	if b := m.Bounds(); b.Dx() != s.width || b.Dy() != s.height || b.Min != (image.Point{}) {
		return picture{}, errors.New("webp: a picture of another size than its header says")
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return fromVideo(m), nil
	case *image.NYCbCrA:
		return fromVideoAlpha(m), nil
	case *image.NRGBA:
		c := newCanvas(s.width, s.height, true)
		for y := range s.height {
			c.add(m.Pix[y*m.Stride:][:4*s.width])
		}
		return c.picture(), nil
	}
	return picture{}, fmt.Errorf("webp: an unexpected picture %T", m)
}

// VP8 stores video levels (BT.601: black is 16, white 235, colours 16 to 240), which x/image
// passes off as the full range of JPEG; taken as such, blacks turn grey (golang/go#40173).

// fullLuma brings a video level of brightness to the full range.
func fullLuma(v byte) byte { return clamp((float64(v) - 16) * 255 / 219) }

// fullChroma brings a video level of colour to the full range.
func fullChroma(v byte) byte { return clamp((float64(v)-128)*255/224 + 128) }

func clamp(v float64) byte { return byte(min(255, max(0, v+0.5))) }

// fromVideo returns an opaque lossy picture.
func fromVideo(m *image.YCbCr) picture {
	sw, sh := m.Rect.Dx(), m.Rect.Dy()
	w, h := fit(sw, sh, StoredSide)
	p := picture{model: ycbcr, planes: []plane{
		scalePlane(m.Y, m.YStride, sw, sh, w, h),
		scalePlane(m.Cb, m.CStride, half(sw), half(sh), half(w), half(h)),
		scalePlane(m.Cr, m.CStride, half(sw), half(sh), half(w), half(h)),
	}}
	for i, pl := range p.planes {
		for j, v := range pl.pix {
			if i == 0 {
				pl.pix[j] = fullLuma(v)
			} else {
				pl.pix[j] = fullChroma(v)
			}
		}
	}
	return p
}

func scalePlane(pix []byte, stride, sw, sh, w, h int) plane {
	s := newScaler(sw, sh, w, h)
	for y := range sh {
		s.add(pix[y*stride:][:sw], 1)
	}
	return s.dst
}

// fromVideoAlpha returns a lossy picture with transparency.
func fromVideoAlpha(m *image.NYCbCrA) picture {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	c := newCanvas(w, h, true)
	row := make([]byte, 4*w)
	for y := range h {
		for x := range w {
			i, j := m.YOffset(x, y), m.COffset(x, y)
			r, g, b := color.YCbCrToRGB(fullLuma(m.Y[i]), fullChroma(m.Cb[j]), fullChroma(m.Cr[j]))
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = r, g, b, m.A[m.AOffset(x, y)]
		}
		c.add(row)
	}
	return c.picture()
}
