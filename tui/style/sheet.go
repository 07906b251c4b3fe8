// Package style defines the console's appearance: the colours of its themes for every number of colours, glyphs and their ASCII forms,
// frames, and text truncated or padded to a width.
package style

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

// Pen is a style as the escape sequences around a text, cheap enough for every cell of a frame.
type Pen struct{ On, Off string }

// Paint returns a text between the pen's sequences.
func (p Pen) Paint(s string) string {
	if p.On == "" || s == "" {
		return s
	}
	return p.On + s + p.Off
}

// Over returns a text in another pen's colour on this pen's background.
func (p Pen) Over(ink Pen, s string) string {
	if p.On == "" || s == "" {
		return s
	}
	return p.On + ink.On + s + p.Off
}

// Sheet holds all styles. Colour only repeats what shape and word already express.
type Sheet struct {
	Bold, Dim, Faint, Rule, Accent, Key         Pen
	Good, Warn, Bad, Selected, Title, Hot       Pen
	Asked, Sent, Answered, P50, P95, P99, Ghost Pen
	Heat                                        []Pen // of the heat map, from lowest to highest
	HeatP50, HeatP99                            []Pen // of lines over the heat map
	AnsweredRamp, P95Ramp, P99Ramp              []Pen // of areas, from the axis up
	Ascii, Color                                bool
}

// palette holds a theme's colours.
type palette struct {
	dim, faint, rule, accent, good, warn, bad, selFore, selBack string
	asked, sent, answered, p50, p95, p99                        string
	back                                                        string // colour that areas fade into
	selBack256                                                  string
	answered256                                                 []string // the area of responses with 256 colours, where blends turn grey or teal
	heat                                                        []string // stops of one ramp, from lowest to highest
}

// The colours are those of Okabe and Ito, which people with most kinds of colour blindness can distinguish, with their lightness adapted to
// the background.
var (
	dark = palette{
		dim: "#9aa3b2", faint: "#5c6675", rule: "#3d4654", accent: "#56b4e9", good: "#35c28f", warn: "#f0b429", bad: "#ff6f61",
		selFore: "#ffffff", selBack: "#1f4b66", asked: "#7d8797", sent: "#56b4e9", answered: "#35c28f", p50: "#35c28f", p95: "#f0b429", p99: "#ff7f6e", back: "#10141a", selBack256: "24", answered256: []string{"22", "29", "29", "35"}, heat: []string{"#153a40", "#1f8a8a", "#e6cf4a", "#ffffff"},
	}
	light = palette{
		dim: "#57606a", faint: "#8c959f", rule: "#c4cad1", accent: "#0063a0", good: "#00704f", warn: "#8a5a00", bad: "#b3261e",
		selFore: "#00263d", selBack: "#cfe6f5", asked: "#8c959f", sent: "#0072b2", answered: "#008a63", p50: "#008a63", p95: "#b87700", p99: "#c8452f", back: "#ffffff", selBack256: "153", answered256: []string{"194", "158", "115", "79"}, heat: []string{"#d5ebea", "#3aa0a0", "#b07d00", "#3d2400"},
	}
	safe = palette{
		dim: "#a8a8a8", faint: "#6c6c6c", rule: "#4a4a4a", accent: "#56b4e9", good: "#56b4e9", warn: "#f0e442", bad: "#e69f00",
		selFore: "#ffffff", selBack: "#0072b2", asked: "#999999", sent: "#56b4e9", answered: "#f0e442", p50: "#56b4e9", p95: "#f0e442", p99: "#d55e00", back: "#000000", selBack256: "25", answered256: []string{"58", "100", "142", "185"}, heat: []string{"#10304a", "#0072b2", "#e69f00", "#ffffff"},
	}
)

// Themes are the names that [New] accepts.
var Themes = []string{"auto", "dark", "light", "safe", "none"}

// New returns the sheet of a theme for this process's terminal.
func New(theme string, ascii bool) (*Sheet, error) {
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
	return Make(theme, ascii, profile)
}

