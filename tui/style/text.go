package style

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
)

// Cell returns s, cleaned, in exactly w columns: truncated with an ellipsis, or padded on the right.
func Cell(s string, w int) string { return Fill(node.Clean(cutLong(s), 4*max(w, 1)), w) }

// Short returns s, cleaned, in at most w columns: truncated with an ellipsis if it is longer.
func Short(s string, w int) string { return strings.TrimRight(Cell(s, min(w, Width(s))), " ") }

// RightCell is Cell, padded on the left.
func RightCell(s string, w int) string {
	s = ansi.Truncate(node.Clean(cutLong(s), 4*max(w, 1)), max(w, 0), "…")
	return Spaces(w-ansi.StringWidth(s)) + s
}

// Fill returns a line, which may contain colours, in exactly w columns.
func Fill(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = ansi.StringWidth(s)
	}
	return s + Spaces(w-n)
}

// Wrap breaks a text at spaces, and not at the hyphens of names, into lines of at most w columns.
func Wrap(text string, w int) []string {
	const hyphen, unbroken = "-", "\u2011"
	text = ansi.Wrap(strings.ReplaceAll(text, hyphen, unbroken), max(w, 1), " ")
	return strings.Split(strings.ReplaceAll(text, unbroken, hyphen), "\n")
}

// Joined joins as many words as fit in w columns with two spaces, followed by more if some do not.
func Joined(words []string, more string, w int) string {
	line := ""
	for i, word := range words {
		room := w
		if i < len(words)-1 {
			room -= 2 + ansi.StringWidth(more)
		}
		gap := ""
		if i > 0 {
			gap = "  "
		}
		if i > 0 && ansi.StringWidth(line)+2+ansi.StringWidth(word) > room {
			return line + gap + more
		}
		line += gap + word
	}
	return line
}

// cutLong bounds the text that is measured: no screen shows a longer name.
func cutLong(s string) string {
	if len(s) > 4096 {
		return s[:4096]
	}
	return s
}

// Spaces are n spaces; none if n is negative.
func Spaces(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// Spread puts left and right on one line of w columns; right is dropped if both do not fit.
func Spread(left, right string, w int) string {
	room := w - ansi.StringWidth(left) - ansi.StringWidth(right)
	if room < 1 {
		return Fill(left, w)
	}
	return left + Spaces(room) + right
}

// Block returns lines as exactly h lines of w columns.
func Block(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		if i < len(lines) {
			out[i] = Fill(lines[i], w)
		} else {
			out[i] = Spaces(w)
		}
	}
	return out
}

// Beside puts two blocks of equal height next to each other.
func Beside(a, b []string) []string {
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
	return Fill(head, left) + over + ansi.TruncateLeft(line, left+ow, "")
}

// SizeText formats a screen's size, such as 80x24.
func SizeText(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }

// Width returns the number of columns of a text, without its escape sequences.
func Width(s string) int { return ansi.StringWidth(s) }

// Indent puts n spaces before each line.
func Indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = Spaces(n) + l
	}
	return out
}

// Lay centres a smaller block over a larger one.
func Lay(under, over []string, w int) []string {
	if len(over) == 0 {
		return under
	}
	out := append([]string(nil), under...)
	ow := Width(over[0])
	left, up := max(0, (w-ow)/2), max(0, (len(under)-len(over))/2)
	for i, line := range over {
		if up+i < len(out) {
			out[up+i] = splice(out[up+i], line, left, ow, w)
		}
	}
	return out
}
