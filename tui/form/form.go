// Package form composes a spec from text fields. It draws the fields, completes and checks their text as it is typed, and summarises
// the load that the spec would generate. It sends nothing.
package form

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
	"landfall/node/figures"
	"landfall/node/orchestrator"
	"landfall/tui/input"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Form composes a spec. Parts of the initial spec without a field are kept and shown.
type Form struct {
	Kind    loadgen.Kind
	Base    loadgen.Spec
	From    string // file that the spec was loaded from; "": none
	Extra   []string
	Fields  []*Field
	At      int
	top     int
	rows    int  // number of visible fields
	columns bool // two columns of fields

	// Derived from the fields, and recomputed when they or the fleet have changed.
	Draft    Draft
	Err      error
	forecast orchestrator.Forecast
	sent     []string // the spec as it will be sent, in the form of a file

	rewritten bool // its spec was written in an editor

	held     error  // why the form must not be sent although its fields are valid; nil: it may
	heldWith string // text of the fields when held was set
}

// Draft is the result of the fields.
type Draft struct {
	Spec loadgen.Spec
	Sel  orchestrator.Selection
}

// read parses all fields; invalid ones hold the reason. It returns the first error.
func (f *Form) read() (Draft, error) {
	d := Draft{Spec: f.Base}
	if f.Base.Capacity != nil {
		own := *f.Base.Capacity
		d.Spec.Capacity = &own
	}
	if f.Kind == loadgen.Avalanche {
		d.Spec.RateRPS, d.Spec.Delay, d.Spec.Stages, d.Spec.Arrivals = 0, 0, nil, ""
	} else {
		d.Spec.Burst = false
	}
	var first error
	for _, at := range f.Fields {
		at.Err = at.set(&d, strings.TrimSpace(at.input.Value()))
		if at.Err != nil && first == nil {
			first = at.Err
		}
	}
	return d, first
}

// assignError assigns a spec's error to the field that it is about.
func (f *Form) assignError(err error) {
	var wrong *field.Error
	if !errors.As(err, &wrong) {
		return
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(wrong.Field, "capacity."), "[")
	name, _, _ = strings.Cut(name, ".")
	for _, at := range f.Fields {
		if at.Name == name {
			at.Err = err
		}
	}
}

// complaint describes an error of a field, with the name of the field on the screen.
func (f *Field) complaint() string {
	text := f.Err.Error()
	for _, name := range []string{f.Name, strings.ReplaceAll(f.Name, "_", " ")} {
		if rest, found := strings.CutPrefix(text, name); found && rest != "" && strings.ContainsRune(" :[", rune(rest[0])) {
			return strings.TrimPrefix(strings.TrimSpace(f.label), "or ") + rest
		}
	}
	return text
}

// Unread returns the label of the first field whose text is not part of the draft, because it has an error; "": none.
func (f *Form) Unread() string {
	if i := slices.IndexFunc(f.Fields, func(at *Field) bool { return at.Err != nil }); i >= 0 {
		return f.Fields[i].label
	}
	return ""
}

// Complaint describes an error of the whole form, with the name of the field that it is about.
func (f *Form) Complaint() string {
	for _, at := range f.Fields {
		if at.Err != nil && at.Err == f.Err {
			return at.complaint()
		}
	}
	return f.Err.Error()
}

// Asks returns the text of the confirmation: what would happen, what would be sent, and which drivers would refuse.
func (f *Form) Asks(st *style.Sheet) []string {
	text := append([]string{forecastText(f.Draft.Spec, f.forecast)}, f.sends(st)...)
	refusals := (&orchestrator.RefusedError{Refusals: f.forecast.WouldRefuse, Of: len(f.forecast.Drivers)}).Lines()
	for i, line := range refusals {
		if i == 6 {
			return append(text, fmt.Sprintf("… and %d more", len(refusals)-i))
		}
		text = append(text, st.Bad.Paint(st.Glyph("✖", "x")+" "+node.Clean(line, 200)))
	}
	return text
}

