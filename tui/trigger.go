package tui

import (
	"encoding/json"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/tui/files"
	"landfall/tui/form"
	"landfall/tui/keys"
)

// trigger starts a run, and shows it.
func (m *model) trigger(d form.Draft) tea.Cmd {
	m.page = keys.PageLive
	m.charts.Reset()
	path := m.config.SpecPath
	start := m.start(d, func(m *model, id string) {
		m.compose.remember(id, d.Spec)
		m.say(id + " was triggered")
	})
	return func() tea.Msg {
		files.Keep(path, d.Spec)
		if start == nil {
			return nil
		}
		return start()
	}
}

// start triggers a run and then shows a message.
func (m *model) start(d form.Draft, started func(m *model, id string)) tea.Cmd {
	if !m.reachable() {
		return nil
	}
	c, ctx, what := m.conductor, m.ctx, "arming"
	m.sending = what
	return func() tea.Msg {
		id, err := c.Trigger(ctx, d.Spec, d.Sel)
		return doneMsg{what: what, err: err, then: func(m *model) tea.Cmd { started(m, id); return nil }}
	}
}

// firstRun triggers the run that needs no key.
func (m *model) firstRun(r FirstRun) tea.Cmd {
	const shown = time.Minute
	d := form.Draft{Spec: r.Spec, Sel: orchestrator.Selection{Count: r.Drivers, Wait: 20 * time.Second}}
	return m.start(d, func(m *model, _ string) { m.notice = notice{text: r.Says, until: m.clock().Add(shown)} })
}

// chosenRun returns the run that the operator looks at: of a report, selected in the history, or whose charts are shown; "": none.
func (m *model) chosenRun() string {
	if t, is := m.top().(*textPage); is && t.past != nil {
		return t.past.ID
	}
	if r := m.history.Selected(&m.Sample); m.page == keys.PageHistory && r != nil {
		return r.ID
	}
	return m.lookingAt()
}

// specOf returns the spec of a run; false: it is unknown.
func (m *model) specOf(id string) (spec loadgen.Spec, known bool) {
	m.conductor.View(func(s *fleet.State) {
		if r := s.Run(id); r != nil && r.Spec.Target != "" {
			spec, known = r.Spec, true
		}
	})
	return spec, known
}

// canRepeat reports whether there is a run to repeat.
func (m *model) canRepeat() bool {
	return m.Sample.Active == "" && m.sending == "" && (m.chosenRun() != "" || m.compose.spec.Target != "")
}

// toRepeat returns the spec to repeat: that of the chosen run, or the last composed one.
func (m *model) toRepeat() loadgen.Spec {
	if spec, known := m.specOf(m.chosenRun()); known {
		return spec
	}
	return m.compose.spec
}

// repeated is the spec that is run again, with what is not stored with runs as far as this console knows it.
func (m *model) repeated() loadgen.Spec { return m.compose.whole(m.chosenRun(), m.toRepeat()) }

// askAgain asks whether to repeat a run. Enter confirms, since a key of its own opened the question.
func (m *model) askAgain(string) tea.Cmd {
	spec := m.repeated()
	f := newComposing(m, spec.WithDefaults().Kind, spec, "")
	if f.Err != nil {
		m.complain(f.Complaint())
		return nil
	}
	d := f.Draft
	return m.ask(&dialog{title: "Run this " + f.Noun() + " again?", text: f.Asks(m.Style), choices: []choice{
		{"trigger", "y", func(m *model) tea.Cmd { m.closeTexts(); return f.trigger(m, d) }}, {"no", "esc", nil},
	}})
}

// editAgain opens the spec of a run in the form.
func (m *model) editAgain(string) tea.Cmd {
	spec := m.repeated()
	m.closeTexts()
	return m.open(newComposing(m, spec.WithDefaults().Kind, spec, ""))
}

// composer holds the initial values of forms: the last triggered spec and its drivers. It remembers the specs of the last runs as they were
// sent: those that are stored with runs lack what may be secret.
type composer struct {
	spec    loadgen.Spec
	drivers string
	sent    []sentSpec   // oldest first
	unsent  []*composing // edited forms that were left, one of each kind, the last one at the end
}

// base returns the initial spec of a form. A search has its own end and pace, and objectives instead of conditions on the whole run.
func (c *composer) base(search bool) loadgen.Spec {
	base := c.spec
	if !search {
		base.Capacity = nil
		return base
	}
	if len(base.Scenarios) > 0 { // a search can have none
		form.OnlyFields(&base)
	}
	base.Thresholds, base.Name = nil, ""
	return form.Searching(base)
}

// indexOf returns the index of the unsent form that composes this; -1: there is none.
func (c *composer) indexOf(noun string) int {
	return slices.IndexFunc(c.unsent, func(f *composing) bool { return f.Noun() == noun })
}

// sentSpec is the spec of a run as it was sent.
type sentSpec struct {
	id   string
	spec loadgen.Spec
}

// sentKept is how many specs are remembered.
const sentKept = 50

func (c *composer) remember(id string, spec loadgen.Spec) {
	c.sent = append(c.sent[max(0, len(c.sent)+1-sentKept):], sentSpec{id, spec})
}

// whole returns the spec of a run as it was sent, if that is known, or else as it is stored.
func (c *composer) whole(id string, stored loadgen.Spec) loadgen.Spec {
	for _, s := range slices.Backward(c.sent) {
		if s.id == id {
			return s.spec
		}
	}
	if stored.HiddenPart() != "" && sameText(c.spec.WithDefaults().Redacted(), stored.WithDefaults()) { // the last one, of an earlier console
		return c.spec
	}
	return stored
}

func sameText(a, b loadgen.Spec) bool {
	x, wrongX := json.Marshal(a)
	y, wrongY := json.Marshal(b)
	return wrongX == nil && wrongY == nil && string(x) == string(y)
}

// keep stores a triggered spec. An avalanche has no pace, so the previous pace is kept for the next tsunami.
func (c *composer) keep(d form.Draft, drivers string) {
	was := c.spec
	c.spec, c.drivers = d.Spec, drivers
	if d.Spec.Kind == loadgen.Avalanche || d.Spec.Capacity != nil {
		c.spec.RateRPS, c.spec.Delay, c.spec.Stages, c.spec.Arrivals = was.RateRPS, was.Delay, was.Stages, was.Arrivals
	}
	if d.Spec.Capacity != nil {
		c.spec.Duration, c.spec.Thresholds, c.spec.Name = was.Duration, was.Thresholds, was.Name
	}
}
