package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/specfile"
	"landfall/node"
	"landfall/node/orchestrator"
)

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

// form composes a spec. What it has no field for is kept from the spec that it began with, and shown.
type form struct {
	kind    loadgen.Kind
	base    loadgen.Spec
	from    string // the file that it was loaded from; "": none
	extra   []string
	fields  []*formField
	at      int
	top     int
	rows    int  // fields that are seen
	columns bool // fields are in two columns

	// What the fields make together, computed when they or the fleet have changed.
	draft    draft
	err      error
	forecast orchestrator.Forecast
	fleet    fleetMark
	sent     []string // the spec as it will be sent, as a file
}

// fleetMark tells whether a forecast may have changed.
type fleetMark struct {
	total, alive, late int
	active             string
}

// draft is what the fields make together.
type draft struct {
	spec loadgen.Spec
	sel  orchestrator.Selection
}

// newForm is a form for a kind of run, filled from a spec.
func newForm(m *model, kind loadgen.Kind, base loadgen.Spec, from string) *form {
	f := &form{kind: kind, base: base, from: from}
	f.base.Kind = kind
	f.fields = formFields(f.base, m.compose.drivers, m.markedIDs())
	f.extra = beyondFields(f.base)
	f.refresh(m)
	return f
}

// openForm opens the form for a kind of run.
func (m *model) openForm(kind loadgen.Kind) tea.Cmd {
	m.closeTexts()
	return m.open(newForm(m, kind, m.compose.spec, ""))
}

// closeTexts closes what lies over the page.
func (m *model) closeTexts() {
	if len(m.overlays) > 0 {
		m.charts.only = ""
	}
	m.overlays = nil
}

func (*form) scope() scope { return inForm }
func (*form) full() bool   { return true }
func (*form) typing() bool { return true }

// formActions are the keys of a form that are no text.
func formActions() []action {
	on := func(f func(f *form, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if top, is := m.top().(*form); is {
				return f(top, m)
			}
			return nil
		}
	}
	turn := func(by int) func(*model, string) tea.Cmd {
		return on(func(f *form, _ *model) tea.Cmd {
			f.at = (f.at + by + len(f.fields)) % len(f.fields)
			f.fields[f.at].hot = -1
			return nil
		})
	}
	const group = "In a form"
	return []action{
		{keys: []string{"up", "shift+tab"}, id: "field-before", help: "the field before", group: group, foot: "field", pair: "field-after", scope: inForm, do: turn(-1)},
		{keys: []string{"down", "tab"}, id: "field-after", help: "the next field", group: group, scope: inForm, do: turn(1)},
		{keys: []string{"enter"}, id: "submit", help: "trigger it, or write it to a file: asks first", group: group, foot: "continue", scope: inForm, do: on((*form).submit)},
		{keys: []string{"ctrl+o"}, id: "load", help: "load a spec file", group: group, foot: "load a file", scope: inForm, do: on((*form).load)},
		{keys: []string{"left"}, id: "choice-before", help: "the choice before, in fields that have some", group: group, foot: "choose", pair: "choice-after", scope: inForm, when: canChoose,
			do: on(func(f *form, m *model) tea.Cmd { f.choose(m, -1); return nil })},
		{keys: []string{"right"}, id: "choice-after", help: "the next choice", group: group, scope: inForm, when: canChoose, do: on(func(f *form, m *model) tea.Cmd { f.choose(m, 1); return nil })},
		{keys: []string{" "}, id: "toggle", help: "switch the option on or off", group: group, foot: "on, off", scope: inForm, when: canToggle, do: on((*form).toggle)},
		{keys: []string{"ctrl+e"}, id: "editor", help: "edit the body, the headers or the whole spec in $EDITOR", group: group, foot: "editor", scope: inForm, do: on((*form).edit)},
		{keys: []string{"ctrl+t"}, id: "show-spec", help: "the spec as it will be sent", group: group, foot: "spec", scope: inForm, do: on((*form).showSpec)},
		{keys: []string{"ctrl+r"}, id: "forget", help: "forget what has no field here", group: group, foot: "forget", scope: inForm,
			when: func(m *model) bool { f, is := m.top().(*form); return is && len(f.extra) > 0 }, do: on((*form).forget)},
		{keys: []string{"esc"}, id: "leave", help: "leave without triggering", group: group, foot: "leave", scope: inForm, do: on(func(f *form, m *model) tea.Cmd { m.close(f); return nil })},
	}
}

// key edits the field at hand.
func (f *form) key(m *model, k tea.KeyMsg) tea.Cmd {
	edit(&f.fields[f.at].input, k)
	f.refresh(m)
	return nil
}

// layout keeps the field at hand in sight, and the forecast true to the fleet.
func (f *form) layout(m *model, w, h int) {
	if f.fleet != m.fleetMark() {
		f.refresh(m)
	}
	f.rows = max(1, h-2-len(f.foot(m.st, w-4)))
	if f.columns = w >= 110 && f.rows >= len(f.fields)-f.split(); f.columns {
		f.top = 0
		return
	}
	f.top = max(0, min(max(min(f.top, f.at), f.at-f.rows+1), len(f.fields)-f.rows))
}

func (m *model) fleetMark() fleetMark {
	return fleetMark{m.s.total, m.s.alive, m.s.late, m.s.active}
}

