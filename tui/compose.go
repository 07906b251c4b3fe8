package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/tui/files"
	"landfall/tui/form"
	"landfall/tui/keys"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// openForm opens the form for a kind of run.
func (m *model) openForm(kind loadgen.Kind) tea.Cmd {
	m.closeTexts()
	return m.openUnsent(newComposing(m, kind, m.compose.base(false), ""))
}

// openSearch opens the form for a search for the capacity.
func (m *model) openSearch(string) tea.Cmd {
	m.closeTexts()
	return m.openUnsent(newComposing(m, loadgen.Tsunami, m.compose.base(true), ""))
}

// openUnsent opens a form with what was typed into the last one, if that was not sent. The form of the same kind is opened as it was left.
func (m *model) openUnsent(f *composing) tea.Cmd {
	unsent := m.compose.unsent
	if len(unsent) == 0 {
		return m.open(f)
	}
	last := unsent[len(unsent)-1]
	if i := m.compose.indexOf(f.Noun()); i >= 0 {
		f = unsent[i]
	}
	if f != last {
		f.Take(last.Form)
	}
	if marked := m.markedIDs(); len(marked) > 0 {
		f.Set("drivers", strings.Join(marked, ","))
	}
	f.reread(m)
	m.say("as you left it; " + m.keyOf("reset") + " starts anew")
	return m.open(f)
}

// reset starts a form anew, without what was typed.
func (f *composing) reset(m *model) tea.Cmd {
	m.compose.unsent = nil
	*f = *newComposing(m, f.Kind, m.compose.base(f.Base.Capacity != nil), "")
	return nil
}

// leave closes the form. What was typed is kept.
func (f *composing) leave(m *model) tea.Cmd {
	m.keepUnsent()
	m.close(f)
	return nil
}

// keepUnsent keeps open forms that were edited: the keys that open a form continue with them.
func (m *model) keepUnsent() {
	for _, o := range m.overlays {
		if f, is := o.(*composing); is && f.Edited() {
			f.Hold(nil)
			if i := m.compose.indexOf(f.Noun()); i >= 0 {
				m.compose.unsent = slices.Delete(m.compose.unsent, i, i+1)
			}
			m.compose.unsent = append(m.compose.unsent, f)
			m.say("the form is kept: " + m.keyOf(f.opener()) + " opens it again")
		}
	}
}

// opener returns the action that opens a form of this kind.
func (f *composing) opener() string {
	if f.Base.Capacity != nil {
		return "capacity"
	}
	return string(f.Kind)
}

// closeTexts closes all overlays.
func (m *model) closeTexts() {
	if len(m.overlays) > 0 {
		m.charts.Only = ""
	}
	m.keepUnsent()
	m.overlays = nil
}

func (*composing) scope() keys.Scope { return keys.InForm }

func (*composing) full() bool { return true }

func (*composing) typing() bool { return true }

// formActions are the keys of a form, besides those of its text fields.
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
		return on(func(f *composing, _ *model) tea.Cmd { f.Turn(by); return nil })
	}
	const group = "In a form"
	return []action{
		{Keys: []string{"up", "shift+tab"}, ID: "field-before", Help: "previous field", Group: group, Foot: "field", Pair: "field-after", Scope: keys.InForm, Do: turn(-1)},
		{Keys: []string{"down", "tab"}, ID: "field-after", Help: "next field", Group: group, Scope: keys.InForm, Do: turn(1)},
		{Keys: []string{"enter"}, ID: "submit", Help: "trigger the run, or write its spec to a file; asks first", Group: group, Foot: "continue", Scope: keys.InForm, Do: on((*composing).submit)},
		{Keys: []string{"ctrl+o"}, ID: "load", Help: "load a spec file", Group: group, Foot: "load a file", Scope: keys.InForm, Do: on((*composing).load)},
		{Keys: []string{"left"}, ID: "choice-before", Help: "previous choice, in fields that have choices", Group: group, Foot: "choose", Pair: "choice-after", Scope: keys.InForm, When: canChoose,
			Do: on(func(f *composing, m *model) tea.Cmd { f.Choose(-1, m.driverChoices()); f.reread(m); return nil })},
		{Keys: []string{"right"}, ID: "choice-after", Help: "next choice", Group: group, Scope: keys.InForm, When: canChoose, Do: on(func(f *composing, m *model) tea.Cmd { f.Choose(1, m.driverChoices()); f.reread(m); return nil })},
		{Keys: []string{"right"}, ID: "complete-condition", Help: "complete the condition", Group: group, Foot: "complete", Scope: keys.InForm,
			When: func(m *model) bool { f, is := m.top().(*composing); return is && len(f.Completions()) > 0 }, Do: on(func(f *composing, m *model) tea.Cmd { f.Complete(); f.reread(m); return nil })},
		{Keys: []string{" "}, ID: "pick", Help: "select drivers from a list", Group: group, Foot: "list", Scope: keys.InForm,
			When: func(m *model) bool { f, is := m.top().(*composing); return is && f.AtHand() == "drivers" }, Do: on((*composing).pickDrivers)},
		{Keys: []string{" "}, ID: "toggle", Help: "turn the option on or off", Group: group, Foot: "on, off", Scope: keys.InForm, When: canToggle, Do: on(func(f *composing, m *model) tea.Cmd { f.Toggle(); f.reread(m); return nil })},
		{Keys: []string{"ctrl+e"}, ID: "editor", Help: "edit the body, the headers or the whole spec in $EDITOR", Group: group, Foot: "editor", Scope: keys.InForm, Do: on((*composing).edit)},
		{Keys: []string{"ctrl+t"}, ID: "show-spec", Help: "show the spec as it will be sent", Group: group, Foot: "spec", Scope: keys.InForm, Do: on((*composing).showSpec)},
		{Keys: []string{"ctrl+y"}, ID: "copy-form", Help: "copy the command line that runs the spec", Group: group, Scope: keys.InForm, When: hasSpec, Do: func(m *model, _ string) tea.Cmd { return m.copyCommand("") }},
		{Keys: []string{"ctrl+r"}, ID: "forget", Help: "drop what the form has no field for", Group: group, Foot: "drop", Scope: keys.InForm,
			When: func(m *model) bool { f, is := m.top().(*composing); return is && len(f.Extra) > 0 }, Do: on(func(f *composing, m *model) tea.Cmd { f.Forget(); f.reread(m); return nil })},
		{Keys: []string{"ctrl+r"}, ID: "reset", Help: "start anew, without what was typed", Group: group, Foot: "reset", Scope: keys.InForm,
			When: func(m *model) bool { f, is := m.top().(*composing); return is && len(f.Extra) == 0 && f.Edited() }, Do: on((*composing).reset)},
		{Keys: []string{"esc"}, ID: "leave", Help: "close the form", Group: group, Foot: "close", Scope: keys.InForm, Do: on((*composing).leave)},
	}
}

