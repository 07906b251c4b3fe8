package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"landfall/node"
	"landfall/tui/style"
	"landfall/tui/tuitest"
)

var update = flag.Bool("update", false, "write the goldens anew")

func TestMain(m *testing.M) {
	time.Local = time.UTC
	flag.Parse()
	os.Exit(m.Run())
}

// console returns a console without colours on a scripted fleet.
func console(c *tuitest.Conductor, w, h int) *model {
	m := newModel(context.Background(), Config{Conductor: c, Version: "v1.0.0", JoinHint: "landfall driver --brokers 127.0.0.1:9092"}, style.Must("none", false, termenv.Ascii))
	now := tuitest.Start
	m.clock = func() time.Time { now = now.Add(tooSoon); return now } // faster than any person types
	_, cmd := m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	carry(m, cmd)
	return m
}

// press sends keys by name and runs the resulting commands.
func press(m *model, keys ...string) {
	for _, k := range keys {
		_, cmd := m.Update(keyOf(k))
		carry(m, cmd)
	}
}

func carry(m *model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			carry(m, c)
		}
	default:
		_, next := m.Update(msg)
		carry(m, next)
	}
}

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "tab": tea.KeyTab,
	"shift+tab": tea.KeyShiftTab, "backspace": tea.KeyBackspace, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"ctrl+u": tea.KeyCtrlU, "ctrl+c": tea.KeyCtrlC, "ctrl+o": tea.KeyCtrlO, "ctrl+l": tea.KeyCtrlL, "ctrl+r": tea.KeyCtrlR, "ctrl+t": tea.KeyCtrlT, "ctrl+y": tea.KeyCtrlY, "ctrl+e": tea.KeyCtrlE, "f5": tea.KeyF5, "delete": tea.KeyDelete,
}

