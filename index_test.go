package main

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// TestProduct_Index: the job takes in all that is new, however much, and has gone from the
// file what a person had said who has left.
func TestProduct_Index(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: time.Now, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it is thrown away
	p := &product{db: db, log: slog.New(slog.DiscardHandler), settings: &settings{OutboxRetention: time.Hour, WebhookRetention: time.Hour}}
	u, err := db.CreateUser(t.Context(), store.NewUser{Email: "a@example.com", PasswordHash: "$h"}, store.NewLogin{TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	session, err := db.CreateSession(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	const n = 2*indexAtOnce + 50
	for i := range n {
		if _, _, err := db.AddMessage(t.Context(), store.NewMessage{User: u.ID, Session: session, Role: domain.AuthorUser, Text: fmt.Sprint("the tap drips ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.indexNew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := db.IndexMessages(t.Context(), n); err != nil || left != 0 {
		t.Errorf("%d messages were left, %v", left, err)
	}
	if _, err := db.BeginDeletion(t.Context(), u.ID, "$h"); err != nil {
		t.Fatal(err)
	}
	if err := db.FinishDeletion(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	p.prune(t.Context(), time.Date(2026, 3, 15, purgeHour, 30, 0, 0, time.UTC))
	if begun, err := db.PurgeIndex(t.Context()); err != nil || begun {
		t.Errorf("words of a deleted account were left in the index: %v", err)
	}
}
