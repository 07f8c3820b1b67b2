package httpapi

import (
	"net/http"

	"liveassist/domain"
)

// replyTo lets the assistant know that a message may wait for a reply.
func (a *API) replyTo() {
	if a.Assistant != nil {
		a.Assistant.Wake()
	}
}

// messageID returns the message that the path names.
func (r *request) messageID() (domain.MessageID, error) {
	id, ok := domain.ParseID(r.params.ByName("messageId"))
	if !ok {
		return "", domain.ErrNotFound
	}
	return domain.MessageID(id), nil
}

// retryReply lets a reply that failed be tried anew.
func (a *API) retryReply(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	message, err := r.messageID()
	if err != nil {
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Store.RetryReply(r.Context(), r.user(), session, message); err != nil {
		return err
	}
	a.replyTo()
	return a.writeConversation(w, r, session)
}

var errRating = domain.E(domain.KindInvalidRequest, "value must be up, down or null.")

// rate notes what the person thinks of a reply.
func (a *API) rate(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	message, err := r.messageID()
	if err != nil {
		return err
	}
	var in struct {
		Value *domain.Rating `json:"value"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	value := domain.RatingNone
	if in.Value != nil {
		if value = *in.Value; value != domain.RatingUp && value != domain.RatingDown {
			return errRating
		}
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Store.Rate(r.Context(), r.user(), session, message, value); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
