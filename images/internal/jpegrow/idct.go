package jpegrow

// The inverse transforms. The one of 8 points is the algorithm of Loeffler, Ligtenberg and
// Moschytz (ICASSP 1989) with 13 fraction bits; its results carry a factor of sqrt(8) in each
// direction, which the last shift by 3 removes. The smaller ones are the DCT of 4, 2 and 1
// points over the lowest frequencies, with the same factor. int32 may wrap for the values of
// a damaged file; the samples are clamped in any case.

// Constants with 13 fraction bits; cN is sqrt(2)*cos(N*pi/16).
const (
	fraction  = 13
	passBits  = 2 // extra fraction bits between the two passes
	fix0_298  = 2446
	fix0_390  = 3196
	fix0_541  = 4433
	fix0_765  = 6270
	fix0_899  = 7373
	fix1_175  = 9633
	fix1_306  = 10703
	fix1_501  = 12299
	fix1_847  = 15137
	fix1_961  = 16069
	fix2_053  = 16819
	fix2_562  = 20995
	fix3_072  = 25172
	shiftCols = fraction - passBits
	shiftRows = fraction + passBits + 3
)

// inverse transforms b to n*n samples at dst. last is the place in zig-zag order of the last
// coefficient that is not zero.
func inverse(b *[64]int32, last, n int, dst []byte, stride int) {
	switch {
	case last == 0 || n == 1:
		v := sample((b[0] + 4) >> 3)
		for y := range n {
			row := dst[y*stride : y*stride+n]
			for x := range row {
				row[x] = v
			}
		}
	case n == 2:
		a, c, e, f := b[0], b[1], b[8], b[9]
		dst[0], dst[1] = sample((a+c+e+f+4)>>3), sample((a-c+e-f+4)>>3)
		dst[stride], dst[stride+1] = sample((a+c-e-f+4)>>3), sample((a-c-e+f+4)>>3)
	case n == 4:
		for i := range 4 {
			idct4(b, i, 8, shiftCols)
		}
		for y := range 4 {
			idct4(b, y*8, 1, shiftRows)
			copySamples(dst[y*stride:y*stride+4], b[y*8:y*8+4])
		}
	default:
		for i := range 8 {
			idct8(b, i, 8, shiftCols)
		}
		for y := range 8 {
			idct8(b, y*8, 1, shiftRows)
			copySamples(dst[y*stride:y*stride+8], b[y*8:y*8+8])
		}
	}
}

func copySamples(dst []byte, src []int32) {
	for i := range dst {
		dst[i] = sample(src[i])
	}
}

// sample adds the level shift of A.3.1 and clamps.
func sample(v int32) byte {
	v += 128
	if uint32(v) > 255 {
		return byte(^(v >> 31)) // 0 below, 255 above
	}
	return byte(v)
}

// idct4 transforms the four values b[at], b[at+step], ... in place.
func idct4(b *[64]int32, at, step, shift int) {
	half := int32(1) << (shift - 1)
	c0, c1, c2, c3 := b[at], b[at+step], b[at+2*step], b[at+3*step]
	e0, e1 := (c0+c2)<<fraction+half, (c0-c2)<<fraction+half
	o0, o1 := c1*fix1_306+c3*fix0_541, c1*fix0_541-c3*fix1_306
	b[at], b[at+3*step] = (e0+o0)>>shift, (e0-o0)>>shift
	b[at+step], b[at+2*step] = (e1+o1)>>shift, (e1-o1)>>shift
}

// idct8 transforms the eight values b[at], b[at+step], ... in place.
func idct8(b *[64]int32, at, step, shift int) {
	half := int32(1) << (shift - 1)
	c0, c1, c2, c3 := b[at&63], b[(at+step)&63], b[(at+2*step)&63], b[(at+3*step)&63]
	c4, c5, c6, c7 := b[(at+4*step)&63], b[(at+5*step)&63], b[(at+6*step)&63], b[(at+7*step)&63]

	z := (c2 + c6) * fix0_541
	t2, t3 := z-c6*fix1_847, z+c2*fix0_765
	t0, t1 := (c0+c4)<<fraction+half, (c0-c4)<<fraction+half
	e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2

	z1, z2, z3, z4 := c7+c1, c5+c3, c7+c3, c5+c1
	z5 := (z3 + z4) * fix1_175
	z1, z2 = -z1*fix0_899, -z2*fix2_562
	z3, z4 = z5-z3*fix1_961, z5-z4*fix0_390
	o0 := c1*fix1_501 + z1 + z4
	o1 := c3*fix3_072 + z2 + z3
	o2 := c5*fix2_053 + z2 + z4
	o3 := c7*fix0_298 + z1 + z3

	b[at&63], b[(at+7*step)&63] = (e0+o0)>>shift, (e0-o0)>>shift
	b[(at+step)&63], b[(at+6*step)&63] = (e1+o1)>>shift, (e1-o1)>>shift
	b[(at+2*step)&63], b[(at+5*step)&63] = (e2+o2)>>shift, (e2-o2)>>shift
	b[(at+3*step)&63], b[(at+4*step)&63] = (e3+o3)>>shift, (e3-o3)>>shift
}
