package images

// canvas gathers rows of RGBA pixels, as PNG, GIF and WebP give them, at the size that is
// stored.
type canvas struct {
	scalers []*scaler // red, green, blue and, where there is one, alpha
	row     []byte    // premultiplied pixels, nil where they are taken as they are
}

// newCanvas returns a canvas for a source of w*h pixels.
func newCanvas(w, h int, alpha bool) *canvas {
	dw, dh := fit(w, h, StoredSide)
	return newCanvasTo(w, h, dw, dh, alpha)
}

func newCanvasTo(w, h, dw, dh int, alpha bool) *canvas {
	c, n := &canvas{}, 3
	if alpha {
		n = 4
	}
	for range n {
		c.scalers = append(c.scalers, newScaler(w, h, dw, dh))
	}
	// The mean of two colours counts each as much as it is seen: without this the hidden
	// colour of transparent pixels shows at every edge.
	if alpha && !c.scalers[0].same() {
		c.row = make([]byte, 4*w)
	}
	return c
}

// add takes the next row.
func (c *canvas) add(pix []byte) {
	if c.row != nil {
		for i := 0; i < len(pix); i += 4 {
			px, a := c.row[i:i+4], uint32(pix[i+3])
			px[0], px[1], px[2], px[3] = scaled(pix[i], a), scaled(pix[i+1], a), scaled(pix[i+2], a), pix[i+3]
		}
		pix = c.row
	}
	for i, s := range c.scalers {
		s.add(pix[i:], 4)
	}
}

// scaled returns v*a/255, rounded.
func scaled(v byte, a uint32) byte { return byte((uint32(v)*a + 127) / 255) }

// result returns the planes once all rows are there.
func (c *canvas) result() []plane {
	var out []plane
	for _, s := range c.scalers {
		out = append(out, s.dst)
	}
	if c.row != nil {
		for i, a := range out[3].pix {
			for _, p := range out[:3] {
				if a != 0 {
					p.pix[i] = byte(min(255, (uint32(p.pix[i])*255+uint32(a)/2)/uint32(a)))
				}
			}
		}
	}
	return out
}

// picture returns the finished picture.
func (c *canvas) picture() picture {
	p := picture{model: rgb, planes: c.result()}
	if len(p.planes) == 4 {
		p.model = rgba
	}
	return p.simplify()
}