func keyOf(name string) tea.KeyMsg {
	if t, ok := namedKeys[name]; ok {
		return tea.KeyMsg{Type: t}
	}
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func running(c *tuitest.Conductor, n, seconds int) {
	c.Drivers(n)
	c.Configure("tsunami-7", n)
	c.Start("tsunami-7", n, "me")
	for i := range seconds {
		c.Second("tsunami-7", i, n, nil, 0)
	}
}

// states are the states of the goldens and of the size test.
var states = map[string]func(c *tuitest.Conductor) (keys []string){
	"empty": func(c *tuitest.Conductor) []string { return nil },
	"idle":  func(c *tuitest.Conductor) []string { c.Drivers(3); return nil },
	"form-error": func(c *tuitest.Conductor) []string {
		c.Drivers(3)
		return []string{"T", "down", "down", "down", "down", "x"}
	},
	"form-refusal": func(c *tuitest.Conductor) []string {
		c.Drivers(3)
		c.Refuse(tuitest.Name(1), "target example.org: not on its allowlist")
		return []string{"A"}
	},
	"armed": func(c *tuitest.Conductor) []string {
		c.Drivers(3)
		c.Configure("tsunami-7", 3)
		c.Answer(0, "tsunami-7", "")
		c.Answer(1, "tsunami-7", "max rate 500: the share is 1000")
		return nil
	},
	"running": func(c *tuitest.Conductor) []string { running(c, 3, 42); return nil },
	"not-at-helm": func(c *tuitest.Conductor) []string {
		c.Drivers(3)
		c.Configure("tsunami-7", 3)
		c.Start("tsunami-7", 3, "another")
		for i := range 5 {
			c.Second("tsunami-7", i, 3, nil, 0)
		}
		return []string{"a"}
	},
	"heat-map": func(c *tuitest.Conductor) []string { running(c, 3, 42); return []string{"z", "z", "z"} },
	"lost": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		for i := 20; i < 30; i++ {
			c.Second("tsunami-7", i, 3, func(d int) bool { return d != 1 }, 0)
		}
		return nil
	},
	"errors": func(c *tuitest.Conductor) []string {
		running(c, 3, 10)
		for i := 10; i < 20; i++ {
			c.Second("tsunami-7", i, 3, nil, 37)
		}
		return nil
	},
	"confirm-kill": func(c *tuitest.Conductor) []string { running(c, 3, 5); return []string{" ", " ", "x"} },
	"report": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		c.Finish("tsunami-7")
		return []string{"r"}
	},
	"history": func(c *tuitest.Conductor) []string {
		running(c, 3, 5)
		c.Finish("tsunami-7")
		return []string{"4"}
	},
	"limit": func(c *tuitest.Conductor) []string {
		c.Limits = []string{"its schedule: requests were sent late although connections were free"}
		running(c, 3, 20)
		return nil
	},
	"ended": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		c.Finish("tsunami-7")
		return []string{"enter", "esc"}
	},
	"ended-detail": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		c.Finish("tsunami-7")
		return []string{"enter"}
	},
	"past": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		c.Finish("tsunami-7")
		c.Configure("tsunami-8", 3)
		c.Start("tsunami-8", 3, "me")
		c.Second("tsunami-8", 0, 3, nil, 0)
		return []string{"4", "down", "enter", "c"}
	},
	"baseline": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		c.Finish("tsunami-7")
		c.Configure("tsunami-8", 3)
		c.Start("tsunami-8", 3, "me")
		for i := range 10 {
			c.Second("tsunami-8", i, 3, nil, 0)
		}
		return []string{"4", "down", "b", "1"}
	},
	"frozen":  func(c *tuitest.Conductor) []string { running(c, 3, 42); return []string{"p", "left", "left"} },
	"confirm": func(c *tuitest.Conductor) []string { c.Drivers(3); return []string{"T", "enter"} },
	"quit":    func(c *tuitest.Conductor) []string { running(c, 3, 5); return []string{"q"} },
	"command": func(c *tuitest.Conductor) []string { running(c, 3, 5); return []string{":", "sort r"} },
	"detail":  func(c *tuitest.Conductor) []string { running(c, 3, 42); return []string{"enter"} },
	"detail-lost": func(c *tuitest.Conductor) []string {
		running(c, 3, 20)
		for i := 20; i < 30; i++ {
			c.Second("tsunami-7", i, 3, func(d int) bool { return d != 1 }, 0)
		}
		return []string{"down", "enter"}
	},
	"drivers": func(c *tuitest.Conductor) []string { running(c, 50, 5); return []string{"2", "down", " "} },
	"events":  func(c *tuitest.Conductor) []string { running(c, 3, 5); return []string{"3"} },
	"help":    func(c *tuitest.Conductor) []string { return []string{"?"} },
	"cut-off": func(c *tuitest.Conductor) []string {
		running(c, 3, 5)
		c.Trouble = errors.New("dial tcp 127.0.0.1:9092: connection refused")
		return nil
	},
}

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

func inState(t testing.TB, name string, w, h int) *model {
	t.Helper()
	return inStateAt(name, [2]int{w, h})[0]
}

// inStateAt returns consoles of several sizes in one state. They share a fleet, because scripting it takes
// most of the time.
func inStateAt(name string, sizes ...[2]int) (list []*model) {
	c := tuitest.New()
	keys := states[name](c)
	for _, size := range sizes {
		m := console(c, size[0], size[1])
		press(m, keys...)
		m.notice = notice{}
		list = append(list, m)
	}
	return list
}

// goldenSize is the size of a state's golden; the default is 120x40.
var goldenSize = map[string][2]int{
	"empty": {80, 24}, "armed": {80, 24}, "lost": {80, 24}, "errors": {200, 60}, "heat-map": {200, 60}, "confirm": {80, 24}, "command": {80, 24}, "form-refusal": {80, 24},
	"not-at-helm": {80, 24}, "quit": {80, 24}, "report": {80, 24}, "limit": {80, 24}, "drivers": {200, 60}, "history": {200, 60}, "detail-lost": {80, 24},
}

