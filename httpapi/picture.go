package httpapi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"liveassist/domain"
)

// getImage sends a picture, or its preview, to its owner or to an operator.
func (a *API) getImage(w http.ResponseWriter, r *request) error {
	id, ok := domain.ParseID(r.params.ByName("imageId"))
	if !ok {
		return domain.ErrNotFound
	}
	head, err := a.Store.PictureHead(r.Context(), domain.ImageID(id))
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	if head.Owner != r.user() {
		if err := a.admitToPicture(r, domain.ImageID(id), head.Owner); err != nil {
			return err
		}
	}
	preview := r.URL.Query().Get("preview") == "1"
	etag := `"` + head.Hash + `"`
	if preview {
		etag = `"` + head.Hash + `-preview"`
	}
	h := w.Header()
	h.Set("ETag", etag)
	if head.Owner == r.user() {
		h.Set("Cache-Control", "private, max-age=31536000, immutable") // a picture never changes
	}
	h.Set("Content-Security-Policy", dataCSP+"; sandbox")
	if tagMatches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	p, err := a.Store.Picture(r.Context(), domain.ImageID(id), preview)
	if err != nil {
		return err
	}
	h.Set("Content-Type", p.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(p.Bytes)))
	h.Set("Content-Disposition", "inline")
	w.WriteHeader(http.StatusOK)
	_, err = w.Write(p.Bytes)
	if err != nil {
		a.Log.Debug("picture not sent", "request_id", requestID(w), "error", err)
	}
	return nil
}

// admitToPicture lets an operator see another person's picture, which is an act. The role
// is looked for whether there is a picture or not, so that the two take the same time.
func (a *API) admitToPicture(r *request, id domain.ImageID, owner domain.UserID) error {
	if err := a.isOperator(r.Context(), r.user()); err != nil {
		return err
	}
	if owner == "" {
		return domain.ErrNotFound
	}
	return a.Store.Audit(r.Context(), r.act(domain.AuditImageRead, owner, string(id)))
}

// tagMatches compares If-None-Match with an ETag (RFC 9110, section 13.1.2).
func tagMatches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}
