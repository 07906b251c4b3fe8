package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/chart"
	"landfall/tui/panel"
	"landfall/tui/sample"
	"landfall/tui/style"
	"landfall/tui/tuitest"
)

// The selected driver stays selected while others join, leave and are sorted around it.
func TestSelectionStays(t *testing.T) {
	c := tuitest.New()
	c.Drivers(50)
	m := console(c, 80, 24)
	press(m, "2", "pgdown", "down")
	was := m.Sample.Cursor
	for i := range 9 {
		before, total := m.Sample.Index, m.Sample.Total
		id := fmt.Sprintf("aaa-%d", i) // sorted before all others
		c.Apply(&node.Register{NodeID: id, BootID: "b"})
		c.Apply(&node.Heartbeat{NodeID: id, BootID: "b", Seq: 1, State: node.Idle})
		m.Update(changedMsg{})
		if m.Sample.Total != total+1 || m.Sample.Index != before+1 {
			t.Fatalf("%d drivers, row %d: want a driver more, before the selected one in row %d", m.Sample.Total, m.Sample.Index, before)
		}
		for _, keys := range [][]string{nil, {"o"}, {"O"}, {":", "sort name", "enter"}} {
			press(m, keys...)
			if m.Sample.Cursor != was {
				t.Fatalf("%s is selected, was %s", m.Sample.Cursor, was)
			}
			if !slices.ContainsFunc(m.Sample.Rows, func(r sample.Driver) bool { return r.ID == was }) {
				t.Fatalf("%s is selected but not seen", was)
			}
		}
	}
}

// Until a driver was selected, the first one of the list is, whichever it is: drivers that start together join in any order.
func TestTheFirstDriverIsSelectedAtFirst(t *testing.T) {
	c := tuitest.New()
	join := func(id string) {
		c.Apply(&node.Register{NodeID: id, BootID: "b"})
		c.Apply(&node.Heartbeat{NodeID: id, BootID: "b", Seq: 1, State: node.Idle})
	}
	join("drv-5")
	m := console(c, 80, 24)
	for _, id := range []string{"drv-3", "drv-1"} {
		join(id)
		if m.Update(changedMsg{}); m.Sample.Cursor != id || m.Sample.Top != 0 {
			t.Errorf("%s is selected, want %s", m.Sample.Cursor, id)
		}
	}
	press(m, "down", "up") // now one is selected
	join("drv-0")
	if m.Update(changedMsg{}); m.Sample.Cursor != "drv-1" {
		t.Errorf("%s is selected, want drv-1", m.Sample.Cursor)
	}
	m = console(c, 80, 24)
	press(m, "enter") // its page stays
	join("a-driver")
	if m.Update(changedMsg{}); m.Sample.Cursor != "drv-0" {
		t.Errorf("the page of %s is open, want drv-0", m.Sample.Cursor)
	}
}

// A lost driver's seconds are neither a gap nor a drop: they are drawn as lower bounds, and the requested rate remains that of the fleet.
func TestLostIsALowerBound(t *testing.T) {
	m := inState(t, "lost", 120, 40)
	w := m.Sample.Run.Window
	bounds := 0
	for i := range w.Sent {
		at := w.From + i
		if at < 20 || at > w.From+w.Newest {
			continue
		}
		if !chart.Good(w.Sent[i]) || !chart.Good(w.P99[i]) {
			t.Errorf("second %d is blank", at)
		}
		if w.Asked[i] != 3000 {
			t.Errorf("second %d: %g asked for, want 3000", at, w.Asked[i])
		}
		if w.Partial[i] {
			bounds++
			if w.Present[i] != 2 || w.Expects[i] != 3 {
				t.Errorf("second %d contains %d of %d drivers", at, w.Present[i], w.Expects[i])
			}
		}
	}
	if bounds < 3 {
		t.Errorf("%d lower bounds", bounds)
	}
	if v := m.View(); !strings.Contains(v, "2 of 3 drivers") || !strings.Contains(v, "≥2k/s") || !strings.Contains(v, "of 3k") {
		t.Errorf("the screen does not say that it is a lower bound:\n%s", v)
	}
}

// One missing driver of a thousand is not a gap.
func TestOneOfManyIsNoGap(t *testing.T) {
	w := sample.NewWindow(0, 2)
	w.Put(0, sample.Interval{Sent: 1, Present: 999, Expects: 1000})
	w.Put(1, sample.Interval{Sent: 1, Present: 9, Expects: 10})
	if w.Partial[0] || !w.Partial[1] {
		t.Errorf("lower bounds: %v", w.Partial)
	}
}

// Every column of the driver table sorts, in both directions.
func TestSortByAnyColumn(t *testing.T) {
	c := tuitest.New()
	for i, id := range []string{"a", "b", "c"} { // each figure is the highest for the last name
		c.Clock = c.Clock.Add(time.Second)
		c.Apply(&node.Register{NodeID: id, BootID: "boot", Host: "host-" + id, Version: "v" + id, Labels: map[string]string{"zone": id}})
		c.Apply(&node.Heartbeat{NodeID: id, BootID: "boot", Seq: 1, State: node.Running, TestID: "x", RateRPS: float64(i), P99US: int64(i), CPU: float64(i), Failed: int64(i)})
	}
	c.Clock = c.Clock.Add(time.Second)
	c.Apply(&node.Heartbeat{NodeID: "a", BootID: "boot", Seq: 2, State: node.Gone})
	m := console(c, 200, 60)
	for by, want := range map[string]string{"name": "abc", "host": "abc", "state": "bca", "age": "bca", "rate": "cba", "p99": "cba", "CPU": "cba", "failed": "cba", "labels": "abc", "version": "abc"} {
		press(m, "2", ":", "sort "+by, "enter")
		if got := strings.Join(m.Sample.Ids, ""); got != want {
			t.Errorf("sorted by %s: %s, want %s", by, got, want)
		}
		there := slices.Clone(m.Sample.Ids)
		press(m, "O")
		if slices.Equal(m.Sample.Ids, there) {
			t.Errorf("sorted by %s, the other way round: %s, too", by, m.Sample.Ids)
		}
	}
	if len(sample.ColumnNames) != 10 {
		t.Errorf("columns: %q", sample.ColumnNames)
	}
}

