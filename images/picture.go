package images

import (
	"bytes"
	"image"
	"image/color"
)

// model says what the planes of a picture mean.
type model int

const (
	gray  model = iota
	ycbcr       // full range, as in JPEG; the two colour planes have half the size, rounded up
	rgb
	rgba // not premultiplied
)

// picture is a decoded picture at about the size that is stored.
type picture struct {
	model  model
	planes []plane
}

func (p picture) size() (w, h int) { return p.planes[0].w, p.planes[0].h }

// half is the size of a colour plane of a ycbcr picture.
func half(v int) int { return (v + 1) / 2 }

// turn returns the picture as orientation o says.
func (p picture) turn(o int) picture {
	if o == upright {
		return p
	}
	out := picture{model: p.model}
	for _, pl := range p.planes {
		out.planes = append(out.planes, pl.turn(o))
	}
	return out
}

// resize returns the picture in another size.
func (p picture) resize(w, h int) picture {
	if pw, ph := p.size(); pw == w && ph == h {
		return p
	}
	if p.model == rgba {
		c := newCanvasTo(p.planes[0].w, p.planes[0].h, w, h, true)
		row := make([]byte, 4*p.planes[0].w)
		for y := range p.planes[0].h {
			interleave(row, p.planes, y)
			c.add(row)
		}
		return picture{model: rgba, planes: c.result()}
	}
	out := picture{model: p.model}
	for i, pl := range p.planes {
		if p.model == ycbcr && i > 0 {
			out.planes = append(out.planes, pl.resize(half(w), half(h)))
			continue
		}
		out.planes = append(out.planes, pl.resize(w, h))
	}
	return out
}

// interleave writes row y of three or four planes as RGBA pixels.
func interleave(row []byte, planes []plane, y int) {
	r, g, b := planes[0].row(y), planes[1].row(y), planes[2].row(y)
	for x := range r {
		px := row[4*x : 4*x+4]
		px[0], px[1], px[2], px[3] = r[x], g[x], b[x], 255
	}
	if len(planes) == 4 {
		for x, a := range planes[3].row(y) {
			row[4*x+3] = a
		}
	}
}

// simplify drops planes that say nothing: transparency that is nowhere used, colours that are
// all grey.
func (p picture) simplify() picture {
	if p.model == rgba && len(bytes.Trim(p.planes[3].pix, "\xff")) == 0 {
		p = picture{model: rgb, planes: p.planes[:3]}
	}
	if p.model == rgb && bytes.Equal(p.planes[0].pix, p.planes[1].pix) && bytes.Equal(p.planes[1].pix, p.planes[2].pix) {
		p = picture{model: gray, planes: p.planes[:1]}
	}
	return p
}

// image returns the picture in the form that the encoders have fast paths for.
func (p picture) image() image.Image {
	w, h := p.size()
	rect := image.Rect(0, 0, w, h)
	switch p.model {
	case gray:
		return &image.Gray{Pix: p.planes[0].pix, Stride: w, Rect: rect}
	case ycbcr:
		return &image.YCbCr{
			Y: p.planes[0].pix, Cb: p.planes[1].pix, Cr: p.planes[2].pix,
			YStride: w, CStride: half(w), SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: rect,
		}
	case rgb, rgba:
	}
	pix := make([]byte, 4*w*h)
	for y := range h {
		interleave(pix[4*w*y:4*w*(y+1)], p.planes, y)
	}
	if p.model == rgb {
		return &image.RGBA{Pix: pix, Stride: 4 * w, Rect: rect}
	}
	return &image.NRGBA{Pix: pix, Stride: 4 * w, Rect: rect}
}

// indexed returns pixels with a palette if pix has 256 colours at most, as drawings,
// screenshots and every GIF do; PNG then needs a third of the bytes. Otherwise nil.
func indexed(pix []byte, rect image.Rectangle) *image.Paletted {
	out := image.NewPaletted(rect, nil)
	seen := make(map[[4]byte]uint8, 256)
	var last [4]byte
	index := uint8(0)
	for i := range out.Pix {
		if c := [4]byte(pix[4*i:]); i == 0 || c != last {
			at, ok := seen[c]
			if !ok {
				if len(seen) == 256 {
					return nil
				}
				at = uint8(len(seen))
				seen[c] = at
				out.Palette = append(out.Palette, color.NRGBA{c[0], c[1], c[2], c[3]})
			}
			last, index = c, at
		}
		out.Pix[i] = index
	}
	return out
}
