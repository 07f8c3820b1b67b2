// Package images turns the bytes that a person uploads as a photo into a picture that is safe
// to keep and to serve: recognised by content, checked before it is decoded, turned upright,
// made smaller, and written anew, so that nothing of the original file but its colours remains.
//
// # What comes out
//
//   - JPEG stays JPEG.
//   - PNG stays PNG; an opaque one that would take more than a mebibyte (a photo, not a
//     screenshot) becomes JPEG.
//   - WebP becomes JPEG if it is lossy and opaque, otherwise it is treated like PNG.
//   - GIF becomes the first picture of the animation as PNG: a chat about a broken machine
//     gains nothing from an animation, and one that is played costs every reader's battery.
//
// The colour profile goes with the other metadata: a photo in Display P3 looks slightly
// paler than it did on the phone that took it.
//
// # Memory
//
// Files are decoded row by row into planes of at most 2048 pixels a side (6 MB for a photo,
// 17 MB with transparency), so the size of the original hardly matters: see the packages
// below internal. What has to be held as a whole (the coefficients of a progressive JPEG, the
// passes of an interlaced PNG or GIF, all of a WebP) is estimated from the header and taken
// out of one budget of 128 MiB, which all pictures in work share. What no budget can hold is
// refused: a lossless or transparent WebP above about 10 megapixels.
package images

import (
	"liveassist/domain"
)

// Limits of what is accepted.
const (
	// MaxBytes is the largest file, in bytes.
	MaxBytes = 10 << 20
	// MaxPixels is the largest picture, width times height.
	MaxPixels = 50_000_000
	// MaxSide is the longest side that is accepted, in pixels; panoramas of phones reach
	// about 16,000.
	MaxSide = 32_768
)

// Sizes of what is kept.
const (
	// StoredSide is the longest side of the stored picture, in pixels.
	StoredSide = 2048
	// PreviewWidth is the width of the preview at most, in pixels.
	PreviewWidth = 480
)

// Image is a picture ready to be stored and served.
type Image struct {
	// ContentType is the media type of Data: image/jpeg or image/png.
	ContentType string
	// Width and Height are the size of the stored picture in pixels.
	Width, Height int
	Data          []byte
	// Preview is at most PreviewWidth pixels wide; it shares its bytes with Data if that is
	// small enough itself.
	Preview     []byte
	PreviewType string
	// Hash is the SHA-256 of Data in hexadecimal digits, for the ETag.
	Hash string
}

// Texts for people. They name what works, because "unsupported" alone helps nobody.
const (
	textBytes    = "The image is larger than 10 MB. Send a smaller one."
	textPixels   = "The image has more than 50 million pixels. Send a smaller one."
	textSide     = "The image is too long: a side may have 32,768 pixels at most."
	textComplex  = "The image is too large for its kind. Send it smaller, or as a JPEG."
	textEmpty    = "The file is empty. Choose the image again."
	textDamaged  = "The image is damaged or incomplete. Choose it again, or send another one."
	textUnknown  = "This is not an image that can be shown here. JPEG, PNG, WebP and GIF work."
	textHEIC     = "Photos in your phone's HEIC format are not supported. JPEG works: choose \"Most Compatible\" in the camera settings, or send a screenshot of the photo."
	textAVIF     = "AVIF images are not supported. JPEG, PNG, WebP and GIF work."
	textSVG      = "SVG drawings are not supported. JPEG, PNG, WebP and GIF work."
	textPDF      = "PDF documents are not supported. Send a photo or a screenshot as JPEG or PNG."
	textAnimated = "Animated WebP images are not supported. JPEG, PNG, GIF and still WebP work."
	textVariant  = "This kind of JPEG is not supported. Save the image as an ordinary JPEG or PNG and send it again."
)

func unsupported(text string) *domain.Error { return domain.E(domain.KindUnsupportedMediaType, text) }

func tooLarge(text string) *domain.Error { return domain.E(domain.KindTooLarge, text) }
