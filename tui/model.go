package tui

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// overlay is a form, dialog, prompt or text on top of the page. It receives the keys.
type overlay interface {
	// scope selects the actions that apply while it is on top.
	scope() keys.Scope
	// key handles a key that is not bound to an action.
	key(m *model, k tea.KeyMsg) tea.Cmd
	// layout adapts it to a page of w by h and to the newest sample. It is called in Update, before lines.
	layout(m *model, w, h int)
	// lines draws it. A full overlay covers the page, others are centred.
	lines(m *model, w, h int) []string
	full() bool
	typing() bool // whether keys are text
}

// model is the only Bubble Tea model. It routes messages to panels, which hold what they show and how.
type model struct {
	panel.Display
	ctx           context.Context
	config        Config
	conductor     Conductor
	actions       []action
	page          keys.Page
	overlays      []overlay
	drivers       panel.Drivers
	charts        panel.Charts
	events        panel.Events
	history       panel.History
	compose       composer
	searches      sample.Searches
	notice        notice
	sending       string           // name of the command being written to the broker
	steered       *sample.Run      // the shown run as it is now, even if the charts are frozen
	wanted        float64          // rate selected with + and -, not in the plan yet
	steps         int              // number of presses, to recognize the last one
	idle          atomic.Bool      // no run is active: redraws may be delayed
	animating     atomic.Bool      // redraw without a change, for a countdown
	clock         func() time.Time // this process's time, for how long notices are shown
	clipboard     func(text string) error
	hostsStarting bool // hosts are being started, and the result is not shown yet
	outage        sample.Outage
}

// notice is the last message in the footer. It disappears with the next key, or after some time.
type notice struct {
	text  string
	bad   bool
	until time.Time
}

func newModel(ctx context.Context, c Config, st *style.Sheet) *model {
	m := &model{
		ctx: ctx, config: c, conductor: c.Conductor, Display: panel.Display{Style: st, W: 80, H: 24}, clock: time.Now,
		drivers: panel.Drivers{Marked: map[string]bool{}, JoinHint: c.JoinHint}, charts: panel.NewCharts(), history: panel.History{Past: map[string]panel.Past{}},
		compose: composer{spec: c.Spec}, clipboard: func(string) error { return ErrNoTerminal },
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

// Update handles one message. It does no I/O: operations that may block are in the returned commands.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.W, m.H = msg.Width, msg.Height
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
	case copied:
		m.gotCopied(msg)
	case pastMsg:
		m.gotPast(msg)
	case rateMsg:
		cmd = m.sendRate(msg)
	default:
		return m, nil
	}
	m.look()
	if m.page == keys.PageHistory || m.Roomy() {
		cmd = tea.Batch(cmd, m.readPast())
	}
	if m.page == keys.PageHistory && m.previewed() {
		cmd = tea.Batch(cmd, m.readSelected())
	}
	return m, tea.Batch(cmd, m.readOutcome(), m.readLast())
}

// look takes the next sample, limited to what the screen shows, and adapts panels and overlays to it. A frozen screen keeps its charts,
// while its drivers are updated.
func (m *model) look() {
	kept := m.Sample.Run
	m.outage.Follow(m.conductor, m.clock)
	for again := true; again; { // how many rows there are depends on how many drivers there are, and on the run
		total := m.Sample.Total - m.Sample.Hidden
		q := m.query()
		m.Sample = sample.Take(m.conductor, q)
		m.steered = m.Sample.Run
		if m.charts.Frozen && kept != nil {
			m.Sample.Run = kept
		}
		again = total != m.Sample.Total-m.Sample.Hidden || q.Rows != m.driverRows()
		if m.previews() && q.Only != m.Sample.Cursor { // another driver is selected now
			again = true
		}
		if _, is := m.top().(*detail); is && m.charts.Only != m.Sample.Cursor {
			m.charts.Only, again = m.Sample.Cursor, true
		}
	}
	if m.page == keys.PageHistory {
		m.history.Narrow(&m.Sample)
	}
	if r := m.Sample.Run; r != nil && r.Window.Run != nil {
		if rep := m.history.Past[r.ID].Report; rep != nil { // use the same figures everywhere on the screen
			r.Window.Run = panel.WholeOf(rep)
		}
	}
	m.useReport()
	m.outage.Age(&m.Sample)
	m.settleHosts()
	m.drivers.Settle(m.Sample)
	if m.page == keys.PageEvents {
		m.events.Settle(m.Sample)
	}
	m.history.Settle(m.Sample)
	m.charts.Settle(&m.Display)
	r := m.Sample.Run
	m.animating.Store(m.sending != "" || r != nil && r.Active && (r.Elapsed < 2*time.Second) || m.hostsMove())
	m.idle.Store(m.Sample.Active == "" && m.sending == "")
	if m.notice.text != "" && m.clock().After(m.notice.until) {
		m.notice = notice{}
	}
	if m.W >= panel.MinW && m.H >= panel.MinH {
		for _, o := range m.overlays {
			o.layout(m, m.W, m.BodyH())
		}
	}
}

