package assist

import "liveassist/assist/guides"

// phrases is what the guides' voice says itself, in Markdown. What fills in their
// verbs stands beside them.
type phrases struct {
	hello, thanks, bye, worked, workedMore  string
	match                                   string // title, minutes, difficulty
	difficulty                              map[string]string
	beSafe, doStep, check, open, next, last string // text; number, count, title, text; text; title, slug; number
	allDone, first, tools, earlier          string
	unsure, unsureEnd, nothing, nothingYet  string
	photo, photoOf, photoNote               string // photoOf: title
	person                                  string
	danger                                  map[intent]string
	fallback                                string
	orElse                                  string
}

//nolint:gochecknoglobals // a constant table
var phraseBook = map[guides.Lang]*phrases{
	guides.English: {
		hello:      "Hello! I help with things at home that leak, squeak, drip or have stopped working. **What is it, and what does it do?** One sentence is enough, and a photo helps whoever looks at it later.",
		thanks:     "You are welcome! Write whenever something else comes up.",
		bye:        "Take care! Your conversation stays here in case you need it again.",
		worked:     "Great to hear, well done!",
		workedMore: "So that it stays that way:",
		match:      "That sounds like **%s** (about %d minutes, %s).",
		difficulty: map[string]string{"easy": "easy", "medium": "a bit of work", "hard": "demanding"},
		beSafe:     "**Safety first:** %s",
		doStep:     "**Step %d of %d: %s.** %s",
		check:      "**Check next:** %s",
		open:       "[Open the guide “%s”](/quickfix/%s)",
		next:       "Write “next” for step %d, or tell me what you see.",
		last:       "That was the last step. If it did not help, tell me what you saw, or press **Ask for a person**.",
		earlier:    "What you describe fits step %d best; the steps before it are in the guide.",
		allDone:    "You have been through all steps of **%s**. Then it is time for somebody who looks at it in person:",
		first:      "That is the first step already:",
		tools:      "For **%s** you need: %s.",
		unsure:     "I am not sure yet what it is. Is it one of these?",
		unsureEnd:  "If none fits: **which thing** is it, and **what does it do** or not do any more? You can also press **Ask for a person**.",
		nothing:    "I have no guide for that, and I would rather say so than guess. If it is about something in your home, tell me **which thing** it is and **what it does**. Otherwise press **Ask for a person**, and somebody will look at it with you.",
		nothingYet: "I do not understand yet what is wrong. **Which thing** is it, **what does it do**, and **since when**? Or press **Ask for a person**.",
		photo:      "Thank you for the photo! I cannot look into pictures myself, so three short words help me:\n\n- **What** is it (the tap, the washing machine, the door)?\n- **What does it do** or not do any more?\n- **Since when**, and did anything happen before?\n\nIf you would rather have somebody look at it, press **Ask for a person**: they see the photo too.",
		photoOf:    "Thank you for the photo! I cannot look into pictures myself. Is it still about **%s**? Then tell me in a few words what you see, or write “next” for the next step. A person sees the photo too: press **Ask for a person**.",
		photoNote:  "_I go by your words; a person would see the photo too._",
		person:     "Of course. I have put this conversation in line for a person, and whoever takes it can read everything above. You will see here when somebody joins. Until then I am still here.",
		danger: map[intent]string{
			dangerGas:   "**If you smell gas now:** no flame, no light switch, no phone indoors. Open windows on your way, close the gas tap if you pass it, leave the building and call **112** from outside.",
			dangerFire:  "**If something burns, smokes or sparks:** leave it, switch the power off at the main switch if you can do so safely, get out and call **112**. Do not use it again before a professional has looked at it.",
			dangerShock: "**If you got an electric shock:** switch the power off at the main switch and touch nothing more. With pain in the chest, palpitations, burns or faintness call **112**; otherwise let a doctor check you, and call an electrician.",
		},
		fallback: "_The assistant that usually writes here cannot be reached right now, so this comes straight from the QuickFix guides._",
		orElse:   "If that is not it:",
	},
	guides.Swedish: {
		hello:      "Hej! Jag hjälper till med sådant hemma som läcker, gnisslar, droppar eller har slutat fungera. **Vad är det, och vad gör det?** En mening räcker, och en bild hjälper den som tittar på det senare.",
		thanks:     "Varsågod! Skriv när du vill om det är något mer.",
		bye:        "Ha det bra! Samtalet finns kvar här om du behöver det igen.",
		worked:     "Vad roligt att höra, bra jobbat!",
		workedMore: "Så att det håller i sig:",
		match:      "Det låter som **%s** (ungefär %d minuter, %s).",
		difficulty: map[string]string{"easy": "lätt", "medium": "lite jobb", "hard": "krävande"},
		beSafe:     "**Säkerheten först:** %s",
		doStep:     "**Steg %d av %d: %s.** %s",
		check:      "**Kontrollera sedan:** %s",
		open:       "[Öppna guiden ”%s”](/quickfix/%s)",
		next:       "Skriv ”nästa” för steg %d, eller berätta vad du ser.",
		last:       "Det var sista steget. Hjälpte det inte? Berätta vad du såg, eller tryck på **Be om en människa**.",
		earlier:    "Det du beskriver passar bäst med steg %d; stegen före finns i guiden.",
		allDone:    "Du har gått igenom alla steg i **%s**. Då är det dags att någon tittar på det på plats:",
		first:      "Det här är redan första steget:",
		tools:      "Till **%s** behöver du: %s.",
		unsure:     "Jag är inte säker på vad det är ännu. Är det något av det här?",
		unsureEnd:  "Om inget stämmer: **vilken sak** är det, och **vad gör den** eller inte längre? Du kan också trycka på **Be om en människa**.",
		nothing:    "Det har jag ingen guide för, och det säger jag hellre än att gissa. Gäller det något hemma hos dig, berätta **vilken sak** det är och **vad den gör**. Annars kan du trycka på **Be om en människa**, så tittar någon på det tillsammans med dig.",
		nothingYet: "Jag förstår inte riktigt vad som är fel ännu. **Vilken sak** är det, **vad gör den** och **sedan när**? Eller tryck på **Be om en människa**.",
		photo:      "Tack för bilden! Jag kan inte själv se in i bilder, så några korta ord hjälper mig:\n\n- **Vad** är det (kranen, tvättmaskinen, dörren)?\n- **Vad gör det** eller inte längre?\n- **Sedan när**, och hände något innan?\n\nVill du hellre att någon tittar på det, tryck på **Be om en människa**: då syns bilden också.",
		photoOf:    "Tack för bilden! Jag kan inte själv se in i bilder. Gäller det fortfarande **%s**? Berätta då med några ord vad du ser, eller skriv ”nästa” för nästa steg. En människa ser bilden också: tryck på **Be om en människa**.",
		photoNote:  "_Jag går efter dina ord; en människa skulle se bilden också._",
		person:     "Självklart. Jag har ställt samtalet i kö till en människa, och den som tar det kan läsa allt här ovanför. Du ser här när någon är med. Till dess finns jag kvar.",
		danger: map[intent]string{
			dangerGas:   "**Om det luktar gas nu:** ingen låga, ingen strömbrytare, ingen telefon inomhus. Öppna fönster på vägen, stäng gaskranen om du passerar den, gå ut och ring **112** utifrån.",
			dangerFire:  "**Om något brinner, ryker eller gnistrar:** lämna det, slå av huvudströmmen om det går utan fara, gå ut och ring **112**. Använd det inte igen förrän en fackman har tittat på det.",
			dangerShock: "**Om du har fått en stöt:** slå av huvudströmmen och rör inget mer. Vid bröstsmärta, hjärtklappning, brännskador eller svimningskänsla ringer du **112**; annars låter du en läkare kontrollera dig, och ringer en elektriker.",
		},
		fallback: "_Assistenten som brukar skriva här går inte att nå just nu, så det här kommer direkt från QuickFix-guiderna._",
		orElse:   "Om det inte är det:",
	},
}
