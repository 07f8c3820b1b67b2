package account

import (
	"strings"

	"liveassist/store"
)

// Device is what a person recognizes one of their browsers by. It is a hint: a browser can
// say what it likes.
type Device struct {
	Browser string // such as Firefox; empty where it is not known
	System  string // such as Windows
}

// DeviceOf reads a User-Agent header and keeps no more of it than a name each. The order
// matters: most browsers also claim to be those that stand later.
func DeviceOf(userAgent string) Device {
	return Device{
		Browser: firstNamed(userAgent, "Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox/", "Firefox", "FxiOS", "Firefox",
			"Chrome/", "Chrome", "CriOS", "Chrome", "Safari/", "Safari", "curl/", "curl"),
		System: firstNamed(userAgent, "iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "CrOS", "ChromeOS",
			"Macintosh", "macOS", "Linux", "Linux"),
	}
}

// firstNamed takes pairs of a part to look for and the name that it stands for.
func firstNamed(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}

func (d Device) login(t Token) store.NewLogin {
	return store.NewLogin{Token: t.Hash(), TTL: LoginTTL, Browser: d.Browser, System: d.System}
}
