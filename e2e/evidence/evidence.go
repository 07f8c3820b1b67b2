// Package evidence says what a bundle of evidence is: its files, their names and formats. The
// maker (package bundle) and the checker (package verify) share this and nothing else.
package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Format is raised when a bundle of an older form can no longer be checked.
const Format = 1

// Files of a bundle that are no pictures.
const (
	ManifestFile = "manifest.json"
	ReportFile   = "report.html"
	SummaryFile  = "summary.md"
	LogFile      = "server-last-200.log"
	WebhookFile  = "webhook-delivery.json"
	NetworkFile  = "network.har"
	DatabaseFile = "db-proof.txt"
	BrowserFile  = "browser.json"

	SessionPatch      = "liveassist-session-fix.patch"
	SubscriptionPatch = "subscription-fixes-diff.patch"
	ImagePatch        = "image-limit-modal-fix.patch"

	// PictureDir holds the pictures, all PNG.
	PictureDir = "screenshots"
)

// LogLines is how many lines of the server's log are kept, at most.
const LogLines = 200

// Verdicts of steps and bundles.
const (
	Passed = "passed"
	Failed = "failed"
)

// Manifest names every other file of a bundle.
type Manifest struct {
	Format   int               `json:"format"`
	Verdict  string            `json:"verdict"`
	Commit   string            `json:"commit"`
	Dirty    bool              `json:"uncommitted_changes"`
	Mode     string            `json:"mode"` // "containers" or "processes"
	Began    time.Time         `json:"began"`
	Ended    time.Time         `json:"ended"`
	Versions map[string]string `json:"versions"`
	People   People            `json:"people"`
	Steps    []Step            `json:"steps"`
	Files    []File            `json:"files"`
	// Seal is the manifest's own Digest: it shows damage, as the hashes of the files do for them.
	Seal string `json:"seal"`
}

// Digest is the SHA-256 of the manifest's content without its seal.
func (m Manifest) Digest() (string, error) {
	m.Seal = ""
	b, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("encode the manifest: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// People are the ids of the accounts in the story.
type People struct {
	Payer string `json:"payer"`
	Free  string `json:"free"`
}

// Modes in which the programs ran.
const (
	Containers = "containers"
	Processes  = "processes"
)

// Step is a part of the story, with all that it says.
type Step struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Verdict string  `json:"verdict"`
	Claims  []Claim `json:"claims"`
}

// Claim is one statement and whether it was found true.
type Claim struct {
	Text   string `json:"text"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"` // what was seen
	By     string `json:"by"`               // who looked: the test, or the browser
}

// File is one file of a bundle.
type File struct {
	Path   string   `json:"path"` // within the bundle, with slashes
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"`
	Steps  []string `json:"steps"` // that it proves; none: all
	Shows  string   `json:"shows"`
}

// StepTitles are the steps of the story, in order.
func StepTitles() []Step {
	return []Step{
		{ID: "a", Title: "A signed payment from Stripe makes the person a paying one"},
		{ID: "b", Title: "The same event again, and its sibling: nothing changes twice"},
		{ID: "c", Title: "Every open page says Premium, and the return from Stripe asks for the user"},
		{ID: "d", Title: "A LiveAssist conversation survives leaving the page"},
		{ID: "e", Title: "The third photo of a free day meets the upgrade dialog, and the API refuses it"},
		{ID: "f", Title: "The database holds it: MongoDB and SQLite agree, with exactly one bonus"},
	}
}

// Deliveries is the content of WebhookFile.
type Deliveries struct {
	// SigningSecret was made for the run and is worth nothing; with it the signatures can be checked.
	SigningSecret string     `json:"signing_secret"`
	Deliveries    []Delivery `json:"deliveries"`
}

// Delivery is one event on its way to the product.
type Delivery struct {
	Step     string    `json:"step"`
	What     string    `json:"what"`
	SentAt   time.Time `json:"sent_at"`
	TookMS   float64   `json:"took_ms"`
	Request  Message   `json:"request"`
	Response Message   `json:"response"`
	// Log holds the server's lines of the processing and of what it changed in the database.
	Log []string `json:"log"`
}

// Message is a request or a response.
type Message struct {
	Method  string            `json:"method,omitempty"`
	URL     string            `json:"url,omitempty"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"` // as it was sent, byte for byte
}

// Bonus is the one bonus for a first payment.
const (
	BonusReason = "first_premium"
	BonusAmount = 250
)

// Scene is what the browser found in one scene: an entry of BrowserFile.
type Scene struct {
	Name   string         `json:"name"`
	Claims []SceneClaim   `json:"claims"`
	Facts  map[string]any `json:"facts"`
}

// SceneClaim is a claim as the browser writes it.
type SceneClaim struct {
	Step   string `json:"step"`
	Text   string `json:"text"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Picture is one that the browser took.
type Picture struct {
	File    string    `json:"file"`
	Step    string    `json:"step"`
	Caption string    `json:"caption"`
	Address string    `json:"address"`
	TakenAt time.Time `json:"takenAt"`
}
