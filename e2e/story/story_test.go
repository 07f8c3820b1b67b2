package story

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"liveassist/e2e/evidence"
)

func TestPurchase_End(t *testing.T) {
	for created, want := range map[string]string{
		"2026-01-31T10:20:30Z": "2026-02-28T10:20:30Z",
		"2028-01-31T00:00:00Z": "2028-02-29T00:00:00Z",
		"2026-11-24T22:00:00Z": "2026-12-24T22:00:00Z",
		"2026-12-31T23:59:59Z": "2027-01-31T23:59:59Z",
		"2026-03-31T01:00:00Z": "2026-04-30T01:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, created)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Purchase{Created: at}).End().Format(time.RFC3339); got != want {
			t.Errorf("a month after %s: got %s, want %s", created, got, want)
		}
	}
}

// TestSign_Stripe checks the signature against one made by hand: printf '1.{}' | openssl dgst -sha256 -hmac s.
func TestSign_Stripe(t *testing.T) {
	got := Sign("s", []byte("{}"), time.Unix(1, 0))
	if want := "t=1,v1=b253639bcd705ed1cda3073f66104f16988bd40272584dea7d0d345ae93e61cc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if other := Sign("s", []byte("{ }"), time.Unix(1, 0)); other == got {
		t.Error("another body has the same signature")
	}
}

func TestDifference_Cases(t *testing.T) {
	doc := func(id string, n any) bson.D { return bson.D{{Key: "_id", Value: id}, {Key: "n", Value: n}} }
	swapped := bson.D{{Key: "n", Value: int64(1)}, {Key: "_id", Value: "a"}}
	for _, c := range []struct {
		name          string
		mongo, sqlite []bson.D
		says          string
		equal         bool
	}{
		{name: "equal, whatever the order and the width of numbers", mongo: []bson.D{swapped}, sqlite: []bson.D{doc("a", int32(1))}, equal: true},
		{name: "one behind", mongo: []bson.D{doc("a", 1)}, sqlite: []bson.D{doc("a", 1), doc("b", 1)}, says: "b is missing in MongoDB"},
		{name: "an old value", mongo: []bson.D{doc("a", 1)}, sqlite: []bson.D{doc("a", 2)}, says: "a differs"},
		{name: "one too many", mongo: []bson.D{doc("a", 1), doc("b", 1)}, sqlite: []bson.D{doc("a", 1)}, says: "b is in MongoDB alone"},
		{name: "a date is not a text", mongo: []bson.D{doc("a", "2026-01-01T00:00:00Z")}, sqlite: []bson.D{doc("a", bson.DateTime(1767225600000))}, says: "a differs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := difference(c.mongo, c.sqlite)
			if err != nil {
				t.Fatal(err)
			}
			if c.equal != (got == "") || !strings.Contains(got, c.says) {
				t.Errorf("got %q, want something that says %q", got, c.says)
			}
		})
	}
}

func TestRecorder_Verdicts(t *testing.T) {
	var failures []string
	r := NewRecorder(func(text string) { failures = append(failures, text) })
	r.Step("a").Equal("one is one", 1, 1)
	r.Step("b").Equal("one is two", 1, 2)
	verdicts := map[string]string{}
	for _, s := range r.Steps() {
		verdicts[s.ID] = s.Verdict
	}
	for step, want := range map[string]string{"a": evidence.Passed, "b": evidence.Failed, "c": evidence.Failed} {
		if verdicts[step] != want {
			t.Errorf("step %s: got %s, want %s (a step without a claim has not passed)", step, verdicts[step], want)
		}
	}
	if len(failures) != 1 || !strings.Contains(failures[0], "got 1, want 2") {
		t.Errorf("got failures %q, want the one of step b", failures)
	}
	if r.Passed() {
		t.Error("got passed with a failed step")
	}
}

func TestStream_Reads(t *testing.T) {
	s := &Stream{}
	s.read(bufio.NewScanner(strings.NewReader("retry: 2000\n\n: a comment\n\nevent: xp.awarded\nid: 7\ndata: {\"amount\":250}\n\nevent: ready\ndata: {}\n\n")))
	if got := s.Names(0); len(got) != 2 || got[0] != "xp.awarded" || got[1] != "ready" {
		t.Fatalf("got %q", got)
	}
	if e := s.Named("xp.awarded")[0]; e.ID != "7" || e.Data["amount"] != 250.0 {
		t.Errorf("got %+v", e)
	}
}
