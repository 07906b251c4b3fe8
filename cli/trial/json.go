package trial

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"landfall/loadgen"
)

// document is a trial as JSON.
type document struct {
	Scenario string     `json:"scenario"`
	Passed   bool       `json:"passed"`
	Failure  string     `json:"failure,omitempty"`
	Steps    []exchange `json:"steps"`
}

type exchange struct {
	Step      string            `json:"step"`
	Groups    []string          `json:"groups,omitempty"` // the outermost first
	Request   string            `json:"request"`
	Status    int               `json:"status,omitempty"`
	Header    string            `json:"header,omitempty"`
	Body      string            `json:"body,omitempty"`
	LatencyUS int64             `json:"latency_us"`
	Extracted map[string]string `json:"extracted,omitempty"`
	Missing   []string          `json:"missing,omitempty"` // not in the response: they have their default, or the iteration failed
	Checks    []check           `json:"checks,omitempty"`
	Error     loadgen.Class     `json:"error,omitempty"`
}

type check struct {
	Check  string `json:"check"`
	Passed bool   `json:"passed"`
}

// JSON prints the trial for programs.
func (t *Trial) JSON(w io.Writer, hide Mask) error {
	d := document{Scenario: t.Scenario, Passed: t.Passed(), Failure: t.Failure, Steps: []exchange{}}
	for _, x := range t.Exchanges {
		e := exchange{
			Step: x.Step, Groups: x.Groups, Request: t.request(x, hide), Status: x.Status, Header: hide.message(x.Header), Body: hide.body(x.Body),
			LatencyUS: x.Latency.Microseconds(), Error: x.Error, Extracted: map[string]string{},
		}
		for _, v := range x.Extracted {
			e.Extracted[v.Name] = hide.value(v.Value)
			if !v.Found {
				e.Missing = append(e.Missing, v.Name)
			}
		}
		for _, c := range x.Checks {
			e.Checks = append(e.Checks, check{c.Check, c.Passed})
		}
		d.Steps = append(d.Steps, e)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(d)
}

// shown returns text that is safe to print on a terminal.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, text)
}
