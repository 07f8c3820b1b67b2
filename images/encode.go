package images

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"runtime"
)

const (
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"

	// quality is that of the JPEG encoder. At 85 a photo of 2048 pixels takes about 500 kB
	// and shows no difference to the original at arm's length.
	quality = 85
	// maxPNG is the size from which an opaque PNG becomes JPEG, in bytes. Screenshots and
	// drawings stay far below it, photos far above.
	maxPNG = 1 << 20
	// maxPreviewPNG is the same for a preview.
	maxPreviewPNG = 96 << 10
	// maxStored is the size up to which a transparent PNG is kept at StoredSide, in bytes.
	// One above it is stored at half that: 4 MiB at most.
	maxStored = 5 << 20
)

// finish encodes the upright picture and its preview.
func finish(p picture, lossy bool) (Image, error) {
	var img Image
	var err error
	img.ContentType, img.Data, err = encode(p, lossy, maxPNG)
	if err == nil && len(img.Data) > maxStored {
		w, h := p.size()
		p = p.resize(fit(w, h, StoredSide/2))
		img.ContentType, img.Data, err = encode(p, lossy, maxPNG)
	}
	if err != nil {
		return Image{}, err
	}
	img.Width, img.Height = p.size()
	sum := sha256.Sum256(img.Data)
	img.Hash = hex.EncodeToString(sum[:])
	if img.Width <= PreviewWidth {
		img.Preview, img.PreviewType = img.Data, img.ContentType
		return img, nil
	}
	small := p.resize(PreviewWidth, max(1, (img.Height*PreviewWidth+img.Width/2)/img.Width))
	img.PreviewType, img.Preview, err = encode(small, lossy, maxPreviewPNG)
	return img, err
}

// encode writes the picture as PNG if it has transparency, or is no photo and takes at most
// limit bytes, otherwise as JPEG.
func encode(p picture, lossy bool, limit int) (contentType string, data []byte, err error) {
	if p.model == rgba {
		limit = math.MaxInt
	}
	m := p.image()
	if p.model == rgba || !lossy {
		data, err = encodePNG(m, limit)
		if !errors.Is(err, errFull) {
			return typePNG, data, err
		}
	}
	var b yieldingBuffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return "", nil, fmt.Errorf("encode jpeg: %w", err)
	}
	return typeJPEG, b.Bytes(), nil
}

// yieldingBuffer lets others run each time that an encoder hands over its bytes.
type yieldingBuffer struct{ bytes.Buffer }

// Write implements io.Writer.
func (b *yieldingBuffer) Write(p []byte) (int, error) {
	runtime.Gosched()
	return b.Buffer.Write(p)
}

// encodePNG returns errFull once the result takes more than limit bytes, without encoding the
// rest.
func encodePNG(m image.Image, limit int) ([]byte, error) {
	var indexedImage *image.Paletted
	switch m := m.(type) {
	case *image.RGBA:
		indexedImage = indexed(m.Pix, m.Rect)
	case *image.NRGBA:
		indexedImage = indexed(m.Pix, m.Rect)
	}
	if indexedImage != nil {
		m = indexedImage
	}
	w := &cappedWriter{limit: limit}
	if err := png.Encode(w, m); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	return w.buf.Bytes(), nil
}

var errFull = errors.New("more bytes than allowed")

// cappedWriter keeps what is written up to limit bytes.
type cappedWriter struct {
	buf   yieldingBuffer
	limit int
}

// Write implements io.Writer.
func (w *cappedWriter) Write(b []byte) (int, error) {
	if w.buf.Len()+len(b) > w.limit {
		return 0, errFull
	}
	return w.buf.Write(b)
}
