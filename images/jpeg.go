package images

import (
	"context"
	"image/color"

	"liveassist/images/internal/jpegrow"
)

const (
	// reducedSide is the longest side down to which a JPEG may be reduced while it is decoded.
	// It lies below StoredSide so that the commonest phone photo, 4032 or 4000 pixels long, is
	// decoded at half its size in one step: that takes half the time of a whole decoding and
	// a scaling after it, for a picture of 2016 instead of 2048 pixels.
	reducedSide = StoredSide * 15 / 16
	// maxCoefficients is what a progressive JPEG may hold, in bytes. One above it (4:4:4 and
	// more than 16 megapixels) is decoded one step smaller instead of being refused.
	maxCoefficients = 96 << 20
)

// jpegSource is a JPEG of which every 8 pixels become n.
type jpegSource struct {
	d     *jpegrow.Decoder
	model jpegrow.Model
	n     int
}

func openJPEG(raw []byte) (source, error) {
	d, err := jpegrow.New(raw)
	if err != nil {
		return nil, err
	}
	m, err := d.Model()
	if err != nil {
		return nil, err
	}
	s := &jpegSource{d: d, model: m, n: 8}
	long := max(d.Width, d.Height)
	for s.n > 1 && (long*(s.n/2)/8 >= reducedSide || d.Memory(s.n) > maxCoefficients) {
		s.n /= 2
	}
	return s, nil
}

func (s *jpegSource) size() (w, h int) { return s.d.Width, s.d.Height }
func (s *jpegSource) orientation() int { return orientation(s.d.Exif) }
func (s *jpegSource) memory() int64    { return s.d.Memory(s.n) }
func (s *jpegSource) lossy() bool      { return true }

func (s *jpegSource) decode(ctx context.Context) (picture, error) {
	w, h := fit(s.d.Width, s.d.Height, StoredSide)
	w, h = min(w, (s.d.Width*s.n+7)/8), min(h, (s.d.Height*s.n+7)/8)
	var scalers []*scaler
	for i := range s.d.Components() {
		cw, ch := s.d.Size(i, s.n)
		if s.model == jpegrow.YCbCr && i > 0 {
			scalers = append(scalers, newScaler(cw, ch, half(w), half(h)))
			continue
		}
		scalers = append(scalers, newScaler(cw, ch, w, h))
	}
	err := s.d.Decode(s.n, func(c, y int, row []byte) error {
		scalers[c].add(row, 1)
		return alive(ctx, y)
	})
	if err != nil {
		return picture{}, err
	}
	var planes []plane
	for _, sc := range scalers {
		planes = append(planes, sc.dst)
	}
	return fromComponents(s.model, planes), nil
}

// fromComponents gives the components of a JPEG their meaning.
func fromComponents(m jpegrow.Model, planes []plane) picture {
	switch m {
	case jpegrow.Gray:
		return picture{gray, planes}
	case jpegrow.YCbCr:
		return picture{ycbcr, planes}
	case jpegrow.RGB:
		return picture{rgb, planes}
	case jpegrow.CMYK, jpegrow.YCCK:
	}
	// Adobe stores ink inverted, 255 for none: the colour is then ink times black. In YCCK the
	// first three are turned into RGB, whose inversion is the stored ink.
	a, b, c, black := planes[0].pix, planes[1].pix, planes[2].pix, planes[3].pix
	for i, k := range black {
		x, y, z := a[i], b[i], c[i]
		if m == jpegrow.YCCK {
			x, y, z = color.YCbCrToRGB(x, y, z)
			x, y, z = 255-x, 255-y, 255-z
		}
		a[i], b[i], c[i] = scaled(x, uint32(k)), scaled(y, uint32(k)), scaled(z, uint32(k))
	}
	return picture{rgb, planes[:3]}
}
