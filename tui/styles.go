package tui

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// pen is a style as the escape sequences around a text: cheap to use for every cell of a frame.
type pen struct{ on, off string }

func (p pen) paint(s string) string {
	if p.on == "" || s == "" {
		return s
	}
	return p.on + s + p.off
}

// styles are all looks there are. Colours repeat what shape and word say already.
type styles struct {
	bold, dim, faint, rule, accent, key         pen
	good, warn, bad, selected, title, hot       pen
	asked, sent, answered, p50, p95, p99, ghost pen
	heat                                        []pen // of the heat map, from least to most
	heatP50, heatP99                            []pen // of lines over it
	answeredRamp, p95Ramp, p99Ramp              []pen // of areas, from the axis up
	ascii, color                                bool
}

// palette is a theme's colours.
type palette struct {
	dim, faint, rule, accent, good, warn, bad, selFore, selBack string
	asked, sent, answered, p50, p95, p99                        string
	back                                                        string   // what areas fade into
	heat                                                        []string // stops of one ramp, from least to most
}

// The colours are those of Okabe and Ito, which most colour-blind eyes tell apart, moved apart in lightness for their
// background.
var (
	dark = palette{
		dim: "#9aa3b2", faint: "#5c6675", rule: "#3d4654", accent: "#56b4e9", good: "#35c28f", warn: "#f0b429", bad: "#ff6f61",
		selFore: "#ffffff", selBack: "#1f4b66", asked: "#7d8797", sent: "#56b4e9", answered: "#35c28f", p50: "#35c28f", p95: "#f0b429", p99: "#ff7f6e", back: "#10141a", heat: []string{"#153a40", "#1f8a8a", "#e6cf4a", "#ffffff"},
	}
	light = palette{
		dim: "#57606a", faint: "#8c959f", rule: "#c4cad1", accent: "#0063a0", good: "#00704f", warn: "#8a5a00", bad: "#b3261e",
		selFore: "#00263d", selBack: "#cfe6f5", asked: "#8c959f", sent: "#0072b2", answered: "#008a63", p50: "#008a63", p95: "#b87700", p99: "#c8452f", back: "#ffffff", heat: []string{"#d5ebea", "#3aa0a0", "#b07d00", "#3d2400"},
	}
	safe = palette{
		dim: "#a8a8a8", faint: "#6c6c6c", rule: "#4a4a4a", accent: "#56b4e9", good: "#56b4e9", warn: "#f0e442", bad: "#e69f00",
		selFore: "#ffffff", selBack: "#0072b2", asked: "#999999", sent: "#56b4e9", answered: "#f0e442", p50: "#56b4e9", p95: "#f0e442", p99: "#d55e00", back: "#000000", heat: []string{"#10304a", "#0072b2", "#e69f00", "#ffffff"},
	}
)

// themes are the names that newStyles knows.
var themes = []string{"auto", "dark", "light", "safe", "none"}

// newStyles makes the looks of a theme for this process's terminal.
func newStyles(theme string, ascii bool) (*styles, error) {
	profile := termenv.EnvColorProfile()
	if os.Getenv("COLORTERM") == "" && profile < termenv.ANSI256 && strings.Contains(os.Getenv("TERM"), "256color") {
		profile = termenv.ANSI256
	}
	if theme == "" || theme == "auto" {
		theme = "dark"
		if !lipgloss.HasDarkBackground() {
			theme = "light"
		}
	}
	return makeStyles(theme, ascii, profile)
}

func makeStyles(theme string, ascii bool, profile termenv.Profile) (*styles, error) {
	var p palette
	switch theme {
	case "dark":
		p = dark
	case "light":
		p = light
	case "safe":
		p = safe
	case "none":
		profile = termenv.Ascii
	default:
		return nil, fmt.Errorf("theme %q: must be one of %s", theme, strings.Join(themes, ", "))
	}
	r := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	c := func(color string) lipgloss.Style {
		if profile == termenv.ANSI256 {
			color = grey256(color)
		}
		return r.NewStyle().Foreground(lipgloss.Color(color))
	}
	st := &styles{
		bold: open(r.NewStyle().Bold(true)), dim: open(c(p.dim)), faint: open(c(p.faint)), rule: open(c(p.rule)),
		accent: open(c(p.accent)), key: open(c(p.accent).Bold(true)), good: open(c(p.good)), warn: open(c(p.warn)), bad: open(c(p.bad).Bold(true)),
		selected: open(c(p.selFore).Background(lipgloss.Color(p.selBack))), title: open(c(p.accent).Bold(true)),
		hot:   open(r.NewStyle().Bold(true).Foreground(lipgloss.Color(p.accent)).Underline(true)),
		asked: open(c(p.asked)), sent: open(c(p.sent)), answered: open(c(p.answered)), p50: open(c(p.p50)), p95: open(c(p.p95)), p99: open(c(p.p99)),
		ghost: open(c(p.faint)), ascii: ascii, color: profile != termenv.Ascii,
	}
	if st.color {
		fade := func(color string, from, to float64) (list []pen) {
			const steps = 8
			for i := range steps {
				list = append(list, open(c(blend(color, p.back, from+(to-from)*float64(i)/(steps-1)))))
			}
			return list
		}
		for i := range heatSteps {
			at := float64(i) / (heatSteps - 1) * float64(len(p.heat)-1)
			stop := min(int(at), len(p.heat)-2)
			shade := blend(p.heat[stop], p.heat[stop+1], at-float64(stop))
			st.heat = append(st.heat, open(c(shade)))
			st.heatP50 = append(st.heatP50, open(c(p.back).Background(lipgloss.Color(shade))))
			st.heatP99 = append(st.heatP99, open(c(p.p99).Background(lipgloss.Color(shade))))
		}
		st.answeredRamp, st.p95Ramp, st.p99Ramp = fade(p.answered, .75, .3), fade(p.p95, .6, .6), fade(p.p99, .72, .72)
	}
	return st, nil
}

