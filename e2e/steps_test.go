package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"liveassist/e2e/evidence"
	"liveassist/e2e/story"
)

// Bounds of waiting.
const (
	pagesOpenWithin = 60 * time.Second // for the browser to sign in and open its pages
	eventWithin     = time.Second      // from a delivery to the open pages: the same second
	logWithin       = 3 * time.Second  // for a line to come out of the container
	quiet           = 2 * time.Second  // without an event after a delivery that changes nothing
	mirrorWithin    = 15 * time.Second // for the mirror to be level when nothing happens
)

// purchase plays steps a and b while the browser's pages are open and watch.
func (p *play) purchase() {
	goOn, open := p.browser.Reached(p.ctx, pagesOpenWithin, "pages-open")
	buy := story.Purchase{UserID: p.payer.ID, Created: time.Now().UTC().Truncate(time.Second), RunID: p.run.ID}
	a := p.recorder.Step("a")
	before, err := p.user(p.payer)
	if !a.NoError("the person's document can be read", err) {
		return
	}
	a.Equal("before: subscription_status", before["subscription_status"], "free")

	sent := time.Now()
	first := p.deliver(a, "a", "checkout.session.completed", buy.Completed(), buy.CompletedID())
	if open {
		goOn(map[string]int64{"deliveredAt": sent.UnixMilli()})
	}
	a.Equal("the answer", fmt.Sprint(first.Response.Status, " ", first.Response.Body), `200 {"received":true}`)
	p.granted(a, buy, sent)
	p.repeated(buy)
}

// granted claims what a payment changes.
func (p *play) granted(a story.Step, buy story.Purchase, sent time.Time) {
	user, err := p.user(p.payer)
	if !a.NoError("the person's document can be read afterwards", err) {
		return
	}
	a.Equal("subscription_status", user["subscription_status"], "paid")
	a.Equal("subscription_expiry is one calendar month after the payment", fmt.Sprint(user["subscription_expiry"]), buy.End().Format("2006-01-02T15:04:05.000Z"))
	a.Equal("image_counter", user["image_counter"], float64(0))
	row, err := p.db.One(p.ctx, "webhook_events", story.Filter{Field: "eventId", Value: buy.CompletedID()})
	if a.NoError("the ledger has the event once", err) {
		a.Equal("its status", row["status"], "processed")
		a.Equal("its person", row["userId"], p.payer.ID)
	}
	for _, name := range []string{"subscription.updated", "xp.awarded", "usage.updated"} {
		p.stream.Await(p.ctx, eventWithin, name, 1)
		events := p.stream.Named(name)
		a.OK("an open event stream got "+name+" once, in the same second", len(events) == 1 && events[0].At.Sub(sent) < eventWithin,
			"%d times, %s", len(events), after(events, sent))
	}
	for _, e := range p.stream.Named("xp.awarded") {
		a.Equal("the bonus", fmt.Sprint(e.Data["amount"], " ", e.Data["reason"]), fmt.Sprint(evidence.BonusAmount, " ", evidence.BonusReason))
	}
}

// after says how long the first event took.
func after(events []story.Event, sent time.Time) string {
	if len(events) == 0 {
		return "never"
	}
	return fmt.Sprintf("%d ms after the event was sent", events[0].At.Sub(sent).Milliseconds())
}

// repeated claims that the same event and its sibling change nothing more.
func (p *play) repeated(buy story.Purchase) {
	b := p.recorder.Step("b")
	before, err := p.state()
	if !b.NoError("the databases can be read", err) {
		return
	}
	events := p.stream.Len()
	again := p.deliver(b, "b", "checkout.session.completed, the same event again", buy.Completed(), buy.CompletedID())
	b.Equal("the answer to the repeated event", fmt.Sprint(again.Response.Status, " ", again.Response.Body), `200 {"received":true}`)
	sibling := p.deliver(b, "b", "invoice.payment_succeeded, its sibling", buy.Invoice(), buy.InvoiceID())
	b.Equal("the answer to the sibling event", fmt.Sprint(sibling.Response.Status, " ", sibling.Response.Body), `200 {"received":true}`)
	time.Sleep(quiet)
	after, err := p.state()
	if !b.NoError("the databases can be read afterwards", err) {
		return
	}
	b.Equal("the person's document is unchanged", after["users"], before["users"])
	b.Equal("the XP events are unchanged", after["xp_events"], before["xp_events"])
	b.Equal("the open event stream got nothing more", p.stream.Names(events), []string{})
	for _, id := range []string{buy.CompletedID(), buy.InvoiceID()} {
		row, err := p.db.One(p.ctx, "webhook_events", story.Filter{Field: "eventId", Value: id})
		if b.NoError("the ledger has "+id+" once", err) {
			b.Equal("its status", row["status"], "processed")
		}
	}
	me, err := p.payer.Me(p.ctx)
	if b.NoError("GET /api/users/me", err) {
		b.Equal("the person's XP: one bonus", me.XP, evidence.BonusAmount)
	}
}

