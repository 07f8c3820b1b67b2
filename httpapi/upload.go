package httpapi

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"time"

	"liveassist/domain"
	"liveassist/images"
	"liveassist/store"
)

const (
	// uploadTime is how long an upload may take: ten megabytes over a poor mobile line.
	uploadTime = 5 * time.Minute
	// answerTime is how long working on a photo and answering may take after that.
	answerTime = time.Minute
	// drainTime is how long the rest of a refused upload is waited for.
	drainTime = 20 * time.Second
	// maxUpload is the largest body of an upload: the file and some fields around it.
	maxUpload = images.MaxBytes + 64<<10
	// maxField is the largest field before the file: a text of 8,000 characters.
	maxField = 4 * domain.MaxTextLength
	// processAtOnce is how many files are in memory at once to be worked on.
	processAtOnce = 4
)

// upload is what a person sends with a photo.
type upload struct {
	id   domain.MessageID
	text string
	file *multipart.Part
}

// allowUpload gives an upload of somebody who is signed in the time that a poor line needs.
func (a *API) allowUpload(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	// It fails only where the connection is gone, which reading will tell.
	_ = control.SetReadDeadline(a.Clock().Add(uploadTime))
	_ = control.SetWriteDeadline(a.Clock().Add(uploadTime + answerTime))
}

// drain reads the rest of a refused upload before the answer is sent, also of one that
// was refused for want of a sign-in: a browser that is still sending sees a closed
// connection and never the answer.
func (a *API) drain(w http.ResponseWriter, body io.Reader) {
	_ = http.NewResponseController(w).SetReadDeadline(a.Clock().Add(drainTime))
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 2*maxUpload))
}

// postImage takes a photo. The fields stand before the file, so that a retry is
// recognised and a refusal decided before the bytes are worked on.
func (a *API) postImage(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	if err := a.Store.OwnsSession(r.Context(), r.user(), session); err != nil {
		return err
	}
	body := r.Body
	r.Body = http.MaxBytesReader(w, io.NopCloser(body), maxUpload)
	up, err := readUpload(r)
	if err != nil {
		return err
	}
	if up.id != "" {
		m, err := a.Store.MessageOf(r.Context(), r.user(), up.id)
		if err == nil {
			_, _ = io.Copy(io.Discard, body)
			return writeMessage(w, m, true)
		}
		if !errors.Is(err, domain.ErrNotFound) {
			return err
		}
	}
	if err := a.mayUpload(r); err != nil {
		return err
	}
	picture, err := a.takePicture(r.Context(), up.file)
	if err != nil {
		return err
	}
	m, known, err := a.Store.AddImage(r.Context(),
		store.NewMessage{User: r.user(), Session: session, ID: up.id, Role: domain.AuthorUser, Text: up.text, Reply: a.Assistant != nil},
		picture, a.allowance())
	if err != nil {
		return err
	}
	a.replyTo()
	return writeMessage(w, m, known)
}

func (a *API) allowance() store.Allowance {
	return store.Allowance{PerDay: a.FreeImagesPerDay, Grace: a.Grace}
}

// mayUpload decides before the bytes are read; the transaction decides for good.
func (a *API) mayUpload(r *request) error {
	u, err := a.Store.User(r.Context(), r.user())
	if err != nil {
		return err
	}
	if err := a.allowance().Left(u, a.Clock()); err != nil {
		return err
	}
	return a.limits.write(r)
}

var (
	errNotMultipart = domain.E(domain.KindUnsupportedMediaType, "A photo is sent as a form (multipart/form-data).")
	errNoFile       = domain.E(domain.KindInvalidRequest, "The photo is missing: the form needs a field named image.")
	errForm         = domain.E(domain.KindInvalidRequest, "The form is broken.")
	errFileTooLarge = domain.E(domain.KindTooLarge, "The photo is too large. At most 10 MB are possible.")
)

// readUpload reads the fields up to the file.
func readUpload(r *request) (upload, error) {
	var up upload
	mr, err := r.MultipartReader()
	if err != nil {
		return up, errNotMultipart.Because(err)
	}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return up, errNoFile
		}
		if err != nil {
			return up, formError(err)
		}
		switch part.FormName() {
		case "image":
			up.file = part
			return up, nil
		case "id":
			up.id, err = readID(part)
		case "text":
			up.text, err = readText(part)
		}
		if err != nil {
			return up, err
		}
	}
}

func formError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errFileTooLarge
	}
	return errForm.Because(err)
}

func readField(part io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if err != nil {
		return "", formError(err)
	}
	if len(b) > maxField {
		return "", errTooLarge
	}
	return string(b), nil
}

func readID(part io.Reader) (domain.MessageID, error) {
	s, err := readField(part)
	if err != nil || s == "" {
		return "", err
	}
	return clientID(&s)
}

// readText reads the words that go with a photo; none are fine.
func readText(part io.Reader) (string, error) {
	s, err := readField(part)
	if err != nil || domain.Blank(s) {
		return "", err
	}
	return s, domain.CheckText(s)
}

// takePicture reads the file to the end and makes a picture of it. What is on its way
// waits on disk, not in memory: people on slow lines would fill that.
func (a *API) takePicture(ctx context.Context, file io.Reader) (store.NewImage, error) {
	spool, err := a.Store.TempFile()
	if err != nil {
		return store.NewImage{}, err
	}
	defer spool.Close()
	n, err := io.Copy(spool, io.LimitReader(file, images.MaxBytes+1))
	if err != nil {
		if _, ok := errors.AsType[*os.PathError](err); ok {
			return store.NewImage{}, store.Translate(err)
		}
		return store.NewImage{}, formError(err)
	}
	if n > images.MaxBytes {
		return store.NewImage{}, errFileTooLarge
	}
	defer a.Images.Arrive()()
	select {
	case a.processing <- struct{}{}:
		defer func() { <-a.processing }()
	case <-ctx.Done():
		return store.NewImage{}, ctx.Err()
	}
	raw := make([]byte, n)
	if _, err := spool.ReadAt(raw, 0); err != nil && n > 0 {
		return store.NewImage{}, err
	}
	p, err := a.Images.Process(ctx, raw)
	return store.NewImage{
		ContentType: p.ContentType, Width: p.Width, Height: p.Height, Bytes: p.Data,
		PreviewType: p.PreviewType, Preview: p.Preview, Hash: p.Hash,
	}, err
}
