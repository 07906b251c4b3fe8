package render

import (
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"landfall/node"
)

// style is a colour by its meaning; the number is an ANSI code.
type style string

const (
	plain style = ""
	bold  style = "1"
	dim   style = "2"
	good  style = "32"
	bad   style = "31"
	warn  style = "33"
	hue   style = "36"
)

// pen writes styled text, or plain text where colour is off.
type pen struct{ color bool }

func (p pen) paint(s string, st style) string {
	if !p.color || st == plain || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[0m"
}

// cell is one field of a table.
type cell struct {
	text  string
	style style
	left  bool // aligned left, not right
}

func left(s string) cell  { return cell{text: s, left: true} }
func right(s string) cell { return cell{text: s} }

func (c cell) in(st style) cell {
	c.style = st
	return c
}

// table aligns rows of cells, two spaces apart.
type table struct {
	indent string
	rows   [][]cell
}

func (t *table) add(cells ...cell) { t.rows = append(t.rows, cells) }

// write prints the rows with every column as wide as its widest cell.
func (t *table) write(w io.Writer, p pen) {
	widths := t.widths()
	for _, row := range t.rows {
		line := t.indent
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-cutter.StringWidth(c.text))
			if c.left {
				line += p.paint(c.text, c.style) + pad + "  "
			} else {
				line += pad + p.paint(c.text, c.style) + "  "
			}
		}
		_, _ = io.WriteString(w, strings.TrimRight(line, " ")+"\n")
	}
}

func (t *table) widths() (widths []int) {
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cutter.StringWidth(c.text))
		}
	}
	return widths
}

// clean makes text from outside safe to print on one line, cut to width columns.
func clean(s string, width int) string { return cutter.Truncate(node.Clean(s, 2*width), width, "…") }

// cutter measures text the same way in every locale.
var cutter = &runewidth.Condition{StrictEmojiNeutral: true}