// deliver sends an event and keeps the log lines that it caused.
func (p *play) deliver(s story.Step, step, what string, body []byte, eventID string) evidence.Delivery {
	lines := len(p.stack.Log())
	d, err := story.Deliver(p.ctx, p.stack.URL, step, what, body)
	s.NoError("delivered: "+what, err)
	story.Eventually(p.ctx, logWithin, func() bool { return len(about(p.stack.Log()[lines:], eventID)) > 0 })
	d.Log = about(p.stack.Log()[lines:], eventID, p.payer.ID)
	s.OK("the server's log tells of the processing", len(about(d.Log, eventID)) > 0, strings.Join(d.Log, "\n"))
	if step == "a" {
		updates := slices.DeleteFunc(about(d.Log, p.payer.ID), func(l string) bool {
			// The line of the ledger's row, which is written once it is on disk, or the person's own.
			return !strings.Contains(l, "subscription_status=paid") && !strings.Contains(l, "decision=grant status=processed")
		})
		s.OK("the server's log tells of the database update", len(updates) > 0, strings.Join(updates, "\n"))
	}
	p.deliveries.Deliveries = append(p.deliveries.Deliveries, d)
	return d
}

// about picks the lines that hold one of the words.
func about(lines []string, words ...string) (found []string) {
	for _, l := range lines {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(l, w) }) {
			found = append(found, l)
		}
	}
	return found
}

// user reads a person's document from SQLite.
func (p *play) user(who *story.Person) (map[string]any, error) {
	return p.db.One(p.ctx, "users", story.Filter{Field: "_id", Value: who.ID})
}

// state is what of the payer must not change twice.
func (p *play) state() (map[string]string, error) {
	_, users, err := p.db.SQLite(p.ctx, "users", story.Filter{Field: "_id", Value: p.payer.ID})
	if err != nil {
		return nil, err
	}
	_, xp, err := p.db.SQLite(p.ctx, "xp_events", story.Filter{Field: "userId", Value: p.payer.ID})
	return map[string]string{"users": strings.Join(users, "\n"), "xp_events": strings.Join(xp, "\n")}, err
}

// browse takes over what the browser found in steps c, d and e, and checks it from outside.
func (p *play) browse() {
	scenes, err := p.browser.Wait()
	p.scenes = scenes
	if err != nil {
		p.problem("browser: %v", err)
	}
	facts := map[string]any{}
	for _, s := range scenes {
		for _, c := range s.Claims {
			p.recorder.Add(c.Step, evidence.Claim{Text: c.Text, OK: c.OK, Detail: c.Detail, By: "browser"})
		}
		maps.Copy(facts, s.Facts)
	}
	p.conversation(facts)
	p.limit()
}

// conversation asks the API itself for what the browser wrote.
func (p *play) conversation(facts map[string]any) {
	d := p.recorder.Step("d")
	id, _ := facts["sessionId"].(string)
	if !d.OK("the browser named its conversation", id != "", id) {
		return
	}
	messages, err := p.payer.Messages(p.ctx, id)
	if !d.NoError("GET the messages of the conversation, without a browser", err) {
		return
	}
	texts, images := 0, 0
	for _, m := range messages {
		switch {
		case m.Role != "user":
		case m.Image != nil:
			images++
		default:
			texts++
		}
	}
	d.Equal("the person's messages there", fmt.Sprintf("%d texts, %d image", texts, images), "2 texts, 1 image")
}

