package main

import (
	"bytes"
	"fmt"
	"image"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd is some people who write, send photos, pay and sign in, all at once, and what each
// was promised.
type crowd struct {
	t       *testing.T
	people  []*ledger
	picture []byte
	end     time.Time // of what they pay for

	photos map[*ledger]map[string]string // message id -> address of the picture
	mu     sync.Mutex                    // guards the rest
	events map[string]bool               // acknowledged events of Stripe
	logins []*http.Cookie                // sessions that were given out
	due    []delivery                    // events that Stripe has still to deliver
	all    int                           // events there are
	seen   int                           // pictures that were looked at
}

func newCrowd(t *testing.T, p *program, size int) *crowd {
	t.Helper()
	c := &crowd{t: t, picture: noise(t, 64, 48), end: time.Now().Add(40 * 24 * time.Hour).Truncate(time.Second).UTC(), photos: map[*ledger]map[string]string{}, events: map[string]bool{}}
	for n := range size {
		l := &ledger{person: mustRegister(p, fmt.Sprintf("crowd%d@example.com", n)), acked: map[string]bool{}}
		c.people = append(c.people, l)
		c.photos[l] = map[string]string{}
	}
	return c
}

// pays makes the events of one more purchase of each.
func (c *crowd) pays(round int) {
	c.t.Helper()
	for n, l := range c.people {
		var me struct{ ID string }
		l.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
		list := purchase(me.ID, 1000*round+n, c.end)
		c.due = append(c.due, list...)
		c.all += len(list)
	}
}

// rush lets everybody do everything until the server is gone.
func (c *crowd) rush(p *program) {
	var group sync.WaitGroup
	answered := make(chan struct{}, 1<<20)
	for _, l := range c.people {
		l.moveTo(p)
		group.Go(func() { l.flood(2, answered) })
		group.Go(func() {
			for l.snap(c.picture, c.photos[l]) {
			}
		})
	}
	group.Go(func() { c.deliver(p) })
	group.Go(func() {
		for l := c.people[0]; c.signIn(l); {
		}
	})
	group.Wait()
}

// deliver is Stripe: it repeats what was not acknowledged, and now and then what was.
func (c *crowd) deliver(p *program) {
	list := slices.Clone(c.due)
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, d := range list {
		if !d.deliver(p.url) {
			continue // the server is gone
		}
		c.mu.Lock()
		c.events[d.id] = true
		c.mu.Unlock()
	}
	c.due = slices.DeleteFunc(c.due, func(d delivery) bool { return c.events[d.id] && rand.IntN(4) > 0 })
}

// signIn signs another browser in.
func (c *crowd) signIn(l *ledger) bool {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return false
	}
	v := &person{tb: l.tb, client: &http.Client{Jar: jar}, url: l.url}
	defer v.client.CloseIdleConnections()
	status, answer, err := v.call(l.tb.Context(), http.MethodPost, "/api/auth/login", map[string]string{"email": l.email, "password": password})
	if err != nil {
		return false
	}
	if status != http.StatusOK {
		c.t.Errorf("sign in: %d %s", status, answer)
		return false
	}
	req, _ := http.NewRequest(http.MethodGet, l.url, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logins = append(c.logins, jar.Cookies(req.URL)...)
	return true
}

// check holds the server against every promise.
func (c *crowd) check(p *program, dir string, round int) {
	c.t.Helper()
	mustHave(c.t, dir, c.events)
	for _, l := range c.people {
		l.moveTo(p)
		l.check(round)
		c.checkPhotos(l, round)
		l.retryPhotosToo(c.picture)
		l.check(round)
	}
	for _, cookie := range c.logins {
		req, err := http.NewRequest(http.MethodGet, p.url+"/api/users/me", nil)
		if err != nil {
			c.t.Fatal(err)
		}
		req.AddCookie(cookie)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			c.t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			c.t.Errorf("round %d: a browser that was signed in is asked to sign in: %d", round, resp.StatusCode)
		}
	}
	c.logins = c.logins[max(0, len(c.logins)-5):]
}

// checkPhotos fetches the pictures of this round and some older ones: it must be there and be a picture.
func (c *crowd) checkPhotos(l *ledger, round int) {
	c.t.Helper()
	for id, url := range c.photos[l] {
		c.seen++
		status, b, err := l.call(c.t.Context(), http.MethodGet, url, nil)
		if err != nil || status != http.StatusOK {
			c.t.Errorf("round %d: picture of message %s: %d, %v", round, id, status, err)
			continue
		}
		if config, _, err := image.DecodeConfig(bytes.NewReader(b)); err != nil || config.Width != 64 {
			c.t.Errorf("round %d: picture of message %s: %v, %v", round, id, config, err)
		}
	}
	maps.DeleteFunc(c.photos[l], func(string, string) bool { return rand.IntN(3) > 0 })
}

