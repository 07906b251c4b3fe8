package render

import (
	"fmt"
	"io"
	"strings"

	"landfall/loadgen"
	"landfall/node/figures"
	"landfall/node/report"
)

// failureLines is how many reasons of failed iterations the text shows.
const failureLines = 5

// writeScenarios writes iterations, checks and why iterations failed.
func writeScenarios(w io.Writer, s *report.Scenarios, p pen) {
	if s == nil {
		return
	}
	rateOf := fmt.Sprintf("%s iterations/s", decimal(s.PerSecond))
	if s.AskedPerS > 0 {
		rateOf = fmt.Sprintf("%s of %s iterations/s asked", decimal(s.PerSecond), decimal(s.AskedPerS))
	}
	if s.MaxUsers > 0 { // counted at the end of each second: a shorter run has none
		rateOf += fmt.Sprintf(", up to %s at once", figures.Plural(int64(s.MaxUsers), "user"))
	}
	all := float64(s.Iterations)
	t := table{indent: "  "}
	t.add(left("iterations"), right(figures.Count(s.Iterations)).in(bold), left(rateOf))
	if s.Failed > 0 {
		t.add(left("failed"), right(figures.Count(s.Failed)).in(bad), left(figures.Percent(float64(s.Failed), all)+" of the iterations"))
	}
	if s.Interrupted > 0 {
		t.add(left("interrupted"), right(figures.Count(s.Interrupted)).in(warn), left(figures.Percent(float64(s.Interrupted), all)+": the run ended before they did"))
	}
	if s.Finished > 0 {
		t.add(left("iteration"), right(""), left(fmt.Sprintf("p50 %s  p95 %s  p99 %s  max %s", figures.Micros(s.Time.P50), figures.Micros(s.Time.P95), figures.Micros(s.Time.P99), figures.Micros(s.Time.Max))))
	}
	if s.BodiesCut > 0 {
		t.add(left("bodies cut"), right(figures.Count(s.BodiesCut)).in(warn), left("longer than 1 MiB: extracts and checks saw the first MiB"))
	}
	if s.Aside > 0 {
		t.add(left("aside"), right(figures.Count(s.Aside)), left("requests of setup and teardown, in no other figure"))
	}
	fmt.Fprintln(w)
	t.write(w, p)
	for i, f := range s.Failures {
		if i == failureLines {
			fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… and %d other reasons", len(s.Failures)-i), dim))
			break
		}
		at := ""
		if f.Step != "" {
			at = clean(f.Step, 60) + ": "
		}
		fmt.Fprintf(w, "  %s\n", p.paint(strings.TrimSpace(figures.Count(f.Count)+" × "+at+clean(f.Reason, 100)), bad))
	}
	writeEach(w, s.Each, p)
	writeGroups(w, s.Groups, p)
	writeChecks(w, s.Checks, p)
}

// writeEach writes the figures by scenario.
func writeEach(w io.Writer, list []report.Scenario, p pen) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("scenario").in(bold), right("users").in(dim), right("started").in(dim), right("iterations").in(dim), right("per second").in(dim), right("failed").in(dim), right("interrupted").in(dim), right("dropped").in(dim),
		right("requests").in(dim), right("p50").in(dim), right("p95").in(dim), right("p99").in(dim))
	for _, s := range list {
		t.add(left(clean(s.Name, 40)), right(mostUsers(s.MaxUsers)), right(figures.Count(s.Started)), right(figures.Count(s.Iterations)), right(decimal(s.PerSecond)), tally(s.Failed), tally(s.Interrupted), tally(s.Dropped),
			right(figures.Count(s.Requests)), right(figures.Micros(s.Time.P50)), right(figures.Micros(s.Time.P95)), right(figures.Micros(s.Time.P99)))
	}
	t.write(w, p)
}

// mostUsers formats the maximum number of users of a scenario; "–" if no user was active at the end of a second, when they are counted.
func mostUsers(n int) string {
	if n == 0 {
		return "–"
	}
	return figures.Count(int64(n))
}

func writeGroups(w io.Writer, groups []report.Group, p pen) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("group").in(bold), right("passes").in(dim), right("failed").in(dim), right("p50").in(dim), right("p95").in(dim), right("p99").in(dim))
	for _, g := range groups {
		t.add(left(clean(g.Name, 50)), right(figures.Count(g.Passes)), tally(g.Failed), right(figures.Micros(g.Time.P50)), right(figures.Micros(g.Time.P95)), right(figures.Micros(g.Time.P99)))
	}
	t.write(w, p)
}

func writeChecks(w io.Writer, checks []loadgen.CheckCount, p pen) {
	if len(checks) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("check").in(bold), left("step").in(dim), right("passed").in(dim), right("failed").in(dim))
	for _, c := range checks {
		t.add(left(clean(c.Check, 50)), left(clean(c.Step, 40)), right(figures.Count(c.Passed)), tally(c.Failed))
	}
	t.write(w, p)
}
