package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	webhookSecret = "whsec_powerloss"
	password      = "correct horse"
)

// book is what clients were promised, under the X-Request-Id of the answer: by it the trace
// finds the moment at which the answer was given.
type book struct {
	mu       sync.Mutex
	promises map[string]promise
	failed   []string // answers that no client should get
}

func (b *book) note(requestID string, p promise) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.promises[requestID] = p
}

func (b *book) fail(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = append(b.failed, fmt.Sprintf(format, args...))
}

// client is one person who writes.
type client struct {
	*book
	url, cookie, user, session string
	rand                       *rand.Rand
	number                     int
}

// call sends a request; a server that is gone is no failure. answer holds the body of a 2xx.
func (c *client) call(ctx context.Context, path, contentType string, body []byte, header ...string) (requestID string, resp *http.Response, answer []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.fail("%v", err)
		return "", nil, nil
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Cookie", c.cookie)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		return "", nil, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	if err != nil {
		return "", nil, nil
	}
	if resp.StatusCode > 299 {
		c.fail("POST %s: %d %s", path, resp.StatusCode, answer)
		return "", nil, nil
	}
	return resp.Header.Get("X-Request-Id"), resp, answer
}

// register makes the person and a conversation.
func (c *client) register(ctx context.Context, email string) error {
	var u struct{ ID string }
	id, resp, answer := c.call(ctx, "/api/auth/register", "application/json", fmt.Appendf(nil, `{"email":%q,"password":%q}`, email, password))
	if resp == nil {
		return fmt.Errorf("register: %v", c.failed)
	}
	if err := json.Unmarshal(answer, &u); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	c.user = u.ID
	c.note(id, promise{what: "user", id: u.ID})
	c.cookie, _, _ = strings.Cut(resp.Header.Get("Set-Cookie"), ";")
	var s struct{ SessionID string }
	if id, _, answer = c.call(ctx, "/api/liveassist/sessions", "application/json", nil); id == "" {
		return fmt.Errorf("register: %v", c.failed)
	}
	if err := json.Unmarshal(answer, &s); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	c.session = s.SessionID
	c.note(id, promise{what: "session", id: s.SessionID})
	return nil
}

// work writes until ctx ends or the server is gone: mostly messages, some photos, payments.
func (c *client) work(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		switch {
		case n == 5 && c.number%2 == 0:
			c.pay(ctx)
		case n%8 == 7:
			c.photo(ctx)
		default:
			c.say(ctx)
		}
	}
}

func (c *client) say(ctx context.Context) {
	id := uuid.NewString()
	text := "text of " + id + strings.Repeat(".", c.rand.IntN(30)*c.rand.IntN(200))
	body, err := json.Marshal(map[string]string{"id": id, "text": text})
	if err != nil {
		c.fail("%v", err)
		return
	}
	if r, _, _ := c.call(ctx, "/api/liveassist/sessions/"+c.session+"/messages", "application/json", body); r != "" {
		c.note(r, promise{what: "message", id: id, text: text})
	}
}

// photo sends noise, which no encoder makes small.
func (c *client) photo(ctx context.Context) {
	id := uuid.NewString()
	m := image.NewGray(image.Rect(0, 0, 320, 240))
	for i := range m.Pix {
		m.Pix[i] = byte(c.rand.Uint32())
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("id", id)
	_ = form.WriteField("text", "photo "+id)
	w, err := form.CreateFormFile("image", "noise.jpg")
	if err == nil {
		err = jpeg.Encode(w, m, &jpeg.Options{Quality: 90})
	}
	if err != nil || form.Close() != nil {
		c.fail("photo: %v", err)
		return
	}
	if r, _, _ := c.call(ctx, "/api/liveassist/sessions/"+c.session+"/images", form.FormDataContentType(), b.Bytes()); r != "" {
		c.note(r, promise{what: "photo", id: id, text: "photo " + id})
	}
}

// pay delivers the event by which Stripe says that the person paid.
func (c *client) pay(ctx context.Context) {
	event := "evt_" + uuid.NewString()
	now := time.Now().Unix()
	body, err := json.Marshal(map[string]any{"id": event, "type": "checkout.session.completed", "created": now, "livemode": false, "data": map[string]any{"object": map[string]any{
		"id": "cs_" + event, "mode": "subscription", "payment_status": "paid", "customer": "cus_" + event, "subscription": "sub_" + event,
		"metadata": map[string]any{"userId": c.user, "plan": "month"},
	}}})
	if err != nil {
		c.fail("%v", err)
		return
	}
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	fmt.Fprintf(mac, "%d.%s", now, body)
	r, _, _ := c.call(ctx, "/api/webhooks/stripe", "application/json", body, "Stripe-Signature", fmt.Sprintf("t=%d,v1=%s", now, hex.EncodeToString(mac.Sum(nil))))
	if r != "" {
		c.note(r, promise{what: "event", id: event, text: c.user})
	}
}
