package tui

import (
	"landfall/loadgen"
	"landfall/node/fleet"
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// openForm opens the form for a kind of run.
func (m *model) openForm(kind loadgen.Kind) tea.Cmd {
	m.closeTexts()
	return m.open(newComposing(m, kind, m.compose.spec, ""))
}

// closeTexts closes what lies over the page.
func (m *model) closeTexts() {
	if len(m.overlays) > 0 {
		m.charts.only = ""
	}
	m.overlays = nil
}

func (*composing) scope() scope { return inForm }

func (*composing) full() bool { return true }

func (*composing) typing() bool { return true }

// formActions are the keys of a form that are no text.
func formActions() []action {
	on := func(f func(f *composing, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if top, is := m.top().(*composing); is {
				return f(top, m)
			}
			return nil
		}
	}
	turn := func(by int) func(*model, string) tea.Cmd {
		return on(func(f *composing, _ *model) tea.Cmd { f.turn(by); return nil })
	}
	const group = "In a form"
	return []action{
		{keys: []string{"up", "shift+tab"}, id: "field-before", help: "the field before", group: group, foot: "field", pair: "field-after", scope: inForm, do: turn(-1)},
		{keys: []string{"down", "tab"}, id: "field-after", help: "the next field", group: group, scope: inForm, do: turn(1)},
		{keys: []string{"enter"}, id: "submit", help: "trigger it, or write it to a file: asks first", group: group, foot: "continue", scope: inForm, do: on((*composing).submit)},
		{keys: []string{"ctrl+o"}, id: "load", help: "load a spec file", group: group, foot: "load a file", scope: inForm, do: on((*composing).load)},
		{keys: []string{"left"}, id: "choice-before", help: "the choice before, in fields that have some", group: group, foot: "choose", pair: "choice-after", scope: inForm, when: canChoose,
			do: on(func(f *composing, m *model) tea.Cmd { f.choose(-1, m.driverChoices()); f.reread(m); return nil })},
		{keys: []string{"right"}, id: "choice-after", help: "the next choice", group: group, scope: inForm, when: canChoose, do: on(func(f *composing, m *model) tea.Cmd { f.choose(1, m.driverChoices()); f.reread(m); return nil })},
		{keys: []string{" "}, id: "toggle", help: "switch the option on or off", group: group, foot: "on, off", scope: inForm, when: canToggle, do: on(func(f *composing, m *model) tea.Cmd { f.toggle(); f.reread(m); return nil })},
		{keys: []string{"ctrl+e"}, id: "editor", help: "edit the body, the headers or the whole spec in $EDITOR", group: group, foot: "editor", scope: inForm, do: on((*composing).edit)},
		{keys: []string{"ctrl+t"}, id: "show-spec", help: "the spec as it will be sent", group: group, foot: "spec", scope: inForm, do: on((*composing).showSpec)},
		{keys: []string{"ctrl+r"}, id: "forget", help: "forget what has no field here", group: group, foot: "forget", scope: inForm,
			when: func(m *model) bool { f, is := m.top().(*composing); return is && len(f.extra) > 0 }, do: on(func(f *composing, m *model) tea.Cmd { f.forget(); f.reread(m); return nil })},
		{keys: []string{"esc"}, id: "leave", help: "leave without triggering", group: group, foot: "leave", scope: inForm, do: on(func(f *composing, m *model) tea.Cmd { m.close(f); return nil })},
	}
}

// key edits the field at hand.
func (f *composing) key(m *model, k tea.KeyMsg) tea.Cmd {
	f.typed(k)
	f.reread(m)
	return nil
}

// fleetMark tells whether a forecast may have changed.
type fleetMark struct {
	total, alive, late int
	active             string
}

func (m *model) fleetMark() fleetMark {
	return fleetMark{m.s.total, m.s.alive, m.s.late, m.s.active}
}

// submit asks whether to trigger what the form says, if it says something that can be.
func (f *composing) submit(m *model) tea.Cmd {
	if f.err != nil {
		f.seekError()
		m.complain(f.err.Error())
		return nil
	}
	d := f.draft
	ask := confirm("Trigger this "+kindWord(f.kind)+"?", f.asks(m.st), "trigger", func(m *model) tea.Cmd { return f.trigger(m, d) })
	ask.choices = append(ask.choices, choice{"write to a file", "w", func(m *model) tea.Cmd {
		return m.open(newPrompt("write spec file: ", "spec.yaml", nil, func(m *model, path string) tea.Cmd { return m.writeSpec(path, d.spec) }))
	}})
	return m.ask(ask)
}

func (f *composing) trigger(m *model, d draft) tea.Cmd {
	m.compose.keep(d, f.value("drivers"))
	m.close(f)
	return m.trigger(d)
}

func (f *composing) load(m *model) tea.Cmd {
	p := newPrompt("load spec file: ", "", nil, func(m *model, path string) tea.Cmd {
		load, recent := loadSpec(path, false), m.recentFile()
		return func() tea.Msg {
			msg := load()
			if loaded, is := msg.(specMsg); is && loaded.err == nil {
				remember(recent, loaded.path)
			}
			return msg
		}
	})
	p.path = true
	m.open(p)
	return p.ask(m)
}

// showSpec shows the spec as a file, as it will be sent.
func (f *composing) showSpec(m *model) tea.Cmd {
	lines := fileLines(f.draft.spec)
	return m.open(&textPage{title: "The spec as it will be sent", make: func(_ *model, w int) []string {
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = cell(line, w)
		}
		return out
	}})
}

