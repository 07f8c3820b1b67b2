package account

import "strings"

// letter is one of the mails that people get.
type letter int

const (
	letterRegister letter = iota
	letterKnown
	letterConfirm
	letterReset
)

// in returns a mail in a language: plain text, one link, nothing that was typed by a
// stranger (a registration's name is not in it: it could carry a message).
func (l letter) in(lang, to, link, host string) (subject, body string) {
	subject, body = l.english()
	if lang == "sv" {
		subject, body = l.swedish()
	}
	return subject, strings.NewReplacer("{link}", link, "{to}", to, "{host}", host).Replace(body)
}

func (l letter) english() (subject, body string) {
	switch l {
	case letterRegister:
		return "Confirm your LiveAssist account", `Hello,

with this link you confirm your address ({to}), and your account is ready:

{link}

The link works once, for 24 hours.

If you did not ask for an account at {host}, do nothing: then there will be none.
`
	case letterKnown:
		return "You have a LiveAssist account already", `Hello,

somebody wanted to create an account at {host} with your address ({to}).
You have one already: sign in with it. If you have forgotten the password, you can set a new one here:

{link}

If this was not you, you need not do anything. Nothing has changed.
`
	case letterConfirm:
		return "Confirm your e-mail address", `Hello,

please confirm that {to} is your address:

{link}

The link works once, for 24 hours.

If you have no account at {host}, do nothing.
`
	case letterReset:
		return "Set a new password", `Hello,

with this link you set a new password for your LiveAssist account ({to}):

{link}

The link works once, for one hour. When you use it, all browsers are signed out.

If you did not ask for it, do nothing. Your password stays as it is.
`
	}
	return "", ""
}

func (l letter) swedish() (subject, body string) {
	switch l {
	case letterRegister:
		return "Bekräfta ditt konto hos LiveAssist", `Hej,

med den här länken bekräftar du din adress ({to}), och ditt konto är klart:

{link}

Länken fungerar en gång, i 24 timmar.

Om du inte har bett om ett konto hos {host} behöver du inte göra något: då skapas inget.
`
	case letterKnown:
		return "Du har redan ett konto hos LiveAssist", `Hej,

någon ville skapa ett konto hos {host} med din adress ({to}).
Du har redan ett: logga in med det. Har du glömt lösenordet kan du välja ett nytt här:

{link}

Var det inte du behöver du inte göra något. Ingenting har ändrats.
`
	case letterConfirm:
		return "Bekräfta din e-postadress", `Hej,

bekräfta att {to} är din adress:

{link}

Länken fungerar en gång, i 24 timmar.

Har du inget konto hos {host} behöver du inte göra något.
`
	case letterReset:
		return "Välj ett nytt lösenord", `Hej,

med den här länken väljer du ett nytt lösenord för ditt konto hos LiveAssist ({to}):

{link}

Länken fungerar en gång, i en timme. När du använder den loggas alla webbläsare ut.

Har du inte bett om det behöver du inte göra något. Ditt lösenord är detsamma.
`
	}
	return "", ""
}
