package tui

import (
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/orchestrator"
)

// form composes a spec. What it has no field for is kept from the spec that it began with.
type form struct {
	kind   loadgen.Kind
	base   loadgen.Spec
	fields []*formField
	at     int
	top    int
}

// formField is one line of a form: a text, what it means and how it goes into a spec.
type formField struct {
	name  string
	label string
	hint  string // unit and range
	input textinput.Model
	set   func(*draft, string) error
	err   error
}

// draft is what the fields make together.
type draft struct {
	spec loadgen.Spec
	sel  orchestrator.Selection
}

func newForm(m *model, kind loadgen.Kind) *form {
	f := &form{kind: kind, base: m.last}
	f.base.Kind = kind
	f.fields = formFields(f.base, m.drivers, m.markedIDs())
	return f
}

// compose opens the form for a kind of run.
func (m *model) compose(kind loadgen.Kind) tea.Cmd { return m.open(newForm(m, kind)) }

func (*form) full() bool   { return true }
func (*form) typing() bool { return true }

func (f *form) key(m *model, k tea.KeyMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc":
		return true, nil
	case "up", "shift+tab":
		f.at = (f.at + len(f.fields) - 1) % len(f.fields)
	case "down", "tab":
		f.at = (f.at + 1) % len(f.fields)
	case "ctrl+o":
		return false, m.open(newPrompt("load spec file: ", "", nil, func(_ *model, path string) tea.Cmd { return loadSpec(path, false) }))
	case "enter":
		return false, f.submit(m)
	default:
		in := &f.fields[f.at].input
		*in, _ = in.Update(k)
	}
	return false, nil
}

// draft reads all fields; those that are wrong hold why. The error is the first of them, or what the spec as a whole lacks.
func (f *form) draft() (draft, error) {
	d := draft{spec: f.base}
	if f.kind == loadgen.Avalanche {
		d.spec.RateRPS, d.spec.Delay, d.spec.Stages, d.spec.Arrivals = 0, 0, nil, ""
	} else {
		d.spec.Burst = false
	}
	var first error
	for _, field := range f.fields {
		field.err = field.set(&d, strings.TrimSpace(field.input.Value()))
		if field.err != nil && first == nil {
			first = field.err
		}
	}
	if first != nil {
		return d, first
	}
	err := d.spec.WithDefaults().Validate()
	var wrong *loadgen.FieldError
	if errors.As(err, &wrong) {
		f.blame(wrong)
	}
	return d, err
}

// blame puts a spec's error at the field that it is about.
func (f *form) blame(e *loadgen.FieldError) {
	name, _, _ := strings.Cut(e.Field, "[")
	name, _, _ = strings.Cut(name, ".")
	for _, field := range f.fields {
		if field.name == name {
			field.err = e
		}
	}
}

// submit asks whether to trigger what the form says, if it says something that can be.
func (f *form) submit(m *model) tea.Cmd {
	d, err := f.draft()
	if err != nil {
		for i, field := range f.fields {
			if field.err != nil {
				f.at = i
				break
			}
		}
		m.complain(err.Error())
		return nil
	}
	forecast, err := m.conductor.Check(d.spec, d.sel)
	if err != nil {
		m.complain(err.Error())
		return nil
	}
	text := []string{forecastText(d.spec, forecast)}
	for i, r := range forecast.WouldRefuse {
		if i == 6 {
			text = append(text, fmt.Sprintf("… and %d more", len(forecast.WouldRefuse)-i))
			break
		}
		text = append(text, m.st.bad.paint(m.st.glyph("✖", "x")+" "+node.Clean(r.String(), 200)))
	}
	ask := confirm("Trigger this "+kindWord(f.kind)+"?", text, "trigger", func(m *model) tea.Cmd { return f.trigger(m, d) })
	ask.choices = append(ask.choices, choice{"write to a file", "w", func(m *model) tea.Cmd {
		return m.open(newPrompt("write spec file: ", "spec.yaml", nil, func(m *model, path string) tea.Cmd { return m.writeSpec(path, d.spec) }))
	}})
	return m.open(ask)
}

func (f *form) trigger(m *model, d draft) tea.Cmd {
	m.last, m.drivers = d.spec, f.value("drivers")
	m.drop(f, 0)
	m.page, m.shown, m.q.only, m.frozen, m.cursor, m.q.runID = pageLive, nil, "", false, -1, ""
	c, ctx, path, what := m.conductor, m.ctx, m.config.SpecPath, "arming"
	m.sending = what
	return func() tea.Msg {
		keepSpec(path, d.spec)
		id, err := c.Trigger(ctx, d.spec, d.sel)
		return doneMsg{what: what, err: err, then: func(m *model) tea.Cmd { m.say(id + " is triggered"); return nil }}
	}
}

