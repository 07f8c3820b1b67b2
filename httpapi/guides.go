package httpapi

import (
	"net/http"

	"liveassist/assist/guides"
)

func (a *API) listGuides(w http.ResponseWriter, r *request) error {
	w.Header().Set("Cache-Control", "no-cache")
	return writeJSON(w, http.StatusOK, a.Guides.List(guides.ParseLang(r.URL.Query().Get("lang"))))
}

func (a *API) getGuide(w http.ResponseWriter, r *request) error {
	g, err := a.Guides.Get(guides.ParseLang(r.URL.Query().Get("lang")), r.params.ByName("slug"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return writeJSON(w, http.StatusOK, g)
}
