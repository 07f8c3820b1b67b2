package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Headers by which proxies tell whom a request comes from. Anybody can write them, so they
// count only where the connection itself comes from a trusted proxy.
const (
	headerForwardedFor   = "X-Forwarded-For"
	headerForwardedProto = "X-Forwarded-Proto"
	headerFlyClient      = "Fly-Client-IP"
)

// ClientHeaders returns the headers that may name a client.
func ClientHeaders() []string { return []string{headerForwardedFor, headerFlyClient} }

// Proxies are the proxies in front of this server, and what they tell.
type Proxies struct {
	// Trusted are the networks that they connect from (TRUSTED_PROXIES). Without any,
	// whoever connects is the client, whatever the headers say.
	Trusted []netip.Prefix
	// ClientHeader is where they name the client: X-Forwarded-For, or Fly-Client-IP, which
	// holds one address alone and is overwritten by Fly's proxy.
	ClientHeader string
}

// trusts reports whether a is the address of a proxy in front of this server.
func (p Proxies) trusts(a netip.Addr) bool {
	for _, n := range p.Trusted {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// arrive makes a request say whom it comes from: behind a trusted proxy its RemoteAddr
// becomes the client's address. It reports whether the request travelled encrypted as far
// as anybody can tell: the trusted proxy says so, or base, the public address's scheme,
// stands for it. What the proxy wrote stays, so that the request is never taken for one
// from this machine (forwarded).
func (p Proxies) arrive(r *http.Request, base bool) (https bool) {
	if len(p.Trusted) == 0 {
		return base
	}
	peer, ok := parseAddr(r.RemoteAddr)
	if !ok || !p.trusts(peer) {
		return base
	}
	if client := p.client(peer, r.Header); client != peer {
		r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
	}
	told := r.Header.Get(headerForwardedProto)
	return told == "https" || told == "" && base
}

// client returns whom the proxy peer names. Where its header makes no sense, that is peer.
func (p Proxies) client(peer netip.Addr, h http.Header) netip.Addr {
	if p.ClientHeader == headerForwardedFor {
		return p.nearest(peer, h.Values(headerForwardedFor))
	}
	if told := h.Values(p.ClientHeader); len(told) == 1 {
		if a, ok := parseAddr(strings.TrimSpace(told[0])); ok {
			return a
		}
	}
	return peer
}

// nearest walks from the peer towards the client, over the lines of X-Forwarded-For from
// the last to the first, until it leaves the trusted proxies. Each proxy adds at the right
// the address that it was called from, so whatever a client wrote itself stands further left.
func (p Proxies) nearest(peer netip.Addr, lines []string) netip.Addr {
	at := peer
	for _, rest := range slices.Backward(lines) {
		for more := true; more; {
			var last string
			if cut := strings.LastIndexByte(rest, ','); cut >= 0 {
				rest, last = rest[:cut], rest[cut+1:]
			} else {
				last, more = rest, false
			}
			a, ok := parseAddr(strings.TrimSpace(last))
			if !ok {
				return at
			}
			if at = a; !p.trusts(a) {
				return at
			}
		}
	}
	return at
}

// parseAddr reads an address with or without a port, as proxies write both. An IPv4 address
// in IPv6's clothes is an IPv4 address.
func parseAddr(s string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}
