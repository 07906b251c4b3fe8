package render

import (
	"slices"
	"strconv"

	"landfall/node/report"
)

// userColumns holds the columns of a report with scenarios: those of all users and, after the columns of requests, those of each
// scenario, each group and each step with checks.
type userColumns struct {
	any                       bool
	scenarios, groups, checks []string
}

func usersOf(r *report.Report) (c userColumns) {
	if c.any = r.Scenarios != nil; !c.any {
		return c
	}
	for _, in := range r.Intervals {
		for _, s := range in.Scenarios {
			c.scenarios = noted(c.scenarios, s.Name)
		}
		for _, g := range in.Groups {
			c.groups = noted(c.groups, g.Name)
		}
		for _, p := range in.Parts {
			if p.Checks > 0 {
				c.checks = noted(c.checks, p.Label)
			}
		}
	}
	return c
}

func noted(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

func (c userColumns) heading() []string {
	if !c.any {
		return nil
	}
	return []string{"users", "iterations"}
}

func (c userColumns) fields(in report.Interval) []string {
	if !c.any {
		return nil
	}
	return numbers(int64(in.Users), in.Iterations)
}

// more returns the headings of the columns after those of requests, which keep their positions of earlier versions.
func (c userColumns) more() (names []string) {
	if !c.any {
		return nil
	}
	names = []string{"iterations failed", "iteration p50_us", "iteration p95_us", "iteration p99_us", "checks", "checks failed"}
	under := func(label string, columns ...string) {
		for _, column := range columns {
			names = append(names, clean(label, 80)+" "+column)
		}
	}
	for _, s := range c.scenarios {
		under("scenario="+s, "users", "started", "iterations", "failed", "dropped", "p50_us", "p95_us", "p99_us")
	}
	for _, g := range c.groups {
		under("group="+g, "passes", "failed", "p50_us", "p95_us", "p99_us")
	}
	for _, l := range c.checks {
		under(l, "checks", "checks failed")
	}
	return names
}

func (c userColumns) moreFields(in report.Interval) (row []string) {
	if !c.any {
		return nil
	}
	row = append(numbers(in.IterFailed), timeField(in.IterP50US), timeField(in.IterP95US), timeField(in.IterP99US))
	row = append(row, numbers(in.Checks, in.BadChecks)...)
	for _, name := range c.scenarios {
		s, _ := scenarioIn(&in, name)
		row = append(row, numbers(s.Users, s.Started, s.Iterations, s.Failed, s.Dropped)...)
		row = append(row, timeField(s.P50US), timeField(s.P95US), timeField(s.P99US))
	}
	for _, name := range c.groups {
		var g report.GroupSecond
		if i := slices.IndexFunc(in.Groups, func(g report.GroupSecond) bool { return g.Name == name }); i >= 0 {
			g = in.Groups[i]
		}
		row = append(row, numbers(g.Passes, g.Failed)...)
		row = append(row, timeField(g.P50US), timeField(g.P95US), timeField(g.P99US))
	}
	for _, label := range c.checks {
		p, _ := partOf(&in, label)
		row = append(row, numbers(p.Checks, p.BadChecks)...)
	}
	return row
}

func numbers(list ...int64) (fields []string) {
	for _, n := range list {
		fields = append(fields, strconv.FormatInt(n, 10))
	}
	return fields
}
