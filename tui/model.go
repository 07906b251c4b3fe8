package tui

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
)

// page is one of the console's full screens.
type page int

const (
	pageLive page = iota
	pageDrivers
	pageEvents
	pageHistory
	pages
)

var pageNames = [pages]string{"Live", "Drivers", "Events", "History"}

// overlay is something that lies over the page and takes the keys: a form, a dialog, a prompt, a text.
type overlay interface {
	// key handles a key and tells whether the overlay is done with.
	key(m *model, k tea.KeyMsg) (done bool, cmd tea.Cmd)
	// lines draws it; a full one is as large as the page, others lie in its middle.
	lines(m *model, w, h int) []string
	full() bool
	typing() bool // whether keys are text
}

// model is the one Bubble Tea model. Panels are plain structs that it draws and steers.
type model struct {
	ctx       context.Context
	config    Config
	conductor Conductor
	st        *styles
	actions   []action
	w, h      int
	page      page
	overlays  []overlay
	s         sample
	q         query
	marked    map[string]bool
	frozen    bool
	linear    bool // latency on a linear axis
	zoom      int  // 0: all charts, 1: throughput, 2: latency, 3: heat map
	cursor    int  // seconds before the newest value; -1: none
	span      int  // index in spans
	notice    notice
	sending   string       // what is being written to the broker now
	wanted    float64      // the rate that + and - have come to, not sent yet
	steps     int          // how often they were pressed, to know the last one
	calm      atomic.Bool  // no run goes on: changes may wait a little
	hurry     atomic.Bool  // redraw although nothing changed: something is counted down
	last      loadgen.Spec // what the form begins with
	drivers   string       // which drivers the form begins with
	past      map[string]pastRun
	history   int // the selected run
	base      *pastRun
	shown     *pastRun // a run of the history whose charts are looked at
}

// notice is what the console last said in the footer.
type notice struct {
	text  string
	bad   bool
	until time.Time
}

// spans are the stretches of time that the charts can show, in seconds; 0: the whole run.
var spans = []int{30, 60, 120, 300, 900, 0}

func newModel(ctx context.Context, c Config, st *styles) *model {
	m := &model{
		ctx: ctx, config: c, conductor: c.Conductor, st: st, w: 80, h: 24, cursor: -1, span: 1, marked: map[string]bool{}, last: c.Spec, past: map[string]pastRun{},
	}
	m.actions = actions()
	if c.Hosts != nil {
		m.actions = append(m.actions, hostActions()...)
	}
	return m
}

// Init loads the last spec.
func (m *model) Init() tea.Cmd {
	m.look()
	if m.config.Spec.Target == "" && m.config.SpecPath != "" {
		return loadSpec(m.config.SpecPath, true)
	}
	return nil
}

// Update handles one message. It does no I/O: what may block is in the commands that it returns.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case changedMsg:
	case tea.KeyMsg:
		cmd = m.press(msg)
	case tea.MouseMsg:
		cmd = m.mouse(msg)
	case doneMsg:
		cmd = m.done(msg)
	case specMsg:
		m.gotSpec(msg)
	case pastMsg:
		m.gotPast(msg)
	case rateMsg:
		cmd = m.sendRate(msg)
	default:
		return m, nil
	}
	m.look()
	if m.page == pageHistory {
		return m, tea.Batch(cmd, m.readPast())
	}
	return m, tea.Batch(cmd, m.readOutcome())
}

// look takes the next sample: only what this size and page show. A frozen screen keeps its charts, but not its drivers.
func (m *model) look() {
	kept := m.s.run
	for total := -1; total != m.s.total; { // how many rows there are depends on how many drivers there are
		total = m.s.total
		m.q.rows, m.q.events, m.q.trend = m.driverRows(), m.eventRows(), m.trendWidth()
		m.q.history = m.page == pageHistory || m.roomy()
		m.q.span = spans[m.span]
		m.q.heat = m.heatWidth()
		m.s = take(m.conductor, m.q)
		if m.frozen && kept != nil {
			m.s.run = kept
		}
	}
	m.q.cursor, m.q.index, m.q.top, m.q.byIndex = m.s.cursor, m.s.index, m.s.top, false
	m.q.eventTop = max(0, min(m.q.eventTop, m.s.eventCount-m.q.events))
	r := m.s.run
	m.hurry.Store(m.sending != "" || r != nil && r.active && (r.elapsed < 2*time.Second) || m.hostsMove())
	m.calm.Store(m.s.active == "" && m.sending == "")
	m.history = max(0, min(m.history, len(m.s.runs)-1))
}