// Drivers are sorted by the sum of their errors and unexpected responses. Lost ones come first by name, and those that left disappear after
// a while.
func TestFailedLostAndLeft(t *testing.T) {
	c := tuitest.New()
	c.Drivers(3)
	c.Configure("tsunami-7", 3)
	c.Start("tsunami-7", 3, "me")
	for i := range 8 {
		c.Clock = c.Clock.Add(time.Second)
		for d := range 3 {
			if d < 2 {
				c.Beat(d, node.Running, "tsunami-7")
			}
			c.Snapshot("tsunami-7", i, d, int64(10*d))
		}
		c.State.Tick(c.Clock)
	}
	m := console(c, 120, 40)
	if want := []string{"drv-03", "drv-01", "drv-02"}; !slices.Equal(m.Sample.Ids, want) {
		t.Errorf("by name: %q, want the lost one first: %q", m.Sample.Ids, want)
	}
	press(m, ":", "sort failed", "enter")
	if want := []string{"drv-03", "drv-02", "drv-01"}; !slices.Equal(m.Sample.Ids, want) {
		t.Errorf("by failed: %q, want %q", m.Sample.Ids, want)
	}
	c.Leave(0)
	for range 40 {
		c.Clock = c.Clock.Add(time.Second)
		c.Beat(1, node.Running, "tsunami-7")
		c.State.Tick(c.Clock)
	}
	m.Update(changedMsg{})
	if slices.Contains(m.Sample.Ids, "drv-01") || !strings.Contains(m.View(), "1 gone: L shows") {
		t.Errorf("a driver that left long ago is still there:\n%s", m.View())
	}
	if press(m, "L"); !slices.Contains(m.Sample.Ids, "drv-01") {
		t.Error("L does not show it")
	}
}

// Events of the shown run do not repeat its name; that of another run is shortened if there is little room.
func TestEventText(t *testing.T) {
	const id, other = "tsunami-0314-091400-aaaa", "avalanche-0314-081400-bbbb"
	m := inState(t, "running", 120, 40)
	m.Sample.Run.ID = id
	for _, test := range []struct {
		of   string
		w    int
		want string
	}{
		{id, 40, "the run was paused by ada@ops"}, {other, 80, other + " was paused by ada@ops"}, {other, 40, "avalanche…bbbb was paused by ada@ops"},
	} {
		if got := m.EventText(fleet.Event{TestID: test.of, Text: test.of + " was paused by ada@ops"}, m.lookingAt(), test.w); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	m.charts.Shown = &panel.Past{ID: other}
	if got, want := m.EventText(fleet.Event{TestID: other, Text: other + " finished"}, m.lookingAt(), 80), "the run finished"; got != want {
		t.Errorf("looking at a past run: %q, want %q", got, want)
	}
}

// The command with which a driver joins is shown in full on the empty screen, however many brokers it names.
func TestJoinHint(t *testing.T) {
	hint := "landfall driver --brokers kafka-1.example:9092,kafka-2.example:9092"
	for _, size := range sizes {
		m := newModel(t.Context(), Config{Conductor: tuitest.New(), JoinHint: hint}, style.Must("none", false, 0))
		m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		if !strings.Contains(m.View(), hint) {
			t.Errorf("%dx%d:\n%s", size[0], size[1], m.View())
		}
	}
}

// Random keys at random sizes: no panic, and every frame has the size of the screen.
func TestRandomKeysAndSizes(t *testing.T) {
	keys := []string{"up", "down", "left", "right", "enter", "esc", "tab", "shift+tab", "backspace", "pgup", "pgdown", "home", "end", "ctrl+u", "ctrl+o", "ctrl+t", "ctrl+r", "delete", " ",
		"A", "T", "C", "R", "E", "f", "F", "L", "S", "P", "+", "-", "a", "x", "o", "O", "c", "l", "[", "]", "z", "p", "b", "r", "e", "t", "/", ":", "?", "q", "y", "n", "d", "k", "j", "g", "G", "w",
		"1", "2", "3", "4", "5", "jjx", "é", "日本", "::", "theme light", "sort rate"}
	rounds := 500
	if testing.Short() {
		rounds = 200
	}
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 7))
		c := tuitest.New()
		running(c, 12, 4)
		if seed == 1 { // no run is active: forms can be opened
			c.Finish("tsunami-7")
		}
		m := console(c, 80, 24)
		t.Chdir(t.TempDir())
		for i := range rounds {
			if r.IntN(3) == 0 {
				m.Update(tea.WindowSizeMsg{Width: 1 + r.IntN(300), Height: 1 + r.IntN(100)})
			}
			if r.IntN(20) == 0 {
				c.Second("tsunami-7", 4+i/20, 12, func(int) bool { return r.IntN(5) > 0 }, int64(r.IntN(9)))
			}
			m.Update(keyOf(keys[r.IntN(len(keys))]))
			checkFrame(t, m, "random")
		}
	}
}
