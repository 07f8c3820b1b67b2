package main

import (
	"context"
	"net"

	"liveassist/account"
	"liveassist/mail"
)

// mailMode says what becomes of mails: they go out where there is a mail server; without
// one a server that only this machine can reach shows their links in its log.
func (s *settings) mailMode() account.MailMode {
	switch {
	case s.SMTPURL != "":
		return account.MailSent
	case s.loopbackOnly():
		return account.MailLogged
	}
	return account.MailOff
}

// loopbackOnly reports whether both what is listened on and the public address are this
// machine's own.
func (s *settings) loopbackOnly() bool {
	if !isLoopback(s.ListenAddr) {
		return false
	}
	return s.baseURL == nil || isLoopback(net.JoinHostPort(s.baseURL.Hostname(), "0"))
}

// useMail sets up what becomes of mails.
func (p *product) useMail() error {
	mode := p.settings.mailMode()
	p.accounts.UseMail(mode)
	switch mode {
	case account.MailOff:
		p.log.Warn("SMTP_URL is not set: nobody can reset a password or confirm an address")
		return nil
	case account.MailLogged:
		p.log.Info("SMTP_URL is not set: links of mails are written to this log")
	case account.MailSent:
	}
	p.mailer = &account.Mailer{Accounts: p.accounts, Base: p.baseURL, Log: p.log}
	if mode == account.MailSent {
		sender, err := mail.New(p.settings.SMTPURL, mail.Options{From: p.settings.MailFrom})
		if err != nil {
			return err
		}
		p.mailer.Send = sender.Send
	}
	return nil
}

// sendMails sends what waits until ctx ends.
func (p *product) sendMails(ctx context.Context) error {
	if p.mailer == nil {
		return nil
	}
	return p.mailer.Run(ctx)
}
