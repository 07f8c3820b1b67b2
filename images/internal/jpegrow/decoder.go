// Package jpegrow decodes a JPEG row by row and, if asked, at 1/2, 1/4 or 1/8 of its size.
//
// image/jpeg holds the whole picture and, for a progressive file, every coefficient as an
// int32: a progressive 50-megapixel photo costs it 375 MB (4:2:0) to 750 MB (4:4:4). This
// package hands rows on as soon as they are complete, so that a sequential file costs one
// row of blocks, and keeps of a progressive file only the coefficients that the wanted size
// needs (T.81, Annex G; the reduced inverse transforms are those of a smaller DCT). It is
// also stricter: what image/jpeg repairs or leaves grey (a lost restart marker, a missing
// component, an undefined table) is an error here. The tests compare the two.
package jpegrow

import (
	"encoding/binary"
	"fmt"
)

// Model says what the components of a picture mean.
type Model int

// The models that JPEG files use. Adobe writes CMYK and YCCK inverted (255 is no ink).
const (
	Gray Model = iota
	YCbCr
	RGB
	CMYK
	YCCK
)

// UnsupportedError is a valid JPEG of a kind that this package does not read.
type UnsupportedError string

// Error implements error.
func (e UnsupportedError) Error() string { return "jpeg: not supported: " + string(e) }

// FormatError is a damaged or incomplete JPEG.
type FormatError string

// Error implements error.
func (e FormatError) Error() string { return "jpeg: " + string(e) }

const errTruncated = FormatError("the data ends too early")

// Markers, T.81 table B.1.
const (
	markerSOF0  = 0xc0
	markerSOF1  = 0xc1
	markerSOF2  = 0xc2
	markerDHT   = 0xc4
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
	markerTEM   = 0x01
)

// maxScans bounds the work that a small progressive file can ask for: each scan visits all
// blocks, and a scan that changes nothing takes a few bytes. Encoders write 6 to 14.
const maxScans = 64

// Decoder is one JPEG whose header has been read.
type Decoder struct {
	// Width and Height are the size of the picture in pixels.
	Width, Height int
	// Exif is the TIFF block of the first EXIF segment, nil without one.
	Exif []byte

	data        []byte
	pos         int
	progressive bool
	comps       []component
	hMax, vMax  int
	mcusX       int
	mcusY       int
	jfif        bool
	adobe       int // transform flag of the Adobe segment, -1 without one
	restart     int // MCUs between two restart markers, 0 for none
	quant       [4]*[64]int32
	huff        [2][4]*table // DC, AC
	scans       int
}

// New reads the header: all that stands before the first scan.
func New(data []byte) (*Decoder, error) {
	if len(data) < 4 || data[0] != 0xff || data[1] != markerSOI {
		return nil, FormatError("no start of image")
	}
	d := &Decoder{data: data, pos: 2, adobe: -1}
	for {
		start := d.pos
		marker, payload, err := d.segment()
		if err != nil {
			return nil, err
		}
		if marker == markerSOS {
			if d.comps == nil {
				return nil, FormatError("a scan before the frame header")
			}
			d.pos = start
			return d, nil
		}
		if marker == markerEOI {
			return nil, FormatError("no scan")
		}
		if err := d.apply(marker, payload); err != nil {
			return nil, err
		}
	}
}

// segment returns the next marker with its payload. Stray bytes before a marker are skipped,
// as every decoder does.
func (d *Decoder) segment() (marker byte, payload []byte, err error) {
	for {
		for d.pos < len(d.data) && d.data[d.pos] != 0xff {
			d.pos++
		}
		for d.pos < len(d.data) && d.data[d.pos] == 0xff {
			d.pos++
		}
		if d.pos >= len(d.data) {
			return 0, nil, errTruncated
		}
		marker = d.data[d.pos]
		d.pos++
		if marker == 0 || marker == markerTEM || markerRST0 <= marker && marker <= markerRST7 {
			continue
		}
		break
	}
	if marker == markerEOI {
		return marker, nil, nil
	}
	if d.pos+2 > len(d.data) {
		return 0, nil, errTruncated
	}
	n := int(binary.BigEndian.Uint16(d.data[d.pos:]))
	if n < 2 {
		return 0, nil, FormatError("a segment without a length")
	}
	if d.pos+n > len(d.data) {
		return 0, nil, errTruncated
	}
	payload = d.data[d.pos+2 : d.pos+n]
	d.pos += n
	return marker, payload, nil
}

// apply takes over what a segment other than a scan says.
func (d *Decoder) apply(marker byte, p []byte) error {
	switch {
	case marker == markerSOF0, marker == markerSOF1, marker == markerSOF2:
		d.progressive = marker == markerSOF2
		return d.frame(p)
	case marker == markerDHT:
		return d.huffmanTables(p)
	case marker == markerDQT:
		return d.quantTables(p)
	case marker == markerDRI:
		if len(p) != 2 {
			return FormatError("a restart interval of the wrong length")
		}
		d.restart = int(binary.BigEndian.Uint16(p))
	case marker == markerAPP0:
		d.jfif = d.jfif || len(p) >= 5 && string(p[:5]) == "JFIF\x00"
	case marker == markerAPP1:
		if d.Exif == nil && len(p) > 6 && string(p[:6]) == "Exif\x00\x00" {
			d.Exif = p[6:]
		}
	case marker == markerAPP14:
		if len(p) >= 12 && string(p[:5]) == "Adobe" {
			d.adobe = int(p[11])
		}
	case markerAPP0 <= marker && marker <= markerAPP15, marker == markerCOM:
	case marker >= 0xc0:
		return UnsupportedError(fmt.Sprintf("marker %#x", marker)) // lossless, arithmetic, hierarchical
	default:
		return FormatError(fmt.Sprintf("marker %#x", marker))
	}
	return nil
}

// quantTables reads a DQT segment (B.2.4.1); values stay in zig-zag order.
func (d *Decoder) quantTables(p []byte) error {
	for len(p) > 0 {
		id, wide := p[0]&15, int(p[0]>>4)
		if id > 3 || wide > 1 {
			return FormatError("a quantization table with a wrong number")
		}
		p = p[1:]
		if len(p) < 64*(1+wide) {
			return FormatError("a quantization table of the wrong length")
		}
		t := new([64]int32)
		for i := range t {
			if wide == 1 {
				t[i] = int32(binary.BigEndian.Uint16(p[2*i:]))
			} else {
				t[i] = int32(p[i])
			}
		}
		d.quant[id], p = t, p[64*(1+wide):]
	}
	return nil
}

// Model returns what the components mean. It follows libjpeg's rules for files that do not
// say so (jdapimin.c, default_decompress_parms).
func (d *Decoder) Model() (Model, error) {
	switch len(d.comps) {
	case 1:
		return Gray, nil
	case 3:
		ids := string([]byte{d.comps[0].id, d.comps[1].id, d.comps[2].id})
		if !d.jfif && (d.adobe == 0 || d.adobe < 0 && ids == "RGB") {
			return RGB, nil
		}
		return YCbCr, nil
	}
	switch d.adobe {
	case -1:
		return 0, UnsupportedError("four colours without an Adobe segment")
	case 0:
		return CMYK, nil
	}
	return YCCK, nil
}
