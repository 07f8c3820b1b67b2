package mirror_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/domain"
	"liveassist/mirror"
	"liveassist/store"
)

func TestMirror_Run(t *testing.T) {
	t.Parallel()
	t.Run("CopiesThenFollows", testFollow)
	t.Run("ChangesDuringCopy", testChangesDuringCopy)
	t.Run("BusyDuringCopy", testBusyDuringCopy)
	t.Run("CopyInterrupted", testCopyInterrupted)
	t.Run("CursorTooOld", testCursorTooOld)
	t.Run("PrunedWhileFollowing", testPrunedWhileFollowing)
	t.Run("Restored", testRestored)
	t.Run("ForeignTarget", testForeignTarget)
	t.Run("EmptiedTarget", testEmptiedTarget)
}

// databaseOf names a MongoDB database for the test alone.
func databaseOf(t *testing.T) string {
	t.Helper()
	return strings.NewReplacer("/", "_", "TestMirror_", "").Replace(t.Name())
}

func testFollow(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	mdb := server.client(t).Database(databaseOf(t))
	ann := p.fill(t, 510) // more than one page
	p.startMirror(t)
	p.waitLevel(t)
	if s := p.status(); s.Copies != 1 || s.Failures != 0 {
		t.Errorf("status is %+v, want one copy and no failure", s)
	}
	if n := mustEqual(t, p.db, mdb); n < 516 {
		t.Errorf("compared %d documents", n)
	}

	p.stopMirror()
	ben := p.fill(t, 510) // more than one batch
	p.startMirror(t)
	p.changeAndDelete(t, ann)
	p.changeAndDelete(t, ben)
	p.waitLevel(t)
	mustEqual(t, p.db, mdb)
	s := p.status()
	if s.Copies != 0 || s.Failures != 0 || s.Deleted < 2 || !s.LagSince.IsZero() || s.Problem != "" {
		t.Errorf("status is %+v, want no copy and no failure", s)
	}

	// What the issue promises to a person in mongosh.
	var user bson.M
	if err := mdb.Collection("users").FindOne(t.Context(), bson.D{{Key: "_id", Value: string(ann.id)}}).Decode(&user); err != nil || user["subscription_status"] != "paid" {
		t.Errorf("users.findOne gives %v, %v", user, err)
	}
	n, err := mdb.Collection("xp_events").CountDocuments(t.Context(), bson.D{{Key: "userId", Value: string(ann.id)}})
	if err != nil || n != 3 {
		t.Errorf("xp_events.find gives %d documents, %v; want 3", n, err)
	}
	for collection, field := range map[string]string{"users": "email", "liveassist_messages": "sessionId", "liveassist_sessions": "userId", "webhook_events": "userId", "xp_events": "userId"} {
		specs, err := mdb.Collection(collection).Indexes().ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range specs {
			got = append(got, s.Name)
		}
		if !slices.Contains(got, field+"_1") {
			t.Errorf("%s has the indexes %v, want one on %s", collection, got, field)
		}
	}
	if strings.Contains(fmt.Sprint(mongoTexts(t, mdb.Collection("users"))), "secret-hash") {
		t.Error("a password hash is in the mirror")
	}
}

func testChangesDuringCopy(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	ann := p.fill(t, 20)
	for range 2 {
		p.fill(t, 3) // more than a page of each collection
	}
	p.opts.PageSize = 2
	page, changed := p.opts.Source.Page, map[string]bool{}
	p.opts.Source.Page = func(ctx context.Context, collection, after string, limit int) ([]domain.Document, error) {
		docs, err := page(ctx, collection, after, limit)
		if after != "" && !changed[collection] { // between two pages of this collection
			changed[collection] = true
			p.changeAndDelete(t, ann)
			p.fill(t, 3)
		}
		return docs, err
	}
	p.startMirror(t)
	p.waitLevel(t)
	mustEqual(t, p.db, server.client(t).Database(databaseOf(t)))
	if len(changed) != len(store.Collections()) {
		t.Errorf("changes came during the copy of %v only", changed)
	}
}

// testBusyDuringCopy: a copy ends although something new stands behind each page of it.
func testBusyDuringCopy(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	ann := p.fill(t, 20)
	p.opts.PageSize = 7
	page, pages := p.opts.Source.Page, 0
	p.opts.Source.Page = func(ctx context.Context, collection, after string, limit int) ([]domain.Document, error) {
		docs, err := page(ctx, collection, after, limit)
		if collection == store.CollMessages {
			p.say(t, ann, "something new")
			if pages++; pages > 100 {
				return nil, errors.New("the copy runs behind the server")
			}
		}
		return docs, err
	}
	p.startMirror(t)
	p.waitLevel(t)
	mustEqual(t, p.db, server.client(t).Database(databaseOf(t)))
	if s := p.status(); s.Copies != 1 || s.Failures != 0 {
		t.Errorf("status is %+v, want one copy without a failure", s)
	}
}

