package images

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// mustOpen returns the pixels of a file before they are encoded anew.
func mustOpen(tb testing.TB, raw []byte) image.Image {
	tb.Helper()
	src, err := open(raw)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := src.decode(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return p.image()
}

// A PNG that is kept as PNG keeps every pixel, transparent ones included.
func TestProcessor_Process_lossless(t *testing.T) {
	want := image.NewNRGBA(image.Rect(0, 0, 50, 40))
	for i := range want.Pix {
		want.Pix[i] = byte(i * i * 37 >> 4)
	}
	img := mustProcess(t, mustPNG(t, want))
	if got := mustDecode(t, img.ContentType, img.Data).(*image.NRGBA); !bytes.Equal(got.Pix, want.Pix) {
		t.Error("the pixels changed")
	}
	// 256 colours at most, in a palette, also with transparency
	few := corners(50, 40)
	few.SetNRGBA(1, 1, color.NRGBA{9, 8, 7, 6})
	img = mustProcess(t, mustPNG(t, few))
	got := mustDecode(t, img.ContentType, img.Data)
	if _, ok := got.(*image.Paletted); !ok {
		t.Errorf("got %T, want a palette", got)
	}
	for y := range 40 {
		for x := range 50 {
			if a, b := color.NRGBAModel.Convert(got.At(x, y)), few.NRGBAAt(x, y); a != b {
				t.Fatalf("pixel %d, %d: got %v, want %v", x, y, a, b)
			}
		}
	}
}

// pixelNear fails if the pixel differs by more than limit from want.
func pixelNear(tb testing.TB, m image.Image, x, y int, want color.Color, limit int) {
	tb.Helper()
	a, b := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(want).(color.NRGBA)
	for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B), int(a.A) - int(b.A)} {
		if max(d, -d) > limit {
			tb.Errorf("pixel %d, %d: got %v, want %v", x, y, a, b)
			return
		}
	}
}

func TestProcessor_Process_cmyk(t *testing.T) {
	raw := mustRead(t, "cmyk.jpg")
	want, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	mustProcess(t, raw)
	for _, p := range []image.Point{{5, 5}, {25, 18}, {50, 15}, {40, 40}, {60, 38}} {
		pixelNear(t, mustOpen(t, raw), p.X, p.Y, want.At(p.X, p.Y), 8) // colours at half size
	}
}

// Colours of lossy WebP are those that its own decoder, dwebp, shows.
func TestProcessor_Process_webpLevels(t *testing.T) {
	for _, name := range []string{"lossy", "lossy-alpha"} {
		want, err := png.Decode(bytes.NewReader(mustRead(t, name+"-expected.png")))
		if err != nil {
			t.Fatal(err)
		}
		got := mustOpen(t, mustRead(t, name+".webp"))
		for _, p := range []image.Point{{5, 5}, {20, 18}, {52, 15}, {40, 40}, {60, 38}} {
			pixelNear(t, got, p.X, p.Y, want.At(p.X, p.Y), 4)
		}
	}
}

// The first picture of an animation is shown.
func TestProcessor_Process_animatedGIF(t *testing.T) {
	raw := mustRead(t, "animated.gif")
	all, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil || len(all.Image) < 2 {
		t.Fatalf("%d pictures, %v", len(all.Image), err)
	}
	img := mustProcess(t, raw)
	got := mustDecode(t, img.ContentType, img.Data)
	for y := range img.Height {
		for x := range img.Width {
			pixelNear(t, got, x, y, all.Image[0].At(x, y), 0)
		}
	}
}

// The colour of pixels that nobody sees does not bleed when a picture is made smaller.
func TestProcessor_Process_hiddenColour(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3000, 300))
	for y := range 300 {
		for x := range 3000 {
			c := color.NRGBA{255, 0, 0, 0} // a red that is not seen
			if x%2 == 0 {
				c = color.NRGBA{0, 0, 255, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	img := mustProcess(t, mustPNG(t, m))
	got := color.NRGBAModel.Convert(mustDecode(t, img.ContentType, img.Data).At(1000, 100)).(color.NRGBA)
	if got.R > 3 || got.B < 252 || got.A < 80 || got.A > 176 {
		t.Errorf("got %v, want a half transparent blue", got)
	}
}

func TestProcessor_Process_interlaced(t *testing.T) {
	img := mustProcess(t, mustInterlaced(t, 3208, 3200)) // more pixels than the mosaic has tiles
	if img.Width != 1604 || img.Height != 1600 {
		t.Errorf("got %d x %d, want 1604 x 1600", img.Width, img.Height)
	}
}

func TestMosaic(t *testing.T) {
	m := newMosaic(5, 3)
	m.k, m.w, m.h = 2, 3, 2
	m.sums = make([]uint16, 4*m.w*m.h)
	for y := range 3 {
		for x := 4; x >= 0; x-- { // in any order
			m.add(y, x, 1, []byte{byte(10 * x), byte(100 * y), 7, 255})
		}
	}
	row := make([]byte, 4*m.w)
	m.row(0, row)
	if got, want := row, []byte{5, 50, 7, 255, 25, 50, 7, 255, 40, 50, 7, 255}; !bytes.Equal(got, want) {
		t.Errorf("row 0: got %v, want %v", got, want)
	}
	m.row(1, row)
	if got, want := row, []byte{5, 200, 7, 255, 25, 200, 7, 255, 40, 200, 7, 255}; !bytes.Equal(got, want) {
		t.Errorf("row 1: got %v, want %v", got, want)
	}
}

// Planes that say nothing are dropped: that lets a photo with a useless alpha channel become
// JPEG.
func TestPicture_simplify(t *testing.T) {
	one := func(v byte) plane { return plane{1, 2, []byte{7, v}} }
	opaque := plane{1, 2, []byte{255, 255}}
	for _, c := range []struct {
		in   picture
		want model
	}{
		{picture{rgba, []plane{one(1), one(2), one(3), opaque}}, rgb},
		{picture{rgba, []plane{one(1), one(1), one(1), opaque}}, gray},
		{picture{rgba, []plane{one(1), one(1), one(1), one(254)}}, rgba},
		{picture{rgb, []plane{one(1), one(1), one(2)}}, rgb},
	} {
		planes := map[model]int{gray: 1, rgb: 3, rgba: 4}[c.want]
		if got := c.in.simplify(); got.model != c.want || len(got.planes) != planes {
			t.Errorf("got model %d with %d planes, want %d with %d", got.model, len(got.planes), c.want, planes)
		}
	}
}
