package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"time"
)

// pocketbase is PocketBase, which a user would pick instead.
type pocketbase struct {
	bin         string
	synchronous string // NORMAL, as shipped, or FULL
	topics      bool   // messages on a topic of each person's own, not as shipped
}

func (p pocketbase) name() string {
	if p.topics {
		return "PocketBase, own topics"
	}
	return "PocketBase"
}

func (p pocketbase) durability() string { return p.synchronous }

func (p pocketbase) start(ctx context.Context) (*target, error) {
	return startTarget(ctx, p, p, "/api/health", func(ctx context.Context, addr, dir string) *exec.Cmd {
		return exec.CommandContext(ctx, p.bin, "-listen", addr, "-data", dir, "-synchronous", p.synchronous, fmt.Sprintf("-topics=%v", p.topics))
	})
}

func (p pocketbase) person(t *target) (person, error) {
	c, err := dial(t.addr, person{})
	if err != nil {
		return person{}, err
	}
	defer c.c.Close()
	email := fmt.Sprintf("load-%d@example.com", time.Now().UnixNano())
	const password = "correct horse"
	if _, err := c.must(http.MethodPost, "/api/collections/users/records",
		`{"email":"`+email+`","password":"`+password+`","passwordConfirm":"`+password+`"}`, nil); err != nil {
		return person{}, err
	}
	var login struct {
		Token  string `json:"token"`
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
	}
	if _, err := c.must(http.MethodPost, "/api/collections/users/auth-with-password", `{"identity":"`+email+`","password":"`+password+`"}`, &login); err != nil {
		return person{}, err
	}
	who := person{header: "Authorization: " + login.Token + "\r\n", id: login.Record.ID}
	c.auth = who.header
	var session struct {
		ID string `json:"id"`
	}
	if _, err := c.must(http.MethodPost, "/api/collections/sessions/records", `{"user":"`+who.id+`","title":"tap"}`, &session); err != nil {
		return person{}, err
	}
	const messages = "/api/collections/messages/records"
	who.post, who.before = messages, `"user":"`+who.id+`","session":"`+session.ID+`","role":"user",`
	// skipTotal spares PocketBase the count of all messages.
	who.read = messages + "?perPage=50&skipTotal=1&sort=-created&filter=" + url.QueryEscape("session='"+session.ID+"'")
	who.streaming, who.event = "/api/realtime", "messages/*"
	if p.topics {
		who.event = "own/" + who.id
	}
	return who, nil
}

// subscribe asks for the person's messages: PocketBase's streams begin empty.
func (p pocketbase) subscribe(t *target, who person, first []byte) error {
	var hello struct {
		ClientID string `json:"clientId"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(first), &hello); err != nil {
		return fmt.Errorf("%s: first event %q: %w", t.name, first, err)
	}
	c, err := dial(t.addr, who)
	if err != nil {
		return err
	}
	defer c.c.Close()
	_, err = c.must(http.MethodPost, "/api/realtime", `{"clientId":"`+hello.ClientID+`","subscriptions":["`+who.event+`"]}`, nil)
	return err
}
