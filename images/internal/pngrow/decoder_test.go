package pngrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// mustFiles returns the fixtures, made with ImageMagick from one drawing of 67 x 45 pixels:
// each colour type and depth, with and without interlacing.
func mustFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.png")
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

// decode returns all pixels as RGBA, checking that each comes once.
func decode(tb testing.TB, data []byte) (*Decoder, []byte, error) {
	tb.Helper()
	d, err := New(data)
	if err != nil {
		return nil, nil, err
	}
	out, seen := make([]byte, 4*d.Width*d.Height), make([]bool, d.Width*d.Height)
	err = d.Decode(func(y, x, dx int, pix []byte) error {
		for i := 0; i < len(pix); i, x = i+4, x+dx {
			if seen[y*d.Width+x] {
				tb.Fatalf("pixel %d, %d comes twice", x, y)
			}
			seen[y*d.Width+x] = true
			copy(out[4*(y*d.Width+x):], pix[i:i+4])
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if i := bytes.IndexByte(asBytes(seen), 0); i >= 0 {
		tb.Fatalf("pixel %d, %d is missing", i%d.Width, i/d.Width)
	}
	return d, out, nil
}

func asBytes(b []bool) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		if v {
			out[i] = 1
		}
	}
	return out
}

// compare fails if image/png sees other pixels. Where a colour cannot be seen, it does not
// matter.
func compare(tb testing.TB, data []byte, d *Decoder, got []byte) {
	tb.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatalf("image/png refuses it: %v", err)
	}
	if b := m.Bounds(); b.Dx() != d.Width || b.Dy() != d.Height {
		tb.Fatalf("got %d x %d, want %v", d.Width, d.Height, b)
	}
	for i := 0; i < len(got); i += 4 {
		x, y := i/4%d.Width, i/4/d.Width
		want := color.NRGBA64Model.Convert(m.At(x, y)).(color.NRGBA64)
		a, b := color.NRGBA{got[i], got[i+1], got[i+2], got[i+3]}, color.NRGBA{high(want.R), high(want.G), high(want.B), high(want.A)}
		if a.A == 0 && b.A == 0 || near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B) && a.A == b.A {
			continue
		}
		tb.Fatalf("pixel %d, %d: got %v, want %v", x, y, a, b)
	}
}

func high(v uint16) byte { return byte(v >> 8) }

// near allows for image/color, which goes through premultiplied colours.
func near(a, b byte) bool { return max(a, b)-min(a, b) <= 1 }

func TestDecoder_Decode(t *testing.T) {
	kinds := map[[2]int]bool{}
	for name, data := range mustFiles(t) {
		t.Run(name, func(t *testing.T) {
			d, got, err := decode(t, data)
			if err != nil {
				t.Fatal(err)
			}
			kinds[[2]int{int(d.colorType), d.depth}] = true
			if want := name[len(name)-5] == 'i'; d.Interlaced != want {
				t.Errorf("interlaced: got %v, want %v", d.Interlaced, want)
			}
			compare(t, data, d, got)
		})
	}
	if got, want := len(kinds), 15; got != want { // PNG specification, table 11.1
		t.Errorf("got %d kinds of PNG, want %d", got, want)
	}
}

// mustPack returns a PNG made of chunks, each a name and its data.
func mustPack(tb testing.TB, chunks ...[2]string) []byte {
	tb.Helper()
	out := []byte(signature)
	for _, c := range chunks {
		body := append([]byte(c[0]), c[1]...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(c[1])))
		out = append(out, body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	}
	return out
}

// mustChunks takes a PNG apart.
func mustChunks(tb testing.TB, data []byte) (out [][2]string) {
	tb.Helper()
	for pos := len(signature); pos < len(data); {
		name, payload, err := chunk(data, pos)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, [2]string{name, string(payload)})
		pos += chunkFrame + len(payload)
	}
	return out
}

func TestDecoder_Decode_split(t *testing.T) {
	files := mustFiles(t)
	want := [][2]string{}
	for _, c := range mustChunks(t, files["rgb8n.png"]) {
		if c[0] != "IDAT" {
			want = append(want, c)
			continue
		}
		for _, b := range []byte(c[1]) { // one byte a chunk, with empty ones between
			want = append(want, [2]string{"IDAT", string([]byte{b})}, [2]string{"IDAT", ""})
		}
	}
	_, a, err := decode(t, files["rgb8n.png"])
	if err != nil {
		t.Fatal(err)
	}
	_, b, err := decode(t, mustPack(t, want...))
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("pixels in many chunks: %v, equal %v", err, bytes.Equal(a, b))
	}
}

