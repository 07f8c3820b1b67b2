package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"liveassist/domain"
)

// mustDecode returns the pixels of a result, read by the decoder of its type.
func mustDecode(tb testing.TB, contentType string, data []byte) image.Image {
	tb.Helper()
	decode := png.Decode
	if contentType == typeJPEG {
		decode = jpeg.Decode
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatalf("decode %s: %v", contentType, err)
	}
	return m
}

// check fails if a result contradicts itself or breaks a bound.
func check(tb testing.TB, img Image) {
	tb.Helper()
	m := mustDecode(tb, img.ContentType, img.Data)
	if m.Bounds() != image.Rect(0, 0, img.Width, img.Height) {
		tb.Errorf("got %v, want %d x %d", m.Bounds(), img.Width, img.Height)
	}
	if max(img.Width, img.Height) > StoredSide || min(img.Width, img.Height) < 1 {
		tb.Errorf("%d x %d pixels are stored", img.Width, img.Height)
	}
	if len(img.Data) > MaxBytes {
		tb.Errorf("%d bytes are stored", len(img.Data))
	}
	p := mustDecode(tb, img.PreviewType, img.Preview).Bounds()
	if got, want := p.Dx(), min(img.Width, PreviewWidth); got != want {
		tb.Errorf("preview: got %d pixels across, want %d", got, want)
	}
	if got, want := p.Dy(), float64(img.Height)*float64(p.Dx())/float64(img.Width); float64(got) < want-1 || float64(got) > want+1 {
		tb.Errorf("preview: got %d pixels down, want %.1f", got, want)
	}
	sum := sha256.Sum256(img.Data)
	if got, want := img.Hash, hex.EncodeToString(sum[:]); got != want {
		tb.Errorf("hash: got %s, want %s", got, want)
	}
}

func mustProcess(tb testing.TB, raw []byte) Image {
	tb.Helper()
	img, err := NewProcessor(2).Process(tb.Context(), raw)
	if err != nil {
		tb.Fatal(err)
	}
	check(tb, img)
	return img
}

func TestProcessor_Process(t *testing.T) {
	transparent := corners(64, 48)
	transparent.SetNRGBA(3, 3, color.NRGBA{0, 0, 255, 9})
	deep := image.NewNRGBA64(image.Rect(0, 0, 20, 10))
	for i := range deep.Pix {
		deep.Pix[i] = byte(i * 7)
	}
	paletted := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.Black, color.White, color.NRGBA{1, 2, 3, 255}})
	for name, c := range map[string]struct {
		raw  []byte
		kind string
		w, h int
	}{
		"jpeg":                  {mustJPEG(t, corners(64, 48), 90), typeJPEG, 64, 48},
		"gray jpeg":             {mustJPEG(t, image.NewGray(image.Rect(0, 0, 9, 9)), 90), typeJPEG, 9, 9},
		"progressive jpeg":      {mustRead(t, "progressive-420.jpg"), typeJPEG, 67, 45},
		"cmyk jpeg":             {mustRead(t, "cmyk.jpg"), typeJPEG, 67, 45},
		"jpeg 1 wide":           {mustJPEG(t, image.NewGray(image.Rect(0, 0, 1, 300)), 90), typeJPEG, 1, 300},
		"jpeg 1 wide, long":     {mustJPEG(t, corners(1, 9000), 90), typeJPEG, 1, 2048},
		"photo":                 {mustJPEG(t, photo(4032, 3024), 80), typeJPEG, 2016, 1512},
		"upright photo":         {mustJPEG(t, photo(2100, 2800), 80), typeJPEG, 1536, 2048},
		"png":                   {mustPNG(t, corners(64, 48)), typePNG, 64, 48},
		"png 1 wide":            {mustPNG(t, corners(1, 77)), typePNG, 1, 77},
		"png 1 high, long":      {mustPNG(t, corners(30_000, 1)), typePNG, 2048, 1},
		"png with transparency": {mustPNG(t, transparent), typePNG, 64, 48},
		"png of 16 bits":        {mustPNG(t, deep), typePNG, 20, 10},
		"png with palette":      {mustPNG(t, paletted), typePNG, 30, 20},
		"screenshot":            {mustPNG(t, corners(2560, 1600)), typePNG, 2048, 1280},
		"photo as png":          {mustPNG(t, photo(1400, 1000)), typeJPEG, 1400, 1000},
		"gif":                   {mustGIF(t, corners(64, 48)), typePNG, 64, 48},
		"animated gif":          {mustRead(t, "animated.gif"), typePNG, 67, 45},
		"lossy webp":            {mustRead(t, "lossy.webp"), typeJPEG, 67, 45},
		"lossless webp":         {mustRead(t, "lossless.webp"), typePNG, 67, 45},
		"transparent webp":      {mustRead(t, "lossy-alpha.webp"), typePNG, 67, 45},
	} {
		t.Run(name, func(t *testing.T) {
			img := mustProcess(t, c.raw)
			if img.ContentType != c.kind || img.Width != c.w || img.Height != c.h {
				t.Errorf("got %s %d x %d, want %s %d x %d", img.ContentType, img.Width, img.Height, c.kind, c.w, c.h)
			}
		})
	}
}

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