func (f *form) value(name string) string {
	for _, field := range f.fields {
		if field.name == name {
			return strings.TrimSpace(field.input.Value())
		}
	}
	return ""
}

// lines draws the fields, what the one at hand means or what is wrong with it, and what all of it would do.
func (f *form) lines(m *model, w, h int) []string {
	d, err := f.draft()
	foot := f.foot(m, d, err, w-4)
	rows := max(1, h-2-len(foot))
	f.top = max(0, min(max(min(f.top, f.at), f.at-rows+1), len(f.fields)-rows))
	var lines []string
	for i := f.top; i < min(f.top+rows, len(f.fields)); i++ {
		lines = append(lines, f.fieldLine(m.st, i, w-4))
	}
	for len(lines) < min(rows, len(f.fields)+1) {
		lines = append(lines, "")
	}
	note := "checked as you type"
	if rows < len(f.fields) {
		note = fmt.Sprintf("%d–%d of %d", f.top+1, f.top+rows, len(f.fields))
	}
	return m.st.panel("Compose "+article(f.kind), m.st.dim.paint(note), append(lines, foot...), w, h)
}

func article(k loadgen.Kind) string {
	if k == loadgen.Tsunami {
		return "a Tsunami"
	}
	return "an Avalanche"
}

func (f *form) fieldLine(st *styles, i, w int) string {
	field := f.fields[i]
	const labelW = 20
	room := max(8, w-labelW-5)
	lead, label := "  ", st.dim.paint(cell(field.label, labelW))
	if i == f.at {
		lead, label = st.key.paint(st.glyph("▸", ">"))+" ", st.bold.paint(cell(field.label, labelW))
	}
	text := cell(field.input.Value(), room)
	switch {
	case i == f.at:
		text = inputLine(st, &field.input, room)
	case field.input.Value() == "":
		text = st.faint.paint(cell(field.input.Placeholder, room))
	}
	mark := "  "
	if field.err != nil {
		mark = st.bad.paint(st.glyph("✖", "x")) + " "
	}
	return fill(lead+label+" "+mark+text, w)
}

// foot is what the field at hand wants, and what the whole would do.
func (f *form) foot(m *model, d draft, err error, w int) []string {
	st, at := m.st, f.fields[f.at]
	hint := st.dim.paint(at.hint)
	if at.err != nil {
		hint = st.bad.paint(st.glyph("✖", "x") + " " + cell(at.err.Error(), w-2))
	}
	lines := []string{st.rule.paint(strings.Repeat(st.glyph("─", "-"), w)), hint}
	var forecast orchestrator.Forecast
	if err == nil {
		forecast, err = m.conductor.Check(d.spec, d.sel)
	}
	switch {
	case err != nil && err == at.err: // it says so above
		return append(lines, st.warn.paint("Not ready"))
	case err != nil:
		return append(lines, st.warn.paint(cell("Not ready: "+err.Error(), w)))
	}
	lines = append(lines, st.good.paint(cell(forecastText(d.spec, forecast), w)))
	if n := len(forecast.WouldRefuse); n > 0 {
		lines = append(lines, st.bad.paint(cell(st.glyph("✖", "x")+" "+forecast.WouldRefuse[0].String()+more(n-1), w)))
	}
	return lines
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// forecastText says in one sentence what a spec would do.
func forecastText(spec loadgen.Spec, f orchestrator.Forecast) string {
	n := len(f.Drivers)
	each := ""
	spec = spec.WithDefaults()
	var text string
	if spec.Kind == loadgen.Tsunami {
		if n > 1 {
			each = ", " + short(f.EachRPS) + " each"
		}
		text = "Up to "
		if len(spec.Stages) == 0 {
			text = ""
		}
		text += whole(int64(f.RateRPS+0.5)) + " requests/s from " + plural(n, "driver") + each
	} else {
		text = fmt.Sprintf("%s at full speed from %s", plural(spec.Connections*n, "connection"), plural(n, "driver"))
	}
	if f.Duration > 0 {
		text += ", for " + lasting(f.Duration)
	}
	if f.Requests > 0 {
		text += ", " + whole(f.Requests) + " requests"
	}
	return text + ", to " + hostOf(spec.Target)
}
