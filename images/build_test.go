package images

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"testing"
)

// Builders of the files that the tests send. What no encoder of the standard library writes
// lies in testdata, made with cjpeg, cwebp, gif2webp and ImageMagick.

// secret stands in every piece of metadata that the tests hide in a file.
const secret = "SECRET-57.7089N-11.9746E"

func mustRead(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func mustGunzip(tb testing.TB, name string) []byte {
	tb.Helper()
	z, err := gzip.NewReader(bytes.NewReader(mustRead(tb, name)))
	if err != nil {
		tb.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// corners returns a picture with a red, a green, a blue and a white quarter.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y >= h/2:
				c = color.NRGBA{255, 255, 255, 255}
			case x >= w/2:
				c = color.NRGBA{0, 255, 0, 255}
			case y >= h/2:
				c = color.NRGBA{0, 0, 255, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// photo returns a picture that compresses like a photo: smooth shapes with some noise.
func photo(w, h int) *image.RGBA {
	m, seed := image.NewRGBA(image.Rect(0, 0, w, h)), uint32(1)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223 // Numerical Recipes; quick, also under the race detector
			px, n := m.Pix[y*m.Stride+4*x:][:4], byte(seed>>28)
			px[0], px[1], px[2], px[3] = byte(x*200/w)+n, byte(y*200/h)+n, byte((x^y)>>4)+n, 255
		}
	}
	return m
}

func mustPNG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func mustJPEG(tb testing.TB, m image.Image, quality int) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func mustGIF(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// byteOrder reads and appends numbers.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// exif returns a TIFF block with an orientation, a maker and a GPS directory.
func exif(order byteOrder, orientation uint16) []byte {
	const ifd, gps, text = 8, 8 + 2 + 3*12 + 4, 8 + 2 + 3*12 + 4 + 2 + 12 + 4
	mark := "II*\x00"
	if order.Uint16([]byte{0, 1}) == 1 {
		mark = "MM\x00*"
	}
	b := order.AppendUint32([]byte(mark), ifd)
	entry := func(tag, kind uint16, n uint32) {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), n)
	}
	b = order.AppendUint16(b, 3)
	entry(0x010f, 2, uint32(len(secret))) // Make
	b = order.AppendUint32(b, text)
	entry(0x0112, 3, 1) // Orientation
	b = order.AppendUint16(order.AppendUint16(b, orientation), 0)
	entry(0x8825, 4, 1) // GPS
	b = order.AppendUint32(b, gps)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 1)
	entry(0x001d, 2, uint32(len(secret))) // GPSDateStamp
	b = order.AppendUint32(b, text)
	return append(order.AppendUint32(b, 0), secret...)
}

// segment returns a JPEG segment.
func segment(marker byte, payload string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(payload)+2)), payload...)
}

// withSegments puts segments behind the first marker of a JPEG.
func withSegments(b []byte, segments ...[]byte) []byte {
	return append(append(bytes.Clone(b[:2]), bytes.Join(segments, nil)...), b[2:]...)
}

