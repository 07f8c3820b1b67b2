package httpapi

import (
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"
)

// routes is every route of the product, each with its guard.
func (a *API) routes() http.Handler {
	r := httprouter.New()
	r.RedirectTrailingSlash = false // a redirect would lose a webhook's body
	r.RedirectFixedPath = false

	r.POST("/api/auth/register", a.anyone(a.register))
	r.POST("/api/auth/login", a.anyone(a.signIn))
	r.POST("/api/auth/logout", a.signedIn(a.signOut))
	r.GET("/api/users/me", a.signedIn(a.me))
	r.GET("/api/xp", a.signedIn(a.xp))

	r.POST("/api/liveassist/sessions", a.signedIn(a.createSession))
	r.GET("/api/liveassist/sessions", a.signedIn(a.listSessions))
	r.GET("/api/liveassist/sessions/:sessionId/messages", a.signedIn(a.listMessages))
	r.POST("/api/liveassist/sessions/:sessionId/messages", a.signedIn(a.postMessage))
	r.POST("/api/liveassist/sessions/:sessionId/images", a.signedInUpload(a.postImage))
	r.GET("/api/images/:imageId", a.signedIn(a.getImage))

	r.GET("/api/events", a.signedIn(a.events))

	r.GET("/api/guides", a.anyone(a.listGuides))
	r.GET("/api/guides/:slug", a.anyone(a.getGuide))

	r.GET("/api/openapi.json", a.anyone(a.openAPI))
	r.GET("/healthz", a.anyone(a.healthz))
	r.GET("/readyz", a.anyone(a.readyz))
	r.GET("/metrics", a.anyone(a.metrics))
	r.GET("/debug/pprof/*profile", a.anyone(a.metrics))

	r.NotFound = a.plain(a.notFound)
	r.MethodNotAllowed = a.plain(a.methodNotAllowed)
	return r
}

// notFound is the web app for every path that is not the API's.
func (a *API) notFound(w http.ResponseWriter, r *http.Request) error {
	for _, prefix := range []string{"/api/", "/sandbox/", "/debug/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return errNoRoute
		}
	}
	if r.URL.Path == "/api" {
		return errNoRoute
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return errMethod
	}
	a.Web.ServeHTTP(w, r)
	return nil
}

func (a *API) methodNotAllowed(http.ResponseWriter, *http.Request) error { return errMethod }