// maxAsked is the maximum width of a text in a confirmation, in columns.
const maxAsked = 120

// sends describes for the confirmation what would be sent: the request or requests, and everything without a field.
func (f *Form) sends(st *style.Sheet) []string {
	d := f.Draft.Spec
	name := func(text string, ink style.Pen) string { return ink.Paint(style.Fill(text, len("Connections "))) }
	what := d.WithDefaults().Method
	switch {
	case len(d.Requests) > 0:
		what = "requests to"
	case len(d.Scenarios) > 0:
		what = "the steps of its scenarios to"
	}
	lines := []string{"", name("Sends", st.Dim) + node.Clean(what+" "+d.Target, 300)}
	for _, part := range f.parts() {
		if part.text != "" {
			lines = append(lines, name(part.name, st.Dim)+style.Cell(part.text, min(style.Width(part.text), maxAsked)))
		}
	}
	for _, line := range f.Extra {
		lines = append(lines, name("Also", st.Warn)+st.Warn.Paint(line))
	}
	if f.From != "" {
		lines = append(lines, name("From", st.Dim)+st.Dim.Paint(node.Clean(f.From, 200)))
	}
	return lines
}

// part is a part of what would be sent; text is "" if it has its default.
type part struct{ name, text string }

// parts are what the fields set besides the target, the load and the end.
func (f *Form) parts() []part {
	d := f.Draft.Spec
	list := []part{{"Headers", HeadersText(d.Headers)}, {"Body", OneLine(d.Body)}, {"Options", optionsText(d)}, {"Expects", statusesText(d.Expect.Statuses)}, {"Timeout", durationText(d.Timeout)}}
	if d.Connections > 0 {
		list = append(list, part{"Connections", figures.Count(int64(d.Connections)) + " per driver"})
	}
	if drivers := f.Value("drivers"); drivers != "all" {
		list = append(list, part{"Drivers", drivers})
	}
	if c := d.Capacity; c != nil {
		list = append(list, part{"Holds if", strings.Join(c.Objectives, " ")})
	}
	return append(list, part{"Passes if", thresholdsText(d.Thresholds)}, part{"Name", node.Clean(d.Name, maxAsked)})
}

// FileLines returns a spec as a file, including defaults, without its private key and tables.
func FileLines(spec loadgen.Spec) []string {
	text, err := specfile.Marshal(masked(spec.WithDefaults()))
	if err != nil {
		return []string{err.Error()}
	}
	return strings.Split(strings.TrimRight(string(text), "\n"), "\n")
}

// Value returns the text of a field, by its name.
func (f *Form) Value(name string) string {
	for _, at := range f.Fields {
		if at.Name == name {
			return strings.TrimSpace(at.input.Value())
		}
	}
	return ""
}

// New returns a form for a kind of run with the values of base. from is the file of base ("": none). drivers selects the drivers, as text, or
// marked does, by name. Call Refresh before using it.
func New(kind loadgen.Kind, base loadgen.Spec, from, drivers string, marked []string) *Form {
	f := &Form{Kind: kind, Base: base, From: from}
	if base.Capacity != nil {
		f.Base = Searching(base)
	}
	f.Base.Kind = kind
	f.Fields = fieldsFor(f.Base, drivers, marked)
	f.Extra = BeyondFields(f.Base)
	return f
}

// checker predicts the load of a spec on some drivers, or returns why the spec is invalid.
type checker func(loadgen.Spec, orchestrator.Selection) (orchestrator.Forecast, error)

// Refresh parses all fields and updates the forecast.
func (f *Form) Refresh(check checker) {
	f.forecast = orchestrator.Forecast{}
	if f.Draft, f.Err = f.read(); f.Err == nil {
		if f.Err = notStored(f.Draft.Spec); f.Err == nil {
			f.forecast, f.Err = check(f.Draft.Spec, f.Draft.Sel)
		}
		f.assignError(f.Err)
		f.sent = FileLines(f.Draft.Spec)
	}
	if f.held != nil && f.heldWith != f.texts() {
		f.held = nil
	}
	if f.held != nil && f.Err == nil {
		f.Err = f.held
	}
}

