package pngrow

import (
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Emit receives pixels of row y: the first stands in column x, the next ones dx columns
// further each; pix holds red, green, blue, alpha (not premultiplied) with 8 bits each and is
// valid during the call. An error ends the decoding and is returned.
type Emit func(y, x, dx int, pix []byte) error

// pass is one of the seven passes of an interlaced picture (PNG specification, 8.2).
type pass struct{ x, y, dx, dy int }

// Decode hands all pixels to emit: row by row from the top, or in seven passes if Interlaced.
func (d *Decoder) Decode(emit Emit) error {
	z, err := zlib.NewReader(&pixelData{data: d.data, pos: d.idat})
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	passes := []pass{{0, 0, 1, 1}}
	if d.Interlaced {
		passes = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	for _, p := range passes {
		if err := d.pass(z, p, emit); err != nil {
			return err
		}
	}
	// The packed data must end here; reading its end also compares its checksum.
	switch n, err := io.ReadFull(z, make([]byte, 1)); {
	case n > 0:
		return FormatError("more pixels than the header says")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("png: %w", err)
	}
	return nil
}

// pass decodes the rows of one pass.
func (d *Decoder) pass(z io.Reader, p pass, emit Emit) error {
	w := (d.Width - p.x + p.dx - 1) / p.dx
	if p.x >= d.Width || p.y >= d.Height {
		return nil
	}
	bits := d.samples * d.depth
	bpp := max(1, bits/8)
	size := 1 + (w*bits+7)/8
	row, above := make([]byte, size), make([]byte, size)
	pix := make([]byte, 4*w)
	for y := p.y; y < d.Height; y += p.dy {
		if _, err := io.ReadFull(z, row); err != nil {
			return fmt.Errorf("png: row %d: %w", y, err)
		}
		if err := unfilter(row[0], row[1:], above[1:], bpp); err != nil {
			return err
		}
		d.convert(pix, row[1:])
		if err := emit(y, p.x, p.dx, pix); err != nil {
			return err
		}
		row, above = above, row
	}
	return nil
}

// unfilter undoes the filter of a row (PNG specification, 9.2) in place.
func unfilter(filter byte, row, above []byte, bpp int) error {
	above = above[:len(row)]
	switch filter {
	case 0:
	case 1:
		for i := bpp; i < len(row); i++ {
			row[i] += row[i-bpp]
		}
	case 2:
		for i := range row {
			row[i] += above[i]
		}
	case 3:
		for i := range min(bpp, len(row)) {
			row[i] += above[i] / 2
		}
		for i := bpp; i < len(row); i++ {
			row[i] += byte((int(row[i-bpp]) + int(above[i])) / 2)
		}
	case 4:
		for i := range min(bpp, len(row)) {
			row[i] += above[i]
		}
		for i := bpp; i < len(row); i++ {
			row[i] += paeth(int(row[i-bpp]), int(above[i]), int(above[i-bpp]))
		}
	default:
		return FormatError("an unknown filter")
	}
	return nil
}

// paeth picks of left a, above b and upper left c the one nearest to a + b - c.
func paeth(a, b, c int) byte {
	pa, pb := b-c, a-c
	pc := abs(pa + pb)
	pa, pb = abs(pa), abs(pb)
	switch {
	case pa <= pb && pa <= pc:
		return byte(a)
	case pb <= pc:
		return byte(b)
	}
	return byte(c)
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// convert turns the samples of a row into RGBA pixels. Of 16-bit samples the upper byte
// stays.
func (d *Decoder) convert(pix, row []byte) {
	size := d.depth / 8 // bytes a sample, 0 for less than a byte
	switch {
	case d.depth < 8:
		d.convertPacked(pix, row)
	case d.colorType == typePalette:
		for i, v := range row {
			copy(pix[4*i:4*i+4], d.palette[4*int(v):])
		}
	case d.colorType&2 == 0: // grey
		step := size * d.samples
		for i, o := 0, 0; o < len(row); i, o = i+4, o+step {
			a := byte(255)
			if d.colorType == typeGrayAlpha {
				a = row[o+size]
			} else if d.isClear(row[o : o+step]) {
				a = 0
			}
			pix[i], pix[i+1], pix[i+2], pix[i+3] = row[o], row[o], row[o], a
		}
	default:
		step := size * d.samples
		for i, o := 0, 0; o < len(row); i, o = i+4, o+step {
			a := byte(255)
			if d.colorType == typeRGBA {
				a = row[o+3*size]
			} else if d.isClear(row[o : o+step]) {
				a = 0
			}
			pix[i], pix[i+1], pix[i+2], pix[i+3] = row[o], row[o+size], row[o+2*size], a
		}
	}
}

// isClear reports whether a pixel has the one colour that tRNS makes transparent.
func (d *Decoder) isClear(sample []byte) bool {
	return d.clear != nil && string(sample) == string(d.clear)
}

// convertPacked turns samples of 1, 2 or 4 bits into pixels.
func (d *Decoder) convertPacked(pix, row []byte) {
	limit := 1<<d.depth - 1
	for i := range len(pix) / 4 {
		bit := i * d.depth
		v := int(row[bit/8]>>(8-d.depth-bit%8)) & limit
		out := pix[4*i : 4*i+4]
		if d.colorType == typePalette {
			copy(out, d.palette[4*v:])
			continue
		}
		g := byte(v * 255 / limit)
		out[0], out[1], out[2], out[3] = g, g, g, 255
		if d.clear != nil && int(d.clear[0]) == v {
			out[3] = 0
		}
	}
}

// pixelData reads the contents of the IDAT chunks, which New has checked, one after the other.
type pixelData struct {
	data []byte
	pos  int // of the next chunk
	rest []byte
}

func (p *pixelData) next() error {
	for len(p.rest) == 0 {
		head := p.data[p.pos:]
		if string(head[4:8]) != "IDAT" {
			return io.EOF
		}
		n := int(binary.BigEndian.Uint32(head))
		p.rest, p.pos = head[8:8+n], p.pos+chunkFrame+n
	}
	return nil
}

// Read implements io.Reader.
func (p *pixelData) Read(b []byte) (int, error) {
	if err := p.next(); err != nil {
		return 0, err
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// ReadByte implements io.ByteReader, which spares the inflater a buffer of its own.
func (p *pixelData) ReadByte() (byte, error) {
	if err := p.next(); err != nil {
		return 0, err
	}
	b := p.rest[0]
	p.rest = p.rest[1:]
	return b, nil
}
