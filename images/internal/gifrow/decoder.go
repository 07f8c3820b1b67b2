// Package gifrow decodes the first picture of a GIF row by row.
//
// image/gif holds the picture twice while it brings the rows of an interlaced one in order.
// It also gives the first picture alone, without the surrounding screen that every viewer
// shows. This package checks the structure of the whole file up to its trailer, so that a
// truncated animation is an error, and unpacks the first picture. The tests compare it with
// image/gif.
package gifrow

import (
	"compress/lzw"
	"encoding/binary"
	"fmt"
	"io"
)

// FormatError is a damaged or incomplete GIF.
type FormatError string

// Error implements error.
func (e FormatError) Error() string { return "gif: " + string(e) }

const errTruncated = FormatError("the data ends too early")

const (
	blockExtension = 0x21
	blockPicture   = 0x2c
	blockTrailer   = 0x3b
	graphicControl = 0xf9

	flagPalette   = 1 << 7
	flagInterlace = 1 << 6
)

// Decoder is one GIF whose structure has been checked.
type Decoder struct {
	// Width and Height are the size of the screen in pixels.
	Width, Height int
	// Frames is the number of pictures in the file.
	Frames int

	data          []byte
	pos           int
	palette       []byte // RGB
	transparent   int    // palette index, -1 for none
	x, y, w, h    int    // the first picture's place on the screen
	interlaced    bool
	litWidth      int
	pixels        int // where the first picture's data blocks begin
	globalPalette []byte
}

// New reads all blocks up to the trailer; the pixels stay packed.
func New(data []byte) (*Decoder, error) {
	if len(data) < 13 || string(data[:6]) != "GIF87a" && string(data[:6]) != "GIF89a" {
		return nil, FormatError("no signature")
	}
	d := &Decoder{data: data, pos: 13, transparent: -1}
	d.Width, d.Height = int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))
	var err error
	if d.globalPalette, err = d.readPalette(data[10]); err != nil {
		return nil, err
	}
	for {
		kind, err := d.take(1)
		if err != nil {
			return nil, err
		}
		switch kind[0] {
		case blockExtension:
			err = d.extension()
		case blockPicture:
			err = d.picture()
		case blockTrailer:
			if d.Frames == 0 {
				return nil, FormatError("no picture")
			}
			return d, nil
		default:
			err = FormatError(fmt.Sprintf("an unknown block %#x", kind[0]))
		}
		if err != nil {
			return nil, err
		}
	}
}

// take returns the next n bytes.
func (d *Decoder) take(n int) ([]byte, error) {
	if len(d.data)-d.pos < n {
		return nil, errTruncated
	}
	b := d.data[d.pos : d.pos+n]
	d.pos += n
	return b, nil
}

// readPalette returns the palette that flags announce, nil for none.
func (d *Decoder) readPalette(flags byte) ([]byte, error) {
	if flags&flagPalette == 0 {
		return nil, nil
	}
	return d.take(3 << (flags&7 + 1))
}

// skip passes over data blocks.
func (d *Decoder) skip() error {
	for {
		n, err := d.take(1)
		if err != nil || n[0] == 0 {
			return err
		}
		if _, err := d.take(int(n[0])); err != nil {
			return err
		}
	}
}

// extension reads an extension; only the transparent colour of the first picture matters.
func (d *Decoder) extension() error {
	label, err := d.take(1)
	if err != nil {
		return err
	}
	if b := d.data[d.pos:]; label[0] == graphicControl && d.Frames == 0 && len(b) >= 5 && b[0] == 4 {
		d.transparent = -1
		if b[1]&1 != 0 {
			d.transparent = int(b[4])
		}
	}
	return d.skip()
}

