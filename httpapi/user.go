package httpapi

import (
	"net/http"

	"liveassist/account"
	"liveassist/domain"
)

// userView is a person as the API shows them to themselves.
type userView struct {
	ID           domain.UserID             `json:"id"`
	Email        string                    `json:"email"`
	Name         string                    `json:"name"`
	Role         domain.Role               `json:"role"`
	Status       domain.SubscriptionStatus `json:"subscription_status"`
	Expiry       *domain.Timestamp         `json:"subscription_expiry"`
	Cancels      bool                      `json:"subscription_cancels"`
	PastDue      bool                      `json:"subscription_past_due"`
	Plan         *domain.Plan              `json:"subscription_plan"`
	Payment      domain.PaymentState       `json:"subscription_payment"`
	ImageCounter int                       `json:"image_counter"`
	ImageLimit   *int                      `json:"image_limit"`
	ImageResetAt domain.Timestamp          `json:"image_reset_at"`
	XP           int                       `json:"xp"`
	Session      *domain.SessionID         `json:"liveassist_session_id"`
	ConfirmedAt  *domain.Timestamp         `json:"email_confirmed_at"`
	MailEnabled  bool                      `json:"mail_enabled"` // links can be asked for
}

// view shows a person as they stand right now: what has run out reads as free, and
// yesterday's images do not count.
func (a *API) view(u domain.User) userView {
	now := a.Clock()
	today := domain.DayOf(now)
	v := userView{
		ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role,
		Status: domain.StatusFree, Expiry: u.Subscription.Expiry, Payment: u.Subscription.Payment,
		PastDue:      u.Subscription.PastDue, // also after the grace: the way to mend it stays the same
		ImageCounter: u.ImagesOn(today), ImageResetAt: domain.At(today.End()), XP: u.XP,
		MailEnabled: a.Accounts.MailMode() != account.MailOff,
	}
	if u.ConfirmedAt != 0 {
		v.ConfirmedAt = &u.ConfirmedAt
	}
	if u.Subscription.ActiveAt(now, a.Grace) {
		v.Status = domain.StatusPaid
		v.Cancels = u.Subscription.Cancels
		if u.Subscription.Plan != "" {
			v.Plan = &u.Subscription.Plan
		}
	} else {
		v.ImageLimit = &a.FreeImagesPerDay
	}
	if u.LatestSession != "" {
		v.Session = &u.LatestSession
	}
	return v
}

func (a *API) me(w http.ResponseWriter, r *request) error {
	u, err := a.Store.User(r.Context(), r.user())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, a.view(u))
}

// xpView is a person's level and how they came to it.
type xpView struct {
	Total       int              `json:"total"`
	Level       int              `json:"level"`
	LevelStart  int              `json:"level_start"`
	NextLevelAt int              `json:"next_level_at"`
	Events      []domain.XPEvent `json:"events"`
}

func (a *API) xp(w http.ResponseWriter, r *request) error {
	u, err := a.Store.User(r.Context(), r.user())
	if err != nil {
		return err
	}
	events, err := a.Store.XPEvents(r.Context(), r.user())
	if err != nil {
		return err
	}
	level := domain.LevelOf(u.XP)
	return writeJSON(w, http.StatusOK, xpView{
		Total: u.XP, Level: level, LevelStart: domain.LevelStart(level), NextLevelAt: domain.LevelStart(level + 1), Events: events,
	})
}
