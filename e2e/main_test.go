// Package e2e proves the product: it plays the story of the evidence against the real program,
// a MongoDB server, the Stripe API and a browser, and writes down what it saw.
package e2e

import (
	"os"
	"testing"

	"liveassist/e2e/supervise"
)

func TestMain(m *testing.M) { os.Exit(supervise.Main(m.Run)) }
