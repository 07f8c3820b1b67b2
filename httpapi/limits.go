package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"liveassist/domain"
)

// limits bound how often one caller may try. Sign-in is limited per network address and
// per pair of address and account: never per account alone, or a stranger could lock a
// person out.
type limits struct {
	addrSignIn, pairSignIn, addrRegister, userWrite, userTyping, userSearch *bucketSet
	addrMail, accountMail, addrLink, userPassword, userExport               *bucketSet
}

func newLimits(on bool, clock func() time.Time) limits {
	if !on {
		return limits{}
	}
	return limits{
		addrSignIn:   newBucketSet(100, 15*time.Minute, clock),
		pairSignIn:   newBucketSet(10, 15*time.Minute, clock),
		addrRegister: newBucketSet(30, time.Hour, clock),
		userWrite:    newBucketSet(120, time.Minute, clock),
		userTyping:   newBucketSet(60, time.Minute, clock),
		userSearch:   newBucketSet(120, time.Minute, clock),
		addrMail:     newBucketSet(20, time.Hour, clock),
		accountMail:  newBucketSet(5, time.Hour, clock),
		addrLink:     newBucketSet(30, 15*time.Minute, clock),
		userPassword: newBucketSet(10, 15*time.Minute, clock),
		userExport:   newBucketSet(6, time.Hour, clock),
	}
}

func (l limits) register(r *http.Request) error {
	return l.addrRegister.take(network(r), "Too many new accounts from your network. Please wait.")
}

func (l limits) signIn(r *http.Request, email string) error {
	const text = "Too many attempts to sign in. Please wait."
	if err := l.pairSignIn.take(network(r)+" "+strings.ToLower(strings.TrimSpace(email)), text); err != nil {
		return err
	}
	return l.addrSignIn.take(network(r), text)
}

// mail bounds how often mails are asked for, for an address and from a network. It is the
// same for addresses without an account, or it would tell.
func (l limits) mail(r *http.Request, email string) error {
	const text = "Too many e-mails were asked for. Please look into your mailbox, also for spam, or wait."
	if err := l.addrMail.take(network(r), text); err != nil {
		return err
	}
	return l.accountMail.take(strings.ToLower(strings.TrimSpace(email)), text)
}

func (l limits) link(r *http.Request) error {
	return l.addrLink.take(network(r), "Too many attempts. Please wait.")
}

func (l limits) password(r *request) error {
	return l.userPassword.take(string(r.user()), "Too many attempts with a wrong password. Please wait.")
}

func (l limits) export(r *request) error {
	return l.userExport.take(string(r.user()), "Your data was downloaded several times already. Please wait.")
}

func (l limits) write(r *request) error {
	return l.userWrite.take(string(r.user()), "You are faster than we can follow. Please wait a moment.")
}

func (l limits) typing(r *request) error {
	return l.userTyping.take(string(r.user()), "Once every few seconds is enough.")
}

func (l limits) search(r *request) error {
	return l.userSearch.take(string(r.user()), "You search faster than we can follow. Please wait a moment.")
}

// maxBuckets is how many callers a set remembers; the least recent are forgotten first.
const maxBuckets = 20_000

// bucketSet is a token bucket per key. A nil set limits nothing.
type bucketSet struct {
	burst   int
	every   rate.Limit
	clock   func() time.Time
	buckets *lru.Cache[string, *rate.Limiter]
}

// newBucketSet allows n tries at once, and n per window in the long run.
func newBucketSet(n int, window time.Duration, clock func() time.Time) *bucketSet {
	c, err := lru.New[string, *rate.Limiter](maxBuckets)
	if err != nil {
		panic(err) // only a size below one is an error
	}
	return &bucketSet{burst: n, every: rate.Limit(float64(n) / window.Seconds()), clock: clock, buckets: c}
}

// take uses one try of key, or says how long to wait.
func (s *bucketSet) take(key, text string) error {
	if s == nil {
		return nil
	}
	b, ok := s.buckets.Get(key)
	if !ok {
		b = rate.NewLimiter(s.every, s.burst)
		if old, found, _ := s.buckets.PeekOrAdd(key, b); found {
			b = old
		}
	}
	now := s.clock()
	res := b.ReserveN(now, 1)
	if wait := res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return &domain.Error{Kind: domain.KindRateLimited, Message: text, RetryAfter: wait}
	}
	return nil
}

// network is the part of the caller's address that one subscriber holds: an IPv4 address,
// or the 64-bit prefix of an IPv6 address.
func network(r *http.Request) string {
	addr, err := netip.ParseAddr(clientIP(r))
	if err != nil {
		return clientIP(r)
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return p.String()
}

// clientIP is the address that the connection comes from.
func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