// Make returns the sheet of a theme for a colour profile. The error lists the themes.
func Make(theme string, ascii bool, profile termenv.Profile) (*Sheet, error) {
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
		return nil, fmt.Errorf("theme %q: must be one of %s", theme, strings.Join(Themes, ", "))
	}
	r := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	c := func(color string) lipgloss.Style {
		color = greyOf(color, profile)
		if theme == "light" {
			color = darkOf(color, profile)
		}
		return r.NewStyle().Foreground(lipgloss.Color(color))
	}
	st := &Sheet{
		Bold: penOf(r.NewStyle().Bold(true)), Dim: penOf(c(p.dim)), Faint: penOf(c(p.faint)), Rule: penOf(c(p.rule)),
		Accent: penOf(c(p.accent)), Key: penOf(c(p.accent).Bold(true)), Good: penOf(c(p.good)), Warn: penOf(c(p.warn)), Bad: penOf(c(p.bad).Bold(true)),
		Selected: penOf(selection(r.NewStyle(), p, profile)), Title: penOf(c(p.accent).Bold(true)),
		Hot:   penOf(r.NewStyle().Bold(true).Inherit(c(p.accent)).Underline(true)),
		Asked: penOf(c(p.asked)), Sent: penOf(c(p.sent)), Answered: penOf(c(p.answered)), P50: penOf(c(p.p50)), P95: penOf(c(p.p95)), P99: penOf(c(p.p99)),
		Ghost: penOf(c(p.faint)), Ascii: ascii, Color: profile != termenv.Ascii,
	}
	if st.Color {
		fade := func(color string, from, to float64) (list []Pen) {
			if profile == termenv.ANSI { // a blend of two of 16 colours is a third colour
				return []Pen{penOf(c(color))}
			}
			const steps = 8
			for i := range steps {
				list = append(list, penOf(c(blend(color, p.back, from+(to-from)*float64(i)/(steps-1)))))
			}
			return list
		}
		for i := range HeatSteps {
			at := float64(i) / (HeatSteps - 1) * float64(len(p.heat)-1)
			stop := min(int(at), len(p.heat)-2)
			shade := blend(p.heat[stop], p.heat[stop+1], at-float64(stop))
			st.Heat = append(st.Heat, penOf(c(shade)))
			st.HeatP50 = append(st.HeatP50, penOf(c(p.back).Background(lipgloss.Color(shade))))
			st.HeatP99 = append(st.HeatP99, penOf(c(p.p99).Background(lipgloss.Color(shade))))
		}
		st.AnsweredRamp, st.P95Ramp, st.P99Ramp = fade(p.answered, .75, .3), fade(p.p95, .6, .6), fade(p.p99, .72, .72)
		if profile == termenv.ANSI256 {
			st.AnsweredRamp = nil
			for _, index := range p.answered256 {
				st.AnsweredRamp = append(st.AnsweredRamp, penOf(r.NewStyle().Foreground(lipgloss.Color(index))))
			}
		}
	}
	return st, nil
}

// greyOf maps a colour that is nearly grey to one of the greys of 256 or 16 colours: the nearest of their other colours may be
// teal or violet.
func greyOf(color string, profile termenv.Profile) string {
	var rgb [3]int
	if n, _ := fmt.Sscanf(color, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); n < 3 || slices.Max(rgb[:])-slices.Min(rgb[:]) > 45 {
		return color
	}
	const brightBlack, white, brightWhite = "8", "7", "15"
	mean := (rgb[0] + rgb[1] + rgb[2]) / 3
	switch {
	case profile == termenv.ANSI256:
		return fmt.Sprint(232 + max(0, min(23, (mean-3)/10)))
	case profile != termenv.ANSI:
		return color
	case mean > 230:
		return brightWhite
	case mean > 150:
		return white
	case mean < 40:
		return "0"
	}
	return brightBlack
}

// darkOf maps a colour to one that is legible on a light background: the bright ones of 16 colours are not.
func darkOf(color string, profile termenv.Profile) string {
	if n, is := profile.Color(color).(termenv.ANSIColor); is && profile == termenv.ANSI && n >= termenv.ANSIBrightRed && n <= termenv.ANSIBrightCyan {
		return fmt.Sprint(int(n - termenv.ANSIBrightBlack))
	}
	return color
}

// selection is the style of the selected row; with 16 colours white on blue, which is legible in every terminal's palette.
func selection(s lipgloss.Style, p palette, profile termenv.Profile) lipgloss.Style {
	if profile == termenv.ANSI {
		return s.Foreground(lipgloss.Color("15")).Background(lipgloss.Color("4"))
	}
	back := p.selBack
	if profile == termenv.ANSI256 { // the nearest of its colours is teal
		back = p.selBack256
	}
	return s.Foreground(lipgloss.Color(p.selFore)).Background(lipgloss.Color(back))
}

