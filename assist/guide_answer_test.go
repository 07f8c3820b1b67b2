package assist

import (
	"strings"
	"testing"

	"liveassist/assist/guides"
	"liveassist/domain"
)

// TestGuides_Talk follows conversations: what is said, and what the reply must hold.
func TestGuides_Talk(t *testing.T) {
	type turn struct {
		say   string
		wants []string
		not   []string
	}
	for name, turns := range map[string][]turn{
		"a guide, step by step": {
			{"the kitchen sink is blocked", []string{"**Blocked sink** (about 40 minutes, easy)", "**Safety first:**", "**Step 1 of 7: Empty and look.**", "**Check next:**", "](/quickfix/blocked-sink)"}, nil},
			{"done", []string{"**Step 2 of 7: Dissolve fat.**", "](/quickfix/blocked-sink)"}, []string{"Step 1"}},
			{"that didn't help", []string{"**Step 3 of 7"}, nil},
			{"what tools do I need?", []string{"cup plunger, bucket", "step 4"}, nil},
			{"is it dangerous?", []string{"burns skin and eyes"}, nil},
			{"step back please", []string{"**Step 2 of 7"}, nil},
			{"step 7", []string{"**Step 7 of 7: Rinse and check.**", "last step", "press **Ask for a person**"}, nil},
			{"no luck", []string{"all steps", "plumber"}, []string{"Step 8"}},
			{"when should I call a plumber?", []string{"Call a plumber or a drain company"}, nil},
			{"it works now, thank you!", []string{"well done", "- Renew the trap"}, nil},
			{"thanks", []string{"You are welcome"}, nil},
			{"my bike has a flat tyre", []string{"**Bicycle flat tyre**", "Step 1 of"}, []string{"sink"}},
		},
		"in Swedish": {
			{"hej!", []string{"Hej! Jag hjälper till"}, nil},
			{"det är stopp i toaletten", []string{"Det låter som **Stopp i toaletten**", "Säkerheten först", "**Steg 1 av"}, nil},
			{"klart, vad nu?", []string{"**Steg 2 av"}, nil},
			{"steg 1", []string{"**Steg 1 av"}, nil},
			{"ok", []string{"**Steg 2 av"}, nil},
			{"nu fungerar det, tack", []string{"bra jobbat"}, nil},
			{"hej då", []string{"Ha det bra"}, nil},
		},
		"a change of language": {
			{"lampan blinkar hela tiden", []string{"Lampa som blinkar"}, nil},
			{"the shower drain is slow", []string{"Slow shower drain", "Step 1"}, nil},
		},
		"in two messages": {
			{"my washing machine", []string{"Is it one of these?", "press **Ask for a person**", "- [Washing machine leaks](/quickfix/washing-machine-leaks): "}, nil},
			{"it smells", []string{"That sounds like **Smelly washing machine**"}, nil},
		},
		"nothing of ours": {
			{"what is the capital of France?", []string{"no guide", "press **Ask for a person**"}, []string{"/quickfix/"}},
			{"asdf", []string{"**Which thing**", "press **Ask for a person**"}, []string{"/quickfix/"}},
			{"🙂", []string{"**Which thing**"}, []string{"/quickfix/"}},
			{"vem vann matchen igår", []string{"ingen guide", "trycka på **Be om en människa**"}, []string{"/quickfix/"}},
		},
		"danger": {
			{"it smells like gas in the kitchen", []string{"**112**", "no light switch"}, nil},
			{"the outlet is sparking", []string{"**112**", "main switch"}, nil},
			{"jag fick en stöt av tvättmaskinen", []string{"**112**", "elektriker"}, nil},
		},
		"a person": {
			{"can I talk to a human please", []string{"in line for a person"}, []string{"/quickfix/"}},
			{"jag vill prata med en människa om diskhon", []string{"i kö till en människa"}, nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.start(NewGuides(testFinders()), 1)
			user, session := d.person()
			for _, turn := range turns {
				got := d.ask(user, session, turn.say)
				for _, want := range turn.wants {
					if !strings.Contains(got, want) {
						t.Errorf("%q lacks %q:\n%s", turn.say, want, got)
					}
				}
				for _, not := range turn.not {
					if strings.Contains(got, not) {
						t.Errorf("%q has %q:\n%s", turn.say, not, got)
					}
				}
			}
		})
	}
}

