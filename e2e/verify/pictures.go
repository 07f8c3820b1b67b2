package verify

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"strings"

	"liveassist/e2e/evidence"
)

// Bounds of what passes for a picture of a page.
const (
	fewestColours = 60  // a page with text has more, through the smoothing of its letters
	fewestPixels  = 300 // that differ between two pictures; a caption's words alone are more
	deskWidth     = 1200
	phoneWidth    = 480
	dimmer        = 0.12 // by how much of full white a dark picture is darker than its light one
)

// looks are the four forms in which pages are shown.
func looks() []string { return []string{"desk-light", "desk-dark", "phone-light", "phone-dark"} }

// pages are the pages that are shown in all looks.
func pages() []string {
	return []string{"upgrade-dialog", "liveassist-before", "liveassist-after", "account-premium"}
}

// pictures is every picture that must be there.
func pictures() (names []string) {
	for _, tool := range []string{"local-storage", "messages", "users-me", "image-403-request", "image-403-response"} {
		names = append(names, pictureOf("devtools-"+tool))
	}
	for _, page := range pages() {
		for _, look := range looks() {
			names = append(names, pictureOf("page-"+page+"-"+look))
		}
	}
	return names
}

func pictureOf(name string) string { return evidence.PictureDir + "/" + name + ".png" }

// checkPictures asks that all pictures are real, of the size that they claim, and different.
func (c *checker) checkPictures() {
	decoded := map[string]*image.NRGBA{}
	for _, name := range pictures() {
		b, ok := c.content[name]
		if !ok {
			continue // it was reported as missing or altered
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			c.wrong(name, "no PNG picture: %v", err)
			continue
		}
		flat := image.NewNRGBA(img.Bounds())
		draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Src)
		decoded[name] = flat
		c.checkPicture(name, flat)
	}
	c.checkDifferent(decoded)
	for _, page := range pages() {
		for _, size := range []string{"desk", "phone"} {
			light, dark := pictureOf("page-"+page+"-"+size+"-light"), pictureOf("page-"+page+"-"+size+"-dark")
			if decoded[light] != nil && decoded[dark] != nil && brightness(decoded[light])-brightness(decoded[dark]) < dimmer {
				c.wrong(dark, "not darker than the light one")
			}
		}
	}
}

func (c *checker) checkPicture(name string, img *image.NRGBA) {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	phone := strings.Contains(name, "-phone-")
	if phone && (width > phoneWidth || width < phoneWidth/2) || !phone && width < deskWidth || height < 400 {
		c.wrong(name, "%d by %d pixels", width, height)
	}
	if n := colours(img, fewestColours); n < fewestColours {
		c.wrong(name, "only %d colours: no picture of a page", n)
	}
}

// checkDifferent compares every picture with every other of its size.
func (c *checker) checkDifferent(decoded map[string]*image.NRGBA) {
	names := pictures()
	for i, a := range names {
		for _, b := range names[i+1:] {
			x, y := decoded[a], decoded[b]
			if x != nil && y != nil && x.Bounds().Size() == y.Bounds().Size() && !differ(x, y, fewestPixels) {
				c.wrong(b, "the same picture as %s", a)
			}
		}
	}
}

// differ reports whether two pictures of one size differ in at least n pixels.
func differ(x, y *image.NRGBA, n int) bool {
	for i := 0; i+4 <= len(x.Pix); i += 4 {
		if !bytes.Equal(x.Pix[i:i+4], y.Pix[i:i+4]) {
			if n--; n <= 0 {
				return true
			}
		}
	}
	return false
}

// colours counts the colours of a picture, up to most.
func colours(img *image.NRGBA, most int) int {
	seen := map[[4]byte]bool{}
	for i := 0; i+4 <= len(img.Pix) && len(seen) < most; i += 4 {
		seen[[4]byte(img.Pix[i:i+4])] = true
	}
	return len(seen)
}

// brightness is the mean of all channels, 0 to 1.
func brightness(img *image.NRGBA) float64 {
	sum := 0
	for i := 0; i+4 <= len(img.Pix); i += 4 {
		sum += int(img.Pix[i]) + int(img.Pix[i+1]) + int(img.Pix[i+2])
	}
	return float64(sum) / float64(len(img.Pix)/4*3*255)
}
