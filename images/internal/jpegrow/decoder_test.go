package jpegrow

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// mustFiles returns the fixtures, made with cjpeg and ImageMagick from one drawing of 67 x 45
// pixels, which no block size divides.
func mustFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no fixtures: %v", err)
	}
	files := map[string][]byte{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		files[filepath.Base(p)] = b
	}
	return files
}

// samples is one decoded component.
type samples struct {
	w, h int
	pix  []byte
}

// decode returns the components at the scale n/8, checking the order and width of the rows.
func decode(tb testing.TB, data []byte, n int) ([]samples, error) {
	tb.Helper()
	d, err := New(data)
	if err != nil {
		return nil, err
	}
	var out []samples
	for i := range d.Components() {
		w, h := d.Size(i, n)
		out = append(out, samples{w: w, h: h})
	}
	err = d.Decode(n, func(c, y int, row []byte) error {
		if got, want := len(row), out[c].w; got != want {
			tb.Fatalf("component %d, row %d: got %d samples, want %d", c, y, got, want)
		}
		if got, want := y*out[c].w, len(out[c].pix); got != want {
			tb.Fatalf("component %d: row %d out of order", c, y)
		}
		out[c].pix = append(out[c].pix, row...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for c, s := range out {
		if got, want := len(s.pix), s.w*s.h; got != want {
			tb.Fatalf("component %d: got %d samples, want %d", c, got, want)
		}
	}
	return out, nil
}

// standard returns the planes that image/jpeg finds; nil for those it converts.
func standard(m image.Image) []samples {
	plane := func(pix []byte, stride, w, h int) samples {
		s := samples{w: w, h: h}
		for y := range h {
			s.pix = append(s.pix, pix[y*stride:][:w]...)
		}
		return s
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	switch m := m.(type) {
	case *image.Gray:
		return []samples{plane(m.Pix, m.Stride, w, h)}
	case *image.YCbCr:
		cw, ch := w, h
		switch m.SubsampleRatio {
		case image.YCbCrSubsampleRatio444:
		case image.YCbCrSubsampleRatio420:
			cw, ch = (w+1)/2, (h+1)/2
		case image.YCbCrSubsampleRatio422:
			cw = (w + 1) / 2
		case image.YCbCrSubsampleRatio440:
			ch = (h + 1) / 2
		case image.YCbCrSubsampleRatio411:
			cw = (w + 3) / 4
		case image.YCbCrSubsampleRatio410:
			cw, ch = (w+3)/4, (h+1)/2
		}
		return []samples{plane(m.Y, m.YStride, w, h), plane(m.Cb, m.CStride, cw, ch), plane(m.Cr, m.CStride, cw, ch)}
	case *image.RGBA:
		out := make([]samples, 3)
		for c := range out {
			out[c] = samples{w: w, h: h}
			for i := c; i < len(m.Pix); i += 4 {
				out[c].pix = append(out[c].pix, m.Pix[i])
			}
		}
		return out
	}
	return nil
}

// maxDifference returns the largest difference of two samples.
func maxDifference(a, b []byte) int {
	worst := 0
	for i := range a {
		worst = max(worst, int(a[i])-int(b[i]), int(b[i])-int(a[i]))
	}
	return worst
}

func TestDecoder_Decode(t *testing.T) {
	compared := 0
	for name, data := range mustFiles(t) {
		t.Run(name, func(t *testing.T) {
			m, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil {
				if got, err := decode(t, data, 8); err == nil {
					t.Fatalf("image/jpeg refuses what decodes to %d components", len(got))
				}
				return
			}
			got, err := decode(t, data, 8)
			if err != nil {
				t.Fatal(err)
			}
			for c, want := range standard(m) {
				if got[c].w != want.w || got[c].h != want.h {
					t.Fatalf("component %d: got %d x %d, want %d x %d", c, got[c].w, got[c].h, want.w, want.h)
				}
				if d := maxDifference(got[c].pix, want.pix); d > 2 {
					t.Errorf("component %d differs by %d from image/jpeg", c, d)
				}
				compared++
			}
		})
	}
	if compared < 30 {
		t.Errorf("only %d components were compared", compared)
	}
}

// A reduced picture is close to the mean of the pixels that it stands for.
func TestDecoder_Decode_reduced(t *testing.T) {
	for name, data := range mustFiles(t) {
		full, err := decode(t, data, 8)
		if err != nil {
			continue // a kind that is not supported
		}
		for _, n := range []int{4, 2, 1} {
			got, err := decode(t, data, n)
			if err != nil {
				t.Fatalf("%s at %d/8: %v", name, n, err)
			}
			for c, s := range got {
				k, sum := 8/n, 0
				for y := range s.h {
					for x := range s.w {
						d := int(s.pix[y*s.w+x]) - mean(full[c], x*k, y*k, k)
						sum += max(d, -d)
					}
				}
				if d := float64(sum) / float64(len(s.pix)); d > 5 {
					t.Errorf("%s at %d/8: component %d differs by %.1f on average", name, n, c, d)
				}
			}
		}
	}
}

// mean returns the mean of the k*k samples from (x0, y0) on that exist.
func mean(s samples, x0, y0, k int) int {
	sum, n := 0, 0
	for y := y0; y < min(y0+k, s.h); y++ {
		for x := x0; x < min(x0+k, s.w); x++ {
			sum, n = sum+int(s.pix[y*s.w+x]), n+1
		}
	}
	return (sum + n/2) / max(n, 1)
}

// No beginning of a file is a picture.
func TestDecoder_Decode_truncated(t *testing.T) {
	for name, data := range mustFiles(t) {
		end := bytes.LastIndex(data, []byte{0xff, markerEOI}) + 2
		for n := 0; n < end; n += 1 + n%7 {
			if _, err := decode(t, data[:n], 4); err == nil {
				t.Errorf("%s: the first %d of %d bytes are accepted", name, n, end)
			}
		}
	}
}

func TestDecoder_Decode_damaged(t *testing.T) {
	files := mustFiles(t)
	restart := files["restart-420.jpg"]
	marker := bytes.Index(restart, []byte{0xff, markerRST0})
	scan := func(name string) (before, header []byte) {
		f := files[name]
		i := bytes.Index(f, []byte{0xff, markerSOS})
		return f[:i], f[i:]
	}
	head, tail := scan("separate-420.jpg")
	firstScan := tail[:2+bytes.Index(tail[2:], []byte{0xff, markerSOS})]
	progressive, _ := scan("progressive-420.jpg")
	for name, data := range map[string][]byte{
		"a lost restart marker":       append(append([]byte{}, restart[:marker]...), restart[marker+2:]...),
		"another restart marker":      bytes.Replace(restart, []byte{0xff, markerRST0}, []byte{0xff, markerRST0 + 3}, 1),
		"a component without data":    append(append(append([]byte{}, head...), firstScan...), 0xff, markerEOI),
		"a component twice":           append(append(append([]byte{}, head...), firstScan...), tail...),
		"a progressive without scans": append(append([]byte{}, progressive...), 0xff, markerEOI),
		"half a scan with an end":     append(bytes.Clone(restart[:marker]), 0xff, markerEOI),
		"a short scan with an end":    append(bytes.Clone(files["baseline-420.jpg"][:len(files["baseline-420.jpg"])-90]), 0xff, markerEOI),
		"a short progressive":         append(bytes.Clone(files["progressive-420.jpg"][:len(files["progressive-420.jpg"])-90]), 0xff, markerEOI),
		"no table":                    bytes.Replace(files["baseline-420.jpg"], []byte{0xff, markerDQT}, []byte{0xff, markerCOM}, 1),
		"two frames":                  append([]byte{0xff, markerSOI, 0xff, markerSOF0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0}, files["baseline-420.jpg"][2:]...),
	} {
		if _, err := decode(t, data, 8); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// A few bytes a scan make a decoder visit every block: their number has a bound.
func TestDecoder_Decode_scans(t *testing.T) {
	data := mustFiles(t)["progressive-gray.jpg"]
	first := bytes.Index(data, []byte{0xff, markerSOS})
	next := first + bytes.Index(data[first:], []byte{0xff, markerDHT})
	bomb := bytes.Clone(data[:first])
	for range maxScans {
		bomb = append(bomb, data[first:next]...)
	}
	if _, err := decode(t, append(bytes.Clone(bomb), 0xff, markerEOI), 8); err != nil {
		t.Fatalf("%d scans: %v", maxScans, err)
	}
	bomb = append(bomb, data[first:]...)
	_, err := decode(t, bomb, 8)
	if got, want := err, FormatError("too many scans"); !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDecoder_Decode_emitError(t *testing.T) {
	want := errors.New("enough")
	for _, name := range []string{"baseline-420.jpg", "progressive-420.jpg"} {
		d, err := New(mustFiles(t)[name])
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Decode(8, func(int, int, []byte) error { return want }); !errors.Is(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestDecoder_Model(t *testing.T) {
	files := mustFiles(t)
	for name, want := range map[string]Model{
		"baseline-420.jpg": YCbCr, "baseline-rgb.jpg": RGB, "restart-gray.jpg": Gray, "cmyk.jpg": YCCK,
	} {
		d, err := New(files[name])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Model(); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, want)
		}
	}
	if _, err := New(files["arithmetic.jpg"]); !errors.As(err, new(UnsupportedError)) {
		t.Errorf("arithmetic coding: got %v, want an UnsupportedError", err)
	}
}

// What this package accepts, image/jpeg accepts too and with the same size; a reduced picture
// needs no other bytes than the whole.
func FuzzDecoder(f *testing.F) {
	for _, data := range mustFiles(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := New(data)
		if err != nil || d.Width*d.Height > 1<<14 {
			return
		}
		full, err := decode(t, data, 8)
		if _, small := decode(t, data, 2); (err == nil) != (small == nil) {
			t.Fatalf("whole: %v, reduced: %v", err, small)
		}
		if err != nil {
			return
		}
		m, err := jpeg.Decode(bytes.NewReader(data))
		if errors.As(err, new(jpeg.UnsupportedError)) {
			return
		}
		if err != nil {
			t.Fatalf("image/jpeg refuses it: %v", err)
		}
		for c, want := range standard(m) {
			if full[c].w != want.w || full[c].h != want.h {
				t.Fatalf("component %d: got %d x %d, want %d x %d", c, full[c].w, full[c].h, want.w, want.h)
			}
		}
	})
}
