package images

import "runtime"

// plane is one channel of a picture: w*h samples of 8 bits, row by row.
type plane struct {
	w, h int
	pix  []byte
}

func newPlane(w, h int) plane { return plane{w, h, make([]byte, w*h)} }

func (p plane) row(y int) []byte { return p.pix[y*p.w : (y+1)*p.w] }

// resize returns the plane in another size.
func (p plane) resize(w, h int) plane {
	if w == p.w && h == p.h {
		return p
	}
	s := newScaler(p.w, p.h, w, h)
	for y := range p.h {
		s.add(p.row(y), 1)
	}
	return s.dst
}

// scaler brings a plane to another size while its rows come in, and holds only the result. A
// sample of the result is the mean of the area that it covers in the source, which neither
// blurs nor flickers when a picture is made smaller. golang.org/x/image/draw needs the whole
// source and, for its better filters, 32 bytes for each pixel of a half-scaled picture: 268 MB
// to bring 4096x4096 to 2048x2048.
type scaler struct {
	sw, sh int
	dst    plane
	sums   []uint64 // the row of dst in work, each sample times the area so far
	line   []uint32 // one source row at the width of dst, each sample times sw
	y      int      // the row of dst in work
	need   int      // height that it still misses, in units of 1/(sh*dst.h)
}

// newScaler returns a scaler from sw*sh to dw*dh samples. It holds for pictures of up to
// MaxSide: a line has at most 255*MaxSide, a sum at most 255*MaxSide*MaxSide.
func newScaler(sw, sh, dw, dh int) *scaler {
	s := &scaler{sw: sw, sh: sh, dst: newPlane(dw, dh), need: sh}
	if !s.same() {
		s.sums, s.line = make([]uint64, dw), make([]uint32, dw)
	}
	return s
}

// same reports whether the rows only need to be copied.
func (s *scaler) same() bool { return s.sw == s.dst.w && s.sh == s.dst.h }

// add takes the next source row: every step-th byte of row.
func (s *scaler) add(row []byte, step int) {
	runtime.Gosched() // a photo must not hold up what others wait for: the scheduler alone lets it run for 10 ms
	if s.y >= s.dst.h {
		return
	}
	if s.same() {
		out := s.dst.row(s.y)
		for x := range out {
			out[x] = row[x*step]
		}
		s.y++
		return
	}
	s.measure(row, step)
	// A source row is dst.h units high, a row of dst sh units.
	for left := s.dst.h; left > 0 && s.y < s.dst.h; {
		part := min(left, s.need)
		for x, v := range s.line {
			s.sums[x] += uint64(v) * uint64(part)
		}
		left, s.need = left-part, s.need-part
		if s.need == 0 {
			s.finishRow()
		}
	}
}

// measure sums the source row over the width of each sample of dst. A source sample is dst.w
// units wide, a sample of dst sw units.
func (s *scaler) measure(row []byte, step int) {
	i, left, unit := 0, s.dst.w, uint32(s.dst.w)
	for x := range s.line {
		need, sum := s.sw, uint32(0)
		if need >= left { // the rest of the sample that the last one began
			sum, need, left = uint32(row[i])*uint32(left), need-left, s.dst.w
			i += step
		}
		whole := uint32(0)
		for ; need >= s.dst.w; need -= s.dst.w {
			whole += uint32(row[i])
			i += step
		}
		sum += whole * unit
		if need > 0 {
			sum += uint32(row[i]) * uint32(need)
			left -= need
		}
		s.line[x] = sum
	}
}

// finishRow writes the row in work and begins the next.
func (s *scaler) finishRow() {
	scale := 1 / (float64(s.sw) * float64(s.sh))
	out := s.dst.row(s.y)
	for x, v := range s.sums {
		out[x] = byte(float64(v)*scale + 0.5)
	}
	clear(s.sums)
	s.y, s.need = s.y+1, s.sh
}

// fit returns the size of a picture of w*h pixels whose longest side is side at most. No side
// vanishes.
func fit(w, h, side int) (int, int) {
	long := max(w, h)
	if long <= side {
		return w, h
	}
	scale := func(v int) int { return max(1, (v*side+long/2)/long) }
	return scale(w), scale(h)
}