func TestProcessor_Process_orientation(t *testing.T) {
	names := map[rune]color.Color{
		'r': color.NRGBA{255, 0, 0, 255}, 'g': color.NRGBA{0, 255, 0, 255},
		'b': color.NRGBA{0, 0, 255, 255}, 'w': color.White,
	}
	lossy := mustRead(t, "lossy.webp")
	for o, want := range []string{1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb"} {
		if o == 0 {
			continue
		}
		big, little := exif(binary.BigEndian, uint16(o)), exif(binary.LittleEndian, uint16(o))
		for name, raw := range map[string][]byte{
			"jpeg":     withSegments(mustJPEG(t, corners(64, 48), 95), segment(0xe1, "Exif\x00\x00"+string(big))),
			"odd jpeg": withSegments(mustJPEG(t, corners(63, 47), 95), segment(0xe1, "Exif\x00\x00"+string(little))),
			"png":      withChunks(mustPNG(t, corners(64, 48)), pngChunk("eXIf", little)),
		} {
			img := mustProcess(t, raw)
			if got, want := img.Width > img.Height, o < 5; got != want {
				t.Errorf("%s, orientation %d: got %d x %d", name, o, img.Width, img.Height)
			}
			m := mustDecode(t, img.ContentType, img.Data)
			l, r, u, d := img.Width/4, img.Width*3/4, img.Height/4, img.Height*3/4
			for i, p := range []image.Point{{l, u}, {r, u}, {l, d}, {r, d}} {
				pixelNear(t, m, p.X, p.Y, names[rune(want[i])], 12)
			}
		}
		img := mustProcess(t, withRIFF(lossy, 67, 45, 1<<3, riffChunk("EXIF", big)))
		if got, want := img.Width, []int{67, 45}[o/5]; got != want {
			t.Errorf("webp, orientation %d: got a width of %d, want %d", o, got, want)
		}
	}
}

func TestOrientation(t *testing.T) {
	good := exif(binary.LittleEndian, 6)
	if got, want := orientation(good), 6; got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	for n := range good[:22+12] { // up to the end of the orientation entry
		if got := orientation(good[:n]); got != upright {
			t.Errorf("the first %d bytes: got %d, want 1", n, got)
		}
	}
	for _, o := range []uint16{0, 9, 65535} {
		if got := orientation(exif(binary.BigEndian, o)); got != upright {
			t.Errorf("orientation %d: got %d, want 1", o, got)
		}
	}
}

