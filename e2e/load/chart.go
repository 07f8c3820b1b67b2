package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const (
	chartWidth, chartHeight        = 910, 460
	chartLeft, chartRight          = 70, 220 // margins; the names stand at the right
	chartTop, chartBottom          = 60, 60
	lowestMillis, highestMillis    = 0.05, 500.0
	fewestMessages, mostOfMessages = 1e4, 1e6
)

// chart draws the medians over the number of messages, both axes logarithmic. The colours
// do on light and on dark.
func chart(points []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="t">
<title id="t">Cost of each operation over the size of the database</title>
<style>text{fill:#24292f}.g{stroke:#8884;stroke-width:1}rect{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#0d1117}}</style>
<rect width="100%%" height="100%%"/>
<text x="%d" y="28" font-size="16" font-weight="600">Median time of one request while the database grows</text>
<text x="%d" y="46">ten messages an account; what the measured people own stays the same</text>
`, chartWidth, chartHeight, chartLeft, chartLeft)
	for _, v := range []float64{0.1, 1, 10, 100} {
		fmt.Fprintf(&b, `<line class="g" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%g ms</text>`+"\n",
			chartLeft, chartWidth-chartRight, chartY(v), chartY(v), chartLeft-8, chartY(v)+4, v)
	}
	for _, tick := range []struct {
		at   float64
		name string
	}{{1e4, "10,000"}, {1e5, "100,000"}, {1e6, "1,000,000 messages"}} {
		fmt.Fprintf(&b, `<line class="g" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			chartX(tick.at), chartX(tick.at), chartTop, chartHeight-chartBottom, chartX(tick.at), chartHeight-chartBottom+20, tick.name)
	}
	chartLines(&b, points)
	b.WriteString("</svg>\n")
	return b.String()
}

// chartLines draws a line for each operation, its name where it ends: moved down where it
// would stand on another one's.
func chartLines(b *strings.Builder, points []point) {
	colours := []string{"#0969da", "#1a7f37", "#57a773", "#9a6700", "#cf222e", "#8250df", "#bf3989", "#6e7781"}
	lines := map[string][]point{}
	var names []string
	for _, p := range points {
		if lines[p.operation] == nil {
			names = append(names, p.operation)
		}
		lines[p.operation] = append(lines[p.operation], p)
	}
	colour := map[string]string{}
	for i, n := range names {
		colour[n] = colours[i%len(colours)]
	}
	last := func(n string) point { return lines[n][len(lines[n])-1] }
	slices.SortFunc(names, func(a, b string) int { return int(last(b).p50 - last(a).p50) })
	free := 0.0
	for _, n := range names {
		var path []string
		for _, p := range lines[n] {
			x, y := chartX(float64(p.messages)), chartY(inMillis(p.p50))
			path = append(path, fmt.Sprintf("%.1f,%.1f", x, y))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x, y, colour[n])
		}
		y := max(chartY(inMillis(last(n).p50))+4, free)
		free = y + 16
		fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/><text x="%d" y="%.1f" style="fill:%s">%s, %.2f ms</text>`+"\n",
			strings.Join(path, " "), colour[n], chartWidth-chartRight+10, y, colour[n], n, inMillis(last(n).p50))
	}
}

func chartX(messages float64) float64 {
	part := math.Log(messages/fewestMessages) / math.Log(mostOfMessages/fewestMessages)
	return chartLeft + part*(chartWidth-chartLeft-chartRight)
}

func chartY(millis float64) float64 {
	part := math.Log(max(millis, lowestMillis)/lowestMillis) / math.Log(highestMillis/lowestMillis)
	return chartHeight - chartBottom - part*(chartHeight-chartTop-chartBottom)
}
