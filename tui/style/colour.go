package style

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/muesli/termenv"
)

// xterm16 are the basic colours of xterm, whose blue is dark and whose green, yellow and cyan are light.
var xterm16 = [16]string{"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
	"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"}

// rgb returns the red, green and blue, from 0 to 255, of #rrggbb or of an index of the 256 colours of xterm.
func rgb(color string) [3]float64 {
	if index, err := strconv.Atoi(color); err == nil {
		if color = termenv.ConvertToRGB(termenv.ANSI256Color(index)).Hex(); index < len(xterm16) {
			color = xterm16[index]
		}
	}
	hex, _ := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	return [3]float64{float64(hex >> 16 & 255), float64(hex >> 8 & 255), float64(hex & 255)}
}

// contrast returns the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, section "contrast ratio").
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// luminance returns the relative luminance of a colour, from 0 to 1 (WCAG 2.2, section "relative luminance").
func luminance(color string) (sum float64) {
	for i, v := range rgb(color) {
		if v /= 255; v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		sum += v * [3]float64{.2126, .7152, .0722}[i]
	}
	return sum
}

// over returns the colour of a line over a shade: its own if that is distinguishable, otherwise the more legible of two.
func over(own, shade, a, b string) string {
	switch {
	case own != "" && contrast(own, shade) >= 3:
		return own
	case contrast(a, shade) >= contrast(b, shade):
		return a
	}
	return b
}

// blend mixes a share of colour b into a; both are #rrggbb.
func blend(a, b string, share float64) string {
	x, y := rgb(a), rgb(b)
	for i := range x {
		x[i] += math.Trunc(share * (y[i] - x[i]))
	}
	return fmt.Sprintf("#%02x%02x%02x", int(x[0]), int(x[1]), int(x[2]))
}
