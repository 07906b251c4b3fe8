// Package panel draws what the console's pages consist of: drivers, charts, events, history, verdict, steps, the search for the
// capacity, findings. Panels are structs that hold what they show and how; each draws lines of a given width from a sample.
package panel

import (
	"strings"

	"landfall/tui/sample"
	"landfall/tui/style"
)

// Display is what panels draw with: looks, the screen's size, and the newest sample.
type Display struct {
	Style  *style.Sheet
	W, H   int
	Sample sample.Sample
}

// The smallest size that can be drawn in.
const (
	MinW = 60
	MinH = 16
)

// Roomy reports whether there is room for the third column.
func (v *Display) Roomy() bool { return v.W >= 180 && v.H >= 40 }

// Wide reports whether there is room for panels side by side.
func (v *Display) Wide() bool { return v.W >= 110 && v.H >= 30 }

// BodyH is how many lines a page has.
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

// ShortID is the beginning and end of a run's id, which tell runs apart.
func (v *Display) ShortID(id string) string {
	if len(id) <= 16 {
		return id
	}
	kind, _, _ := strings.Cut(id, "-")
	return kind + v.Style.Glyph("…", "..") + id[len(id)-4:]
}