// Nothing but the picture survives: no place, no maker, no comment, no second file.
func TestProcessor_Process_metadata(t *testing.T) {
	plainJPEG, plainPNG := mustJPEG(t, corners(600, 48), 90), mustPNG(t, photo(600, 30))
	tiff := string(exif(binary.BigEndian, 1))
	gifWithComment := func(b []byte) []byte {
		at := 13 + 3*(2<<(b[10]&7))
		comment := append(append([]byte{0x21, 0xfe, byte(len(secret))}, secret...), 0)
		return append(append(bytes.Clone(b[:at]), comment...), b[at:]...)
	}
	script := "=1;/*" + secret + "*/"
	for name, raw := range map[string][]byte{
		"jpeg": append(withSegments(plainJPEG,
			segment(0xe1, "Exif\x00\x00"+tiff), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret),
			segment(0xe2, "ICC_PROFILE\x00\x01\x01"+secret), segment(0xed, "Photoshop 3.0\x00"+secret), segment(0xfe, secret)),
			"PK\x03\x04"+secret+"PK\x05\x06"...),
		"png": append(withChunks(plainPNG,
			pngChunk("iCCP", []byte(secret)), pngChunk("tEXt", []byte("Comment\x00"+secret)), pngChunk("eXIf", []byte(tiff)),
			pngChunk("tIME", []byte(secret)), pngChunk("prVt", []byte(secret))),
			"<html><script>"+secret+"</script>"...),
		"gif": append(gifWithComment(mustGIF(t, corners(600, 48))), "*/"+script...),
		"webp": append(withRIFF(mustRead(t, "lossy.webp"), 67, 45, 1<<2|1<<3|1<<5,
			riffChunk("EXIF", []byte(tiff)), riffChunk("XMP ", []byte(secret)), riffChunk("what", []byte(secret))), secret...),
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(raw, []byte(secret)) {
				t.Fatal("the test hides nothing")
			}
			img := mustProcess(t, raw)
			for what, data := range map[string][]byte{"image": img.Data, "preview": img.Preview} {
				for i := 0; i+6 <= len(secret); i++ {
					if bytes.Contains(data, []byte(secret[i:i+6])) {
						t.Errorf("the %s still has %q", what, secret[i:i+6])
					}
				}
				if extra := extras(data); extra != "" {
					t.Errorf("the %s has more than pixels: %s", what, extra)
				}
			}
		})
	}
}

// extras names the parts of a JPEG or PNG that are not needed for its pixels.
func extras(data []byte) string {
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		for pos := 8; pos < len(data); {
			name := string(data[pos+4 : pos+8])
			if !strings.Contains("IHDR PLTE tRNS IDAT IEND", name) {
				return name
			}
			pos += 12 + int(binary.BigEndian.Uint32(data[pos:]))
			if name == "IEND" && pos != len(data) {
				return "trailing data"
			}
		}
		return ""
	}
	for pos := 2; ; {
		marker := data[pos+1]
		if marker >= 0xe0 && marker != 0xe0 || marker == 0xfe {
			return fmt.Sprintf("segment %#x", marker)
		}
		pos += 2 + int(binary.BigEndian.Uint16(data[pos+2:]))
		if marker == 0xda {
			if end := bytes.Index(data[pos:], []byte{0xff, 0xd9}); pos+end+2 != len(data) {
				return "trailing data"
			}
			return ""
		}
	}
}

