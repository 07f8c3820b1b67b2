package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"time"
)

// Person is somebody with an account, as the API sees them.
type Person struct {
	ID       string `json:"id"`
	Email    string `json:"email"`
	Password string `json:"password"`

	base   string
	client *http.Client
}

// User is the API's user, with the fields that the story looks at.
type User struct {
	ID     string  `json:"id"`
	Status string  `json:"subscription_status"`
	Expiry *string `json:"subscription_expiry"`
	Images int     `json:"image_counter"`
	Limit  *int    `json:"image_limit"`
	XP     int     `json:"xp"`
}

// Register makes an account. The name goes into the address, which is the run's own.
func Register(ctx context.Context, base, name, runID string) (*Person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	p := &Person{
		Email: name + "." + runID + "@example.com", Password: "correct horse " + runID,
		base: base, client: &http.Client{Jar: jar, Timeout: 30 * time.Second},
	}
	body := map[string]string{"email": p.Email, "password": p.Password, "name": name}
	var u User
	if err := p.call(ctx, http.MethodPost, "/api/auth/register", body, http.StatusCreated, &u); err != nil {
		return nil, err
	}
	p.ID = u.ID
	return p, nil
}

// Me reads the person's user.
func (p *Person) Me(ctx context.Context) (u User, err error) {
	err = p.call(ctx, http.MethodGet, "/api/users/me", nil, http.StatusOK, &u)
	return u, err
}

// Message is the API's message, with the fields that the story looks at.
type Message struct {
	ID    string `json:"id"`
	Role  string `json:"role"`
	Text  string `json:"text"`
	Image *struct {
		ID string `json:"id"`
	} `json:"image"`
}

// Messages reads a conversation.
func (p *Person) Messages(ctx context.Context, sessionID string) (m []Message, err error) {
	err = p.call(ctx, http.MethodGet, "/api/liveassist/sessions/"+sessionID+"/messages", nil, http.StatusOK, &m)
	return m, err
}

func (p *Person) call(ctx context.Context, method, path string, in any, status int, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode != status {
		return fmt.Errorf("%s %s: got status %d, want %d: %s", method, path, res.StatusCode, status, b)
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("%s %s: %w: %s", method, path, err, b)
	}
	return nil
}
