// Command pocketbase is what a user could pick instead: PocketBase from its module, with
// the same nouns (users, sessions, messages) and rules that show each person their own.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
	"github.com/pocketbase/pocketbase/tools/types"

	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own collections
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	addr := flag.String("listen", "127.0.0.1:0", "address")
	dir := flag.String("data", ".", "data directory")
	sync := flag.String("synchronous", "NORMAL", "SQLite's durability: NORMAL, as shipped, or FULL")
	topics := flag.Bool("topics", false, "tell of messages on a topic of each person's own, by a hook, instead of PocketBase's record events")
	flag.Parse()
	if *sync != "NORMAL" && *sync != "FULL" {
		return fmt.Errorf("-synchronous=%s: NORMAL or FULL", *sync)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: *dir, DBConnect: connect(*sync)})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := collections(app); err != nil {
		return err
	}
	if *topics {
		ownTopics(app)
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: *addr})
}

// connect opens a database as core.DefaultDBConnect does. The durability stands in the
// address, so that each connection of the pool has it.
func connect(sync string) core.DBConnectFunc {
	return func(path string) (*dbx.DB, error) {
		return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=synchronous("+
			sync+")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
	}
}

// collections makes sessions and messages, with owner rules and the indexes that the
// product has. PocketBase brings users.
func collections(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("messages"); err == nil {
		return nil
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	// Sign-up is not measured: a cheap hash keeps the preparation short.
	if password, ok := users.Fields.GetByName("password").(*core.PasswordField); ok {
		password.Cost = 4
	}
	if err := app.Save(users); err != nil {
		return err
	}
	sessions := core.NewBaseCollection("sessions")
	sessions.Fields.Add(owner(users), &core.TextField{Name: "title"},
		&core.AutodateField{Name: "created", OnCreate: true}, &core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true})
	rules(sessions, "user = @request.auth.id", "user = @request.auth.id")
	sessions.AddIndex("sessions_recent", false, "user, updated DESC", "")
	if err := app.Save(sessions); err != nil {
		return err
	}
	messages := core.NewBaseCollection("messages")
	messages.Fields.Add(owner(users),
		&core.RelationField{Name: "session", CollectionId: sessions.Id, Required: true, MaxSelect: 1, CascadeDelete: true},
		&core.TextField{Name: "text", Required: true, Max: 8000}, &core.SelectField{Name: "role", Values: []string{"user", "assistant", "operator"}},
		&core.AutodateField{Name: "created", OnCreate: true})
	rules(messages, "user = @request.auth.id", "user = @request.auth.id && session.user = @request.auth.id")
	messages.AddIndex("messages_session", false, "session, created", "")
	return app.Save(messages)
}

func owner(users *core.Collection) core.Field {
	return &core.RelationField{Name: "user", CollectionId: users.Id, Required: true, MaxSelect: 1, CascadeDelete: true}
}

func rules(c *core.Collection, read, create string) {
	c.ListRule, c.ViewRule, c.CreateRule = types.Pointer(read), types.Pointer(read), types.Pointer(create)
}

// ownTopics sends each new message on the topic own/USER, which only that person may hear:
// it spares the server the check of the rule for every open stream.
func ownTopics(app core.App) {
	app.OnRealtimeSubscribeRequest().BindFunc(func(e *core.RealtimeSubscribeRequestEvent) error {
		for _, s := range e.Subscriptions {
			if id, ok := strings.CutPrefix(s, "own/"); ok && (e.Auth == nil || e.Auth.Id != id) {
				return errors.New("another person's topic")
			}
		}
		return e.Next()
	})
	app.OnRecordAfterCreateSuccess("messages").BindFunc(func(e *core.RecordEvent) error {
		data, err := json.Marshal(e.Record)
		if err != nil {
			return err
		}
		m := subscriptions.Message{Name: "own/" + e.Record.GetString("user"), Data: data}
		for _, c := range e.App.SubscriptionsBroker().Clients() {
			if c.HasSubscription(m.Name) {
				c.Send(m)
			}
		}
		return e.Next()
	})
}