// driverChoices are all drivers, the marked ones, and those of each label.
func (m *model) driverChoices() []string {
	labels := map[string]bool{}
	m.conductor.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			if d.Liveness != fleet.Alive {
				continue
			}
			for name, value := range d.Labels {
				if len(labels) < 50 && !strings.ContainsAny(name+value, ",= ") {
					labels[name+"="+value] = true
				}
			}
		}
	})
	list := []string{"all"}
	if marked := m.markedIDs(); len(marked) > 0 {
		list = append(list, strings.Join(marked, ","))
	}
	return append(list, slices.SortedFunc(maps.Keys(labels), natural)...)
}

// composing is a form over the page, and for which fleet its forecast was made.
type composing struct {
	*form
	fleet fleetMark
}

func newComposing(m *model, kind loadgen.Kind, base loadgen.Spec, from string) *composing {
	f := &composing{form: newForm(kind, base, from, m.compose.drivers, m.markedIDs())}
	f.reread(m)
	return f
}

// reread has the fields read and the forecast made anew.
func (f *composing) reread(m *model) {
	f.fleet = m.fleetMark()
	f.refresh(m.conductor.Check)
}

// layout keeps the forecast true to the fleet.
func (f *composing) layout(m *model, w, h int) {
	if f.fleet != m.fleetMark() {
		f.reread(m)
	}
	f.fit(m.st, w, h)
}

func (f *composing) lines(m *model, w, h int) []string {
	return f.draw(m.st, w, h, m.keyOf("show-spec"))
}

// canChoose tells whether the field at hand has values to choose from.
func canChoose(m *model) bool {
	f, is := m.top().(*composing)
	return is && f.choosable()
}

// canToggle tells whether an option is at hand.
func canToggle(m *model) bool {
	f, is := m.top().(*composing)
	return is && f.togglable()
}

// composer is what forms begin with: the last spec that was triggered, and on which drivers.
type composer struct {
	spec    loadgen.Spec
	drivers string
}

// keep notes what was triggered. An avalanche has no pace: that of before stays for the next tsunami.
func (c *composer) keep(d draft, drivers string) {
	was := c.spec
	c.spec, c.drivers = d.spec, drivers
	if d.spec.Kind == loadgen.Avalanche {
		c.spec.RateRPS, c.spec.Delay, c.spec.Stages, c.spec.Arrivals = was.RateRPS, was.Delay, was.Stages, was.Arrivals
	}
}