// limit asks the database what the free person has sent.
func (p *play) limit() {
	e := p.recorder.Step("e")
	user, err := p.user(p.free)
	if e.NoError("the free person's document can be read", err) {
		e.Equal("image_counter in the database", user["image_counter"], float64(2))
		e.Equal("subscription_status in the database", user["subscription_status"], "free")
	}
	docs, _, err := p.db.SQLite(p.ctx, "liveassist_messages", story.Filter{Field: "userId", Value: p.free.ID})
	if !e.NoError("the free person's messages can be read", err) {
		return
	}
	images := 0
	for _, doc := range docs {
		if m, err := story.Plain(doc); err == nil && m["image"] != nil {
			images++
		}
	}
	e.Equal("images of the free person in the database", images, 2)
}

// compare plays step f: MongoDB and SQLite hold the same, and that is right.
func (p *play) compare() {
	f := p.recorder.Step("f")
	p.proof.Title("The documents of the story, read from "+p.stack.Mongo+" through the MongoDB protocol,",
		"and from SQLite with `liveassist find`.")
	users := story.Filter{Field: "_id", Value: p.payer.ID}
	xp := story.Filter{Field: "userId", Value: p.payer.ID}
	level := story.Eventually(p.ctx, mirrorWithin, func() bool {
		for _, c := range story.Collections() {
			if d, _, err := p.db.Difference(p.ctx, c); err != nil || d != "" {
				return false
			}
		}
		return true
	})
	f.OK("the mirror is level with SQLite once nothing happens", level, "within %v", mirrorWithin)
	p.query(f, "users", users, true)
	p.query(f, "xp_events", xp, false)
	p.query(f, "webhook_events", story.Filter{Field: "userId", Value: p.payer.ID}, false)
	p.proof.Section("Every collection, document by document")
	for _, c := range story.Collections() {
		difference, n, err := p.db.Difference(p.ctx, c)
		if err != nil {
			difference = err.Error()
		}
		p.proof.Compared(c, n, difference)
		f.OK("MongoDB and SQLite hold the same in "+c, difference == "" && n > 0, "%d documents %s", n, difference)
	}
}

// query reads the same documents from both databases, and claims that they are the same.
func (p *play) query(f story.Step, collection string, filter story.Filter, one bool) {
	inMongo, err := p.db.Mongo(p.ctx, collection, filter)
	if !f.NoError("find in MongoDB: "+collection, err) {
		return
	}
	inSQLite, lines, err := p.db.SQLite(p.ctx, collection, filter)
	if !f.NoError("liveassist find "+collection, err) {
		return
	}
	p.proof.Query(collection, filter.Field, filter.Value, one, inMongo, filter.JSON(), lines)
	same := len(inMongo) == len(inSQLite)
	for i := range min(len(inMongo), len(inSQLite)) {
		equal, err := story.SameDocument(inMongo[i], inSQLite[i])
		same = same && equal && err == nil
	}
	if !f.OK("both give the same documents of the person: "+collection, same && len(inMongo) > 0, "%d in MongoDB, %d in SQLite", len(inMongo), len(inSQLite)) {
		return
	}
	switch collection {
	case "users":
		doc, err := story.Plain(inMongo[0])
		f.OK("users.findOne says paid", err == nil && doc["subscription_status"] == "paid", fmt.Sprint(doc["subscription_status"]))
	case "xp_events":
		n := 0
		for _, d := range inMongo {
			if doc, err := story.Plain(d); err == nil && doc["reason"] == evidence.BonusReason && doc["amount"] == float64(evidence.BonusAmount) {
				n++
			}
		}
		f.Equal("xp_events.find has exactly one first_premium of 250", fmt.Sprintf("%d of %d", n, len(inMongo)), "1 of 1")
	}
}

func chromiumVersion(ctx context.Context) string {
	file := os.Getenv("CHROMIUM")
	if file == "" {
		file = "/usr/bin/chromium"
	}
	out, err := exec.CommandContext(ctx, file, "--version").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func playwrightVersion(root string) string {
	b, err := os.ReadFile(filepath.Join(root, "e2e", "browser", "node_modules", "@playwright", "test", "package.json"))
	var p struct {
		Version string `json:"version"`
	}
	if err != nil || json.Unmarshal(b, &p) != nil {
		return "unknown"
	}
	return p.Version
}