// query returns what the current size and page show.
func (m *model) query() sample.Query {
	q := sample.Query{DriverQuery: m.drivers.DriverQuery, EventQuery: m.events.Query(m.page == keys.PageEvents, m.eventRows(), m.outage.Events), History: m.page == keys.PageHistory || m.Roomy() || m.Sample.Run == nil}
	q.Searches = &m.searches
	q.Rows, q.Trend = m.driverRows(), panel.TrendW
	q.Only, q.Span, q.Heat = m.charts.Only, m.charts.Seconds(), m.heatWidth()
	if m.previews() {
		q.Only = m.Sample.Cursor
	}
	return q
}

// press passes a key to the overlay or page that has the keyboard. Keys that a slow line delivered together are separated: together they
// could be taken for a key of that name, such as the text "up", and Esc with another key for Alt.
func (m *model) press(k tea.KeyMsg) tea.Cmd {
	if pressed := keys.Apart(k, m.typing(), m.bound(k.String())); len(pressed) > 1 {
		var cmds []tea.Cmd
		for _, k := range pressed {
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
		return a.Do(m, "")
	}
	if top := m.top(); top != nil {
		return top.key(m, k)
	}
	return m.explain(k.String())
}

// close removes an overlay, wherever it is in the stack.
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

func (m *model) scope() keys.Scope {
	if top := m.top(); top != nil {
		return top.scope()
	}
	return keys.OnPage
}

func (m *model) say(text string) {
	m.notice = notice{text: text, until: m.clock().Add(5 * time.Second)}
}
func (m *model) complain(text string) {
	m.notice = notice{text, true, m.clock().Add(10 * time.Second)}
}

// View draws exactly h lines of w columns.
func (m *model) View() string {
	if m.W < 1 || m.H < 1 {
		return ""
	}
	if m.W < panel.MinW || m.H < panel.MinH {
		return m.Style.Plain(strings.Join(m.tooSmall(), "\n"))
	}
	lines := m.header()
	body := m.H - len(lines) - 1
	if drawn := m.body(m.W, body); m.Sample.Trouble != nil && m.top() == nil {
		lines = append(lines, m.Style.Aged(drawn)...)
	} else {
		lines = append(lines, drawn...)
	}
	lines = append(lines, m.footer())
	return m.Style.Plain(strings.Join(style.Block(lines, m.W, m.H), "\n"))
}

func (m *model) tooSmall() []string {
	text := "landfall: this is " + style.SizeText(m.W, m.H) + ", it needs " + style.SizeText(panel.MinW, panel.MinH)
	if m.W < style.Width(text) {
		text = "needs " + style.SizeText(panel.MinW, panel.MinH)
	}
	if r := m.Sample.Run; r != nil && r.Active && m.H > 1 {
		return style.Block([]string{text, m.runWords(r, m.W)}, m.W, m.H)
	}
	return style.Block([]string{text}, m.W, m.H)
}

func (m *model) body(w, h int) []string {
	var lines []string
	for i, o := range m.overlays {
		if o.full() {
			lines = style.Block(o.lines(m, w, h), w, h)
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
			lines = style.Lay(lines, o.lines(m, w, h), w)
		}
	}
	return lines
}

func (m *model) drawPage(w, h int) []string {
	switch m.page {
	case keys.PageDrivers:
		return m.driversPage(w, h)
	case keys.PageEvents:
		return m.events.Page(&m.Display, m.lookingAt(), w, h)
	case keys.PageHistory:
		return m.historyPage(w, h)
	}
	return m.livePage(w, h)
}
