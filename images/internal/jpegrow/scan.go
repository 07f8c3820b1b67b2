package jpegrow

// Emit receives row y of component c; rows of a component come in order, the slice is valid
// during the call. An error ends the decoding and is returned.
type Emit func(c, y int, row []byte) error

// zigzag gives the place in a block, row*8+column, of each coefficient in file order.
//
//nolint:gochecknoglobals // a constant table (T.81, figure A.6)
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// Decode reads the picture with every 8 pixels reduced to n (8, 4, 2 or 1) and hands its rows
// to emit. It may be called once.
func (d *Decoder) Decode(n int, emit Emit) error {
	for {
		marker, payload, err := d.segment()
		if err != nil {
			return err
		}
		switch marker {
		case markerEOI:
			return d.finish(n, emit)
		case markerSOS:
			err = d.scan(payload, n, emit)
		default:
			err = d.apply(marker, payload)
		}
		if err != nil {
			return err
		}
	}
}

// part is a component within a scan.
type part struct {
	index  int
	comp   *component
	dc, ac *table
	pred   int32
}

// scanHeader is what B.2.3 says about a scan.
type scanHeader struct {
	parts          []part
	zigMin, zigMax int // spectral selection
	high, low      int // successive approximation
}

// scan decodes one scan.
func (d *Decoder) scan(p []byte, n int, emit Emit) error {
	if d.scans++; d.scans > maxScans {
		return FormatError("too many scans")
	}
	s, err := d.scanHeader(p)
	if err != nil {
		return err
	}
	r := &bitReader{data: d.data, pos: d.pos}
	if d.progressive {
		err = d.progressiveScan(r, s, n)
	} else {
		err = d.sequentialScan(r, s, n, emit)
	}
	d.pos = r.pos
	return err
}

// scanHeader reads and checks the header of a scan.
func (d *Decoder) scanHeader(p []byte) (*scanHeader, error) {
	if len(p) < 1 || len(p) != 4+2*int(p[0]) || p[0] < 1 || int(p[0]) > len(d.comps) {
		return nil, FormatError("a scan header of the wrong length")
	}
	k := int(p[0])
	tail := p[1+2*k:]
	s := &scanHeader{zigMin: int(tail[0]), zigMax: int(tail[1]), high: int(tail[2] >> 4), low: int(tail[2] & 15)}
	if !d.progressive {
		s.zigMin, s.zigMax, s.high, s.low = 0, 63, 0, 0
	}
	if s.zigMax > 63 || s.zigMin > s.zigMax || s.low > 13 || s.high != 0 && s.high != s.low+1 ||
		d.progressive && (s.zigMin == 0 && s.zigMax != 0 || s.zigMin > 0 && k != 1) {
		return nil, FormatError("a scan header with wrong numbers")
	}
	blocks := 0
	for i := range k {
		pt, err := d.part(s, p[1+2*i], p[2+2*i])
		if err != nil {
			return nil, err
		}
		s.parts = append(s.parts, pt)
		blocks += pt.comp.h * pt.comp.v
	}
	if k > 1 && blocks > 10 {
		return nil, FormatError("too many blocks in one unit")
	}
	return s, nil
}

// part finds the component and the tables that a scan names.
func (d *Decoder) part(s *scanHeader, id, tables byte) (part, error) {
	for i := range d.comps {
		c := &d.comps[i]
		if c.id != id {
			continue
		}
		for _, o := range s.parts {
			if o.comp == c {
				return part{}, FormatError("a component twice in one scan")
			}
		}
		if c.quant == nil {
			if c.quant = d.quant[c.tq]; c.quant == nil {
				return part{}, FormatError("no quantization table")
			}
		} else if !d.progressive {
			return part{}, FormatError("a component in two scans")
		}
		if tables>>4 > 3 || tables&15 > 3 {
			return part{}, FormatError("a Huffman table with a wrong number")
		}
		pt := part{index: i, comp: c, dc: d.huff[0][tables>>4], ac: d.huff[1][tables&15]}
		if s.zigMin == 0 && s.high == 0 && pt.dc == nil || s.zigMax > 0 && pt.ac == nil {
			return part{}, FormatError("no Huffman table")
		}
		return pt, nil
	}
	return part{}, FormatError("an unknown component in a scan")
}

