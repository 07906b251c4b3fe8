package style

import (
	"fmt"
	"math"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
	"github.com/muesli/termenv"
)

// tones are the tones of a palette by name.
func (p *palette) tones() map[string]tone {
	return map[string]tone{"dim": p.dim, "faint": p.faint, "rule": p.rule, "accent": p.accent, "good": p.good, "warn": p.warn, "bad": p.bad,
		"asked": p.asked, "sent": p.sent, "answered": p.answered, "p50": p.p50, "p95": p.p95, "p99": p.p99}
}

// eachPalette calls a function for each theme and number of colours, with the background that its contrasts are measured against.
func eachPalette(t *testing.T, do func(t *testing.T, p *palette, profile termenv.Profile, at int)) {
	for name, p := range themes {
		for at, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			t.Run(fmt.Sprintf("%s %d", name, profile), func(t *testing.T) { do(t, p, profile, at) })
		}
	}
}

// Text has a contrast of at least 4.5 with the background, lines and areas of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11). The
// lowest row of an area may be fainter, but not invisible. The terminal's own colour, an empty tone, is legible by definition.
func TestContrast(t *testing.T) {
	eachPalette(t, func(t *testing.T, p *palette, profile termenv.Profile, at int) {
		check := func(what, color string, least float64) {
			if color == "" {
				return
			}
			if got := contrast(color, p.back); got < least {
				t.Errorf("%s, %s: contrast %.1f, want at least %.1f", what, color, got, least)
			}
		}
		all := p.tones()
		for _, name := range []string{"dim", "faint", "accent", "good", "warn", "bad"} {
			check(name, all[name][at], 4.5)
		}
		for _, name := range []string{"asked", "sent", "answered", "p50", "p95", "p99"} {
			check(name, all[name][at], 3)
		}
		ramp := []string{p.answered[at]}
		switch profile {
		case termenv.TrueColor:
			ramp = answeredRamp(p)
		case termenv.ANSI256:
			ramp = p.answered256
		}
		check("the lowest row of the area", ramp[0], 2)
		if got := contrast(p.selFore[at], p.selBack[at]); got < 4.5 {
			t.Errorf("the selected row: contrast %.1f", got)
		}
	})
}

// machado are the matrices, for linear RGB, of complete colour blindness: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
// Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009, severity 1.0.
var machado = map[string][3][3]float64{
	"normal vision": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":    {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"deuteranopia":  {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"tritanopia":    {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

// seen returns a colour as somebody sees it whose vision has this matrix.
func seen(color string, m [3][3]float64) colorful.Color {
	c := rgb(color)
	var in, out [3]float64
	in[0], in[1], in[2] = colorful.Color{R: c[0] / 255, G: c[1] / 255, B: c[2] / 255}.LinearRgb()
	for i, row := range m {
		for k, weight := range row {
			out[i] += weight * in[k]
		}
		out[i] = min(1, max(0, out[i]))
	}
	return colorful.LinearRgb(out[0], out[1], out[2])
}

// Colours that have to be told apart are, with any kind of colour blindness: their distances in CIE L*a*b* (CIE 1976) are at least 20, where
// 2.3 is just noticeable. The line of what was sent and the area of responses also differ in shape.
func TestColoursAreDistinguishable(t *testing.T) {
	groups := map[string]float64{"p50 p95": 25, "p50 p99": 25, "p95 p99": 25, "good warn": 20, "good bad": 20, "warn bad": 20, "answered bad": 20, "sent bad": 20, "answered sent": 10}
	eachPalette(t, func(t *testing.T, p *palette, _ termenv.Profile, at int) {
		all := p.tones()
		for pair, least := range groups {
			var a, b string
			fmt.Sscan(pair, &a, &b)
			for vision, m := range machado {
				if got := 100 * seen(all[a][at], m).DistanceLab(seen(all[b][at], m)); got < least {
					t.Errorf("%s, %s: distance of %s and %s is %.0f, want at least %.0f", pair, vision, all[a][at], all[b][at], got, least)
				}
			}
		}
	})
}

// The shades of the heat map are one ramp: away from the background, none lighter or darker than the direction of the ramp allows. A line
// over them has a contrast of at least 3.
func TestHeatIsOneRamp(t *testing.T) {
	eachPalette(t, func(t *testing.T, p *palette, profile termenv.Profile, at int) {
		list := shades(p, profile)
		sign := 1.0
		if luminance(p.back) > .5 {
			sign = -1
		}
		for k, shade := range list {
			if k > 0 && sign*(luminance(shade)-luminance(list[k-1])) < 0 {
				t.Errorf("step %d, %s, reverses the ramp after %s", k, shade, list[k-1])
			}
			for _, own := range []string{"", p.p99[at]} {
				if got := contrast(over(own, shade, "#000000", "#ffffff"), shade); got < 3 {
					t.Errorf("step %d: a line over %s has contrast %.1f", k, shade, got)
				}
			}
		}
		if len(list) != HeatSteps || math.Abs(luminance(list[0])-luminance(list[HeatSteps-1])) < .5 {
			t.Errorf("%d steps from %s to %s", len(list), list[0], list[HeatSteps-1])
		}
	})
}