func TestGoldens(t *testing.T) {
	for name := range states {
		size, special := goldenSize[name]
		if !special {
			size = [2]int{120, 40}
		}
		file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
		t.Run(file, func(t *testing.T) { golden(t, file, inState(t, name, size[0], size[1]).View()) })
	}
	t.Run("too-small", func(t *testing.T) { golden(t, "too-small", inState(t, "running", 59, 15).View()) })
}

// Panels at sizes that no page gives them.
func TestPanelGoldens(t *testing.T) {
	m := inState(t, "lost", 120, 40)
	for name, lines := range map[string][]string{
		"drivers-60x6":  m.drivers.Lines(&m.Display, 60, 6),
		"drivers-150x6": m.drivers.Lines(&m.Display, 150, 6),
		"charts-70x20":  m.charts.Lines(&m.Display, 70, 20),
		"events-50x6":   m.events.Page(&m.Display, m.lookingAt(), 50, 6),
		"history-70x6":  inState(t, "history", 80, 24).history.Lines(&m.Display, nil, 70, 6),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "panel-"+name, strings.Join(lines, "\n")) })
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got+"\n" != string(want) {
		t.Errorf("is not as %s has it (-update writes it anew):\n%s", path, got)
	}
}

// Every line of every state at every size is exactly as wide as the screen.
func TestSizes(t *testing.T) {
	for name := range states {
		m := inState(t, name, 80, 24)
		for _, size := range [][2]int{{1, 1}, {2, 5}, {59, 40}, {60, 16}, {61, 17}, {79, 23}, {80, 24}, {110, 30}, {120, 40}, {180, 40}, {200, 60}, {300, 100}} {
			m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			checkFrame(t, m, name)
		}
	}
}

func checkFrame(t testing.TB, m *model, what string) {
	t.Helper()
	lines := strings.Split(m.View(), "\n")
	if len(lines) != m.H {
		t.Fatalf("%s at %dx%d: %d lines", what, m.W, m.H, len(lines))
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != m.W {
			t.Fatalf("%s at %dx%d: line %d is %d wide: %q", what, m.W, m.H, i, n, line)
		}
	}
}

// Text from elsewhere does not break columns, and reaches the terminal as printable text only.
func TestHostileTexts(t *testing.T) {
	texts := []string{"\x1b[2J\x1b[31mred", "日本語のホスト名はとても長いです", "e\u0301\u0301\u0301", "שלום עולם", strings.Repeat("x", 10000), "a\tb\nc\rd", "👩‍👩‍👧‍👦 family", "\u202eevil"}
	c := tuitest.New()
	running(c, 3, 5)
	for i, text := range texts {
		c.Apply(&node.Register{NodeID: fmt.Sprintf("evil-%d", i), BootID: "boot", Host: text, Version: text, Labels: map[string]string{text: text}, AllowTargets: []string{text}})
		c.Apply(&node.Heartbeat{NodeID: fmt.Sprintf("evil-%d", i), BootID: "boot", Seq: 1, State: node.Idle, Note: text})
	}
	for _, size := range sizes {
		m := console(c, size[0], size[1])
		for range 12 {
			for _, keys := range [][]string{{"1"}, {"2"}, {"enter"}, {"esc", "3"}, {"4"}, {"2", "down"}} {
				press(m, keys...)
				checkFrame(t, m, "hostile")
				if v := m.View(); strings.ContainsAny(v, "\t\r") || strings.Contains(ansi.Strip(v), "\x1b") || strings.Contains(v, "\u202e") {
					t.Fatalf("a control character is on the screen: %q", v)
				}
			}
		}
	}
}

// With --ascii, only ASCII characters are drawn.
func TestASCII(t *testing.T) {
	for name := range states {
		for _, m := range inStateAt(name, sizes...) {
			m.Style = style.Must("none", true, termenv.Ascii)
			for i, line := range strings.Split(m.View(), "\n") {
				for _, r := range line {
					if r > 126 {
						t.Errorf("%s at %dx%d: %q in line %d: %s", name, m.W, m.H, r, i, line)
						break
					}
				}
			}
		}
	}
}
