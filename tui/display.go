package tui

import "strings"

// display is what panels draw with: looks, the screen's size, and the newest sample.
type display struct {
	st   *styles
	w, h int
	s    sample
}

// The smallest size that can be drawn in.
const (
	minW = 60
	minH = 16
)

// roomy tells whether there is room for the third column.
func (v *display) roomy() bool { return v.w >= 180 && v.h >= 40 }

// wide tells whether there is room for panels side by side.
func (v *display) wide() bool { return v.w >= 110 && v.h >= 30 }

// bodyH is how many lines a page has.
func (v *display) bodyH() int {
	h := v.h - 3
	if v.s.trouble != nil {
		h--
	}
	if v.hasFigures() {
		h--
	}
	return max(h, 0)
}

// shortID is the beginning and end of a run's id, which tell runs apart.
func (v *display) shortID(id string) string {
	if len(id) <= 16 {
		return id
	}
	kind, _, _ := strings.Cut(id, "-")
	return kind + v.st.glyph("…", "..") + id[len(id)-4:]
}
