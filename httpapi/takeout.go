package httpapi

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// takeoutTime is how long one file of a download may take: the answer as a whole has no
// end that could be known before.
const takeoutTime = 2 * time.Minute

const takeoutReadme = `Your data at LiveAssist

profile.json         your account as it stands today
logins.json          the browsers in which you are signed in
xp.json              your experience points
conversations/*.md   your conversations, to read
conversations/*.json the same for programs
photos/              the photos that you sent
`

// exportAccount sends all that is a person's own as a ZIP file. It is made while it is
// sent: a page of messages and one photo are in memory at a time.
func (a *API) exportAccount(w http.ResponseWriter, r *request) error {
	if err := a.limits.export(r); err != nil {
		return err
	}
	u, err := a.Store.User(r.Context(), r.user())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="liveassist-`+a.Clock().UTC().Format("2006-01-02")+`.zip"`)
	w.WriteHeader(http.StatusOK)
	t := &takeout{api: a, user: u, zip: zip.NewWriter(w), control: http.NewResponseController(w)}
	if err := t.write(r.Context()); err != nil {
		// The answer has begun: only breaking it off can tell that it is not whole.
		a.Log.Warn("download of own data broken off", "request_id", requestID(w), "user", u.ID, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// takeout is a ZIP file on its way.
type takeout struct {
	api     *API
	user    domain.User
	zip     *zip.Writer
	control *http.ResponseController
}

func (t *takeout) write(ctx context.Context) error {
	for _, part := range []func(context.Context) error{t.about, t.conversations, t.photos} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return t.zip.Close()
}

// file begins the next file; the one before it is complete.
func (t *takeout) file(name string, method uint16, at domain.Timestamp) (io.Writer, error) {
	// It fails only where the connection is gone, which writing will tell.
	_ = t.control.SetWriteDeadline(t.api.Clock().Add(takeoutTime))
	return t.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: at.Time()})
}

func (t *takeout) json(name string, v any) error {
	w, err := t.file(name, zip.Deflate, domain.At(t.api.Clock()))
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// about writes the account.
func (t *takeout) about(ctx context.Context) error {
	w, err := t.file("README.txt", zip.Deflate, domain.At(t.api.Clock()))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, takeoutReadme); err != nil {
		return err
	}
	profile := struct {
		userView
		CreatedAt domain.Timestamp `json:"created_at"`
	}{t.api.view(t.user), t.user.CreatedAt}
	if err := t.json("profile.json", profile); err != nil {
		return err
	}
	logins, err := t.api.Accounts.Logins(ctx, t.user.ID)
	if err != nil {
		return err
	}
	list := make([]loginView, len(logins))
	for i, l := range logins {
		list[i] = loginView{Browser: l.Browser, System: l.System, CreatedAt: l.CreatedAt, LastSeenAt: l.SeenAt}
	}
	if err := t.json("logins.json", list); err != nil {
		return err
	}
	events, err := t.api.Store.XPEvents(ctx, t.user.ID)
	if err != nil {
		return err
	}
	return t.json("xp.json", events)
}

// conversations writes each conversation twice: for people and for programs.
func (t *takeout) conversations(ctx context.Context) error {
	return t.api.Store.EachSession(ctx, t.user.ID, func(s domain.Session) error {
		if err := t.markdown(ctx, s); err != nil {
			return err
		}
		return t.messages(ctx, s)
	})
}

func (t *takeout) markdown(ctx context.Context, s domain.Session) error {
	w, err := t.file("conversations/"+string(s.ID)+".md", zip.Deflate, s.LastActiveAt)
	if err != nil {
		return err
	}
	title := s.Title
	if title == "" {
		title = "LiveAssist"
	}
	if _, err := fmt.Fprintf(w, "# %s\n", title); err != nil {
		return err
	}
	return t.api.Store.EachMessage(ctx, t.user.ID, s.ID, func(m domain.Message) error {
		photo := ""
		if m.Image != nil {
			kind, err := t.api.Store.PictureType(ctx, m.Image.ID)
			if err != nil {
				return err
			}
			photo = "../" + photoName(m.Image.ID, kind)
		}
		return writeMarkdown(w, m, photo)
	})
}

func (t *takeout) messages(ctx context.Context, s domain.Session) error {
	w, err := t.file("conversations/"+string(s.ID)+".json", zip.Deflate, s.LastActiveAt)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	head, err := json.Marshal(s)
	if err != nil {
		return err
	}
	// The list is written as it is read: a conversation may be longer than memory should hold.
	fmt.Fprintf(out, "{\"conversation\":%s,\"messages\":[", head)
	separator := "\n"
	err = t.api.Store.EachMessage(ctx, t.user.ID, s.ID, func(m domain.Message) error {
		b, err := json.Marshal(m)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s%s", separator, b)
		separator = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\n]}\n")
	return out.Flush()
}

// photos writes the photos as they are: they are compressed already.
func (t *takeout) photos(ctx context.Context) error {
	return t.api.Store.EachPicture(ctx, t.user.ID, func(id domain.ImageID, p store.Picture) error {
		w, err := t.file(photoName(id, p.ContentType), zip.Store, domain.At(t.api.Clock()))
		if err != nil {
			return err
		}
		_, err = w.Write(p.Bytes)
		return err
	})
}

// photoName is the name of a photo in the file.
func photoName(id domain.ImageID, contentType string) string {
	ext := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}[contentType]
	return "photos/" + string(id) + ext
}