// No beginning of a file is a picture.
func TestNew_truncated(t *testing.T) {
	for name, data := range mustFiles(t) {
		for n := range data {
			if _, _, err := decode(t, data[:n]); err == nil {
				t.Errorf("%s: the first %d of %d bytes are accepted", name, n, len(data))
			}
		}
	}
}

// Every byte counts: the checksums notice the change of any.
func TestNew_flipped(t *testing.T) {
	for name, data := range mustFiles(t) {
		for i := range data {
			bad := bytes.Clone(data)
			bad[i] ^= 0x10
			if _, _, err := decode(t, bad); err == nil {
				t.Errorf("%s: byte %d may be changed", name, i)
			}
		}
	}
}

func TestDecoder_damaged(t *testing.T) {
	files := mustFiles(t)
	rgb, pal := mustChunks(t, files["rgb8n.png"]), mustChunks(t, files["pal8n.png"])
	find := func(chunks [][2]string, name string) (at int) {
		for i, c := range chunks {
			if c[0] == name {
				return i
			}
		}
		t.Fatalf("no %s", name)
		return 0
	}
	with := func(chunks [][2]string, at int, c ...[2]string) []byte {
		return mustPack(t, append(append(append([][2]string{}, chunks[:at]...), c...), chunks[at+1:]...)...)
	}
	idat, plte := find(rgb, "IDAT"), find(pal, "PLTE")
	ihdr := rgb[0][1]
	for name, data := range map[string][]byte{
		"no header":              with(rgb, 0),
		"a taller header":        with(rgb, 0, [2]string{"IHDR", ihdr[:7] + "\x2e" + ihdr[8:]}),
		"a lower header":         with(rgb, 0, [2]string{"IHDR", ihdr[:7] + "\x2c" + ihdr[8:]}),
		"a depth of 3":           with(rgb, 0, [2]string{"IHDR", ihdr[:8] + "\x03" + ihdr[9:]}),
		"no height":              with(rgb, 0, [2]string{"IHDR", ihdr[:4] + "\x00\x00\x00\x00" + ihdr[8:]}),
		"no pixels":              with(rgb, idat),
		"pixels in two places":   with(rgb, idat, [2]string{"IDAT", rgb[idat][1][:9]}, [2]string{"tEXt", ""}, [2]string{"IDAT", rgb[idat][1][9:]}),
		"a wrong zlib checksum":  with(rgb, idat, [2]string{"IDAT", rgb[idat][1][:len(rgb[idat][1])-1] + "\x00"}),
		"no palette":             with(pal, plte),
		"a palette of 257":       with(pal, plte, [2]string{"PLTE", string(make([]byte, 3*257))}),
		"too much transparency":  with(pal, plte, pal[plte], [2]string{"tRNS", string(make([]byte, 256))}),
		"transparency of a RGBA": with(rgb, idat, [2]string{"tRNS", "\x00"}, rgb[idat]),
	} {
		if _, _, err := decode(t, data); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestDecoder_Exif(t *testing.T) {
	chunks := mustChunks(t, mustFiles(t)["rgb8n.png"])
	d, err := New(mustPack(t, append([][2]string{chunks[0], {"eXIf", "MM\x00*"}}, chunks[1:]...)...))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(d.Exif), "MM\x00*"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecoder_Decode_emitError(t *testing.T) {
	want := errors.New("enough")
	d, err := New(mustFiles(t)["rgb8n.png"])
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Decode(func(int, int, int, []byte) error { return want }); !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What this package accepts, image/png accepts too and sees the same pixels. The fuzzer's
// input is a list of chunks, so that it need not guess checksums.
func FuzzDecoder(f *testing.F) {
	for _, data := range mustFiles(f) {
		chunks := mustChunks(f, data)
		idat := ""
		rest := ""
		for _, c := range chunks {
			switch c[0] {
			case "IDAT":
				idat += c[1]
			case "PLTE", "tRNS":
				rest += c[0] + string(rune(len(c[1])%256)) + c[1]
			}
		}
		f.Add([]byte(chunks[0][1]), []byte(rest), []byte(idat))
	}
	f.Fuzz(func(t *testing.T, header, rest, idat []byte) {
		chunks := [][2]string{{"IHDR", string(header)}}
		for len(rest) > 5 {
			n := min(int(rest[4]), len(rest)-5)
			chunks = append(chunks, [2]string{string(rest[:4]), string(rest[5 : 5+n])})
			rest = rest[5+n:]
		}
		data := mustPack(t, append(chunks, [2]string{"IDAT", string(idat)}, [2]string{"IEND", ""})...)
		if d, err := New(data); err != nil || d.Width > 1<<12 || d.Height > 1<<12 || d.Width*d.Height > 1<<16 {
			return
		}
		d, got, err := decode(t, data)
		if err != nil {
			return
		}
		compare(t, data, d, got)
	})
}
