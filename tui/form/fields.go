package form

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/textinput"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/script"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/orchestrator"
	"landfall/tui/input"
)

// fieldsFor returns the fields for a spec's kind, with the values of the spec.
func fieldsFor(s loadgen.Spec, drivers string, marked []string) []*Field {
	if len(marked) > 0 {
		drivers = strings.Join(marked, ",")
	}
	target := s.Target
	if target == "" {
		target = "http://127.0.0.1:8080/ping"
	}
	list := []*Field{
		newField("target", "URL", target, "", "http, https, or unix:/path/to.sock:/path", setTarget),
		newField("method", "Method", s.Method, cmp.Or(eachOf(s), "GET, or POST with a body"), "an HTTP method, such as GET", setMethod),
		newField("headers", "Headers", HeadersText(s.Headers), "none", "Name: value; Name: value (a ; separates headers only if a name and a colon follow)", setHeaders),
		newField("body", "Body", s.Body, cmp.Or(eachOf(s), "none"), "text; placeholders such as {{uuid}} and {{seq}} are replaced", setBody),
	}
	if s.Capacity != nil {
		list = append(list, capacityFields(*s.Capacity, s.Duration)...)
		return append(list, loadFields(s, drivers)...)
	}
	if s.Kind == loadgen.Tsunami {
		rate := rateText(s.RateRPS)
		if rate == "" && s.Delay == 0 && len(s.Stages) == 0 && len(s.Scenarios) == 0 { // an iteration has several requests: nothing is assumed
			rate = "1000"
		}
		list = append(list,
			newField("rate", "Rate, fleet", rate, "", "requests per second of the whole fleet: 0.01 to 10M, such as 950, 50k", setRate),
			newField("delay", "  or delay, driver", durationText(s.Delay), "", "gap between one driver's requests: 1µs to 1h, such as 10ms", setDuration("delay", func(d *Draft) *loadgen.Duration { return &d.Spec.Delay })),
			newField("stages", "  or stages, fleet", stagesText(s.Stages), "", "time and rate to reach by then, one stage after the other: 30s 1k, 2m 1k, 10s 0", SetStages))
	}
	duration := durationText(s.Duration)
	if duration == "" && s.Count == 0 && s.CountPerDriver == 0 && len(s.Stages) == 0 {
		duration = "30s"
	}
	list = append(list,
		newField("duration", "Duration", duration, "", "1ms to 7 days, such as 30s, 2m, 1h30m", setDuration("duration", func(d *Draft) *loadgen.Duration { return &d.Spec.Duration })),
		newField("count", "  or requests, fleet", numberText(s.Count), "", "requests of the whole fleet, 1 to 10^12", setNumber("count", func(d *Draft) *int64 { return &d.Spec.Count })),
		newField("count_per_driver", "  or per driver", numberText(s.CountPerDriver), "", "requests of each driver", setNumber("count_per_driver", func(d *Draft) *int64 { return &d.Spec.CountPerDriver })),
	)
	return append(list, loadFields(s, drivers)...)
}

// eachOf returns what has a method and a body of its own; "": the whole spec has one.
func eachOf(s loadgen.Spec) string {
	switch {
	case len(s.Scenarios) > 0:
		return "of each step"
	case len(s.Requests) > 0:
		return "of each request"
	}
	return ""
}

// loadFields are the fields of every kind of run after pace and end. A search has objectives instead of thresholds, unless its file has
// both.
func loadFields(s loadgen.Spec, drivers string) []*Field {
	list := []*Field{
		newField("connections", "Connections, driver", numberText(int64(s.Connections)), "64", "connections of each driver, 1 to 100,000", setConnections),
		newField("timeout", "Timeout", durationText(s.Timeout), "10s", "of a request, 1ms to 1h", setDuration("timeout", func(d *Draft) *loadgen.Duration { return &d.Spec.Timeout })),
		newField("expect", "Expected statuses", statusesText(s.Expect.Statuses), "200 to 399", "100 to 999, separated by commas; any other status counts as unexpected", setStatuses),
		newField("options", "Options", optionsText(s), "none", "any of "+strings.Join(optionNames(s.Kind), ", "), setOptions),
		newField("drivers", "Drivers", drivers, "all", "all, a number of drivers that must be alive, or names or label=value, separated by commas", setDrivers),
	}
	if s.Capacity == nil || len(s.Thresholds) > 0 {
		list = append(list, newField("thresholds", "Thresholds", thresholdsText(s.Thresholds), "none", "such as p99<250ms failed<1% rate>=950; ! before one: the run stops once it fails", SetThresholds))
	}
	return append(list, newField("name", "Name", s.Name, "none", "what the run is about: history, header and report show it", func(d *Draft, text string) error { d.Spec.Name = text; return nil }))
}

