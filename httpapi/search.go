package httpapi

import (
	"net/http"
	"unicode/utf8"

	"liveassist/domain"
	"liveassist/store"
)

// maxQuery is the longest search, in characters.
const maxQuery = 200

var errQuery = domain.E(domain.KindInvalidRequest, "q must have 1 to 200 characters.")

// search looks through all of the person's own messages.
func (a *API) search(w http.ResponseWriter, r *request) error {
	q := r.URL.Query().Get("q")
	if domain.Blank(q) || utf8.RuneCountInString(q) > maxQuery {
		return errQuery
	}
	if err := a.limits.search(r); err != nil {
		return err
	}
	found, err := a.Store.Search(r.Context(), r.user(), q)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct {
		Results []store.Found `json:"results"`
	}{found})
}
