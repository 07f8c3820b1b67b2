package images

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

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
	if img.ContentType != typePNG || extras(img.Data) != "" || bytes.Contains(img.Data, []byte(secret)) {
		t.Errorf("got %s with %q", img.ContentType, extras(img.Data))
	}
}