// notStored is what of the spec of a past run is not known, since it may hold secrets; nil: all of it is.
func notStored(s loadgen.Spec) error {
	name := s.HiddenPart()
	if name == "" {
		return nil
	}
	return &field.Error{Field: name, Want: "not stored with runs, because it may hold secrets: type it again, or load the spec file (ctrl+o)"}
}

// Hold prevents the form from being sent until a field is changed, because it does not show the spec that the operator expects.
func (f *Form) Hold(why error) { f.held, f.heldWith = why, f.texts() }

// texts returns the text of all fields.
func (f *Form) texts() string {
	var b strings.Builder
	for _, at := range f.Fields {
		b.WriteString(at.input.Value() + "\n")
	}
	return b.String()
}

// Fit adapts the form to a page of w by h and keeps the selected field visible.
func (f *Form) Fit(st *style.Sheet, w, h int) {
	f.rows = max(1, h-2-len(f.foot(st, w-4)))
	if f.columns = w >= 110 && f.rows > max(f.split(), len(f.Fields)-f.split()); f.columns {
		f.top = 0
		return
	}
	f.top = max(0, min(max(min(f.top, f.At), f.At-f.rows+1), len(f.Fields)-f.rows))
}

// Forget clears the fields.
func (f *Form) Forget() {
	f.Base, f.From, f.Extra = f.Draft.Spec, "", nil
	OnlyFields(&f.Base)
	for _, fresh := range fieldsFor(f.Base, "", nil) { // method and body are no longer those of steps or requests
		f.describe(fresh.Name, fresh.input.Placeholder)
	}
	f.Base.Thresholds = slices.DeleteFunc(slices.Clone(f.Base.Thresholds), func(t loadgen.Threshold) bool {
		alone := f.Base
		alone.Thresholds = []loadgen.Threshold{t}
		var wrong *field.Error
		return errors.As(alone.WithDefaults().Validate(), &wrong) && strings.HasPrefix(wrong.Field, "thresholds")
	})
	if len(f.Base.Thresholds) < len(f.Draft.Spec.Thresholds) {
		f.Set("thresholds", thresholdsText(f.Base.Thresholds))
	}
}

// Turn selects another field.
func (f *Form) Turn(by int) {
	f.At = (f.At + by + len(f.Fields)) % len(f.Fields)
	f.Fields[f.At].hot = -1
}

// Typed passes a key to the selected field.
func (f *Form) Typed(k tea.KeyMsg) { input.Edit(&f.Fields[f.At].input, k) }

// SeekError selects the first invalid field.
func (f *Form) SeekError() {
	if i := slices.IndexFunc(f.Fields, func(at *Field) bool { return at.Err != nil }); i >= 0 {
		f.At = i
	}
}

// AtHand returns the name of the selected field.
func (f *Form) AtHand() string { return f.Fields[f.At].Name }

// describe sets what an empty field shows.
func (f *Form) describe(name, placeholder string) {
	for _, at := range f.Fields {
		if at.Name == name {
			at.input.Placeholder = placeholder
		}
	}
}

// Set sets a field's text.
func (f *Form) Set(name, text string) {
	for _, field := range f.Fields {
		if field.Name == name {
			field.input.SetValue(text)
			field.input.CursorEnd()
		}
	}
}

// KnownKind validates the kind, which determines the fields of a form.
func KnownKind(spec loadgen.Spec) error {
	if kind := spec.WithDefaults().Kind; kind != loadgen.Avalanche && kind != loadgen.Tsunami {
		return fmt.Errorf("kind %q: must be avalanche or tsunami", spec.Kind)
	}
	return nil
}

// Noun returns what the form composes.
func (f *Form) Noun() string {
	if f.Base.Capacity != nil {
		return "capacity search"
	}
	return sample.KindWord(f.Kind)
}
