// Package pngrow decodes a PNG row by row.
//
// image/png holds all pixels at once: 200 MB for 50 megapixels with 8 bits a channel, 400 MB
// with 16. This package needs two rows. It is as strict as the standard asks for: every
// checksum, the order of the chunks, the end chunk and the exact amount of data are checked,
// so a truncated file is an error and never half a picture. The tests compare it with
// image/png.
package pngrow

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// FormatError is a damaged or incomplete PNG.
type FormatError string

// Error implements error.
func (e FormatError) Error() string { return "png: " + string(e) }

const errTruncated = FormatError("the data ends too early")

// Colour types, PNG specification, table 11.1; bits are palette 1, colour 2, alpha 4.
const (
	typeGray      = 0
	typeRGB       = 2
	typePalette   = 3
	typeGrayAlpha = 4
	typeRGBA      = 6
)

const (
	signature  = "\x89PNG\r\n\x1a\n"
	chunkFrame = 12 // length, name, checksum
)

// Decoder is one PNG whose chunks have been checked.
type Decoder struct {
	// Width and Height are the size of the picture in pixels.
	Width, Height int
	// Interlaced says that rows come in seven passes.
	Interlaced bool
	// Exif is the TIFF block of the eXIf chunk, nil without one.
	Exif []byte

	data      []byte
	colorType byte
	depth     int
	samples   int    // a pixel
	palette   []byte // RGBA, 256 entries
	entries   int
	clear     []byte // tRNS of a grey or RGB picture: the one transparent colour
	hasTRNS   bool
	idat      int // where the first IDAT chunk begins, 0 before it is found
}

// New reads all chunks up to the end chunk; the pixels stay packed. Anything after the end
// chunk is not looked at.
func New(data []byte) (*Decoder, error) {
	if len(data) < len(signature) || string(data[:len(signature)]) != signature {
		return nil, FormatError("no signature")
	}
	d := &Decoder{data: data}
	previous := ""
	for pos := len(signature); ; {
		name, payload, err := chunk(data, pos)
		if err != nil {
			return nil, err
		}
		if (pos == len(signature)) != (name == "IHDR") {
			return nil, FormatError("the header is not the first chunk")
		}
		if err := d.apply(name, previous, payload, pos); err != nil {
			return nil, err
		}
		if name == "IEND" {
			if d.idat == 0 {
				return nil, FormatError("no pixels")
			}
			return d, nil
		}
		previous, pos = name, pos+chunkFrame+len(payload)
	}
}

// chunk returns the chunk at pos after checking that it is whole.
func chunk(data []byte, pos int) (name string, payload []byte, err error) {
	rest := data[pos:]
	if len(rest) < chunkFrame {
		return "", nil, errTruncated
	}
	n := binary.BigEndian.Uint32(rest)
	if n > math.MaxInt32 || int(n) > len(rest)-chunkFrame {
		return "", nil, errTruncated
	}
	if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
		return "", nil, FormatError("a wrong checksum")
	}
	return string(rest[4:8]), rest[8 : 8+n], nil
}

// apply takes over what a chunk says.
func (d *Decoder) apply(name, previous string, p []byte, pos int) error {
	switch name {
	case "IHDR":
		return d.header(p)
	case "PLTE":
		if d.idat != 0 || d.entries != 0 || d.hasTRNS {
			return FormatError("a palette out of order")
		}
		return d.setPalette(p)
	case "tRNS":
		if d.idat != 0 || d.hasTRNS {
			return FormatError("transparency out of order")
		}
		return d.transparency(p)
	case "eXIf":
		if d.Exif == nil {
			d.Exif = p
		}
	case "IDAT":
		if d.idat == 0 {
			d.idat = pos
		} else if previous != "IDAT" {
			return FormatError("pixels in two places")
		}
		if d.colorType == typePalette && d.entries == 0 {
			return FormatError("no palette")
		}
	case "IEND":
		if len(p) != 0 {
			return FormatError("an end chunk with data")
		}
	}
	return nil
}

// header reads the IHDR chunk.
func (d *Decoder) header(p []byte) error {
	if len(p) != 13 {
		return FormatError("a header of the wrong length")
	}
	w, h := binary.BigEndian.Uint32(p), binary.BigEndian.Uint32(p[4:])
	if w == 0 || h == 0 || w > math.MaxInt32 || h > math.MaxInt32 {
		return FormatError("a wrong size")
	}
	d.Width, d.Height, d.depth, d.colorType = int(w), int(h), int(p[8]), p[9]
	depths := map[byte]uint{ // bit n set: n bits a sample are allowed
		typeGray:      1<<1 | 1<<2 | 1<<4 | 1<<8 | 1<<16,
		typePalette:   1<<1 | 1<<2 | 1<<4 | 1<<8,
		typeRGB:       1<<8 | 1<<16,
		typeGrayAlpha: 1<<8 | 1<<16,
		typeRGBA:      1<<8 | 1<<16,
	}
	if depths[d.colorType]>>d.depth&1 == 0 || p[10] != 0 || p[11] != 0 || p[12] > 1 {
		return FormatError("an unknown kind")
	}
	d.samples = map[byte]int{typeGray: 1, typePalette: 1, typeGrayAlpha: 2, typeRGB: 3, typeRGBA: 4}[d.colorType]
	d.Interlaced = p[12] == 1
	return nil
}

// setPalette reads the PLTE chunk. Entries that the file does not have are opaque black, as
// in image/png.
func (d *Decoder) setPalette(p []byte) error {
	limit := 256
	if d.colorType == typePalette {
		limit = 1 << d.depth
	}
	if d.colorType&2 == 0 || len(p) == 0 || len(p)%3 != 0 || len(p)/3 > limit {
		return FormatError("a palette of the wrong length")
	}
	d.entries = len(p) / 3
	d.palette = make([]byte, 4*256)
	for i := range 256 {
		d.palette[4*i+3] = 255
		if i < d.entries {
			copy(d.palette[4*i:4*i+3], p[3*i:])
		}
	}
	return nil
}

// transparency reads the tRNS chunk.
func (d *Decoder) transparency(p []byte) error {
	d.hasTRNS = true
	want := map[byte]int{typeGray: 2, typeRGB: 6}[d.colorType]
	switch {
	case d.colorType == typePalette && d.entries > 0 && len(p) <= d.entries:
		for i, a := range p {
			d.palette[4*i+3] = a
		}
	case want > 0 && len(p) == want:
		d.clear = p
		if d.depth < 16 { // the high bytes are not used
			d.clear = nil
			for i := 1; i < len(p); i += 2 {
				d.clear = append(d.clear, p[i])
			}
		}
	default:
		return FormatError("transparency of the wrong length")
	}
	return nil
}

// HasAlpha reports whether pixels may be transparent.
func (d *Decoder) HasAlpha() bool { return d.colorType&4 != 0 || d.hasTRNS }