// retryPhotosToo sends again what was never answered: what was a photo as a photo, which is
// answered as the message that it is if it had arrived.
func (l *ledger) retryPhotosToo(picture []byte) {
	l.tb.Helper()
	for i, id := range l.open {
		var status int
		var err error
		if i%2 == 0 {
			status, _, err = l.send(l.tb.Context(), id, picture)
		} else {
			status, err = l.say(l.tb.Context(), id)
		}
		if err != nil || status != http.StatusCreated && status != http.StatusOK {
			l.tb.Errorf("retry: %d, %v, want 201 or 200", status, err)
		}
		l.acked[id] = true
	}
	l.open = nil
}

// settle delivers the rest, and holds every account against what it must be in the end.
func (c *crowd) settle(p *program, dir string) {
	c.t.Helper()
	for tries := 0; len(c.due) > 0; tries++ {
		if tries == 100 {
			c.t.Fatalf("%d events are refused again and again", len(c.due))
		}
		c.deliver(p)
	}
	for _, l := range c.people {
		var me struct {
			Status string    `json:"subscription_status"`
			Expiry time.Time `json:"subscription_expiry"`
			XP     int
		}
		l.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
		if me.Status != "paid" || !me.Expiry.Equal(c.end) || me.XP != 250 {
			c.t.Errorf("%s: %+v, want paid until %v with 250 XP", l.email, me, c.end)
		}
	}
	mustHave(c.t, dir, c.events)
	if got := len(mustFind(c.t, dir, "webhook_events")); got != c.all {
		c.t.Errorf("%d events in the ledger, want %d", got, c.all)
	}
	if got := len(mustFind(c.t, dir, "xp_events")); got != len(c.people) {
		c.t.Errorf("%d bonuses for %d people", got, len(c.people))
	}
}

func (c *crowd) messages() (n int) {
	for _, l := range c.people {
		l.mu.Lock()
		n += len(l.acked)
		l.mu.Unlock()
	}
	return n
}

// pictures is how many are known.
func (c *crowd) pictures() (n int) {
	for _, l := range c.people {
		l.mu.Lock()
		n += len(c.photos[l])
		l.mu.Unlock()
	}
	return n
}

// TestFault_KillMixed kills the server at random moments while people write, send photos,
// pay and sign in: after each start everything that was acknowledged is there, once, SQLite
// finds nothing wrong, and what was not acknowledged can be sent again.
func TestFault_KillMixed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET=" + signingSecret}
	p := mustStart(t, dir, env...)
	c := newCrowd(t, p, 3)
	rounds := faultSetting(t, "FAULT_ROUNDS", 5)
	for round := range rounds {
		c.pays(round)
		moment := time.Duration(20+rand.IntN(600)) * time.Millisecond
		before := c.pictures()
		time.AfterFunc(moment, func() {
			// A busy machine may not have come far by then: once it must.
			for limit := time.Now().Add(patience); round == rounds-1 && (c.messages() < 50 || c.pictures() == before) && time.Now().Before(limit); {
				time.Sleep(5 * time.Millisecond)
			}
			p.kill()
		})
		c.rush(p)
		<-p.ended
		mustBeSound(t, dir)
		p = mustStart(t, dir, env...)
		c.check(p, dir, round)
		if t.Failed() {
			t.Fatalf("round %d, killed after %v", round, moment)
		}
	}
	c.settle(p, dir)
	t.Logf("%d messages and %d events were acknowledged, %d pictures looked at", c.messages(), len(c.events), c.seen)
	if c.messages() < 50 || c.seen == 0 {
		t.Error("the load is no load")
	}
	p.mustStop()
}

// TestFault_StopUnderLoad: SIGTERM while people write, send photos, pay and sign in. Nobody
// is answered with an error, what was acknowledged is there, and it takes less than 10 s.
func TestFault_StopUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET=" + signingSecret}
	p := mustStart(t, dir, env...)
	c := newCrowd(t, p, 3)
	c.pays(0)
	for range 20 { // open pages, which would never finish by themselves
		c.people[0].mustStream("").mustNext("ready")
	}
	time.AfterFunc(time.Second, func() { p.mustStop() })
	c.rush(p)
	<-p.ended
	if took := p.stopTime(); took > 10*time.Second {
		t.Errorf("it took %v, want at most 10 s", took)
	}
	// What is under way is finished, and neither that nor an open page is waited for to the end
	// of the server's patience.
	if log := p.stderr.String(); strings.Contains(log, "requests cut off") {
		t.Errorf("it cut requests off:\n%s", log)
	}
	mustBeSound(t, dir)
	p = mustStart(t, dir, env...)
	c.check(p, dir, 0)
	c.settle(p, dir)
	p.mustStop()
}
