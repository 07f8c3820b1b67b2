package jpegrow

import "encoding/binary"

// fastBits is how many bits one look-up resolves. Nine cover nearly all codes of real files
// in a table of one kilobyte, which stays in the first-level cache.
const fastBits = 9

// table is one Huffman table.
type table struct {
	fast    [1 << fastBits]uint16 // length<<8 | symbol, 0 for a longer code
	maxCode [17]int32             // largest code of each length, -1 for none
	offset  [17]int32             // index of a symbol less its code, by length
	symbols [256]byte
}

// huffmanTables reads a DHT segment (B.2.4.2).
func (d *Decoder) huffmanTables(p []byte) error {
	for len(p) > 0 {
		if len(p) < 17 {
			return FormatError("a Huffman table of the wrong length")
		}
		class, id := p[0]>>4, p[0]&15
		if class > 1 || id > 3 {
			return FormatError("a Huffman table with a wrong number")
		}
		n := 0
		for _, c := range p[1:17] {
			n += int(c)
		}
		if n == 0 || n > 256 || len(p) < 17+n {
			return FormatError("a Huffman table of the wrong length")
		}
		t, err := newTable(p[1:17], p[17:17+n])
		if err != nil {
			return err
		}
		d.huff[class][id], p = t, p[17+n:]
	}
	return nil
}

// newTable makes the codes of Annex C from the number of codes of each length.
func newTable(counts, symbols []byte) (*table, error) {
	t := new(table)
	copy(t.symbols[:], symbols)
	code, k := int32(0), int32(0)
	for l := 1; l <= 16; l++ {
		n := int32(counts[l-1])
		t.maxCode[l], t.offset[l] = -1, k-code
		if code+n > 1<<l {
			return nil, FormatError("a Huffman table with too many codes")
		}
		for range n {
			if l <= fastBits {
				first := code << (fastBits - l)
				for i := range int32(1) << (fastBits - l) {
					t.fast[first+i] = uint16(l)<<8 | uint16(symbols[k])
				}
			}
			t.maxCode[l] = code
			code++
			k++
		}
		code <<= 1
	}
	return t, nil
}

// bitReader reads the bits of one scan. It stops before a marker and supplies zeros from
// there on, counted in fake, so that the inner loops need no error path; each block checks
// overrun once.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64 // the lowest n bits are unread
	n    int
	fake int
}

// fill makes at least 32 bits available; n is below 32.
func (r *bitReader) fill() {
	if r.pos+4 <= len(r.data) {
		w := binary.BigEndian.Uint32(r.data[r.pos:])
		if inv := ^w; (inv-0x01010101)&w&0x80808080 == 0 { // no byte is 0xff
			r.acc, r.n, r.pos = r.acc<<32|uint64(w), r.n+32, r.pos+4
			return
		}
	}
	for r.n < 32 {
		b := byte(0)
		switch {
		case r.pos < len(r.data) && r.data[r.pos] != 0xff:
			b = r.data[r.pos]
			r.pos++
		case r.pos+1 < len(r.data) && r.data[r.pos] == 0xff && r.data[r.pos+1] == 0: // a stuffed byte
			b = 0xff
			r.pos += 2
		default:
			r.fake += 8
		}
		r.acc, r.n = r.acc<<8|uint64(b), r.n+8
	}
}

// overrun reports whether bits were read that the scan does not have.
func (r *bitReader) overrun() bool { return r.n < r.fake }

// symbol decodes one symbol, -1 for bits that are no code. At least 16 bits remain for the
// value that follows it.
func (r *bitReader) symbol(t *table) int {
	if r.n < 32 {
		r.fill()
	}
	if e := t.fast[r.acc>>(r.n-fastBits)&(1<<fastBits-1)]; e != 0 {
		r.n -= int(e >> 8)
		return int(e & 255)
	}
	for l := fastBits + 1; l <= 16; l++ {
		code := int32(r.acc >> (r.n - l) & (1<<l - 1))
		if code <= t.maxCode[l] {
			r.n -= l
			return int(t.symbols[code+t.offset[l]])
		}
	}
	return -1
}

// take returns the next s bits, 16 at most; symbol has made them available.
func (r *bitReader) take(s int) int32 {
	r.n -= s
	return int32(r.acc >> r.n & (1<<s - 1))
}

// extend returns the next s bits as a signed value (F.2.2.1); s is 1 to 16.
func (r *bitReader) extend(s int) int32 {
	v := r.take(s)
	if v < 1<<(s-1) {
		v += -1<<s + 1
	}
	return v
}

// bit returns one bit.
func (r *bitReader) bit() bool {
	if r.n == 0 {
		r.fill()
	}
	r.n--
	return r.acc>>r.n&1 != 0
}

// restartMarker moves past the expected restart marker and drops the bits before it. Anything
// else than the marker means that data was lost.
func (r *bitReader) restartMarker(want byte) error {
	if r.n-r.fake >= 8 {
		return FormatError("data before a restart marker")
	}
	i := r.pos
	for i+1 < len(r.data) && r.data[i] == 0xff && r.data[i+1] == 0xff {
		i++
	}
	if i+1 >= len(r.data) {
		return errTruncated
	}
	if r.data[i] != 0xff || r.data[i+1] != want {
		return FormatError("a lost restart marker")
	}
	r.pos, r.acc, r.n, r.fake = i+2, 0, 0, 0
	return nil
}
