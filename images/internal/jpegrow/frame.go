package jpegrow

import "encoding/binary"

// component is one colour of the picture (T.81, A.1.1).
type component struct {
	id     byte
	tq     byte
	h, v   int
	bw, bh int // blocks that hold pixels, across and down
	sw, sh int // blocks with the padding of whole MCUs

	quant *[64]int32 // the table in force at the component's first scan
	band  []byte     // a row of blocks (of MCUs in an interleaved scan) as samples
	coefs []int16    // progressive: n*n kept coefficients a block
	nz    []uint64   // progressive: which of the 64 coefficients are not zero, zig-zag order
}

// frame reads a frame header (B.2.2).
func (d *Decoder) frame(p []byte) error {
	if d.comps != nil {
		return FormatError("two frame headers")
	}
	if len(p) < 6 || len(p) != 6+3*int(p[5]) {
		return FormatError("a frame header of the wrong length")
	}
	if p[0] != 8 {
		return UnsupportedError("samples that are not 8 bits wide")
	}
	d.Height, d.Width = int(binary.BigEndian.Uint16(p[1:])), int(binary.BigEndian.Uint16(p[3:]))
	if d.Width == 0 || d.Height == 0 {
		return UnsupportedError("a frame without a size")
	}
	n := int(p[5])
	if n != 1 && n != 3 && n != 4 {
		return UnsupportedError("this number of colours")
	}
	for i := range n {
		c := component{id: p[6+3*i], h: int(p[7+3*i] >> 4), v: int(p[7+3*i] & 15), tq: p[8+3*i]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.tq > 3 {
			return FormatError("a component with wrong numbers")
		}
		for _, o := range d.comps {
			if o.id == c.id {
				return FormatError("two components of one name")
			}
		}
		if n == 1 {
			c.h, c.v = 1, 1 // one component is never interleaved, whatever it says (A.2.2)
		}
		d.hMax, d.vMax = max(d.hMax, c.h), max(d.vMax, c.v)
		d.comps = append(d.comps, c)
	}
	d.mcusX, d.mcusY = ceilDiv(d.Width, 8*d.hMax), ceilDiv(d.Height, 8*d.vMax)
	for i := range d.comps {
		c := &d.comps[i]
		c.bw = ceilDiv(ceilDiv(d.Width*c.h, d.hMax), 8)
		c.bh = ceilDiv(ceilDiv(d.Height*c.v, d.vMax), 8)
		c.sw, c.sh = d.mcusX*c.h, d.mcusY*c.v
	}
	return nil
}

// Components returns the number of components.
func (d *Decoder) Components() int { return len(d.comps) }

// Size returns the size of component i when every 8 pixels become n; n is 8, 4, 2 or 1.
func (d *Decoder) Size(i, n int) (w, h int) {
	c := &d.comps[i]
	return ceilDiv(d.Width*c.h*n, 8*d.hMax), ceilDiv(d.Height*c.v*n, 8*d.vMax)
}

// Memory returns the bytes that Decode needs at the scale n/8.
func (d *Decoder) Memory(n int) int64 {
	var total int64
	for i := range d.comps {
		c := &d.comps[i]
		total += int64(c.sw*n) * int64(c.v*n)
		if d.progressive {
			total += int64(c.sw) * int64(c.sh) * int64(2*n*n+8)
		}
	}
	return total
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
