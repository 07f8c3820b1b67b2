package images

import (
	"fmt"
	"math"
	"testing"
)

// areaMean returns the mean of a plane over a rectangle with fractional edges, the slow way.
func areaMean(p plane, x0, y0, x1, y1 float64) float64 {
	sum := 0.0
	for y := int(y0); y < p.h && float64(y) < y1; y++ {
		for x := int(x0); x < p.w && float64(x) < x1; x++ {
			w := math.Min(x1, float64(x+1)) - math.Max(x0, float64(x))
			h := math.Min(y1, float64(y+1)) - math.Max(y0, float64(y))
			sum += w * h * float64(p.pix[y*p.w+x])
		}
	}
	return sum / ((x1 - x0) * (y1 - y0))
}

// Each sample is the mean of the area that it covers, smaller or larger.
func TestScaler_add(t *testing.T) {
	for _, c := range [][4]int{
		{17, 13, 17, 13},
		{17, 13, 5, 4},
		{17, 13, 16, 12},
		{64, 32, 16, 8},
		{9, 1, 2, 1},
		{1, 40, 1, 7},
		{30, 20, 1, 1},
		{6, 5, 12, 10},
		{7, 5, 9, 3},
		{5, 9, 3, 11},
		{1, 1, 4, 3},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			src := newPlane(c[0], c[1])
			for i := range src.pix {
				src.pix[i] = byte(i * i * 31 >> 2)
			}
			src.pix[0], src.pix[len(src.pix)-1] = 255, 255
			got := src.resize(c[2], c[3])
			fx, fy := float64(src.w)/float64(got.w), float64(src.h)/float64(got.h)
			for y := range got.h {
				for x := range got.w {
					want := areaMean(src, float64(x)*fx, float64(y)*fy, float64(x+1)*fx, float64(y+1)*fy)
					if v := float64(got.row(y)[x]); math.Abs(v-want) > 0.501 {
						t.Fatalf("sample %d, %d: got %v, want %.2f", x, y, v, want)
					}
				}
			}
		})
	}
}

// The largest sums that may occur are right: a bright picture stays bright.
func TestScaler_add_largest(t *testing.T) {
	row := make([]byte, MaxSide)
	for i := range row {
		row[i] = 255
	}
	s := newScaler(MaxSide, MaxPixels/MaxSide, StoredSide, 95)
	for range MaxPixels / MaxSide {
		s.add(row, 1)
	}
	for i, v := range s.dst.pix {
		if v != 255 {
			t.Fatalf("sample %d: got %d, want 255", i, v)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range [][5]int{
		{64, 48, 2048, 64, 48},
		{2048, 2048, 2048, 2048, 2048},
		{4096, 2048, 2048, 2048, 1024},
		{3000, 4000, 2048, 1536, 2048},
		{32768, 1, 2048, 2048, 1},
		{1, 32768, 2048, 1, 2048},
	} {
		if w, h := fit(c[0], c[1], c[2]); w != c[3] || h != c[4] {
			t.Errorf("fit(%d, %d, %d): got %d, %d, want %d, %d", c[0], c[1], c[2], w, h, c[3], c[4])
		}
	}
}