// refresh reads all fields and foretells what they would do.
func (f *form) refresh(m *model) {
	f.fleet, f.forecast = m.fleetMark(), orchestrator.Forecast{}
	if f.draft, f.err = f.read(); f.err == nil {
		f.forecast, f.err = m.conductor.Check(f.draft.spec, f.draft.sel)
		f.blame(f.err)
		f.sent = fileLines(f.draft.spec)
	}
}

// read reads all fields; those that are wrong hold why. The error is the first of them.
func (f *form) read() (draft, error) {
	d := draft{spec: f.base}
	if f.kind == loadgen.Avalanche {
		d.spec.RateRPS, d.spec.Delay, d.spec.Stages, d.spec.Arrivals = 0, 0, nil, ""
	} else {
		d.spec.Burst = false
	}
	var first error
	for _, at := range f.fields {
		at.err = at.set(&d, strings.TrimSpace(at.input.Value()))
		if at.err != nil && first == nil {
			first = at.err
		}
	}
	return d, first
}

// blame puts a spec's error at the field that it is about.
func (f *form) blame(err error) {
	var wrong *field.Error
	if !errors.As(err, &wrong) {
		return
	}
	name, _, _ := strings.Cut(wrong.Field, "[")
	name, _, _ = strings.Cut(name, ".")
	for _, at := range f.fields {
		if at.name == name {
			at.err = err
		}
	}
}

// submit asks whether to trigger what the form says, if it says something that can be.
func (f *form) submit(m *model) tea.Cmd {
	if f.err != nil {
		if i := slices.IndexFunc(f.fields, func(at *formField) bool { return at.err != nil }); i >= 0 {
			f.at = i
		}
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

// asks is what an operator should know before answering: what would happen, what is sent, and who would refuse.
func (f *form) asks(st *styles) []string {
	text := append([]string{forecastText(f.draft.spec, f.forecast)}, f.sends(st)...)
	for i, r := range f.forecast.WouldRefuse {
		if i == 6 {
			return append(text, fmt.Sprintf("… and %d more", len(f.forecast.WouldRefuse)-i))
		}
		text = append(text, st.bad.paint(st.glyph("✖", "x")+" "+node.Clean(r.String(), 200)))
	}
	return text
}

// sends is what would be sent, for the confirmation: the request, or the requests, and all that has no field.
func (f *form) sends(st *styles) []string {
	d := f.draft.spec
	lines := []string{"", st.dim.paint("Sends  ") + node.Clean(d.WithDefaults().Method+" "+d.Target, 300)}
	if len(d.Requests) > 0 {
		lines[1] = st.dim.paint("Sends  ") + "requests to " + node.Clean(d.Target, 300)
	}
	for _, line := range f.extra {
		lines = append(lines, st.warn.paint("Also   "+line))
	}
	if f.from != "" {
		lines = append(lines, st.dim.paint("From   "+node.Clean(f.from, 200)))
	}
	return lines
}

func (f *form) trigger(m *model, d draft) tea.Cmd {
	m.compose.keep(d, f.value("drivers"))
	m.close(f)
	return m.trigger(d)
}

// trigger starts a run, and shows it.
func (m *model) trigger(d draft) tea.Cmd {
	m.page = pageLive
	m.charts.reset()
	path := m.config.SpecPath
	start := m.start(d, func(m *model, id string) { m.say(id + " is triggered") })
	return func() tea.Msg {
		keepSpec(path, d.spec)
		return start()
	}
}

// start starts a run and says so then.
func (m *model) start(d draft, said func(m *model, id string)) tea.Cmd {
	c, ctx, what := m.conductor, m.ctx, "arming"
	m.sending = what
	return func() tea.Msg {
		id, err := c.Trigger(ctx, d.spec, d.sel)
		return doneMsg{what: what, err: err, then: func(m *model) tea.Cmd { said(m, id); return nil }}
	}
}

// firstRun starts the run that needs no key.
func (m *model) firstRun(r FirstRun) tea.Cmd {
	const shown = time.Minute
	d := draft{r.Spec, orchestrator.Selection{Count: r.Drivers, Wait: 20 * time.Second}}
	return m.start(d, func(m *model, _ string) { m.notice = notice{text: r.Says, until: m.clock().Add(shown)} })
}

func (f *form) load(m *model) tea.Cmd {
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

// forget leaves what the fields show.
func (f *form) forget(m *model) tea.Cmd {
	f.base, f.from, f.extra = f.draft.spec, "", nil
	onlyFields(&f.base)
	f.refresh(m)
	return nil
}

// showSpec shows the spec as a file, as it will be sent.
func (f *form) showSpec(m *model) tea.Cmd {
	lines := fileLines(f.draft.spec)
	return m.open(&textPage{title: "The spec as it will be sent", make: func(_ *model, w int) []string {
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = cell(line, w)
		}
		return out
	}})
}

// fileLines is a spec as a file, defaults and all, without its private key and tables.
func fileLines(spec loadgen.Spec) []string {
	text, err := specfile.Marshal(masked(spec.WithDefaults()))
	if err != nil {
		return []string{err.Error()}
	}
	return strings.Split(strings.TrimRight(string(text), "\n"), "\n")
}

func (f *form) value(name string) string {
	for _, at := range f.fields {
		if at.name == name {
			return strings.TrimSpace(at.input.Value())
		}
	}
	return ""
}
