package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// uploading prints how long a phone's photo takes from the first byte to the stored
// message, and what a stream of uploads does to the texts of other people.
func (p *plan) uploading(ctx context.Context, r *report) error {
	photo, err := phonePhoto()
	if err != nil {
		return err
	}
	var alone, beside rate
	var up uploads
	err = with(ctx, p.product, func(t *target) error {
		people, err := t.people(8)
		if err != nil {
			return err
		}
		if alone, err = steady(t, people, 3*p.d); err != nil {
			return err
		}
		stop := make(chan struct{})
		done := make(chan error, 1)
		go func() { done <- up.run(t, people[:2], photo, stop) }()
		time.Sleep(300 * time.Millisecond)
		beside, err = steady(t, people, 3*p.d)
		close(stop)
		if e := <-done; err == nil {
			err = e
		}
		return err
	})
	if err != nil {
		return err
	}
	r.add(row{
		Work: fmt.Sprintf("photo of 12 megapixels, %.1f MB, two at once, to stored message, p99", float64(len(photo))/1e6), Unit: millis, Durability: p.product.durability(),
		sample: sampled(inMillis(quantile(up.took, 0.99))),
		Note:   fmt.Sprintf("p50 %s, of it until the last byte was sent %s", ms(quantile(up.took, 0.5)), ms(quantile(up.sent, 0.5))),
	})
	r.add(row{
		Work: "texts at 100/s during the uploads, p99", Unit: millis, Durability: p.product.durability(), sample: sampled(inMillis(beside.p99)),
		Others: []against{{Name: "without uploads", Durability: p.product.durability(), sample: sampled(inMillis(alone.p99)), goal: atMost(3)}},
		Note:   fmt.Sprintf("p50 %s, without %s", ms(beside.p50), ms(alone.p50)),
	})
	return nil
}

// steady posts texts at 100/s, spread over the people, and returns how long they took.
func steady(t *target, people []person, d time.Duration) (rate, error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed atomic.Value
	var wg sync.WaitGroup
	each := time.Duration(len(people)) * time.Second / 100
	stop := time.Now().Add(d)
	for i, p := range people {
		c, err := dial(t.addr, p)
		if err != nil {
			return rate{}, err
		}
		wg.Go(func() {
			defer c.c.Close()
			request := c.request(http.MethodPost, p.post, p.say(text))
			time.Sleep(each * time.Duration(i) / time.Duration(len(people)))
			for tick := time.NewTicker(each); time.Now().Before(stop); <-tick.C {
				begin := time.Now()
				if status, b, _, err := c.do(request); err != nil || status > 299 {
					failed.Store(fmt.Errorf("%s: post %d %.100s %w", t.name, status, b, err))
					return
				}
				mu.Lock()
				took = append(took, time.Since(begin))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return rate{}, err
	}
	return rate{float64(len(took)) / d.Seconds(), quantile(took, 0.5), quantile(took, 0.99)}, nil
}

// uploads is a stream of photos, one at a time from each person.
type uploads struct {
	mu         sync.Mutex
	took, sent []time.Duration
}

func (u *uploads) run(t *target, people []person, photo []byte, stop <-chan struct{}) error {
	errs := make(chan error, len(people))
	for _, p := range people {
		go func() { errs <- u.one(t, p, photo, stop) }()
	}
	var err error
	for range people {
		if e := <-errs; err == nil {
			err = e
		}
	}
	return err
}

func (u *uploads) one(t *target, p person, photo []byte, stop <-chan struct{}) error {
	c, err := dial(t.addr, p)
	if err != nil {
		return err
	}
	defer c.c.Close()
	head, form, err := uploadRequest(c, p.images, photo)
	if err != nil {
		return err
	}
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		begin := time.Now()
		if _, err := c.c.Write(head); err != nil {
			return err
		}
		if _, err := c.c.Write(form[:len(form)-1]); err != nil {
			return err
		}
		sent := time.Since(begin)
		status, b, _, err := c.do(form[len(form)-1:])
		if err != nil || status != http.StatusCreated {
			return fmt.Errorf("upload: %d %.200s %w", status, b, err)
		}
		u.mu.Lock()
		u.took, u.sent = append(u.took, time.Since(begin)), append(u.sent, sent)
		u.mu.Unlock()
	}
}

func uploadRequest(c *conn, path string, photo []byte) (head, form []byte, err error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("image", "photo.jpg")
	if err != nil {
		return nil, nil, err
	}
	if _, err := part.Write(photo); err != nil {
		return nil, nil, err
	}
	if err := m.Close(); err != nil {
		return nil, nil, err
	}
	head = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		path, c.host, c.auth, m.FormDataContentType(), b.Len())
	return head, b.Bytes(), nil
}

// phonePhoto is a picture of 12 megapixels with the noise of a small sensor: about 3 MB.
func phonePhoto() ([]byte, error) {
	img := image.NewYCbCr(image.Rect(0, 0, 4032, 3024), image.YCbCrSubsampleRatio420)
	seed := uint32(1)
	for y := range 3024 {
		for x := range 4032 {
			seed = seed*1664525 + 1013904223
			c := color.YCbCr{Y: uint8(60 + x*100/4032 + y*60/3024 + int(seed>>29))}
			img.Y[img.YOffset(x, y)] = c.Y
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(110+i/len(img.Cb)*20), uint8(120+i%2016/100)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90})
	return b.Bytes(), err
}
