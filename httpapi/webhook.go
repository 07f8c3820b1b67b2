package httpapi

import (
	"bytes"
	"errors"
	"net/http"

	"liveassist/domain"
)

const (
	maxEvent   = 1 << 20  // the largest event of Stripe's that is taken, in bytes
	usualEvent = 16 << 10 // what nearly all stay below
)

const received = `{"received":true}`

// webhook takes Stripe's deliveries: the body's bytes as they came, because they are what
// was signed.
func (a *API) webhook(w http.ResponseWriter, r *request) error {
	body, err := readEvent(w, r.Request)
	if err != nil {
		return err
	}
	ctx := domain.WithRequestID(r.Context(), requestID(w))
	if err := a.Billing.Deliver(ctx, body, r.Header.Get("Stripe-Signature"), a.local(r.Request)); err != nil {
		return err
	}
	return writeRaw(w, http.StatusOK, []byte(received))
}

func readEvent(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxEvent {
		return nil, errTooLarge
	}
	var body bytes.Buffer
	// Most events are smaller; a claimed length alone must not take up more.
	body.Grow(int(min(max(r.ContentLength, 0), usualEvent)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxEvent))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, domain.E(domain.KindInvalidRequest, "The request broke off.").Because(err)
	}
	return body.Bytes(), nil
}
