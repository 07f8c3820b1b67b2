package images

import (
	"context"

	"liveassist/images/internal/pngrow"
)

type pngSource struct{ d *pngrow.Decoder }

func openPNG(raw []byte) (source, error) {
	d, err := pngrow.New(raw)
	if err != nil {
		return nil, err
	}
	return &pngSource{d}, nil
}

func (s *pngSource) size() (w, h int) { return s.d.Width, s.d.Height }
func (s *pngSource) orientation() int { return orientation(s.d.Exif) }
func (s *pngSource) lossy() bool      { return false }

func (s *pngSource) memory() int64 {
	if s.d.Interlaced {
		k := mosaicFactor(s.d.Width, s.d.Height)
		return int64((s.d.Width+k-1)/k) * int64((s.d.Height+k-1)/k) * 8
	}
	return int64(s.d.Width) * 24 // two rows of 64 bits a pixel, one of 32
}

func (s *pngSource) decode(ctx context.Context) (picture, error) {
	if s.d.Interlaced {
		return s.decodeInterlaced(ctx)
	}
	c := newCanvas(s.d.Width, s.d.Height, s.d.HasAlpha())
	err := s.d.Decode(func(y, _, _ int, pix []byte) error {
		c.add(pix)
		return alive(ctx, y)
	})
	if err != nil {
		return picture{}, err
	}
	return c.picture(), nil
}

// decodeInterlaced handles a picture whose rows come in seven passes, of which none but the
// last has whole rows: it gathers them in a mosaic first.
func (s *pngSource) decodeInterlaced(ctx context.Context) (picture, error) {
	m := newMosaic(s.d.Width, s.d.Height)
	err := s.d.Decode(func(y, x, dx int, pix []byte) error {
		m.add(y, x, dx, pix)
		return alive(ctx, y)
	})
	if err != nil {
		return picture{}, err
	}
	c := newCanvas(m.w, m.h, s.d.HasAlpha())
	row := make([]byte, 4*m.w)
	for y := range m.h {
		m.row(y, row)
		c.add(row)
	}
	return c.picture(), nil
}

// maxTiles is how many tiles a mosaic may have; a tile takes 8 bytes, so 64 MiB.
const maxTiles = 8 << 20

// mosaic adds up pixels that come in any order in square tiles of k*k pixels. Up to 8
// megapixels k is 1 and nothing is lost; at 50 megapixels it is 3, which leaves more than
// StoredSide in each direction.
type mosaic struct {
	k, w, h       int // side of a tile in pixels, tiles across and down
	width, height int // in pixels
	sums          []uint16
}

// mosaicFactor returns the smallest side of a tile that keeps a picture within maxTiles.
func mosaicFactor(w, h int) int {
	k := 1
	for ((w+k-1)/k)*((h+k-1)/k) > maxTiles {
		k++
	}
	return k
}

func newMosaic(width, height int) *mosaic {
	k := mosaicFactor(width, height)
	m := &mosaic{k: k, w: (width + k - 1) / k, h: (height + k - 1) / k, width: width, height: height}
	m.sums = make([]uint16, 4*m.w*m.h) // k*k*255 fits: k is 3 at most below MaxPixels
	return m
}

// add takes pixels of row y, from column x on, dx columns apart.
func (m *mosaic) add(y, x, dx int, pix []byte) {
	for i := 0; i < len(pix); i, x = i+4, x+dx {
		tile := m.sums[4*(y/m.k*m.w+x/m.k):][:4]
		if m.k == 1 {
			tile[0], tile[1], tile[2], tile[3] = uint16(pix[i]), uint16(pix[i+1]), uint16(pix[i+2]), uint16(pix[i+3])
			continue
		}
		a := uint32(pix[i+3])
		for c, v := range pix[i : i+3] {
			tile[c] += uint16(scaled(v, a))
		}
		tile[3] += uint16(a)
	}
}

// row writes row y of tiles as RGBA pixels.
func (m *mosaic) row(y int, pix []byte) {
	tall := min(m.k, m.height-y*m.k)
	for x := range m.w {
		tile, out := m.sums[4*(y*m.w+x):][:4], pix[4*x:4*x+4]
		if m.k == 1 {
			out[0], out[1], out[2], out[3] = byte(tile[0]), byte(tile[1]), byte(tile[2]), byte(tile[3])
			continue
		}
		n, a := uint32(tall*min(m.k, m.width-x*m.k)), uint32(tile[3])
		for c := range 3 {
			out[c] = 0
			if a > 0 { // the sums count each pixel as much as it is seen
				out[c] = byte(min(255, (uint32(tile[c])*255+a/2)/a))
			}
		}
		out[3] = byte((a + n/2) / n)
	}
}