// grey256 is a colour that is nearly grey as the closest of the 24 greys that terminals of 256 colours have: of their other
// colours the closest one may be teal or violet.
func grey256(color string) string {
	var rgb [3]int
	if n, _ := fmt.Sscanf(color, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); n < 3 || slices.Max(rgb[:])-slices.Min(rgb[:]) > 45 {
		return color
	}
	mean := (rgb[0] + rgb[1] + rgb[2]) / 3
	return fmt.Sprint(232 + max(0, min(23, (mean-3)/10)))
}

// blend is a colour, given as #rrggbb, with a share of another.
func blend(a, b string, share float64) string {
	var x, y [3]int
	fmt.Sscanf(a, "#%02x%02x%02x", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "#%02x%02x%02x", &y[0], &y[1], &y[2])
	for i := range x {
		x[i] += int(share * float64(y[i]-x[i]))
	}
	return fmt.Sprintf("#%02x%02x%02x", x[0], x[1], x[2])
}

// open finds the sequences around what a style renders; both are empty without colour.
func open(s lipgloss.Style) pen {
	const mark = "x"
	on, off, found := strings.Cut(s.Render(mark), mark)
	if !found {
		return pen{}
	}
	return pen{on, off}
}

// glyphs are the shapes that ASCII terminals lack.
func (st *styles) glyph(fancy, plain string) string {
	if st.ascii {
		return plain
	}
	return fancy
}

// asASCII are the signs in our own texts and in reports that ASCII terminals lack, as others of the same width.
var asASCII = strings.NewReplacer("↑", "^", "↓", "v", "←", "<", "→", ">", "–", "-", "…", ".", "·", "-", "µ", "u", "±", "~", "≤", "<", "×", "x", "✓", "+", "✗", "x", "■", "=", "✖", "x", "◆", "+", "‖", "=", "▶", ">", "≥", ">", "▼", "v", "▰", "#", "▱", ".", "│", "|", "▲", "!", "○", "o", "●", "*",
	"█", "#", "▉", "#", "▊", "#", "▋", "#", "▌", "=", "▍", "-", "▎", "-", "▏", "-")

// plain is a whole screen as the terminal can show it. Names stay as they are.
func (st *styles) plain(screen string) string {
	if !st.ascii {
		return screen
	}
	return asASCII.Replace(screen)
}

// mustStyles is for themes that are known to exist.
func mustStyles(theme string, ascii bool, profile termenv.Profile) *styles {
	st, err := makeStyles(theme, ascii, profile)
	if err != nil {
		panic(err)
	}
	return st
}

// panel draws a frame with a title around lines, w by h in all.
func (st *styles) panel(title, right string, lines []string, w, h int) []string {
	if h < 3 || w < 6 {
		return block(lines, w, h)
	}
	tl, tr, bl, br, hz, vt := "╭", "╮", "╰", "╯", "─", "│"
	if st.ascii {
		tl, tr, bl, br, hz, vt = "+", "+", "+", "+", "-", "|"
	}
	out := make([]string, 0, h)
	out = append(out, st.edge(tl+hz, hz+tr, hz, title, right, w))
	for _, line := range block(lines, w-4, h-2) {
		out = append(out, st.rule.paint(vt)+" "+line+" "+st.rule.paint(vt))
	}
	return append(out, st.rule.paint(bl+strings.Repeat(hz, w-2)+br))
}

// edge is a frame's upper line with what it says.
func (st *styles) edge(left, right, hz, title, note string, w int) string {
	head, tail := "", ""
	room := w - 4
	if title != "" && room > 3 {
		title = strings.TrimRight(fill(title, min(width(title), room-2)), " ")
		head = " " + st.title.paint(title) + " "
		room -= width(head)
	}
	if note != "" && room > width(note)+4 {
		tail = " " + note + " "
		room -= width(tail)
	}
	return st.rule.paint(left) + head + st.rule.paint(strings.Repeat(hz, max(room, 0))) + tail + st.rule.paint(right)
}

// aged is a page whose figures are old: all in one faint colour.
func (st *styles) aged(lines []string) []string {
	for i, line := range lines {
		lines[i] = st.faint.paint(ansi.Strip(line))
	}
	return lines
}

// heatSteps is how many shades there are, for shares of a column's responses from a thousandth to all.
const heatSteps = 12
