// Package style defines the console's appearance: the colours of its themes for every number of colours, glyphs and their ASCII forms,
// frames, and text truncated or padded to a width.
package style

import (
	"fmt"
	"io"
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
	Bold, Dim, Faint, Rule, Accent, Key   Pen
	Good, Warn, Bad, Selected, Title, Hot Pen
	Asked, Sent, Answered, P50, P95, P99  Pen
	FailedOver                            Pen   // of failures in a cell that responses fill
	Heat                                  []Pen // of the heat map, from lowest to highest
	HeatP50, HeatP99                      []Pen // of lines over the heat map
	AnsweredRamp, P95Ramp, P99Ramp        []Pen // of areas, from the axis up
	Ascii, Color                          bool
}

// Themes are the names that [New] accepts.
var Themes = []string{"auto", "dark", "light", "safe", "none"}

// Make returns the sheet of a theme for a colour profile. The error lists the themes.
func Make(theme string, ascii bool, profile termenv.Profile) (*Sheet, error) {
	p := themes[theme]
	switch {
	case theme == "none":
		p, profile = &dark, termenv.Ascii
	case p == nil:
		return nil, fmt.Errorf("theme %q: must be one of %s", theme, strings.Join(Themes, ", "))
	}
	i := inks{lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile)), p, profile}
	i.SetColorProfile(profile)
	bold := i.NewStyle().Bold(true)
	st := &Sheet{
		Bold: penOf(bold), Dim: i.pen(p.dim), Faint: i.pen(p.faint), Rule: i.pen(p.rule), Accent: i.pen(p.accent), Good: i.pen(p.good), Warn: i.pen(p.warn),
		Key: penOf(i.in(p.accent).Bold(true)), Bad: penOf(i.in(p.bad).Bold(true)), Title: penOf(i.in(p.accent).Bold(true)),
		Hot: penOf(i.in(p.accent).Bold(true).Underline(true)), Selected: penOf(i.in(p.selFore).Background(i.color(p.selBack))),
		Asked: i.pen(p.asked), Sent: i.pen(p.sent), Answered: i.pen(p.answered), P50: i.pen(p.p50), P95: i.pen(p.p95), P99: i.pen(p.p99),
		Ascii: ascii, Color: profile != termenv.Ascii,
	}
	if st.Color {
		i.areas(st)
		i.heat(st)
	}
	return st, nil
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

// Hint returns a default or a suggestion in exactly w columns, in parentheses if no colour distinguishes it from a value.
func (st *Sheet) Hint(text string, w int) string {
	if text != "" && st.Faint.On == "" {
		text = "(" + text + ")"
	}
	return st.Faint.Paint(Cell(text, w))
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