// press gives a key to whoever has the keyboard. Keys that a slow line delivered together are taken apart: as one they could
// be taken for a key of that name, such as the text "up".
func (m *model) press(k tea.KeyMsg) tea.Cmd {
	if k.Type == tea.KeyRunes && len(k.Runes) > 1 && !k.Paste {
		var cmds []tea.Cmd
		for _, r := range k.Runes {
			cmds = append(cmds, m.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}))
			if !m.typing() {
				m.look()
			}
		}
		return tea.Batch(cmds...)
	}
	if k.String() == "ctrl+l" {
		return tea.ClearScreen
	}
	if top := m.top(); top != nil {
		if k.String() == "ctrl+c" {
			m.overlays = nil
			return m.askQuit()
		}
		n := len(m.overlays)
		done, cmd := top.key(m, k)
		if done {
			m.drop(top, n)
		}
		return cmd
	}
	return m.dispatch(k.String())
}

// drop takes an overlay away that was the n-th, wherever what it did has put others.
func (m *model) drop(o overlay, n int) {
	for i, have := range m.overlays {
		if have == o {
			m.overlays = append(m.overlays[:i:i], m.overlays[i+1:]...)
			return
		}
	}
}

func (m *model) top() overlay {
	if len(m.overlays) == 0 {
		return nil
	}
	return m.overlays[len(m.overlays)-1]
}

func (m *model) open(o overlay) tea.Cmd {
	m.overlays = append(m.overlays, o)
	return nil
}

func (m *model) typing() bool { return m.top() != nil && m.top().typing() }

func (m *model) say(text string) {
	m.notice = notice{text: text, until: time.Now().Add(5 * time.Second)}
}
func (m *model) complain(text string) {
	m.notice = notice{text, true, time.Now().Add(10 * time.Second)}
}

// The least that can be drawn in.
const (
	minW = 60
	minH = 16
)

// roomy tells whether there is room for the third column.
func (m *model) roomy() bool { return m.w >= 180 && m.h >= 40 }

// wide tells whether there is room for panels side by side.
func (m *model) wide() bool { return m.w >= 110 && m.h >= 30 }

// View draws exactly h lines of w columns.
func (m *model) View() string {
	if m.w < 1 || m.h < 1 {
		return ""
	}
	if m.w < minW || m.h < minH {
		return m.st.plain(strings.Join(m.tooSmall(), "\n"))
	}
	lines := m.header()
	body := m.h - len(lines) - 1
	lines = append(lines, m.body(m.w, body)...)
	lines = append(lines, m.footer())
	return m.st.plain(strings.Join(block(lines, m.w, m.h), "\n"))
}

func (m *model) tooSmall() []string {
	text := "landfall: this is " + sizeText(m.w, m.h) + ", it needs " + sizeText(minW, minH)
	if r := m.s.run; r != nil && r.active && m.h > 1 {
		return block([]string{text, m.runWords(r, m.w)}, m.w, m.h)
	}
	return block([]string{text}, m.w, m.h)
}

func (m *model) body(w, h int) []string {
	var lines []string
	for i, o := range m.overlays {
		if o.full() {
			lines = block(o.lines(m, w, h), w, h)
			if i == len(m.overlays)-1 {
				return lines
			}
		}
	}
	if lines == nil {
		lines = m.drawPage(w, h)
	}
	for _, o := range m.overlays {
		if !o.full() {
			lines = lay(lines, o.lines(m, w, h), w)
		}
	}
	return lines
}

func (m *model) drawPage(w, h int) []string {
	switch m.page {
	case pageDrivers:
		return m.driversPage(w, h)
	case pageEvents:
		return m.eventsPage(w, h)
	case pageHistory:
		return m.historyPage(w, h)
	}
	return m.livePage(w, h)
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
