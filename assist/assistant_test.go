package assist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// TestAssistant_Run_Order: replies come in the order of a conversation's messages, many
// conversations at once, and never more than allowed.
func TestAssistant_Run_Order(t *testing.T) {
	d := newDesk(t)
	var now, most atomic.Int32
	const conversations, messages, atOnce = 8, 5, 3
	type talk struct {
		user    domain.UserID
		session domain.SessionID
	}
	var talks []talk
	for range conversations {
		u, s := d.person()
		talks = append(talks, talk{u, s})
		for i := range messages {
			d.say(u, s, fmt.Sprint("m", i))
		}
	}
	d.start(answerFunc(func(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		time.Sleep(2 * time.Millisecond)
		return echo(ctx, q, say)
	}), atOnce)
	for range conversations * messages {
		d.reply()
	}
	for _, c := range talks {
		got := d.texts(c.user, c.session)[messages:]
		if want := []string{"re: m0", "re: m1", "re: m2", "re: m3", "re: m4"}; !slices.Equal(got, want) {
			t.Errorf("replies %q, want %q", got, want)
		}
	}
	if got := most.Load(); got < 2 || got > atOnce {
		t.Errorf("%d replies at once, want 2 to %d", got, atOnce)
	}
}

// TestAssistant_Run_Restart: what waits when the program stops is answered by the next
// one, once.
func TestAssistant_Run_Restart(t *testing.T) {
	d := newDesk(t)
	user, session := d.person()
	begun := make(chan struct{})
	d.start(answerFunc(func(ctx context.Context, _ Question, say func(string)) (store.Reply, error) {
		say("half a")
		close(begun)
		<-ctx.Done()
		return store.Reply{}, ctx.Err()
	}), 1)
	d.say(user, session, "one")
	<-begun
	d.say(user, session, "two")
	d.halt()
	if err := d.db.Close(); err != nil {
		t.Fatal(err)
	}
	first := d.pieces[0].ID
	d.a = nil
	d.open()
	d.start(answerFunc(echo), 1)
	if m := d.reply(); m.Text != "re: one" || m.ID != first {
		t.Errorf("reply %s %q, want %s, of which pieces were told, to the first message", m.ID, m.Text, first)
	}
	d.reply()
	d.halt()
	d.start(answerFunc(echo), 1)
	d.ask(user, session, "three")
	if got, want := d.texts(user, session), []string{"one", "two", "re: one", "re: two", "three", "re: three"}; !slices.Equal(got, want) {
		t.Errorf("conversation %q, want %q", got, want)
	}
}

// TestAssistant_Run_Tries: an error and a panic are tried again, and a message that fails
// each time is given up, which the person learns; it holds up no later one.
func TestAssistant_Run_Tries(t *testing.T) {
	d := newDesk(t)
	user, session := d.person()
	tries := map[string]int{}
	var mu sync.Mutex
	d.start(answerFunc(func(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		text := q.Question.Text
		tries[text]++
		switch {
		case text == "never", text == "later" && tries[text] < 2:
			return store.Reply{}, errors.New("no")
		case text == "panics" && tries[text] < 3:
			panic("boom")
		}
		return echo(ctx, q, say)
	}), 4)
	for _, text := range []string{"later", "panics", "never", "fine"} {
		d.say(user, session, text)
	}
	done := make(chan struct{})
	go func() { // time passes
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				d.add(time.Minute)
				d.a.Wake()
			}
		}
	}()
	failed := d.next(domain.EventMessageFailed)
	if !strings.Contains(string(failed.Data), "No reply could be written right now.") {
		t.Errorf("failed: %s", failed.Data)
	}
	for len(d.texts(user, session)) < 7 {
		time.Sleep(5 * time.Millisecond)
	}
	close(done)
	if got, want := d.texts(user, session)[4:], []string{"re: later", "re: panics", "re: fine"}; !slices.Equal(got, want) {
		t.Errorf("replies %q, want %q", got, want)
	}
	mu.Lock()
	defer mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.replied); n != 4 || !slices.Contains(d.replied, byNobody) {
		t.Errorf("counted %q, want three replies and one that failed", d.replied)
	}
	if tries["never"] != maxTries || tries["later"] != 2 || tries["panics"] != 3 || tries["fine"] != 1 {
		t.Errorf("tries: %v", tries)
	}
}

// TestAssistant_Run_Crashes: a message that brings the program down each time is given up.
func TestAssistant_Run_Crashes(t *testing.T) {
	d := newDesk(t)
	user, session := d.person()
	d.say(user, session, "poison")
	for range maxTries {
		if err := d.db.CountInterrupted(t.Context()); err != nil { // as each start does
			t.Fatal(err)
		}
	}
	d.start(answerFunc(func(context.Context, Question, func(string)) (store.Reply, error) {
		t.Error("it was asked again")
		return store.Reply{}, nil
	}), 1)
	d.next(domain.EventMessageFailed)
}

// TestAssistant_Run_TakenID: a person who takes the id of the reply that is being written
// gets the reply under another.
func TestAssistant_Run_TakenID(t *testing.T) {
	d := newDesk(t)
	user, session := d.person()
	d.start(answerFunc(func(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
		if q.Question.Text == "one" {
			_, _, err := d.db.AddMessage(ctx, store.NewMessage{User: user, Session: session, ID: q.Reply, Role: domain.AuthorUser, Text: "mine"})
			if err != nil {
				return store.Reply{}, err
			}
		}
		return echo(ctx, q, say)
	}), 1)
	if got := d.ask(user, session, "one"); got != "re: one" {
		t.Errorf("reply %q", got)
	}
	if got, want := d.texts(user, session), []string{"one", "mine", "re: one"}; !slices.Equal(got, want) {
		t.Errorf("conversation %q, want %q", got, want)
	}
}

// TestAssistant_Run_Talk: the writer sees the conversation up to the question, and what
// was replied since, and nothing of anybody else.
func TestAssistant_Run_Talk(t *testing.T) {
	d := newDesk(t)
	user, session := d.person()
	other, theirs := d.person()
	var mu sync.Mutex
	seen := map[string]string{}
	for _, text := range []string{"one", "two", "three"} {
		d.say(user, session, text)
	}
	d.say(other, theirs, "secret")
	d.start(answerFunc(func(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
		var texts []string
		for _, m := range q.Before {
			texts = append(texts, m.Text)
		}
		mu.Lock()
		defer mu.Unlock()
		seen[q.Question.Text] = strings.Join(texts, ", ")
		return echo(ctx, q, say)
	}), 1)
	for range 4 {
		d.reply()
	}
	mu.Lock()
	defer mu.Unlock()
	for question, want := range map[string]string{"one": "", "two": "one, re: one", "three": "one, two, re: one, re: two", "secret": ""} {
		if seen[question] != want {
			t.Errorf("before %q: %q, want %q", question, seen[question], want)
		}
	}
}

func TestWhisperer(t *testing.T) {
	got := make(chan string, 100)
	w := &whisperer{send: func(s string) { got <- s }}
	w.say("first")
	if s := <-got; s != "first" {
		t.Errorf("first piece %q, want it at once", s)
	}
	for i := range 10 {
		w.say(strconv.Itoa(i))
	}
	if s := <-got; s != "0123456789" {
		t.Errorf("second piece %q, want all together", s)
	}
	w.say("dropped")
	w.stop()
	w.say("too late")
	idle := &whisperer{send: func(s string) { got <- s }}
	idle.stop()
	idle.say("too late too")
	select {
	case s := <-got:
		t.Errorf("%q after the end", s)
	case <-time.After(3 * whisperEvery):
	}
}
