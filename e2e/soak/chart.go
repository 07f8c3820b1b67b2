package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
)

// Measures of the chart, in pixels.
const (
	panelWidth, panelHeight = 380, 130
	panelGap, margin        = 60, 50
	top                     = 70
)

// chart draws a small panel for each series, from zero, so that flat looks flat.
func chart(samples []sample, o options, v verdict) []byte {
	var b bytes.Buffer
	list := allSeries()
	rows := (len(list) + 1) / 2
	width, height := 2*(panelWidth+panelGap)+margin, top+rows*(panelHeight+panelGap)+10
	word := "flat"
	if !v.flat {
		word = "not flat"
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>Soak: %s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", word)
	last := samples[len(samples)-1]
	fmt.Fprintf(&b, `<text x="%d" y="28" font-size="17" font-weight="600" fill="#1a1a1a">Soak: %.0f minutes, %.0f open streams: %s</text>`+"\n", margin, math.Max(1, last.at.Minutes()), last.streams, word)
	fmt.Fprintf(&b, `<text x="%d" y="48" font-size="12" fill="#555">%d messages a second with replies, photos, payments, sign-ins; %.0f events a second; the database grew to %.0f MB</text>`+"\n", margin, o.rate, last.events, last.db/1e6)
	for i, s := range list {
		x, y := margin+(i%2)*(panelWidth+panelGap), top+(i/2)*(panelHeight+panelGap)+20
		panel(&b, samples, s, x, y)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func panel(b *bytes.Buffer, samples []sample, s series, x, y int) {
	most, end := 0.0, samples[len(samples)-1].at.Minutes()
	for _, m := range samples {
		most = math.Max(most, s.of(m))
	}
	most = roundUp(most)
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="13" font-weight="600" fill="#1a1a1a">%s</text>`+"\n", x, y-8, html.EscapeString(s.name))
	for _, part := range []float64{0, 0.5, 1} {
		at := y + panelHeight - int(part*panelHeight)
		fmt.Fprintf(b, `<path d="M%d %dh%d" stroke="#ddd"/><text x="%d" y="%d" font-size="10" text-anchor="end" fill="#555">%g</text>`+"\n", x, at, panelWidth, x-5, at+3, part*most)
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="10" text-anchor="middle" fill="#555">%.3g min</text>`+"\n", x+int(part*panelWidth), y+panelHeight+14, part*end)
	}
	if s.unit != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="10" text-anchor="end" fill="#555">%s</text>`+"\n", x+panelWidth, y-8, s.unit)
	}
	b.WriteString(`<polyline fill="none" stroke="#0b57d0" stroke-width="1.5" points="`)
	for _, m := range samples {
		fmt.Fprintf(b, "%.1f,%.1f ", float64(x)+m.at.Minutes()/end*panelWidth, float64(y)+panelHeight*(1-s.of(m)/most))
	}
	b.WriteString("\"/>\n")
}

// roundUp gives the next of 1, 2, 5, 10, 20, ... that v does not exceed.
func roundUp(v float64) float64 {
	if v <= 0 {
		return 1
	}
	for step := math.Pow(10, math.Floor(math.Log10(v))); ; step *= 10 {
		for _, f := range []float64{1, 2, 5} {
			if v <= f*step {
				return f * step
			}
		}
	}
}