// picture reads an image descriptor and notes that of the first picture.
func (d *Decoder) picture() error {
	b, err := d.take(9)
	if err != nil {
		return err
	}
	palette, err := d.readPalette(b[8])
	if err != nil {
		return err
	}
	width, err := d.take(1)
	if err != nil {
		return err
	}
	if d.Frames++; d.Frames > 1 {
		return d.skip()
	}
	d.x, d.y = int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:]))
	d.w, d.h = int(binary.LittleEndian.Uint16(b[4:])), int(binary.LittleEndian.Uint16(b[6:]))
	if d.palette = palette; palette == nil {
		d.palette = d.globalPalette
	}
	d.interlaced, d.litWidth, d.pixels = b[8]&flagInterlace != 0, int(width[0]), d.pos
	switch {
	case d.w == 0 || d.h == 0 || d.x+d.w > d.Width || d.y+d.h > d.Height:
		return FormatError("a picture outside the screen")
	case d.palette == nil:
		return FormatError("no palette")
	case d.litWidth < 2 || d.litWidth > 8:
		return FormatError("a wrong code width")
	}
	return d.skip()
}

// HasAlpha reports whether pixels may be transparent.
func (d *Decoder) HasAlpha() bool {
	return d.transparent >= 0 || d.w < d.Width || d.h < d.Height
}

// Memory returns the bytes that Decode needs.
func (d *Decoder) Memory() int64 {
	if d.interlaced {
		return int64(d.w) * int64(d.h)
	}
	return int64(d.w)
}

// Decode hands the rows of the screen with the first picture on it to emit, from the top, as
// red, green, blue, alpha with 8 bits each. The slice is valid during the call; an error ends
// the decoding and is returned.
func (d *Decoder) Decode(emit func(pix []byte) error) error {
	z := lzw.NewReader(&dataBlocks{data: d.data, pos: d.pixels}, lzw.LSB, d.litWidth) // needs no Close: it holds memory alone
	row, err := d.rows(z)
	if err != nil {
		return err
	}
	colors := d.colors()
	pix := make([]byte, 4*d.Width)
	for y := range d.Height {
		clear(pix)
		if y >= d.y && y < d.y+d.h {
			indices, err := row(y - d.y)
			if err != nil {
				return err
			}
			for i, v := range indices {
				if 4*int(v) >= len(colors) {
					return FormatError("a pixel outside the palette")
				}
				copy(pix[4*(d.x+i):4*(d.x+i)+4], colors[4*int(v):])
			}
		}
		if err := emit(pix); err != nil {
			return err
		}
	}
	return nil
}

// rows returns a function that gives the palette indices of row y, asked for in order. An
// interlaced picture has to be unpacked as a whole first.
func (d *Decoder) rows(z io.Reader) (func(y int) ([]byte, error), error) {
	if !d.interlaced {
		row := make([]byte, d.w)
		return func(y int) ([]byte, error) {
			if _, err := io.ReadFull(z, row); err != nil {
				return nil, fmt.Errorf("gif: row %d: %w", y, err)
			}
			return row, nil
		}, nil
	}
	all := make([]byte, d.w*d.h)
	if _, err := io.ReadFull(z, all); err != nil {
		return nil, fmt.Errorf("gif: pixels: %w", err)
	}
	at, n := make([]int, d.h), 0
	for _, p := range [4][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}} { // GIF89a, appendix E
		for y := p[0]; y < d.h; y += p[1] {
			at[y] = n
			n++
		}
	}
	return func(y int) ([]byte, error) { return all[at[y]*d.w : (at[y]+1)*d.w], nil }, nil
}

// colors returns the palette as red, green, blue, alpha.
func (d *Decoder) colors() []byte {
	out := make([]byte, 0, 4*256)
	for i := 0; i < len(d.palette); i += 3 {
		if i/3 == d.transparent {
			out = append(out, 0, 0, 0, 0)
			continue
		}
		out = append(out, d.palette[i], d.palette[i+1], d.palette[i+2], 255)
	}
	return out
}

// dataBlocks reads the contents of data blocks, which New has checked, one after the other.
type dataBlocks struct {
	data []byte
	pos  int
	left int // unread bytes of the current block
}

// ReadByte implements io.ByteReader, which is what lzw reads by.
func (b *dataBlocks) ReadByte() (byte, error) {
	if b.left == 0 {
		if b.left = int(b.data[b.pos]); b.left == 0 {
			return 0, io.EOF
		}
		b.pos++
	}
	v := b.data[b.pos]
	b.pos, b.left = b.pos+1, b.left-1
	return v, nil
}

// Read implements io.Reader.
func (b *dataBlocks) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	v, err := b.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = v
	return 1, nil
}
