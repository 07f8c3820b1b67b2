package gifrow

import (
	"bytes"
	"errors"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"testing"
)

// mustFiles returns the fixtures, made with ImageMagick from one drawing of 67 x 45 pixels.
func mustFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.gif")
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

func decode(tb testing.TB, data []byte) (*Decoder, []byte, error) {
	tb.Helper()
	d, err := New(data)
	if err != nil {
		return nil, nil, err
	}
	var out []byte
	if err := d.Decode(func(pix []byte) error { out = append(out, pix...); return nil }); err != nil {
		return nil, nil, err
	}
	if got, want := len(out), 4*d.Width*d.Height; got != want {
		tb.Fatalf("got %d bytes, want %d", got, want)
	}
	return d, out, nil
}

// compare fails if image/gif sees other pixels in the first picture.
func compare(tb testing.TB, data []byte, d *Decoder, got []byte) {
	tb.Helper()
	m, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatalf("image/gif refuses it: %v", err)
	}
	for i := 0; i < len(got); i += 4 {
		x, y := i/4%d.Width, i/4/d.Width
		want := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
		if x < d.x || x >= d.x+d.w || y < d.y || y >= d.y+d.h {
			want = color.NRGBA{}
		}
		if a := (color.NRGBA{got[i], got[i+1], got[i+2], got[i+3]}); a != want {
			tb.Fatalf("pixel %d, %d: got %v, want %v", x, y, a, want)
		}
	}
}

func TestDecoder_Decode(t *testing.T) {
	for name, want := range map[string]struct {
		w, h, frames int
		alpha        bool
	}{
		"still.gif":       {67, 45, 1, false},
		"interlaced.gif":  {67, 45, 1, false},
		"animated.gif":    {67, 45, 3, false},
		"transparent.gif": {67, 45, 1, true},
		"offset.gif":      {80, 60, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			data := mustFiles(t)[name]
			d, got, err := decode(t, data)
			if err != nil {
				t.Fatal(err)
			}
			if d.Width != want.w || d.Height != want.h || d.Frames != want.frames || d.HasAlpha() != want.alpha {
				t.Errorf("got %d x %d, %d frames, alpha %v, want %+v", d.Width, d.Height, d.Frames, d.HasAlpha(), want)
			}
			if got, want := d.interlaced, name == "interlaced.gif"; got != want {
				t.Errorf("interlaced: got %v, want %v", got, want)
			}
			compare(t, data, d, got)
		})
	}
}

// No beginning of a file is a picture, also where only a later frame is cut.
func TestNew_truncated(t *testing.T) {
	for name, data := range mustFiles(t) {
		for n := range data {
			if _, _, err := decode(t, data[:n]); err == nil {
				t.Errorf("%s: the first %d of %d bytes are accepted", name, n, len(data))
			}
		}
	}
}

func TestNew_damaged(t *testing.T) {
	still := mustFiles(t)["still.gif"]
	at := bytes.Index(still, []byte{blockPicture, 0, 0, 0, 0, 67, 0, 45, 0})
	edit := func(i int, v byte) []byte { b := bytes.Clone(still); b[i] = v; return b }
	for name, data := range map[string][]byte{
		"outside the screen":     edit(at+1, 1),
		"no width":               edit(at+5, 0),
		"a code width of 9":      edit(at+10, 9),
		"an unknown block":       edit(at, 7),
		"no palette":             append(append(append([]byte{}, still[:10]...), 0, 0, 0), still[at:]...),
		"a shorter palette":      append(append(append([]byte{}, still[:10]...), 0x80, 0, 0, 1, 2, 3, 4, 5, 6), still[at:]...),
		"no picture":             {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0, blockTrailer},
		"a picture without data": append(bytes.Clone(still[:at+11]), 0, blockTrailer),
	} {
		if _, _, err := decode(t, data); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestDecoder_Decode_emitError(t *testing.T) {
	want := errors.New("enough")
	d, err := New(mustFiles(t)["still.gif"])
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Decode(func([]byte) error { return want }); !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What this package accepts, image/gif accepts too and sees the same pixels. That one also
// refuses a picture with too much data, which is left to browsers' habit here.
func FuzzDecoder(f *testing.F) {
	for _, data := range mustFiles(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := New(data); err != nil || d.Width*d.Height > 1<<16 {
			return
		}
		d, got, err := decode(t, data)
		if err != nil {
			return
		}
		if _, err := gif.Decode(bytes.NewReader(data)); err != nil {
			t.Skip(err)
		}
		compare(t, data, d, got)
	})
}
