package images

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/semaphore"

	"liveassist/domain"
)

const (
	// memoryBudget is what all pictures in work may hold together, in bytes.
	//
	// With eight uploads of MaxBytes waiting (84 MB that their handlers hold) the process
	// stays below 84 + 134 + 30 MB; in practice far below, because a photo takes about 10 MB
	// of the budget.
	memoryBudget = 128 << 20
	// heavy is what a picture must hold, in bytes, for the garbage of the one before it to be
	// collected first: the collector alone would let the heap double. It lies above what a
	// photo of a phone takes, and is nothing beside the second that such a picture takes.
	heavy = 16 << 20
)

// Processor turns uploads into pictures, a few at a time.
type Processor struct {
	memory *semaphore.Weighted
	share  int64 // what each picture takes of memory at least, which limits how many there are
	gauge  gauge
}

// NewProcessor returns a Processor that works on up to concurrency pictures at once.
func NewProcessor(concurrency int) *Processor {
	return &Processor{
		memory: semaphore.NewWeighted(memoryBudget),
		share:  memoryBudget / int64(max(1, concurrency)),
	}
}

// Process returns the picture in raw. It waits until enough other pictures are done. Errors
// are a *domain.Error of kind unsupported_media_type or too_large, with words for the person
// who sent the file, or that of ctx.
func (p *Processor) Process(ctx context.Context, raw []byte) (Image, error) {
	if len(raw) > MaxBytes {
		return Image{}, tooLarge(textBytes)
	}
	img, err := guard(func() (Image, error) { return p.process(ctx, raw) })
	if err == nil || errors.As(err, new(*domain.Error)) {
		return img, err
	}
	return Image{}, fmt.Errorf("process image: %w", err)
}

func (p *Processor) process(ctx context.Context, raw []byte) (Image, error) {
	src, err := open(raw)
	if err != nil {
		return Image{}, err
	}
	need := max(p.share, weight(src))
	if err := p.memory.Acquire(ctx, need); err != nil {
		return Image{}, err
	}
	defer p.memory.Release(need)
	defer p.gauge.work()()
	return render(ctx, src)
}

// guard turns a panic of work into an error: a file that confuses a decoder must not end the
// server. The log gets the place.
func guard(work func() (Image, error)) (img Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			img, err = Image{}, unsupported(textDamaged).Because(recovered(r))
		}
	}()
	return work()
}

// recovered describes a panic that a decoder ran into, with the place for the log.
func recovered(r any) error {
	stack := make([]byte, 4<<10)
	stack = stack[:runtime.Stack(stack, false)]
	return fmt.Errorf("panic: %v\n%s", r, stack)
}

// weight estimates what a picture takes of the budget, in bytes: what decoding holds, and
// then for each stored pixel the planes, the form that the encoder reads, and the result.
func weight(src source) int64 {
	w, h := src.size()
	w, h = fit(w, h, StoredSide)
	perPixel := int64(12)
	if src.lossy() {
		perPixel = 4
	}
	return src.memory() + int64(w)*int64(h)*perPixel
}

// render decodes, turns and encodes.
func render(ctx context.Context, src source) (Image, error) {
	if weight(src) > heavy {
		runtime.GC()
	}
	pic, err := src.decode(ctx)
	if err != nil {
		return Image{}, refusal(err)
	}
	if err := ctx.Err(); err != nil {
		return Image{}, err
	}
	return finish(pic.turn(src.orientation()), src.lossy())
}
