package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/e2e/bundle"
	"liveassist/e2e/evidence"
	"liveassist/e2e/stack"
	"liveassist/e2e/story"
)

const (
	payer    = "01a20fab-610c-7a2c-9ea7-297d86f87d72"
	free     = "01a20fab-6163-7abc-b06d-7b2e43a98f6a"
	session  = "01a20fac-0608-7901-982b-f0aa2ecf2791"
	freeTalk = "01a20fac-98ce-795d-b9c9-a90e71934762"
)

var began = time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)

// makeBundle lets the real maker write a bundle of a story that was not played, and returns it with
// the repository that it is of.
func makeBundle(tb testing.TB) (dir, repo string) {
	tb.Helper()
	repo = makeRepo(tb)
	browser := tb.TempDir()
	scenes := makeScenes()
	makeHAR(tb, browser)
	makePictures(tb, browser)
	steps := evidence.StepTitles()
	for i := range steps {
		steps[i].Verdict = evidence.Passed
		steps[i].Claims = []evidence.Claim{{Text: "it is so", OK: true, By: "test"}}
	}
	deliveries, log := makeDeliveries()
	dir = filepath.Join(tb.TempDir(), "bundle")
	err := bundle.Make(tb.Context(), bundle.Input{
		Root: repo, Mode: evidence.Containers, Began: began, Ended: began.Add(time.Minute), Passed: true,
		Versions: map[string]string{"LiveAssist": "1", "Chromium": "1", "Playwright": "1", "MongoDB server": "1", "Stripe": "1", "Go": "1"},
		People:   evidence.People{Payer: payer, Free: free}, Steps: steps, Log: log, Deliveries: deliveries, Scenes: scenes,
		BrowserDir: browser, Database: makeProof(tb, 1),
	}, dir)
	if err != nil {
		tb.Fatal(err)
	}
	return dir, repo
}

