package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
)

// cell is s, safe to show, in exactly w columns: cut with an ellipsis, or filled on its right.
func cell(s string, w int) string { return fill(node.Clean(cutLong(s), 4*max(w, 1)), w) }

// rightCell is cell, filled on its left.
func rightCell(s string, w int) string {
	s = ansi.Truncate(node.Clean(cutLong(s), 4*max(w, 1)), max(w, 0), "…")
	return spaces(w-ansi.StringWidth(s)) + s
}

// fill is a line that may hold colours in exactly w columns.
func fill(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = ansi.StringWidth(s)
	}
	return s + spaces(w-n)
}

// cutLong bounds what is measured: nobody's name is longer than this on any screen.
func cutLong(s string) string {
	if len(s) > 4096 {
		return s[:4096]
	}
	return s
}

func spaces(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// spread is left and right on one line of w columns; right gives way.
func spread(left, right string, w int) string {
	room := w - ansi.StringWidth(left) - ansi.StringWidth(right)
	if room < 1 {
		return fill(left, w)
	}
	return left + spaces(room) + right
}

// block is lines as exactly h lines of w columns.
func block(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		if i < len(lines) {
			out[i] = fill(lines[i], w)
		} else {
			out[i] = spaces(w)
		}
	}
	return out
}

// beside puts two blocks of equal height next to each other.
func beside(a, b []string) []string {
	out := make([]string, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] + b[i]
	}
	return out
}

// splice puts over, ow columns wide, into line at column left; line has w columns.
func splice(line, over string, left, ow, w int) string {
	head := ansi.Truncate(line, left, "")
	if strings.Contains(head, "\x1b") {
		head += "\x1b[0m"
	}
	return fill(head, left) + over + ansi.TruncateLeft(line, left+ow, "")
}

func sizeText(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }

func width(s string) int { return ansi.StringWidth(s) }

func indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = spaces(n) + l
	}
	return out
}

// lay puts a smaller block over the middle of a larger one.
func lay(under, over []string, w int) []string {
	if len(over) == 0 {
		return under
	}
	out := append([]string(nil), under...)
	ow := width(over[0])
	left, up := max(0, (w-ow)/2), max(0, (len(under)-len(over))/2)
	for i, line := range over {
		if up+i < len(out) {
			out[up+i] = splice(out[up+i], line, left, ow, w)
		}
	}
	return out
}
