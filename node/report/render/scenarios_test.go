package render

import (
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/report"
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

// Markdown has the tables of scenarios, and names do not break them.
func TestMarkdownOfScenarios(t *testing.T) {
	var b strings.Builder
	err := Markdown(&b, &report.Report{Named: []report.Named{{Name: "login"}}, Scenarios: &report.Scenarios{
		Iterations: 12, Failed: 2, MaxUsers: 4, Each: []report.Scenario{{Name: "a|b", Started: 13, Requests: 40}, {Name: "c"}},
		Groups: []report.Group{{Name: "pay", Passes: 9, Failed: 1}}, Checks: []loadgen.CheckCount{{Step: "login", Check: "ok", Passed: 3}},
		Failures: []loadgen.IterationFailure{{Step: "login", Reason: "status 500", Count: 2}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| step |", "**Iterations**", "| all | 4 | 12 |", `| a\|b | 13 | 0 | 40 | 0 |`, "| pay | 9 | 1 |", "| ok | login | 3 | 0 |", "| status 500 | login | 2 |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// A report has charts of users and of iteration times; an older one, without iteration times by the second, only the former.
func TestChartsOfUsers(t *testing.T) {
	r := &report.Report{Scenarios: &report.Scenarios{Each: []report.Scenario{{Name: "buy"}}}, Intervals: []report.Interval{{Users: 3, Coverage: 1}, {AtMS: 1000, Users: 5, Coverage: 1}}}
	if charts := userCharts(r); len(charts) != 1 || charts[0].Title != "Users" || len(charts[0].Lines[0].Parts) != 1 || len(charts[0].Lines[1].Parts) != 0 {
		t.Errorf("%+v", charts)
	}
	for i := range r.Intervals {
		r.Intervals[i].IterP95US, r.Intervals[i].Scenarios = 900, []report.ScenarioSecond{{Name: "buy", Users: 2, P95US: 800}}
	}
	charts := userCharts(r)
	if len(charts) != 2 || len(charts[0].Lines) != 2 || len(charts[1].Lines[1].Parts) != 1 {
		t.Errorf("%+v", charts)
	}
	if r.Scenarios = nil; userCharts(r) != nil {
		t.Error("charts of users without scenarios")
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
