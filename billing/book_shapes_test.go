package billing

import "testing"

// bothShapes runs a test with the payloads of both shapes.
func bothShapes(t *testing.T, run func(t *testing.T, invoice, subscription shape)) {
	t.Helper()
	t.Run("Old", func(t *testing.T) { run(t, deal.invoiceOld, deal.subscriptionOld) })
	t.Run("Basil", func(t *testing.T) { run(t, deal.invoiceBasil, deal.subscriptionBasil) })
}

// shape makes an object of a purchase in one of the two shapes.
type shape = func(deal, string, ...object) object
