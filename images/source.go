package images

import (
	"context"
	"errors"
	"fmt"

	"liveassist/domain"
	"liveassist/images/internal/jpegrow"
)

// source is a file whose header has been read and whose pixels have not.
type source interface {
	// size returns the width and height that the header claims, in pixels.
	size() (w, h int)
	// orientation returns the EXIF orientation, 1 to 8.
	orientation() int
	// memory returns the bytes that decode holds on top of the picture that it returns.
	memory() int64
	// decode returns the picture, not yet upright, at the size that is stored or, where that
	// is cheaper, up to a sixteenth smaller.
	decode(ctx context.Context) (picture, error)
	// lossy reports whether the picture is a photo by its format.
	lossy() bool
}

// open recognises the file, reads its header, and refuses what is too large.
func open(raw []byte) (source, error) {
	f, err := sniff(raw)
	if err != nil {
		return nil, err
	}
	var src source
	switch f {
	case formatJPEG:
		src, err = openJPEG(raw)
	case formatPNG:
		src, err = openPNG(raw)
	case formatWebP:
		src, err = openWebP(raw)
	case formatGIF:
		src, err = openGIF(raw)
	}
	if err != nil {
		return nil, refusal(err)
	}
	w, h := src.size()
	switch {
	case int64(w)*int64(h) > MaxPixels:
		return nil, tooLarge(textPixels).Because(fmt.Errorf("%d x %d pixels", w, h))
	case max(w, h) > MaxSide:
		return nil, tooLarge(textSide).Because(fmt.Errorf("%d x %d pixels", w, h))
	case weight(src) > memoryBudget:
		return nil, tooLarge(textComplex).Because(fmt.Errorf("%d x %d pixels need %d bytes", w, h, weight(src)))
	}
	return src, nil
}

// refusal gives a decoder's error its words for a person. Errors that have words already, and
// the end of the caller's context, pass.
func refusal(err error) error {
	if _, ok := errors.AsType[*domain.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, ok := errors.AsType[jpegrow.UnsupportedError](err); ok {
		return unsupported(textVariant).Because(err)
	}
	return unsupported(textDamaged).Because(err)
}

// alive returns the context's error every few rows, so that work for a person who left ends.
func alive(ctx context.Context, y int) error {
	if y%32 == 0 {
		return ctx.Err()
	}
	return nil
}