// TestGuides_AskPerson: whoever asks for a person in words waits for one.
func TestGuides_AskPerson(t *testing.T) {
	d := newDesk(t)
	d.start(NewGuides(testFinders()), 1)
	user, session := d.person()
	d.ask(user, session, "I want to speak to a human")
	d.next(domain.EventConversationUpdated)
	if c, err := d.db.Conversation(t.Context(), user, session); err != nil || c.Desk != domain.DeskWaiting {
		t.Errorf("desk %s, %v", c.Desk, err)
	}
}

// TestGuides_Photo: a photo without words is asked about, in the person's language, which
// may be known from another conversation alone.
func TestGuides_Photo(t *testing.T) {
	d := newDesk(t)
	d.start(NewGuides(testFinders()), 1)
	user, session := d.person()
	photo := func(session domain.SessionID, text string) string {
		d.sendPhoto(user, session, text, []byte("x"))
		return d.reply().Text
	}
	if got := photo(session, ""); !strings.Contains(got, "**What** is it") {
		t.Errorf("photo alone: %s", got)
	}
	if got := photo(session, "kranen droppar"); !strings.Contains(got, "/quickfix/dripping-tap") || !strings.Contains(got, "_Jag går efter dina ord") {
		t.Errorf("photo with words: %s", got)
	}
	if got := photo(session, ""); !strings.Contains(got, "Gäller det fortfarande **Droppande kran**") {
		t.Errorf("photo in the middle: %s", got)
	}
	if got := photo(d.session(user), ""); !strings.Contains(got, "Tack för bilden") {
		t.Errorf("photo in a new conversation: %s", got)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]guides.Lang{
		"the tap drips": guides.English, "kranen droppar": guides.Swedish, "vad ar fel med min frys": guides.Swedish,
		"my frys is broken, what can I do": guides.English, "router": "", "": "", "12345": "", "🔧": "", "hjälp!": guides.Swedish, "help!": guides.English,
		"wifi funkar inte": guides.Swedish, "wifi not working": guides.English, "diskmaskin": guides.Swedish, "dishwasher": guides.English,
	} {
		got, ok := testFinders().Language(text)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestFinder_Find_Forms: how a word is written does not matter.
func TestFinder_Find_Forms(t *testing.T) {
	for text, want := range map[string]string{
		"DRIPPING TAPS!!!": "dripping-tap", "faucet drips": "dripping-tap", "tap driping": "dripping-tap", "driping fauset": "dripping-tap",
		"drips: my tap": "dripping-tap", "wi-fi is slow": "slow-wifi", "dishwahser not draining": "dishwasher-not-draining", "washing-machine smells": "washing-machine-smells",
		"kranarna droppade": "dripping-tap", "KÖKSKRANEN DROPPAR": "dripping-tap", "kokskranen droppar": "dripping-tap", "droppande badrumskran": "dripping-tap",
		"brandvarnarn piper": "smoke-alarm-chirping", "brandvanaren piper": "smoke-alarm-chirping", "fonstret är dragigt": "draughty-window",
		"stopp i köksvasken": "blocked-sink", "hallgolvet knarrar": "squeaky-floor", "sovrumselementet är kallt": "cold-radiator",
	} {
		lang, _ := testFinders().Language(text)
		hits, err := testFinders().Find(t.Context(), lang, text, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].Guide.Slug != want {
			t.Errorf("%q (%s): %v, want %s", text, lang, slugs(hits), want)
		}
	}
}

// TestFinder_Find_Strange: nothing in a question is more than words.
func TestFinder_Find_Strange(t *testing.T) {
	for _, text := range []string{
		"", " ", `"`, `" OR "1`, "tap* AND (drip", "c0 : tap", "NEAR(tap drip)", strings.Repeat("tap ", 10_000), strings.Repeat("x", 100_000), "\x00\xff tap", "ß İ ŉ", "水道の蛇口",
	} {
		if _, err := testFinders().Find(t.Context(), guides.English, text, 3); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func slugs(hits []Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Guide.Slug)
	}
	return out
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"tap", "tap", 0}, {"tap", "tpa", 1}, {"tap", "tape", 1}, {"tap", "ta", 1}, {"tap", "top", 1}, {"dishwasher", "dishwahser", 1}, {"abc", "xyz", 3}, {"ab", "ba", 1}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b, 3); got != c.want {
			t.Errorf("distance of %q and %q = %d, want %d", c.a, c.b, got, c.want)
		}
	}
	if got := distance("abcdefgh", "zyxwvuts", 2); got != 3 {
		t.Errorf("distance beyond the limit = %d, want limit + 1", got)
	}
}
