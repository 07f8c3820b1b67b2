package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"liveassist/e2e/bundle"
	"liveassist/e2e/evidence"
	"liveassist/e2e/stack"
	"liveassist/e2e/story"
	"liveassist/e2e/supervise"
	"liveassist/e2e/verify"
)

// storyWithin bounds the whole story; it leaves time to write the report before the test is cut off.
const storyWithin = 8 * time.Minute

// play is one run of the story.
type play struct {
	t          *testing.T
	ctx        context.Context //nolint:containedctx // of this one test
	run        supervise.Run
	root       string
	stack      *stack.Stack
	recorder   *story.Recorder
	payer      *story.Person
	free       *story.Person
	db         *story.Database
	browser    *story.Browser
	stream     *story.Stream
	deliveries evidence.Deliveries
	scenes     []evidence.Scene
	proof      bundle.Proof
	began      time.Time
	containers bool
	versions   map[string]string
	problems   []string
}

// TestStory plays the story, and leaves a bundle of evidence in EVIDENCE_DIR, also when it fails:
// then the report says where.
func TestStory(t *testing.T) {
	afterMidnight(t)
	ctx, cancel := context.WithTimeout(t.Context(), storyWithin)
	defer cancel()
	p := &play{
		t: t, ctx: ctx, run: supervise.Current(), began: time.Now(), containers: os.Getenv("E2E_CONTAINERS") != "off",
		deliveries: evidence.Deliveries{SigningSecret: stack.WebhookSecret},
	}
	p.recorder = story.NewRecorder(func(text string) { t.Error(text) })
	defer p.conclude()
	if err := p.prepare(); err != nil {
		p.problem("prepare: %v", err)
		return
	}
	p.purchase()
	p.browse()
	p.compare()
}

// afterMidnight waits where the day of the photo limit, which is UTC's, would turn within the story.
func afterMidnight(t *testing.T) {
	t.Helper()
	const needed = 5 * time.Minute
	now := time.Now().UTC()
	if left := now.Truncate(24*time.Hour).AddDate(0, 0, 1).Sub(now); left < needed {
		t.Logf("midnight UTC is in %v, and photos are counted by the day: waiting for it", left.Round(time.Second))
		time.Sleep(left + 2*time.Second)
	}
}

// problem notes what went wrong outside of a claim.
func (p *play) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.problems = append(p.problems, text)
	p.t.Error(text)
}

// prepare starts everything.
func (p *play) prepare() (err error) {
	var product string
	if p.root, product, err = stack.Sources(p.ctx); err != nil {
		return err
	}
	dir := filepath.Join(p.run.Dir, "stack")
	p.stack, err = stack.Start(p.ctx, stack.Options{
		Root: p.root, Product: product, Dir: dir, RunID: p.run.ID, Containers: p.containers, MongoImage: os.Getenv("E2E_MONGO_IMAGE"),
	})
	if err != nil {
		return err
	}
	p.t.Cleanup(func() {
		if err := p.stack.Close(context.WithoutCancel(p.ctx)); err != nil {
			p.t.Errorf("close: %v", err)
		}
	})
	p.versions = map[string]string{
		"Go": runtime.Version(), "MongoDB server": p.stack.Mongo, "Stripe": p.stack.Stripe, "Chromium": chromiumVersion(p.ctx),
		"Playwright": playwrightVersion(p.root),
	}
	if p.versions["LiveAssist"], err = p.stack.Version(p.ctx); err != nil {
		return err
	}
	if p.db, err = story.OpenDatabase(p.stack); err != nil {
		return err
	}
	p.t.Cleanup(func() { _ = p.db.Close(context.WithoutCancel(p.ctx)) })
	if p.payer, err = story.Register(p.ctx, p.stack.URL, "paula", p.run.ID); err != nil {
		return err
	}
	if p.free, err = story.Register(p.ctx, p.stack.URL, "frank", p.run.ID); err != nil {
		return err
	}
	if p.stream, err = p.payer.Stream(p.ctx); err != nil {
		return err
	}
	p.t.Cleanup(p.stream.Close)
	p.browser, err = story.StartBrowser(p.ctx, filepath.Join(p.root, "e2e", "browser"), filepath.Join(p.run.Dir, "browser"), p.stack.URL, p.payer, p.free)
	return err
}

// conclude writes the bundle, checks it as a stranger would, and publishes it.
func (p *play) conclude() {
	if r := recover(); r != nil {
		p.problem("panic: %v", r)
	}
	ctx := context.WithoutCancel(p.ctx)
	in := bundle.Input{
		Root: p.root, Base: os.Getenv("EVIDENCE_BASE"), Mode: evidence.Processes, Began: p.began, Ended: time.Now(), Versions: p.versions,
		Steps: p.recorder.Steps(), Passed: p.recorder.Passed() && len(p.problems) == 0, Deliveries: p.deliveries, Scenes: p.scenes,
		Database: p.proof.Text(), Problems: p.problems,
	}
	if p.containers {
		in.Mode = evidence.Containers
	}
	if p.stack != nil {
		in.Log = p.stack.Log()
	}
	if p.payer != nil && p.free != nil {
		in.People = evidence.People{Payer: p.payer.ID, Free: p.free.ID}
	}
	if p.browser != nil {
		in.BrowserDir = p.browser.Out
	}
	for _, s := range in.Steps {
		p.t.Logf("step %s: %s: %s", s.ID, s.Verdict, s.Title)
	}
	dir := filepath.Join(p.run.Dir, "bundle")
	if err := bundle.Make(ctx, in, dir); err != nil {
		p.t.Error(err)
	}
	p.check(ctx, in, dir)
	if err := bundle.Publish(dir, p.evidenceDir()); err != nil {
		p.t.Error(err)
		return
	}
	p.t.Logf("the evidence: %s", filepath.Join(p.evidenceDir(), evidence.ReportFile))
}

// check runs the checker over a bundle that claims to be good. What it finds turns the run red, and
// the report is written again to say so.
func (p *play) check(ctx context.Context, in bundle.Input, dir string) {
	if !in.Passed {
		return
	}
	found := verify.Bundle(ctx, dir, p.root)
	if len(found) == 0 {
		return
	}
	for _, f := range found {
		in.Problems = append(in.Problems, "the bundle is refused: "+f)
		p.t.Error("the bundle is refused: " + f)
	}
	in.Passed = false
	if err := os.RemoveAll(dir); err != nil {
		p.t.Error(err)
	}
	if err := bundle.Make(ctx, in, dir); err != nil {
		p.t.Error(err)
	}
}

func (p *play) evidenceDir() string {
	if dir := os.Getenv("EVIDENCE_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(p.root, "evidence")
}