// makeRepo makes a repository with something of each part in it.
func makeRepo(tb testing.TB) string {
	tb.Helper()
	repo := tb.TempDir()
	for name, text := range map[string]string{
		"main.go": "package main\n", "billing/webhook.go": "package billing\n\n// Deliver takes a delivery.\n",
		"images/picture.go": "package images\n", "embed/web/src/features/liveassist/Page.tsx": "export {};\n", "images/testdata/x.bin": "\x00\x01\x02",
		"README.md": "# Not part of a patch\n",
	} {
		file := filepath.Join(repo, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	gitIn(tb, repo, "init", "-q")
	commitAll(tb, repo)
	return repo
}

func commitAll(tb testing.TB, repo string) {
	tb.Helper()
	gitIn(tb, repo, "add", "-A")
	gitIn(tb, repo, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "x")
}

func gitIn(tb testing.TB, repo string, args ...string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "git", append([]string{"-C", repo}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("git %q: %v: %s", args, err, out)
	}
}

func makeDeliveries() (evidence.Deliveries, []string) {
	buy := story.Purchase{UserID: payer, Created: began, RunID: "test"}
	d := evidence.Deliveries{SigningSecret: stack.WebhookSecret}
	log := []string{"level=INFO msg=ready"}
	add := func(step, id string, body []byte, decision string) {
		at := began.Add(time.Duration(10+len(d.Deliveries)) * time.Second)
		line := fmt.Sprintf(`level=INFO msg="stripe event" event_id=%s user=%s decision=%s status=processed`, id, payer, decision)
		log = append(log, line)
		d.Deliveries = append(d.Deliveries, evidence.Delivery{
			Step: step, What: id, SentAt: at,
			Request: evidence.Message{
				Method: "POST", URL: "http://127.0.0.1:1/api/webhooks/stripe", Body: string(body),
				Headers: map[string]string{"Stripe-Signature": story.Sign(stack.WebhookSecret, body, at)},
			},
			Response: evidence.Message{Status: 200, Body: `{"received":true}`}, Log: []string{line},
		})
	}
	add("a", buy.CompletedID(), buy.Completed(), "grant")
	add("b", buy.CompletedID(), buy.Completed(), "duplicate")
	add("b", buy.InvoiceID(), buy.Invoice(), "grant")
	return d, log
}

func makeScenes() []evidence.Scene {
	scene := func(step string, facts map[string]any) evidence.Scene {
		return evidence.Scene{Name: step, Claims: []evidence.SceneClaim{{Step: step, Text: "seen", OK: true}}, Facts: facts}
	}
	return []evidence.Scene{
		scene("c", map[string]any{"me": map[string]any{"id": payer, "subscription_status": "paid"}}),
		scene("d", map[string]any{"sessionId": session}),
		scene("e", map[string]any{"freeSessionId": freeTalk, "uploadsBeforeDialog": 2.0}),
	}
}

func makeHAR(tb testing.TB, browser string) {
	tb.Helper()
	entry := func(at time.Duration, page, method, path string, status int, body string) map[string]any {
		return map[string]any{
			"startedDateTime": began.Add(at).Format(time.RFC3339Nano), "pageref": page,
			"request": map[string]any{"method": method, "url": "http://127.0.0.1:1" + path, "headers": []any{map[string]any{"name": "Cookie", "value": "session=abc"}}},
			"response": map[string]any{
				"status": status, "headers": []any{},
				"content": map[string]any{"mimeType": "application/json", "encoding": "base64", "text": base64.StdEncoding.EncodeToString([]byte(body))},
			},
		}
	}
	user := func(status string) string { return `{"id":"` + payer + `","subscription_status":"` + status + `"}` }
	limit := `{"error":"limit_exceeded","code":"IMAGE_DAY_LIMIT","message":"Daily image limit reached. Upgrade to send more images."}`
	messages := "/api/liveassist/sessions/" + session + "/messages"
	images := "/api/liveassist/sessions/" + freeTalk + "/images"
	for name, entries := range map[string][]any{
		"purchase-laptop": {
			entry(5*time.Second, "p1", "GET", "/api/users/me", 200, user("free")),
			entry(20*time.Second, "p1", "GET", "/?subscription=success", 200, ""),
			entry(21*time.Second, "p1", "GET", "/api/users/me", 200, user("paid")),
		},
		"conversation": {entry(
			25*time.Second, "p1", "GET", messages, 200,
			`[{"role":"user","text":"one"},{"role":"user","text":"two"},{"role":"user","text":"","image":{"id":"x"}},{"role":"assistant","text":"three"}]`,
		)},
		"limit": {
			entry(30*time.Second, "p1", "POST", images, 201, `{}`), entry(31*time.Second, "p1", "POST", images, 201, `{}`),
			entry(32*time.Second, "p1", "POST", images, 403, limit),
		},
	} {
		writeJSON(tb, filepath.Join(browser, "har", name+".har"), map[string]any{"log": map[string]any{"version": "1.2", "pages": []any{}, "entries": entries}})
	}
}

func makePictures(tb testing.TB, browser string) {
	tb.Helper()
	names := []string{"devtools-local-storage", "devtools-messages", "devtools-users-me", "devtools-image-403-request", "devtools-image-403-response"}
	for _, page := range []string{"upgrade-dialog", "liveassist-before", "liveassist-after", "account-premium"} {
		for _, look := range []string{"desk-light", "desk-dark", "phone-light", "phone-dark"} {
			names = append(names, "page-"+page+"-"+look)
		}
	}
	for _, name := range names {
		file := filepath.Join(browser, "pictures", name+".png")
		writeJSON(tb, file+".json", evidence.Picture{
			File: name + ".png", Step: "c", Caption: name, Address: "http://127.0.0.1:1/", TakenAt: began.Add(40 * time.Second),
		})
		if err := os.WriteFile(file, drawPicture(name), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

// drawPicture draws stripes that differ with the name, light or dark, in the width of a desk or a phone.
func drawPicture(name string) []byte {
	width, base := 1200, 170
	if strings.Contains(name, "phone") {
		width = 390
	}
	if strings.Contains(name, "dark") {
		base = 10
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	sum := int(h.Sum32())
	img := image.NewNRGBA(image.Rect(0, 0, width, 400))
	for y := range 400 {
		for x := range width {
			v := uint8(base + (x/3*(sum%79)+y/3)%80)
			img.SetNRGBA(x, y, color.NRGBA{v, v, uint8(base + (y/3*(sum/79%79)+x/3)%80), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// makeProof writes the database's file with a number of bonuses.
func makeProof(tb testing.TB, bonuses int) []byte {
	tb.Helper()
	buy := story.Purchase{UserID: payer, Created: began, RunID: "test"}
	date := bson.NewDateTimeFromTime(began)
	var p bundle.Proof
	p.Title("made by a test")
	query := func(collection, field string, one bool, docs ...bson.D) {
		var lines []string
		for _, d := range docs {
			b, err := bson.MarshalExtJSON(d, false, false)
			if err != nil {
				tb.Fatal(err)
			}
			// find writes dates with milliseconds.
			lines = append(lines, strings.ReplaceAll(string(b), `"2026-11-24T22:00:00Z"`, `"2026-11-24T22:00:00.000Z"`))
		}
		p.Query(collection, field, payer, one, docs, `{"`+field+`":"`+payer+`"}`, lines)
	}
	query("users", "_id", true, bson.D{
		{Key: "_id", Value: payer},
		{Key: "name", Value: `O'Neil \ "x"`},
		{Key: "subscription_status", Value: "paid"},
		{Key: "subscription_expiry", Value: nil},
		{Key: "image_counter", Value: int64(0)},
		{Key: "createdAt", Value: date},
	})
	var xp []bson.D
	for i := range bonuses {
		xp = append(xp, bson.D{
			{Key: "_id", Value: strconv.Itoa(i)},
			{Key: "userId", Value: payer},
			{Key: "amount", Value: int32(250)},
			{Key: "reason", Value: "first_premium"},
			{Key: "ts", Value: date},
		})
	}
	query("xp_events", "userId", false, xp...)
	var events []bson.D
	for _, id := range []string{buy.CompletedID(), buy.InvoiceID()} {
		events = append(events, bson.D{{Key: "_id", Value: id}, {Key: "eventId", Value: id}, {Key: "userId", Value: payer}, {Key: "status", Value: "processed"}})
	}
	query("webhook_events", "userId", false, events...)
	p.Section("Every collection, document by document")
	for _, c := range story.Collections() {
		p.Compared(c, 2, "")
	}
	return p.Text()
}

func writeJSON(tb testing.TB, file string, v any) {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// blank is a picture of one colour.
func blank() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 1200, 400))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}
