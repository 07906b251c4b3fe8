package tui

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// overlay is something that lies over the page and takes the keys: a form, a dialog, a prompt, a text.
type overlay interface {
	// scope says which actions apply while it is on top.
	scope() scope
	// key handles a key that belongs to no action.
	key(m *model, k tea.KeyMsg) tea.Cmd
	// layout adapts it to a page of w by h and to the newest sample. It is called in Update, before lines.
	layout(m *model, w, h int)
	// lines draws it; a full one is as large as the page, others lie in its middle.
	lines(m *model, w, h int) []string
	full() bool
	typing() bool // whether keys are text
}

// model is the one Bubble Tea model. It routes messages to panels, which hold what they show and how.
type model struct {
	display
	ctx       context.Context
	config    Config
	conductor Conductor
	actions   []action
	page      page
	overlays  []overlay
	drivers   driversPanel
	charts    chartsPanel
	events    eventsPanel
	history   historyPanel
	compose   composer
	notice    notice
	sending   string           // what is being written to the broker now
	wanted    float64          // the rate that + and - have come to, not sent yet
	steps     int              // how often they were pressed, to know the last one
	calm      atomic.Bool      // no run is active: changes may wait a little
	hurry     atomic.Bool      // redraw although nothing changed: something is counted down
	clock     func() time.Time // this process's time, for how long words stay on the screen
	outage    outage
}

// notice is what the console last said in the footer. It goes with the next key, or with time.
type notice struct {
	text  string
	bad   bool
	until time.Time
}

func newModel(ctx context.Context, c Config, st *styles) *model {
	m := &model{
		ctx: ctx, config: c, conductor: c.Conductor, display: display{st: st, w: 80, h: 24}, clock: time.Now,
		drivers: driversPanel{marked: map[string]bool{}, joinHint: c.JoinHint}, charts: newChartsPanel(), history: historyPanel{past: map[string]pastRun{}},
		compose: composer{spec: c.Spec},
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
	if m.config.First != nil {
		return m.firstRun(*m.config.First)
	}
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
	case editMsg:
		cmd = editFile(msg)
	case editedMsg:
		m.edited(msg)
	case pathsMsg:
		m.gotPaths(msg)
	case pastMsg:
		m.gotPast(msg)
	case rateMsg:
		cmd = m.sendRate(msg)
	default:
		return m, nil
	}
	m.look()
	if m.page == pageHistory || m.roomy() {
		cmd = tea.Batch(cmd, m.readPast())
	}
	if m.page == pageHistory && m.previewed() {
		cmd = tea.Batch(cmd, m.readSelected())
	}
	return m, tea.Batch(cmd, m.readOutcome(), m.readLast())
}

// look takes the next sample, only what this size and page show, and adapts what is on the screen to it. A frozen screen
// keeps its charts, but not its drivers.
func (m *model) look() {
	kept := m.s.run
	for again := true; again; { // how many rows there are depends on how many drivers there are
		total := m.s.total
		q := m.query()
		m.s = take(m.conductor, q)
		if m.charts.frozen && kept != nil {
			m.s.run = kept
		}
		again = total != m.s.total
		if m.previews() && q.only != m.s.cursor { // another driver is selected now
			again = true
		}
		if _, is := m.top().(*detail); is && m.charts.only != m.s.cursor {
			m.charts.only, again = m.s.cursor, true
		}
	}
	m.outage.follow(&m.s, m.clock)
	m.drivers.settle(m.s)
	m.events.settle(m.s, m.eventRows())
	m.history.settle(m.s)
	m.charts.settle(&m.display)
	r := m.s.run
	m.hurry.Store(m.sending != "" || r != nil && r.active && (r.elapsed < 2*time.Second) || m.hostsMove())
	m.calm.Store(m.s.active == "" && m.sending == "")
	if m.notice.text != "" && m.clock().After(m.notice.until) {
		m.notice = notice{}
	}
	if m.w >= minW && m.h >= minH {
		for _, o := range m.overlays {
			o.layout(m, m.w, m.bodyH())
		}
	}
}

// query is what this size and page show.
func (m *model) query() query {
	q := query{driverQuery: m.drivers.driverQuery, eventTop: m.events.top, events: m.eventRows(), history: m.page == pageHistory || m.roomy() || m.s.run == nil}
	q.rows, q.trend = m.driverRows(), trendW
	q.only, q.span, q.heat = m.charts.only, m.charts.seconds(), m.heatWidth()
	if m.previews() {
		q.only = m.s.cursor
	}
	return q
}

// press gives a key to whoever has the keyboard. Keys that a slow line delivered together are taken apart: as one they could
// be taken for a key of that name, such as the text "up", and Esc with another key for Alt.
func (m *model) press(k tea.KeyMsg) tea.Cmd {
	if keys := apart(k, m.typing(), m.bound(k.String())); len(keys) > 1 {
		var cmds []tea.Cmd
		for _, k := range keys {
			cmds = append(cmds, m.press(k))
			if !m.typing() {
				m.look()
			}
		}
		return tea.Batch(cmds...)
	}
	m.notice = notice{}
	if d, is := m.top().(*dialog); is && d.answer(k.String()) >= 0 {
		return d.choose(m, d.answer(k.String()))
	}
	if a, found := m.actionFor(k.String()); found {
		return a.do(m, "")
	}
	if top := m.top(); top != nil {
		return top.key(m, k)
	}
	return m.explain(k.String())
}

// close takes an overlay away, wherever it lies.
func (m *model) close(o overlay) {
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

func (m *model) scope() scope {
	if top := m.top(); top != nil {
		return top.scope()
	}
	return onPage
}

func (m *model) say(text string) {
	m.notice = notice{text: text, until: m.clock().Add(5 * time.Second)}
}
func (m *model) complain(text string) {
	m.notice = notice{text, true, m.clock().Add(10 * time.Second)}
}

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
	if drawn := m.body(m.w, body); m.s.trouble != nil && m.top() == nil {
		lines = append(lines, m.st.aged(drawn)...)
	} else {
		lines = append(lines, drawn...)
	}
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
		return m.events.page(&m.display, m.lookingAt(), w, h)
	case pageHistory:
		return m.historyPage(w, h)
	}
	return m.livePage(w, h)
}
