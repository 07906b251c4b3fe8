package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/specfile"
	"landfall/node"
	"landfall/node/orchestrator"
)

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
	sent     []string // the spec as it will be sent, as a file
}

// draft is what the fields make together.
type draft struct {
	spec loadgen.Spec
	sel  orchestrator.Selection
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

// newForm is a form for a kind of run, filled from a spec that came from a file ("": from none), on the drivers that a text or
// marks name. It is refreshed before it is used.
func newForm(kind loadgen.Kind, base loadgen.Spec, from, drivers string, marked []string) *form {
	f := &form{kind: kind, base: base, from: from}
	f.base.Kind = kind
	f.fields = formFields(f.base, drivers, marked)
	f.extra = beyondFields(f.base)
	return f
}

// checker foretells what a spec would do on some drivers, or says what is wrong with it.
type checker func(loadgen.Spec, orchestrator.Selection) (orchestrator.Forecast, error)

// refresh reads all fields and foretells what they would do.
func (f *form) refresh(check checker) {
	f.forecast = orchestrator.Forecast{}
	if f.draft, f.err = f.read(); f.err == nil {
		f.forecast, f.err = check(f.draft.spec, f.draft.sel)
		f.blame(f.err)
		f.sent = fileLines(f.draft.spec)
	}
}

// fit adapts the form to a page of w by h, and keeps the field at hand in sight.
func (f *form) fit(st *styles, w, h int) {
	f.rows = max(1, h-2-len(f.foot(st, w-4)))
	if f.columns = w >= 110 && f.rows >= len(f.fields)-f.split(); f.columns {
		f.top = 0
		return
	}
	f.top = max(0, min(max(min(f.top, f.at), f.at-f.rows+1), len(f.fields)-f.rows))
}

// forget leaves what the fields show.
func (f *form) forget() {
	f.base, f.from, f.extra = f.draft.spec, "", nil
	onlyFields(&f.base)
}

// turn goes to another field.
func (f *form) turn(by int) {
	f.at = (f.at + by + len(f.fields)) % len(f.fields)
	f.fields[f.at].hot = -1
}

// typed gives a key to the field at hand.
func (f *form) typed(k tea.KeyMsg) { edit(&f.fields[f.at].input, k) }

// seekError goes to the first field that is wrong.
func (f *form) seekError() {
	if i := slices.IndexFunc(f.fields, func(at *formField) bool { return at.err != nil }); i >= 0 {
		f.at = i
	}
}

// atHand is the name of the field at hand.
func (f *form) atHand() string { return f.fields[f.at].name }

// set makes a field's text.
func (f *form) set(name, text string) {
	for _, field := range f.fields {
		if field.name == name {
			field.input.SetValue(text)
			field.input.CursorEnd()
		}
	}
}

// knownKind checks what decides which fields a form has.
func knownKind(spec loadgen.Spec) error {
	if kind := spec.WithDefaults().Kind; kind != loadgen.Avalanche && kind != loadgen.Tsunami {
		return fmt.Errorf("kind %q: must be avalanche or tsunami", spec.Kind)
	}
	return nil
}