// walk visits the blocks of a scan in file order (A.2) and calls rowDone after each row of
// units. restarted is called at restart markers.
func (d *Decoder) walk(r *bitReader, s *scanHeader, block func(p *part, bx, by int) error, restarted func(), rowDone func(my int) error) error {
	nx, ny := d.mcusX, d.mcusY
	single := len(s.parts) == 1
	if single {
		nx, ny = s.parts[0].comp.bw, s.parts[0].comp.bh
	}
	unit, rst := 0, byte(markerRST0)
	for my := range ny {
		for mx := range nx {
			if d.restart > 0 && unit > 0 && unit%d.restart == 0 {
				if err := r.restartMarker(rst); err != nil {
					return err
				}
				rst = markerRST0 | (rst+1)&7
				for i := range s.parts {
					s.parts[i].pred = 0
				}
				restarted()
			}
			unit++
			for i := range s.parts {
				p, h, v := &s.parts[i], 1, 1
				if !single {
					h, v = p.comp.h, p.comp.v
				}
				for j := range h * v {
					if err := block(p, mx*h+j%h, my*v+j/h); err != nil {
						return err
					}
				}
			}
			if r.overrun() {
				return errTruncated
			}
		}
		if err := rowDone(my); err != nil {
			return err
		}
	}
	return nil
}

// sequentialScan decodes a scan of a baseline or extended file straight to rows.
func (d *Decoder) sequentialScan(r *bitReader, s *scanHeader, n int, emit Emit) error {
	rows := func(c *component) int {
		if len(s.parts) == 1 {
			return n
		}
		return c.v * n
	}
	for i := range s.parts {
		c := s.parts[i].comp
		c.band = make([]byte, c.sw*n*rows(c))
	}
	var b [64]int32
	block := func(p *part, bx, by int) error {
		last, err := r.block(p, &b)
		if err != nil {
			return err
		}
		stride := p.comp.sw * n
		inverse(&b, last, n, p.comp.band[by*n%rows(p.comp)*stride+bx*n:], stride)
		return nil
	}
	return d.walk(r, s, block, func() {}, func(my int) error {
		for i := range s.parts {
			if err := d.emitBand(s.parts[i].index, my*rows(s.parts[i].comp), n, emit); err != nil {
				return err
			}
		}
		return nil
	})
}

// emitBand hands on the rows of the component's band, the first of which is row y.
func (d *Decoder) emitBand(i, y, n int, emit Emit) error {
	c := &d.comps[i]
	w, h := d.Size(i, n)
	stride := c.sw * n
	for o := 0; o < len(c.band) && y < h; o, y = o+stride, y+1 {
		if err := emit(i, y, c.band[o:o+w]); err != nil {
			return err
		}
	}
	return nil
}

// block decodes one block of a sequential scan (F.2.2) into b, dequantized, and returns the
// place in zig-zag order of its last coefficient.
func (r *bitReader) block(p *part, b *[64]int32) (last int, err error) {
	*b = [64]int32{}
	q := p.comp.quant
	s := r.symbol(p.dc)
	if s < 0 || s > 15 {
		return 0, FormatError("a wrong code")
	}
	if s > 0 {
		p.pred += r.extend(s)
	}
	b[0] = p.pred * q[0]
	for k := 1; k < 64; k++ {
		rs := r.symbol(p.ac)
		if rs < 0 {
			return 0, FormatError("a wrong code")
		}
		s := rs & 15
		if s == 0 {
			if rs != 0xf0 {
				break
			}
			k += 15
			continue
		}
		if k += rs >> 4; k > 63 {
			return 0, FormatError("too many coefficients")
		}
		b[zigzag[k]] = r.extend(s) * q[k]
		last = k
	}
	return last, nil
}

// finish checks that every component was there and, for a progressive file, turns the
// coefficients into rows.
func (d *Decoder) finish(n int, emit Emit) error {
	for i := range d.comps {
		c := &d.comps[i]
		if c.quant == nil || d.progressive && c.coefs == nil {
			return FormatError("a component without data")
		}
	}
	if !d.progressive {
		return nil
	}
	return d.reconstruct(n, emit)
}