// A file that is a GIF and a script at once comes out as a PNG.
func TestProcessor_Process_polyglot(t *testing.T) {
	b := mustGIF(t, corners(64, 48))
	copy(b[6:], "/*") // a width of 0x2a2f, which the script reads as the beginning of a comment
	img := mustProcess(t, append(b, "*/=1;alert('"+secret+"')"...))
	if img.ContentType != typePNG || bytes.Contains(img.Data, []byte("/*")) && bytes.Contains(img.Data, []byte(secret)) {
		t.Errorf("got %s", img.ContentType)
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

func TestProcessor_Process_refused(t *testing.T) {
	p := mustPNG(t, corners(64, 48))
	huge := func(w, h int) []byte {
		return append(append([]byte{}, p[:8]...), append(pngHeader(w, h, 8, 2, 0), p[33:]...)...)
	}
	jpegSize := func(w, h int) []byte {
		b := mustJPEG(t, corners(64, 48), 90)
		at := bytes.Index(b, []byte{0xff, 0xc0})
		binary.BigEndian.PutUint16(b[at+5:], uint16(h))
		binary.BigEndian.PutUint16(b[at+7:], uint16(w))
		return b
	}
	gifSize := func(w, h int) []byte {
		b := mustGIF(t, corners(64, 48))
		binary.LittleEndian.PutUint16(b[6:], uint16(w))
		binary.LittleEndian.PutUint16(b[8:], uint16(h))
		return b
	}
	for name, c := range map[string]struct {
		raw  []byte
		kind domain.Kind
		text string
	}{
		"nothing":         {nil, domain.KindUnsupportedMediaType, textEmpty},
		"text":            {[]byte("hello"), domain.KindUnsupportedMediaType, textUnknown},
		"html":            {[]byte("<html><script>alert(1)</script>"), domain.KindUnsupportedMediaType, textUnknown},
		"svg":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), domain.KindUnsupportedMediaType, textSVG},
		"svg with prolog": {[]byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x --><svg/>"), domain.KindUnsupportedMediaType, textSVG},
		"heic":            {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), domain.KindUnsupportedMediaType, textHEIC},
		"heif":            {[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"), domain.KindUnsupportedMediaType, textHEIC},
		"avif":            {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), domain.KindUnsupportedMediaType, textAVIF},
		"pdf":             {[]byte("%PDF-1.7"), domain.KindUnsupportedMediaType, textPDF},
		"bmp":             {[]byte("BM\x00\x00\x00\x00"), domain.KindUnsupportedMediaType, textUnknown},
		"animated webp":   {mustRead(t, "animated.webp"), domain.KindUnsupportedMediaType, textAnimated},
		"wrong webp size": {withRIFF(mustRead(t, "lossy.webp"), 66, 45, 0), domain.KindUnsupportedMediaType, textDamaged},
		"jpeg of 12 bits": {bytes.Replace(mustJPEG(t, corners(8, 8), 90), []byte{0xff, 0xc0, 0, 17, 8}, []byte{0xff, 0xc1, 0, 17, 12}, 1), domain.KindUnsupportedMediaType, textVariant},
		"lossless jpeg":   {bytes.Replace(mustJPEG(t, corners(8, 8), 90), []byte{0xff, 0xc0}, []byte{0xff, 0xc3}, 1), domain.KindUnsupportedMediaType, textVariant},
		"too many bytes":  {append(bytes.Clone(p), make([]byte, MaxBytes)...), domain.KindTooLarge, textBytes},
		"png bomb":        {huge(60_000, 60_000), domain.KindTooLarge, textPixels},
		"jpeg bomb":       {jpegSize(65_000, 65_000), domain.KindTooLarge, textPixels},
		"gif bomb":        {gifSize(65_000, 65_000), domain.KindTooLarge, textPixels},
		"50 MP and a row": {huge(10_000, 5_001), domain.KindTooLarge, textPixels},
		"too long":        {huge(MaxSide+1, 1), domain.KindTooLarge, textSide},
		"big webp":        {webpHeader(5000, 5000), domain.KindTooLarge, textComplex},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewProcessor(2).Process(t.Context(), c.raw)
			e, ok := errors.AsType[*domain.Error](err)
			if !ok || e.Kind != c.kind || e.Message != c.text {
				t.Errorf("got %v, want %s: %s", err, c.kind, c.text)
			}
		})
	}
}

// webpHeader returns a lossless WebP without pixels.
func webpHeader(w, h int) []byte {
	bits := uint32(w-1) | uint32(h-1)<<14
	return riffChunk("RIFF", append([]byte("WEBP"), riffChunk("VP8L", binary.LittleEndian.AppendUint32([]byte{0x2f}, bits))...))
}

