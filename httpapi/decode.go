package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"liveassist/domain"
)

// maxJSON is the largest JSON body, in bytes: 8,000 characters of four bytes, escaped,
// with room to spare.
const maxJSON = 128 << 10

var (
	errNotJSON  = domain.E(domain.KindUnsupportedMediaType, "This address takes JSON (Content-Type: application/json).")
	errTooLarge = domain.E(domain.KindTooLarge, "The request is too large.")
)

// decode reads the request's body, which must be one JSON object and nothing after it.
// Fields that it does not know are passed over.
func decode(w http.ResponseWriter, r *request, v any) error {
	if ct := r.Header.Get("Content-Type"); ct != "" && ct != "application/json" {
		if mt, _, err := mime.ParseMediaType(ct); err != nil || mt != "application/json" {
			return errNotJSON
		}
	}
	body, err := readAll(http.MaxBytesReader(w, r.Body, maxJSON), r.ContentLength)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	if err != nil {
		return domain.E(domain.KindInvalidRequest, "The request broke off.").Because(err)
	}
	return decodeObject(body, v)
}

// readAll is io.ReadAll with room for what the request says it has, within reason: what it
// says is not yet here.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length < 0 || length > 4<<10 {
		return io.ReadAll(r)
	}
	b := make([]byte, length)
	_, err := io.ReadFull(r, b)
	return b, err
}

// decodeObject decodes one JSON object.
func decodeObject(body []byte, v any) error {
	if !isObject(body) {
		return domain.E(domain.KindInvalidRequest, "The request must be a JSON object.")
	}
	if err := json.Unmarshal(body, v); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && e.Field != "" {
			return domain.E(domain.KindInvalidRequest, "The field "+e.Field+" has the wrong type.").Because(err)
		}
		return domain.E(domain.KindInvalidRequest, "The request is not valid JSON.").Because(err)
	}
	return nil
}

func isObject(body []byte) bool {
	for _, c := range body {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{'
		}
	}
	return false
}
