package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// The line of iterations shows the maximum number of users, unless the run was too short to count them.
func TestIterationsInText(t *testing.T) {
	for users, want := range map[int]string{0: "20.5 iterations/s\n", 1: "20.5 iterations/s, up to 1 user at once\n", 12: "20.5 iterations/s, up to 12 users at once\n"} {
		var b strings.Builder
		writeScenarios(&b, &report.Scenarios{Iterations: 1200, Finished: 1200, PerSecond: 20.5, MaxUsers: users}, pen{})
		if !strings.Contains(b.String(), want) {
			t.Errorf("%d users: no %q in\n%s", users, want, b.String())
		}
	}
}

// The table of scenarios has their users, starts and requests.
func TestScenariosInText(t *testing.T) {
	var b strings.Builder
	writeEach(&b, []report.Scenario{{Name: "buy", MaxUsers: 7, Started: 202, Iterations: 200, Requests: 800}}, pen{})
	if got := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(got, "scenario users started iterations per second failed interrupted dropped requests p50 p95 p99 buy 7 202 200 0 0 0 0 800") {
		t.Error(got)
	}
}

// Hints about connections that could not be opened are shown even if the drivers were not the limit.
func TestHintsAreShown(t *testing.T) {
	run := reporttest.Healthy()
	run.Drivers["drv-01"].Reasons = []string{"its descriptors: the process has no more (raise ulimit -n, or use fewer connections)"}
	var text bytes.Buffer
	Text(&text, report.Build(run, reporttest.T0.Add(time.Minute), "test"), false)
	if want := "\n  ▲ drv-01: its descriptors: the process has no more (raise ulimit -n, or use fewer connections)\n"; !strings.Contains(text.String(), want) {
		t.Errorf("no hint in\n%s", text.String())
	}
}

func TestColorOnlyPaints(t *testing.T) {
	r := report.Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	var with, without bytes.Buffer
	Text(&with, r, true)
	Text(&without, r, false)
	if strings.Contains(without.String(), "\x1b") || !strings.Contains(with.String(), "\x1b[31m") {
		t.Error("colour is not what the parameter says")
	}
	var stripped strings.Builder
	for _, part := range strings.Split(with.String(), "\x1b[") {
		if i := strings.IndexByte(part, 'm'); i > 0 && i < 3 && strings.Trim(part[:i], "0123456789") == "" {
			part = part[i+1:]
		}
		stripped.WriteString(part)
	}
	if stripped.String() != without.String() {
		t.Error("colour changes the text")
	}
}

// TestPartialSecond: the second in which a run ends has counts but no rate, also on charts and in CSV.
func TestPartialSecond(t *testing.T) {
	run := reporttest.Healthy()
	run.Plans[0].UntilUS = 10.4e6
	for _, d := range run.Drivers {
		d.LastEnd = reporttest.Seconds(10.4)
	}
	run.Intervals.Append(&fleet.Interval{Delta: loadgen.Counts{Requests: 400, Responses: 400}, Expected: 3, Present: 3})
	r := report.Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	if last := r.Intervals[10]; last.Requests != 400 || last.RateRPS != nil {
		t.Errorf("%+v", last)
	}
	if line := chartsOf(r)[0].Lines[0]; len(line.Parts) != 1 || strings.Count(line.Parts[0], " ") != 9 {
		t.Errorf("throughput is drawn as %q, want ten whole seconds", line.Parts)
	}
	var w bytes.Buffer
	if err := CSV(&w, r); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(w.String()), "\n")
	if last := rows[len(rows)-1]; !strings.HasPrefix(last, "10000,400,400,0,0,0,,,,") {
		t.Errorf("the last row is %s", last)
	}
	if n := report.WholeSeconds(run, reporttest.T0.Add(reporttest.Seconds(11))); n != 10 {
		t.Errorf("%d whole seconds", n)
	}
}

// The whole text has all drivers and events; the short one says how many more there are. Reasons of several drivers are stated once.
func TestWholeText(t *testing.T) {
	r := &report.Report{Outcome: report.Finished, Requests: 1, Responses: 1}
	r.Generator.Limited = true
	for i := range 50 {
		id := fmt.Sprintf("drv-%d", i+1)
		r.Drivers = append(r.Drivers, report.Driver{NodeID: id, State: report.StateFinished})
		r.Generator.Reasons = append(r.Generator.Reasons, id+": its schedule: requests were sent late")
		r.Intervals = append(r.Intervals, report.Interval{Events: []report.Event{{Kind: string(fleet.EventLost), Text: id + " was lost"}}})
	}
	var short, whole bytes.Buffer
	Text(&short, r, false)
	WholeText(&whole, r, false)
	if text := short.String(); !strings.Contains(text, "… and 34 more") || !strings.Contains(text, "… 30 earlier") || strings.Contains(text, "drv-1 was lost") {
		t.Errorf("the short text:\n%s", text)
	}
	if text := whole.String(); strings.Contains(text, "…") || !strings.Contains(text, "drv-1 was lost") || strings.Count(text, "✓ finished") != 50 {
		t.Errorf("the whole text:\n%s", text)
	}
	if text := short.String(); !strings.Contains(text, "50 drivers: their schedule: requests were sent late") || strings.Count(text, "sent late") != 1 {
		t.Errorf("reasons are repeated:\n%s", text)
	}
}
