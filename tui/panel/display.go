// Package panel draws the parts of the console's pages: drivers, charts, events, history, verdict, steps, capacity searches, findings.
// Panels are structs that hold what they show and how; each draws lines of a given width from a sample.
package panel

import (
	"strings"

	"landfall/tui/sample"
	"landfall/tui/style"
)

// Display holds what panels need to draw: styles, the screen's size, and the newest sample.
type Display struct {
	Style  *style.Sheet
	W, H   int
	Sample sample.Sample
}

// Minimum size of the screen.
const (
	MinW = 60
	MinH = 16
)

// Roomy reports whether there is room for the third column.
func (v *Display) Roomy() bool { return v.W >= 180 && v.H >= 40 }

// Wide reports whether there is room for panels side by side.
func (v *Display) Wide() bool { return v.W >= 110 && v.H >= 30 }

// BodyH is the number of lines of a page.
func (v *Display) BodyH() int {
	h := v.H - 3
	if v.Sample.Trouble != nil {
		h--
	}
	if v.HasFigures() {
		h--
	}
	return max(h, 0)
}

// ShortID returns the beginning and end of a run's id, which distinguish runs.
func (v *Display) ShortID(id string) string {
	if len(id) <= 16 {
		return id
	}
	kind, _, _ := strings.Cut(id, "-")
	return kind + v.Style.Glyph("…", "..") + id[len(id)-4:]
}