// No part of a file is half a picture.
func TestProcessor_Process_truncated(t *testing.T) {
	transparent := corners(20, 20)
	transparent.SetNRGBA(1, 1, color.NRGBA{})
	p := NewProcessor(1)
	for name, raw := range map[string][]byte{
		"jpeg": mustJPEG(t, corners(20, 20), 90), "progressive": mustRead(t, "progressive-420.jpg"),
		"png": mustPNG(t, corners(20, 20)), "transparent png": mustPNG(t, transparent),
		"gif": mustGIF(t, corners(20, 20)), "animated gif": mustRead(t, "animated.gif"),
		"lossy": mustRead(t, "lossy.webp"), "lossless": mustRead(t, "lossless.webp"), "alpha": mustRead(t, "lossy-alpha.webp"),
	} {
		if _, err := p.Process(t.Context(), raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := 0; n < len(raw); n += 1 + len(raw)/200 {
			if _, err := p.Process(t.Context(), raw[:n]); domain.KindOf(err) != domain.KindUnsupportedMediaType {
				t.Errorf("%s: the first %d of %d bytes: %v", name, n, len(raw), err)
			}
		}
	}
}

// A transparent picture that even PNG cannot make small is stored at half the size.
func TestProcessor_Process_transparentNoise(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 1500, 1400))
	copy(m.Pix, photo(1500, 1400).Pix)
	for i := range m.Pix {
		m.Pix[i] ^= byte(i * i >> 8)
	}
	img := mustProcess(t, mustPNG(t, m))
	if img.ContentType != typePNG || len(img.Data) > maxStored {
		t.Errorf("got %s of %d bytes", img.ContentType, len(img.Data))
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

func TestGuard(t *testing.T) {
	_, err := guard(func() (Image, error) { var p []byte; _ = p[len(p)]; return Image{}, nil })
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Kind != domain.KindUnsupportedMediaType || e.Message != textDamaged || !strings.Contains(e.Cause.Error(), "guard") {
		t.Errorf("got %v, want the text for a damaged file and the place as the cause", err)
	}
}

// Whoever leaves while waiting, or while the picture is worked on, gets the context's error
// and takes nothing along.
func TestProcessor_Process_cancelled(t *testing.T) {
	p := NewProcessor(2)
	raw := mustPNG(t, corners(64, 48))
	if err := p.memory.Acquire(t.Context(), memoryBudget); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := p.Process(ctx, raw); done <- err }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting: got %v, want %v", err, context.Canceled)
	}
	p.memory.Release(memoryBudget)

	for name, raw := range map[string][]byte{
		"png": raw, "jpeg": mustJPEG(t, corners(64, 48), 90), "gif": mustGIF(t, corners(64, 48)),
		"webp": mustRead(t, "lossy.webp"), "progressive": mustRead(t, "progressive-420.jpg"),
	} {
		src, err := open(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := render(ctx, src); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
	if !p.memory.TryAcquire(memoryBudget) {
		t.Error("some of the budget is lost")
	}
}

// Each picture takes its share of the budget, a heavy one more.
func TestProcessor_concurrency(t *testing.T) {
	raw := mustPNG(t, corners(64, 48))
	for _, n := range []int{0, 1, 2, 4} {
		p := NewProcessor(n)
		free := p.share * int64(max(1, n)-1) // all places but one are taken
		if err := p.memory.Acquire(t.Context(), memoryBudget-p.share+1); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Process(ctx, raw); !errors.Is(err, context.Canceled) {
			t.Errorf("%d at once: one more is worked on: %v", n, err)
		}
		p.memory.Release(memoryBudget - p.share + 1 - free)
		if _, err := p.Process(t.Context(), raw); err != nil {
			t.Errorf("%d at once: %v", n, err)
		}
	}
}