func testCopyInterrupted(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	ann := p.fill(t, 20)
	p.opts.PageSize = 7
	page, reached := p.opts.Source.Page, make(chan struct{}, 1)
	p.opts.Source.Page = func(ctx context.Context, collection, after string, limit int) ([]domain.Document, error) {
		if collection == store.CollMessages && after != "" {
			select {
			case reached <- struct{}{}:
			default:
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return page(ctx, collection, after, limit)
	}
	p.startMirror(t)
	<-reached
	p.stopMirror()
	p.changeAndDelete(t, ann)

	p.opts.Source.Page = page
	p.startMirror(t)
	p.waitLevel(t)
	mustEqual(t, p.db, server.client(t).Database(databaseOf(t)))
	if len(p.log.lines("an earlier copy did not finish")) != 1 {
		t.Errorf("the log does not say that the copy began again:\n%s", p.log)
	}
}

func testCursorTooOld(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	ann := p.fill(t, 5)
	p.startMirror(t)
	p.waitLevel(t)
	p.stopMirror()

	p.changeAndDelete(t, ann)
	p.say(t, ann, "kept")
	if n, err := p.db.PruneOutbox(t.Context(), time.Now().Add(time.Hour), 1<<30); err != nil || n == 0 {
		t.Fatalf("pruned %d entries: %v", n, err)
	}
	p.startMirror(t)
	p.waitLevel(t)
	mustEqual(t, p.db, server.client(t).Database(databaseOf(t)))
	if s := p.status(); s.Copies != 1 || s.Deleted != 1 {
		t.Errorf("status is %+v, want one copy that deletes one document", s)
	}
}

func testPrunedWhileFollowing(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	ann := p.fill(t, 5)
	var armed atomic.Bool
	entriesAfter := p.opts.Source.EntriesAfter
	p.opts.Source.EntriesAfter = func(ctx context.Context, after int64, limit int) ([]mirror.Entry, error) {
		if armed.CompareAndSwap(true, false) { // the mirror was slow for a week
			p.changeAndDelete(t, ann)
			p.say(t, ann, "kept")
			if _, err := p.db.PruneOutbox(ctx, time.Now().Add(time.Hour), 1<<30); err != nil {
				t.Error(err)
			}
		}
		return entriesAfter(ctx, after, limit)
	}
	p.startMirror(t)
	p.waitLevel(t)
	armed.Store(true)
	p.waitFor(t, "a second copy", func(s mirror.Status) bool { return s.Copies == 2 })
	p.waitLevel(t)
	mustEqual(t, p.db, server.client(t).Database(databaseOf(t)))
}

func testRestored(t *testing.T) {
	for name, later := range map[string]int{"Behind": 0, "OvertookTheCursor": 30} {
		t.Run(name, func(t *testing.T) {
			server := mongoServer(t)
			p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
			ann := p.fill(t, 5)
			dir := t.TempDir()
			if err := p.db.Backup(t.Context(), filepath.Join(dir, store.FileName)); err != nil {
				t.Fatal(err)
			}
			p.changeAndDelete(t, ann)
			p.say(t, ann, "lost with the old machine")
			p.startMirror(t)
			p.waitLevel(t)
			p.stopMirror()

			q := openProduct(t, dir, server.url(), databaseOf(t))
			for i := range later {
				q.say(t, ann, fmt.Sprintf("another history %d", i))
			}
			q.startMirror(t)
			q.waitLevel(t)
			mustEqual(t, q.db, server.client(t).Database(databaseOf(t)))
			if s := q.status(); s.Copies != 1 || len(q.log.lines("which was restored")) != 1 {
				t.Errorf("status is %+v, want one copy\n%s", s, q.log)
			}
		})
	}
}

func testForeignTarget(t *testing.T) {
	server := mongoServer(t)
	mdb := server.client(t).Database(databaseOf(t))
	other := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	other.fill(t, 510) // more than is looked at together
	other.startMirror(t)
	other.waitLevel(t)
	other.stopMirror()
	if _, err := mdb.Collection("users").InsertMany(t.Context(), []any{
		bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "name", Value: "no text as _id"}},
		bson.D{{Key: "_id", Value: int32(7)}},
		bson.D{{Key: "_id", Value: "stray"}},
	}); err != nil {
		t.Fatal(err)
	}

	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	p.fill(t, 5)
	p.startMirror(t)
	p.waitLevel(t)
	mustEqual(t, p.db, mdb)
	if s := p.status(); s.Copies != 1 || s.Deleted < 510 {
		t.Errorf("status is %+v", s)
	}

	// A new version of the product may give its documents another form.
	p.stopMirror()
	p.opts.Source.Identity = func(ctx context.Context) (string, error) {
		id, err := p.db.Identity(ctx)
		return id + ", new form", err
	}
	p.startMirror(t)
	p.waitLevel(t)
	if s := p.status(); s.Copies != 1 || s.Deleted != 0 {
		t.Errorf("status is %+v, want a copy for the new form", s)
	}
}

// checkedAfter is more than an idle mirror lets pass before it looks at its target.
const checkedAfter = time.Minute

func testEmptiedTarget(t *testing.T) {
	server := mongoServer(t)
	p := openProduct(t, t.TempDir(), server.url(), databaseOf(t))
	start := time.Now()
	p.opts.Clock = func() time.Time { return start.Add(time.Duration(p.ahead.Load())) } // stands still: no look at an idle target
	mdb := server.client(t).Database(databaseOf(t))
	ann := p.fill(t, 5)
	p.startMirror(t)
	p.waitLevel(t)

	if err := mdb.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.say(t, ann, "notices at once")
	p.waitFor(t, "a copy after the drop", func(s mirror.Status) bool { return s.Copies == 2 && s.Connected })
	mustEqual(t, p.db, mdb)

	if err := mdb.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.ahead.Store(int64(checkedAfter)) // nothing changes; the mirror looks by itself
	p.waitFor(t, "a copy after the drop of an idle mirror", func(s mirror.Status) bool { return s.Copies == 3 && s.Connected })
	mustEqual(t, p.db, mdb)
}
