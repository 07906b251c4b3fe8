package panel

import (
	"slices"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// If there is little room, columns are dropped in their order, but never names and states; the trend gets the remaining width.
func TestFitting(t *testing.T) {
	for _, test := range []struct {
		w, longest, labels int
		with, without      []sample.Column
		trend              int
	}{
		{58, 6, 0, []sample.Column{sample.ByState, sample.ByRate}, []sample.Column{sample.ByLabels, sample.ByHost}, 0},
		{51, 6, 0, []sample.Column{sample.ByState, sample.ByP99, sample.ByFailed}, []sample.Column{sample.ByCPU}, leastTrend}, // 110 columns
		{116, 6, 9, []sample.Column{sample.ByLabels, sample.ByAge, sample.ByCPU}, []sample.Column{sample.ByVersion}, 0},
		{190, 6, 9, []sample.Column{sample.ByLabels, sample.ByHost, sample.ByVersion}, nil, maxTrend},
		{190, 6, 0, []sample.Column{sample.ByHost}, []sample.Column{sample.ByLabels}, maxTrend},
	} {
		list, name := fitting(test.w, test.longest, test.labels, false)
		used, trend := 2+name, 0
		var columns []sample.Column
		for _, c := range list {
			used += 1 + c.width
			columns = append(columns, c.by)
			if c.by == sample.Columns {
				trend = c.width
			}
		}
		if used > test.w || name < test.longest || test.trend > 0 && trend != test.trend {
			t.Errorf("%+v: %d columns used, %d for names, trend %d", test, used, name, trend)
		}
		for _, c := range test.with {
			if !slices.Contains(columns, c) {
				t.Errorf("%+v: no column %d in %v", test, c, columns)
			}
		}
		for _, c := range test.without {
			if slices.Contains(columns, c) {
				t.Errorf("%+v: column %d is in %v", test, c, columns)
			}
		}
	}
}

func TestSort(t *testing.T) {
	var p Drivers
	if err := p.Sort("RATE"); err != nil || p.By != sample.ByRate {
		t.Errorf("%v, %v", p.By, err)
	}
	if err := p.Sort("size"); err == nil || p.By != sample.ByRate {
		t.Errorf("%v, %v", p.By, err)
	}
	p.By = sample.Columns - 1
	if err := p.Sort(""); err != nil || p.By != 0 {
		t.Errorf("after the last column comes %v, %v", p.By, err)
	}
}

// TestSelectedRowKeepsColours: state and failures of the selected driver have their colours, on the background of the selection.
func TestSelectedRowKeepsColours(t *testing.T) {
	st := style.Must("dark", false, termenv.TrueColor)
	v := &Display{Style: st, W: 120, H: 40, Sample: sample.Sample{Total: 1, Longest: 6}}
	p := &Drivers{Marked: map[string]bool{}}
	cols, name := fitting(100, 6, 0, false)
	line := p.line(v, sample.Driver{ID: "drv-01", Live: fleet.Late, Failed: 5, Requests: 100}, cols, name, true, 100)
	for _, want := range []string{st.Selected.On + st.Warn.On + "▲ late", st.Selected.On + st.Bad.On} {
		if !strings.Contains(line, want) {
			t.Errorf("no %q in %q", want, line)
		}
	}
	if style.Width(line) != 100 {
		t.Errorf("%d columns", style.Width(line))
	}
}
