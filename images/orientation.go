package images

import "encoding/binary"

// upright is the orientation of a picture whose first row is its top.
const upright = 1

// orientation returns the value of the Orientation tag (1 to 8) of a TIFF block as it stands
// in EXIF data (EXIF 2.32, 4.6.4 A), and 1 where there is none or it makes no sense. Nothing
// else of the block is read.
func orientation(tiff []byte) int {
	const (
		tag       = 0x0112
		typeShort = 3
		entrySize = 12
	)
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			return upright
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == typeShort {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return upright
		}
		entries = entries[entrySize:]
	}
	return upright
}

// turn returns the plane as orientation o says it is meant to be seen.
func (p plane) turn(o int) plane {
	// The pixel (x, y) of the result is the pixel start + x*dx + y*dy of the source.
	w, h := p.w, p.h
	var start, dx, dy int
	switch o {
	case 2: // mirrored left to right
		start, dx, dy = w-1, -1, w
	case 3: // upside down
		start, dx, dy = w*h-1, -1, -w
	case 4: // mirrored top to bottom
		start, dx, dy = w*(h-1), 1, -w
	case 5: // mirrored along the falling diagonal
		start, dx, dy = 0, w, 1
	case 6: // to be turned clockwise
		start, dx, dy = w*(h-1), -w, 1
	case 7: // mirrored along the rising diagonal
		start, dx, dy = w*h-1, -w, -1
	case 8: // to be turned anticlockwise
		start, dx, dy = w-1, w, -1
	default:
		return p
	}
	if o >= 5 {
		w, h = h, w
	}
	out := newPlane(w, h)
	for y := range h {
		row, at := out.row(y), start+y*dy
		for x := range row {
			row[x] = p.pix[at]
			at += dx
		}
	}
	return out
}