func newField(name, label, value, placeholder, hint string, set func(*Draft, string) error) *Field {
	f := &Field{Name: name, label: label, hint: hint, set: set, input: input.New(value), hot: -1}
	f.input.CharLimit = 1 << 16
	f.opened = f.input.Value()
	f.input.Placeholder = placeholder
	return f
}

// Field is one line of a form: a text, its meaning, and how it is stored in a spec.
type Field struct {
	Name   string
	label  string
	hint   string // unit and range
	input  textinput.Model
	opened string // its text when the form was opened
	set    func(*Draft, string) error
	Err    error
	hot    int // index of the selected option; -1: none
}

func setTarget(d *Draft, text string) error {
	text = loadgen.WithScheme(text)
	d.Spec.Target = text
	return alone("target", func(s *loadgen.Spec) { s.Target = text })
}

func setMethod(d *Draft, text string) error {
	d.Spec.Method = text
	return alone("method", func(s *loadgen.Spec) { s.Method = text })
}

func setBody(d *Draft, text string) error {
	if !strings.Contains(d.Spec.Body, "\n") || text != OneLine(d.Spec.Body) {
		d.Spec.Body = text
	}
	return nil
}

// alone validates one field of a spec, whether or not the others are valid.
func alone(name string, set func(*loadgen.Spec)) error {
	s := loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://127.0.0.1/", Duration: loadgen.Duration(time.Second)}
	set(&s)
	err := script.Check(s.WithDefaults())
	var wrong *field.Error
	if errors.As(err, &wrong) && wrong.Field == name {
		return err
	}
	return nil
}

// OneLine returns a text of several lines as a text field shows it.
func OneLine(s string) string {
	in := input.New(s)
	return strings.TrimSpace(in.Value())
}

func setRate(d *Draft, text string) (err error) {
	d.Spec.RateRPS = 0
	if text != "" {
		d.Spec.RateRPS, err = ParseRate(text)
	}
	return err
}