// pngChunk returns a PNG chunk.
func pngChunk(name string, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	b = append(append(b, name...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunks puts chunks behind the header of a PNG.
func withChunks(b []byte, chunks ...[]byte) []byte {
	const header = 8 + 12 + 13
	return append(append(bytes.Clone(b[:header]), bytes.Join(chunks, nil)...), b[header:]...)
}

// pngHeader returns an IHDR chunk.
func pngHeader(w, h int, depth, colorType, interlace byte) []byte {
	b := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return pngChunk("IHDR", append(b, depth, colorType, 0, 0, interlace))
}

// mustBigPNG returns an RGBA PNG of w*h pixels, h divisible by 16, in which the given share
// of the bytes is noise; it never holds the pixels.
func mustBigPNG(tb testing.TB, w, h int, noise float64) []byte {
	tb.Helper()
	const rows = 16
	chunk := make([]byte, rows*(1+w*4))
	r := rand.New(rand.NewPCG(3, 4))
	for i := range chunk {
		if i%(1+w*4) != 0 && r.Float64() < noise {
			chunk[i] = byte(r.IntN(256))
		}
	}
	return packPNG(pngHeader(w, h, 8, 6, 0), mustRepeat(tb, chunk, h/rows))
}

// mustInterlaced returns an interlaced RGBA PNG of w*h transparent pixels; both are divisible
// by 8.
func mustInterlaced(tb testing.TB, w, h int) []byte {
	tb.Helper()
	// All passes of eight rows, each row with its filter.
	size := 0
	for _, pass := range [7][2]int{{1, 8}, {1, 8}, {1, 4}, {2, 4}, {2, 2}, {4, 2}, {4, 1}} { // rows, column step
		size += pass[0] * (1 + w/pass[1]*4)
	}
	return packPNG(pngHeader(w, h, 8, 6, 1), mustRepeat(tb, make([]byte, size), h/8))
}

// packPNG returns a PNG of a header and packed pixels.
func packPNG(header, pixels []byte) []byte {
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), header, pngChunk("IDAT", pixels), pngChunk("IEND", nil)}, nil)
}

// mustRepeat returns n times chunk in zlib's format.
func mustRepeat(tb testing.TB, chunk []byte, n int) []byte {
	tb.Helper()
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := z.Write(chunk); err != nil {
		tb.Fatal(err)
	}
	if err := z.Flush(); err != nil {
		tb.Fatal(err)
	}
	data, sum := []byte{0x78, 0x01}, adler32.New()
	for range n {
		data = append(data, packed.Bytes()...)
		sum.Write(chunk)
	}
	data = append(data, 1, 0, 0, 0xff, 0xff) // an empty last block
	return sum.Sum(data)
}

// mustTall returns a JPEG that repeats a strip, whose height is a whole number of MCUs, n
// times downwards: each scan's data once for every strip, with restart markers between.
func mustTall(tb testing.TB, strip []byte, n int) []byte {
	tb.Helper()
	config, err := jpeg.DecodeConfig(bytes.NewReader(strip))
	if err != nil {
		tb.Fatal(err)
	}
	out, rest, sampling := bytes.Clone(strip[:2]), strip[2:], map[byte][2]int{}
	hMax, vMax := 0, 0
	for len(rest) > 2 {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		seg := bytes.Clone(rest[:2+size])
		rest = rest[2+size:]
		switch marker {
		case 0xc0, 0xc2:
			binary.BigEndian.PutUint16(seg[5:], uint16(config.Height*n))
			for i := range int(seg[9]) {
				h, v := int(seg[11+3*i]>>4), int(seg[11+3*i]&15)
				sampling[seg[10+3*i]], hMax, vMax = [2]int{h, v}, max(hMax, h), max(vMax, v)
			}
			out = append(out, seg...)
		case 0xda:
			units := config.Width / (8 * hMax) * (config.Height / (8 * vMax))
			if seg[4] == 1 {
				units *= sampling[seg[5]][0] * sampling[seg[5]][1]
			}
			out = append(out, segment(0xdd, string([]byte{byte(units >> 8), byte(units)}))...)
			out = append(out, seg...)
			end := 0
			for rest[end] != 0xff || rest[end+1] == 0 {
				end++
			}
			for i := range n {
				out = append(out, rest[:end]...)
				if i < n-1 {
					out = append(out, 0xff, 0xd0+byte(i%8))
				}
			}
			rest = rest[end:]
		default:
			out = append(out, seg...)
		}
	}
	return append(out, 0xff, 0xd9)
}

// riffChunk returns a RIFF chunk.
func riffChunk(name string, payload []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(payload))), payload...)
	return append(b, make([]byte, len(b)%2)...)
}

// withRIFF returns a lossy WebP in the extended form, with more chunks behind the picture.
func withRIFF(b []byte, w, h int, flags byte, chunks ...[]byte) []byte {
	header := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
	body := bytes.Join([][]byte{[]byte("WEBP"), riffChunk("VP8X", header), b[12:], bytes.Join(chunks, nil)}, nil)
	return riffChunk("RIFF", body)
}
