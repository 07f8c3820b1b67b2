package jpegrow

import "math"

// A progressive file (Annex G) refines all blocks scan by scan, so its coefficients must be
// kept until the end. Of the 64 of a block only the n*n that the wanted size uses have their
// values kept. Of the others the refinement scans need to know whether they are zero: one bit.

// progression is the state of a progressive scan.
type progression struct {
	*scanHeader
	r      *bitReader
	nn     int       // kept coefficients of a block
	keep   *[64]int8 // place among the kept ones, -1 for none, by zig-zag place
	eobRun int       // blocks that end here, counted down
}

// keepTable returns where each coefficient is kept at the scale n/8.
func keepTable(n int) *[64]int8 {
	t := new([64]int8)
	for k, at := range zigzag {
		t[k] = -1
		if row, col := int(at)/8, int(at)%8; row < n && col < n {
			t[k] = int8(row*n + col)
		}
	}
	return t
}

// progressiveScan decodes one scan into the coefficients.
func (d *Decoder) progressiveScan(r *bitReader, s *scanHeader, n int) error {
	g := &progression{scanHeader: s, r: r, nn: n * n, keep: keepTable(n)}
	for i := range s.parts {
		c := s.parts[i].comp
		if c.coefs == nil {
			if s.zigMin > 0 {
				return FormatError("details before the picture") // G.1.1.1.1
			}
			c.coefs, c.nz = make([]int16, c.sw*c.sh*g.nn), make([]uint64, c.sw*c.sh)
		}
	}
	step := g.refineAC
	switch {
	case s.zigMin == 0 && s.high == 0:
		step = g.firstDC
	case s.zigMin == 0:
		step = g.refineDC
	case s.high == 0:
		step = g.firstAC
	}
	block := func(p *part, bx, by int) error { return step(p, by*p.comp.sw+bx) }
	return d.walk(r, s, block, func() { g.eobRun = 0 }, func(int) error { return nil })
}

func (g *progression) firstDC(p *part, at int) error {
	s := g.r.symbol(p.dc)
	if s < 0 || s > 15 {
		return FormatError("a wrong code")
	}
	if s > 0 {
		p.pred += g.r.extend(s)
	}
	p.comp.coefs[at*g.nn] = saturate(p.pred << g.low)
	return nil
}

func (g *progression) refineDC(p *part, at int) error {
	if g.r.bit() {
		p.comp.coefs[at*g.nn] |= 1 << g.low
	}
	return nil
}

func (g *progression) firstAC(p *part, at int) error {
	if g.eobRun > 0 {
		g.eobRun--
		return nil
	}
	for k := g.zigMin; k <= g.zigMax; k++ {
		rs := g.r.symbol(p.ac)
		if rs < 0 {
			return FormatError("a wrong code")
		}
		run, s := rs>>4, rs&15
		if s == 0 {
			if run < 15 {
				g.eobRun = 1<<run - 1 + int(g.r.take(run))
				break
			}
			k += 15
			continue
		}
		if k += run; k > g.zigMax {
			return FormatError("too many coefficients")
		}
		g.set(p.comp, at, k, g.r.extend(s)<<g.low)
	}
	return nil
}

// set stores coefficient k of the block at.
func (g *progression) set(c *component, at, k int, v int32) {
	c.nz[at] |= 1 << k
	if i := g.keep[k]; i >= 0 {
		c.coefs[at*g.nn+int(i)] = saturate(v)
	}
}

// refineAC adds a bit to the known coefficients of a block and finds new ones (G.1.2.3).
func (g *progression) refineAC(p *part, at int) error {
	k := g.zigMin
	for ; g.eobRun == 0 && k <= g.zigMax; k++ {
		rs := g.r.symbol(p.ac)
		if rs < 0 {
			return FormatError("a wrong code")
		}
		run, value := rs>>4, int32(0)
		switch rs & 15 {
		case 0:
			if run < 15 {
				g.eobRun = 1<<run + int(g.r.take(run))
			}
		case 1:
			value = -1 << g.low
			if g.r.bit() {
				value = 1 << g.low
			}
		default:
			return FormatError("a wrong code")
		}
		if g.eobRun > 0 {
			break
		}
		if k = g.refineUntil(p.comp, at, k, run); k > g.zigMax {
			return FormatError("too many coefficients")
		}
		if value != 0 {
			g.set(p.comp, at, k, value)
		}
	}
	if g.eobRun > 0 {
		g.eobRun--
		g.refineUntil(p.comp, at, k, 64)
	}
	return nil
}

// refineUntil refines the known coefficients from k on, passes over run unknown ones, and
// returns the place of the next unknown one.
func (g *progression) refineUntil(c *component, at, k, run int) int {
	for ; k <= g.zigMax; k++ {
		if c.nz[at]>>k&1 == 0 {
			if run == 0 {
				break
			}
			run--
			continue
		}
		if !g.r.bit() {
			continue
		}
		if i := g.keep[k]; i >= 0 {
			v := &c.coefs[at*g.nn+int(i)]
			delta := int32(1) << g.low
			if *v < 0 {
				delta = -delta
			}
			*v = saturate(int32(*v) + delta)
		}
	}
	return k
}

// reconstruct turns the coefficients of all components into rows.
func (d *Decoder) reconstruct(n int, emit Emit) error {
	var b [64]int32
	for i := range d.comps {
		c := &d.comps[i]
		stride := c.sw * n
		c.band = make([]byte, stride*n)
		for by := range c.bh {
			for bx := range c.bw {
				last := c.dequantize((by*c.sw+bx)*n*n, n, &b)
				inverse(&b, last, n, c.band[bx*n:], stride)
			}
			if err := d.emitBand(i, by*n, n, emit); err != nil {
				return err
			}
		}
		c.coefs, c.nz = nil, nil // the next component's rows need room
	}
	return nil
}

// dequantize fills b from the kept coefficients that begin at i; it returns 0 if all but the
// first are zero.
func (c *component) dequantize(i, n int, b *[64]int32) (last int) {
	*b = [64]int32{}
	for row := range n {
		for col := range n {
			if v := c.coefs[i+row*n+col]; v != 0 {
				k := place[row*8+col]
				b[row*8+col] = int32(v) * c.quant[k]
				last = max(last, int(k))
			}
		}
	}
	return last
}

// place is the inverse of zigzag.
//
//nolint:gochecknoglobals // a constant table
var place = func() (t [64]uint8) {
	for k, at := range zigzag {
		t[at] = uint8(k)
	}
	return t
}()

// saturate keeps a value that only a damaged file has within what is stored.
func saturate(v int32) int16 { return int16(min(max(v, math.MinInt16), math.MaxInt16)) }