// blend mixes a share of colour b into a; both are #rrggbb.
func blend(a, b string, share float64) string {
	var x, y [3]int
	fmt.Sscanf(a, "#%02x%02x%02x", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "#%02x%02x%02x", &y[0], &y[1], &y[2])
	for i := range x {
		x[i] += int(share * float64(y[i]-x[i]))
	}
	return fmt.Sprintf("#%02x%02x%02x", x[0], x[1], x[2])
}

// penOf returns the sequences that a style puts around a text; both are empty without colour.
func penOf(s lipgloss.Style) Pen {
	const mark = "x"
	on, off, found := strings.Cut(s.Render(mark), mark)
	if !found {
		return Pen{}
	}
	return Pen{on, off}
}

// Glyph returns fancy, or plain on an ASCII terminal.
func (st *Sheet) Glyph(fancy, plain string) string {
	if st.Ascii {
		return plain
	}
	return fancy
}

// asASCII replaces signs that ASCII terminals lack by others of the same width.
var asASCII = strings.NewReplacer("↑", "^", "↓", "v", "←", "<", "→", ">", "–", "-", "…", ".", "·", "-", "µ", "u", "±", "~", "≤", "<", "×", "x", "✓", "+", "✗", "x", "■", "=", "✖", "x", "◆", "+", "‖", "=", "▶", ">", "≥", ">", "▼", "v", "▰", "#", "▱", ".", "│", "|", "▲", "!", "○", "o", "●", "*",
	"█", "#", "▉", "#", "▊", "#", "▋", "#", "▌", "=", "▍", "-", "▎", "-", "▏", "-")

// Plain returns a screen as the terminal can show it. Names are not changed.
func (st *Sheet) Plain(screen string) string {
	if !st.Ascii {
		return screen
	}
	return asASCII.Replace(screen)
}

// Must is [Make] for themes that are known to exist.
func Must(theme string, ascii bool, profile termenv.Profile) *Sheet {
	st, err := Make(theme, ascii, profile)
	if err != nil {
		panic(err)
	}
	return st
}

// Panel draws a frame with a title around lines, w by h in all.
func (st *Sheet) Panel(title, right string, lines []string, w, h int) []string {
	if h < 3 || w < 6 {
		return Block(lines, w, h)
	}
	tl, tr, bl, br, hz, vt := "╭", "╮", "╰", "╯", "─", "│"
	if st.Ascii {
		tl, tr, bl, br, hz, vt = "+", "+", "+", "+", "-", "|"
	}
	out := make([]string, 0, h)
	out = append(out, st.edge(tl+hz, hz+tr, hz, title, right, w))
	side := st.Rule.Paint(vt)
	for i := range h - 2 {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out = append(out, side+" "+Fill(line, w-4)+" "+side)
	}
	return append(out, st.Rule.Paint(bl+strings.Repeat(hz, w-2)+br))
}

// edge returns the upper line of a frame, with title and note.
func (st *Sheet) edge(left, right, hz, title, note string, w int) string {
	head, tail := "", ""
	room := w - 4
	if title != "" && room > 3 {
		title = strings.TrimRight(Fill(title, min(Width(title), room-2)), " ")
		head = " " + st.Title.Paint(title) + " "
		room -= Width(head)
	}
	if note != "" && room > Width(note)+4 {
		tail = " " + note + " "
		room -= Width(tail)
	}
	return st.Rule.Paint(left) + head + st.Rule.Paint(strings.Repeat(hz, max(room, 0))) + tail + st.Rule.Paint(right)
}

// Recoloured returns a text in the sheet's colours that has, as reports do, the basic colours of the terminal.
func (st *Sheet) Recoloured(text string) string {
	var pairs []string
	for code, pen := range map[string]Pen{"1": st.Bold, "2": st.Dim, "31": st.Bad, "32": st.Good, "33": st.Warn, "36": st.Answered} {
		pairs = append(pairs, "\x1b["+code+"m", pen.On)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Aged returns a page of outdated figures, all in one faint colour.
func (st *Sheet) Aged(lines []string) []string {
	for i, line := range lines {
		lines[i] = st.Faint.Paint(ansi.Strip(line))
	}
	return lines
}

// HeatSteps is the number of shades, for shares of a column's responses from 0.1 % to 100 %.
const HeatSteps = 12
