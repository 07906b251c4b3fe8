// Package trial runs one iteration of a scenario in this process and shows every request, response, extracted value and check, to debug
// a scenario.
package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine"
)

// Trial is the record of one iteration.
type Trial struct {
	Scenario  string
	Exchanges []engine.Exchange
	Failure   string // why the iteration failed; "" if it did not
}

// Passed reports whether the iteration finished, every status was expected and every check passed.
func (t *Trial) Passed() bool {
	return t.Failure == "" && !slices.ContainsFunc(t.Exchanges, func(e engine.Exchange) bool { return !passed(e) })
}

// passed reports whether there was a response with an expected status that passed all checks.
func passed(e engine.Exchange) bool {
	return e.Error == "" && e.Expected
}

// Only returns a spec with one user who runs one iteration of the named scenario, or of the first one for "". The single request of a
// spec without scenarios becomes a scenario.
func Only(spec loadgen.Spec, scenario string) (loadgen.Spec, error) {
	if len(spec.Scenarios) == 0 {
		one, err := single(spec)
		if err != nil || scenario != "" {
			return spec, errors.Join(err, fmt.Errorf("the spec has no scenarios"))
		}
		spec.Scenarios, spec.Method, spec.Body, spec.BodyBase64, spec.HTTP2, spec.NoKeepalive = one, "", "", "", false, false
	}
	i := slices.IndexFunc(spec.Scenarios, func(s loadgen.Scenario) bool { return scenario == "" || s.Name == scenario })
	if i < 0 {
		var names []string
		for _, s := range spec.Scenarios {
			names = append(names, s.Name)
		}
		return spec, fmt.Errorf("scenario %q: must be one of %s", scenario, strings.Join(names, ", "))
	}
	one := spec.Scenarios[i]
	spec.Scenarios = []loadgen.Scenario{{Name: one.Name, Steps: one.Steps}} // without a load of its own
	spec.Kind, spec.Users, spec.Count, spec.CountPerDriver, spec.Pace = loadgen.Avalanche, 1, 1, 0, 0
	spec.RateRPS, spec.Delay, spec.Stages, spec.Duration, spec.Arrivals, spec.Connections = 0, 0, nil, 0, "", 0
	spec.SharedConnections, spec.Burst, spec.Thresholds = false, false, nil
	return spec.WithDefaults(), nil
}

// single makes a scenario from the only request of a spec.
func single(spec loadgen.Spec) ([]loadgen.Scenario, error) {
	if len(spec.Requests) > 0 {
		return nil, errors.New("a spec with several requests has no user to try: give it scenarios")
	}
	step := loadgen.Step{Body: spec.Body, BodyBase64: spec.BodyBase64}
	url := map[string]*string{"GET": &step.Get, "POST": &step.Post, "PUT": &step.Put, "PATCH": &step.Patch, "DELETE": &step.Delete, "HEAD": &step.Head, "OPTIONS": &step.Options}[spec.Method]
	if url == nil {
		return nil, fmt.Errorf("method %s: must be one of GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS", spec.Method)
	}
	*url = spec.Target
	return []loadgen.Scenario{{Name: "request", Steps: []loadgen.Step{step}}}, nil
}

// Run runs the single user of a spec made by [Only].
func Run(ctx context.Context, spec loadgen.Spec, version string) (*Trial, error) {
	t := &Trial{Scenario: spec.Scenarios[0].Name}
	e, err := engine.New(spec, engine.Options{NodeID: "local", Version: version, Threads: 1, Log: slog.New(slog.DiscardHandler), Exchanged: func(x engine.Exchange) { t.Exchanges = append(t.Exchanges, x) }})
	if err != nil {
		return nil, err
	}
	if err := e.Setup(ctx); err != nil {
		t.Failure = err.Error()
		return t, ctx.Err()
	}
	share := loadgen.Share{Connections: 1, Quota: 1, Of: 1, Schedule: spec.UserSchedule()}
	err = e.Run(ctx, time.Now(), share, func(s loadgen.Snapshot) {
		for _, f := range s.Failures {
			t.Failure = strings.TrimPrefix(f.Step+": "+f.Reason, ": ")
		}
		for _, f := range s.ErrorReasons {
			t.Failure += " (" + string(f.Class) + ": " + f.Why + ")"
		}
	})
	if err == nil {
		err = ctx.Err()
	}
	return t, err
}

// maxShown is the maximum length of a printed body, in bytes.
const maxShown = 4 << 10

// Text prints the trial as text.
func (t *Trial) Text(w io.Writer, hide Mask) {
	fmt.Fprintf(w, "scenario %s\n", shown(t.Scenario))
	for _, x := range t.Exchanges {
		fmt.Fprintf(w, "\n── %s\n", shown(x.Step))
		indent(w, "> ", hide.message(x.Request))
		if x.Error != "" {
			fmt.Fprintf(w, "  ✗ %s error\n", x.Error)
			continue
		}
		note := ""
		if len(x.Checks) == 0 && !x.Expected {
			note = "  ✗ unexpected"
		}
		fmt.Fprintf(w, "< %d in %s%s\n", x.Status, x.Latency.Round(time.Microsecond), note)
		indent(w, "< ", hide.message(x.Header)+"\n"+cut(hide.text(x.Body)))
		for _, e := range x.Extracted {
			note := ""
			if !e.Found {
				note = "  (not in the response)"
			}
			fmt.Fprintf(w, "  %s = %s%s\n", e.Name, shown(cut(hide.value(e.Value))), note)
		}
		for _, c := range x.Checks {
			mark := "✓"
			if !c.Passed {
				mark = "✗"
			}
			fmt.Fprintf(w, "  %s %s\n", mark, shown(c.Check))
		}
	}
	switch {
	case t.Failure != "":
		fmt.Fprintf(w, "\n✗ the iteration failed: %s\n", shown(t.Failure))
	case !t.Passed():
		fmt.Fprintf(w, "\n✗ a response was not as expected\n")
	default:
		fmt.Fprintf(w, "\n✓ all as expected, requests: %d\n", len(t.Exchanges))
	}
}

func cut(body string) string {
	if len(body) <= maxShown {
		return body
	}
	return strings.ToValidUTF8(body[:maxShown], "") + fmt.Sprintf("\n… %d bytes more", len(body)-maxShown)
}

func indent(w io.Writer, mark, text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		fmt.Fprintf(w, "%s%s\n", mark, shown(strings.TrimRight(line, "\r")))
	}
}