func rateText(v float64) string {
	if v == 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func setDuration(name string, of func(*Draft) *loadgen.Duration) func(*Draft, string) error {
	return func(d *Draft, text string) error {
		*of(d) = 0
		if text == "" {
			return nil
		}
		v, err := time.ParseDuration(text)
		if err != nil || v <= 0 {
			return fmt.Errorf("%s %q: must be a time with its unit, such as 250ms, 10s or 1m30s", strings.ReplaceAll(name, "_", " "), text)
		}
		*of(d) = loadgen.Duration(v)
		return nil
	}
}

func durationText(d loadgen.Duration) string {
	if d == 0 {
		return ""
	}
	return figures.ExactSpan(d.Std())
}

func setNumber(name string, of func(*Draft) *int64) func(*Draft, string) error {
	return func(d *Draft, text string) error {
		*of(d) = 0
		if text == "" {
			return nil
		}
		n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
		if err != nil || n < 1 {
			return fmt.Errorf("%s %q: must be a whole number from 1 up", strings.ReplaceAll(name, "_", " "), text)
		}
		*of(d) = n
		return nil
	}
}

func setConnections(d *Draft, text string) error {
	var n int64
	if err := setNumber("connections", func(*Draft) *int64 { return &n })(d, text); err != nil {
		return err
	}
	d.Spec.Connections = int(n)
	return alone("connections", func(s *loadgen.Spec) { s.Connections = int(n) })
}

func numberText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// SetStages parses "30s 1k, 2m 1k": in 30 s, linearly to 1,000/s, and so on.
func SetStages(d *Draft, text string) error {
	before := d.Spec.Stages
	d.Spec.Stages = nil
	if text == "" {
		return nil
	}
	if text == stagesText(before) {
		d.Spec.Stages = before // the text cannot express their start rate
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		words := strings.FieldsFunc(part, func(r rune) bool { return r == ' ' || r == ':' })
		if len(words) == 0 || len(words)%2 != 0 {
			return fmt.Errorf("stages %q: must be a time and a rate, such as 30s 1k", strings.TrimSpace(part))
		}
		for pair := range slices.Chunk(words, 2) {
			stage, err := stageOf(pair[0], pair[1])
			if err != nil {
				return err
			}
			d.Spec.Stages = append(d.Spec.Stages, stage)
		}
	}
	return nil
}

func stageOf(duration, to string) (s loadgen.Stage, err error) {
	t, err := time.ParseDuration(duration)
	if err != nil || t < 0 {
		return s, fmt.Errorf("stages %q: must be a time with its unit, such as 30s", duration)
	}
	s.Duration = loadgen.Duration(t)
	if to == "0" {
		return s, nil
	}
	if s.To, err = ParseRate(to); err != nil {
		return s, fmt.Errorf("stages: %w", err)
	}
	return s, nil
}

func stagesText(stages []loadgen.Stage) string {
	var parts []string
	for _, s := range stages {
		rate := rateText(s.To)
		if rate == "" {
			rate = "0"
		}
		parts = append(parts, figures.ExactSpan(s.Duration.Std())+" "+rate)
	}
	return strings.Join(parts, ", ")
}

func setDrivers(d *Draft, text string) (err error) {
	d.Sel, err = orchestrator.ParseSelection(text)
	return err
}

// SetThresholds parses thresholds separated by spaces or commas; a threshold with ! in front ends the run.
func SetThresholds(d *Draft, text string) error {
	before := d.Spec.Thresholds
	d.Spec.Thresholds = nil
	if text == thresholdsText(before) {
		d.Spec.Thresholds = before
		return nil
	}
	for _, word := range thresholdWords(text) {
		expr, abort := strings.CutPrefix(word, "!")
		if _, err := loadgen.ParseThreshold(expr); err != nil {
			return err
		}
		d.Spec.Thresholds = append(d.Spec.Thresholds, loadgen.Threshold{Expr: expr, Abort: abort})
	}
	return nil
}

// aroundOperator matches the optional space around a threshold's operator.
var aroundOperator = regexp.MustCompile(`\s*(<=|>=|==|!=|<|>)\s*`)

// thresholdWords splits a text into thresholds at spaces and commas, except for commas in braces.
func thresholdWords(text string) []string {
	depth := 0
	return strings.FieldsFunc(aroundOperator.ReplaceAllString(text, "$1"), func(r rune) bool {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		return depth == 0 && (r == ' ' || r == ',')
	})
}

func thresholdsText(list []loadgen.Threshold) string {
	var words []string
	for _, t := range list {
		word := strings.ReplaceAll(t.Expr, " ", "")
		if t.Abort {
			word = "!" + word
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func hostOf(target string) string {
	if u, err := url.Parse(target); err == nil && u.Host != "" {
		return node.Clean(u.Host, 100)
	}
	return node.Clean(target, 100)
}

// ParseRate parses 950, 50k or 1.5M.
func ParseRate(text string) (float64, error) {
	text = strings.TrimSuffix(strings.TrimSpace(text), "/s")
	scale := 1.0
	switch {
	case strings.HasSuffix(text, "k"):
		text, scale = strings.TrimSuffix(text, "k"), 1e3
	case strings.HasSuffix(text, "M"):
		text, scale = strings.TrimSuffix(text, "M"), 1e6
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	v *= scale
	if err != nil || !(v >= loadgen.MinRate && v <= loadgen.MaxRate) {
		return 0, errors.New("rate: must be from 0.01 to 10M requests per second of the fleet, such as 950, 50k or 1.5M")
	}
	return v, nil
}
