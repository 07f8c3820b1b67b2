package images

import (
	"context"

	"liveassist/images/internal/gifrow"
)

type gifSource struct{ d *gifrow.Decoder }

func openGIF(raw []byte) (source, error) {
	d, err := gifrow.New(raw)
	if err != nil {
		return nil, err
	}
	return &gifSource{d}, nil
}

func (s *gifSource) size() (w, h int) { return s.d.Width, s.d.Height }
func (s *gifSource) orientation() int { return upright }
func (s *gifSource) memory() int64    { return s.d.Memory() }
func (s *gifSource) lossy() bool      { return false }

// decode returns the first picture on its screen; what it does not cover is transparent.
func (s *gifSource) decode(ctx context.Context) (picture, error) {
	c, y := newCanvas(s.d.Width, s.d.Height, s.d.HasAlpha()), 0
	err := s.d.Decode(func(pix []byte) error {
		c.add(pix)
		y++
		return alive(ctx, y)
	})
	if err != nil {
		return picture{}, err
	}
	return c.picture(), nil
}
