package chart

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/tui/style"
)

// TestTimeAxis: the axis ends with the last second's time, and its labels are whole steps that do not run into each other.
func TestTimeAxis(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	for _, test := range []struct {
		from, n, w int
		want       []string
	}{
		{0, 60, 80, []string{"00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:00"}},
		{0, 120, 60, []string{"00:00", "00:30", "01:00", "01:30", "02:00"}},
		{65, 30, 60, []string{"01:10", "01:20", "01:30", "01:35"}},
		{0, 0, 60, nil},
		{0, 60, 10, nil},
	} {
		line := TimeAxis(st, test.from, test.n, test.w)
		if w := style.Width(line); w != Gutter+test.w {
			t.Errorf("%v: %d columns wide", test, w)
		}
		labels := strings.FieldsFunc(strings.TrimSpace(line), func(r rune) bool { return r == '─' || r == '└' })
		if strings.Join(labels, " ") != strings.Join(test.want, " ") {
			t.Errorf("%v: labels %q", test, labels)
		}
	}
}

// TestTicks: a linear axis starts at 0 and has its round maximum on top.
func TestTicks(t *testing.T) {
	rows := Chart{Unit: func(v float64) string { return strings.Repeat("i", int(v)) }, Cursor: -1, Newest: -1}.Lines(style.Must("none", true, termenv.Ascii), []Series{{Values: []float64{1, 5}}}, Gutter+20, 10)
	if top, bottom := rows[1], rows[len(rows)-2]; !strings.HasPrefix(strings.TrimLeft(top, " "), "iiiiii") || strings.Contains(bottom[:Gutter], "i") {
		t.Errorf("top %q, bottom %q", top, bottom)
	}
}