// key edits the selected field.
func (f *composing) key(m *model, k tea.KeyMsg) tea.Cmd {
	f.Typed(k)
	f.reread(m)
	return nil
}

// fleetMark reports whether a forecast may have changed.
type fleetMark struct {
	total, alive, late int
	active             string
}

func (m *model) fleetMark() fleetMark {
	return fleetMark{m.Sample.Total, m.Sample.Alive, m.Sample.Late, m.Sample.Active}
}

// submit asks whether to trigger the run of the form, if the form is valid.
func (f *composing) submit(m *model) tea.Cmd {
	if f.Err != nil {
		f.SeekError()
		m.complain(f.Complaint())
		return nil
	}
	d := f.Draft
	ask := confirm("Trigger this "+f.Noun()+"?", f.Asks(m.Style), "trigger", func(m *model) tea.Cmd { return f.trigger(m, d) })
	ask.choices = append(ask.choices, choice{"write to a file", "w", func(m *model) tea.Cmd {
		return m.open(newPrompt("write spec file: ", "spec.yaml", nil, func(m *model, path string) tea.Cmd { return m.writeSpec(path, d.Spec) }))
	}})
	return m.ask(ask)
}

func (f *composing) trigger(m *model, d form.Draft) tea.Cmd {
	m.compose.keep(d, f.Value("drivers"))
	m.compose.unsent = nil
	m.close(f)
	return m.trigger(d)
}

func (f *composing) load(m *model) tea.Cmd {
	p := newPrompt("load spec file: ", "", nil, func(m *model, path string) tea.Cmd {
		if path = strings.TrimSpace(path); path == "" {
			return nil
		}
		f.hold(m, fmt.Errorf("%s is being read", path))
		load, recent := loadSpec(path, false), m.recentFile()
		return func() tea.Msg {
			msg := load()
			if loaded, is := msg.(specMsg); is && loaded.err == nil {
				files.Remember(recent, loaded.path)
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
	lines := form.FileLines(f.Draft.Spec)
	return m.open(&textPage{title: "The spec as it will be sent", ofForm: true, make: func(_ *model, w int) []string {
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = style.Cell(line, w)
		}
		return out
	}})
}

// driverChoices returns the choices for the field of drivers: all, the marked ones, and those with each
// label.
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
	return append(list, slices.SortedFunc(maps.Keys(labels), sample.Natural)...)
}

// composing is an open form, with the state of the fleet for which its forecast was made.
type composing struct {
	*form.Form
	fleet fleetMark
}

func newComposing(m *model, kind loadgen.Kind, base loadgen.Spec, from string) *composing {
	f := &composing{Form: form.New(kind, base, from, m.compose.drivers, m.markedIDs())}
	f.reread(m)
	return f
}

// reread parses all fields and updates the forecast.
func (f *composing) reread(m *model) {
	f.fleet = m.fleetMark()
	f.Refresh(m.conductor.Check)
}

// hold prevents the form from being sent until its content is replaced, or a field is changed.
func (f *composing) hold(m *model, why error) {
	f.Hold(why)
	f.reread(m)
}

// layout updates the forecast when the fleet has changed.
func (f *composing) layout(m *model, w, h int) {
	if f.fleet != m.fleetMark() {
		f.reread(m)
	}
	f.Fit(m.Style, w, h)
}

func (f *composing) lines(m *model, w, h int) []string {
	return f.Draw(m.Style, w, h, m.keyOf("show-spec"))
}

// canChoose reports whether the selected field has values to choose from.
func canChoose(m *model) bool {
	f, is := m.top().(*composing)
	return is && f.Choosable()
}

// canToggle reports whether an option is selected.
func canToggle(m *model) bool {
	f, is := m.top().(*composing)
	return is && f.Togglable()
}
