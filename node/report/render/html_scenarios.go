package render

import (
	"landfall/node/figures"
	"landfall/node/report"
)

// section is a table of the page under a heading of its own.
type section struct {
	Title   string
	Columns []column
	Rows    [][]field
}

type column struct {
	Name   string
	Number bool
}

type field struct {
	Text, Tone string
	Number     bool
}

func words(text string) field { return field{Text: text} }

func count(n int64) field { return field{Text: figures.Count(n), Number: true} }

func micros(us int64) field { return field{Text: figures.Micros(us), Number: true} }

// badCount is a count that should be 0.
func badCount(n int64) field {
	f := count(n)
	if n > 0 {
		f.Tone = "bad"
	}
	return f
}

// headings returns the columns of a table: texts first, then numbers.
func headings(texts []string, numbers ...string) (all []column) {
	for _, name := range texts {
		all = append(all, column{Name: name})
	}
	for _, name := range numbers {
		all = append(all, column{Name: name, Number: true})
	}
	return all
}

// scenarioTables returns the tables of users: iterations, by scenario if there are several, groups, checks, and why iterations failed.
func scenarioTables(s *report.Scenarios) (all []section) {
	iterations := section{Title: "Iterations", Columns: headings([]string{""}, "most users", "iterations", "per second", "failed", "interrupted", "p50", "p95", "p99")}
	line := func(name string, users int, n int64, perSecond float64, failed, interrupted int64, time report.Latency) []field {
		return []field{words(name), {Text: mostUsers(users), Number: true}, count(n), {Text: decimal(perSecond), Number: true}, badCount(failed), count(interrupted), micros(time.P50), micros(time.P95), micros(time.P99)}
	}
	iterations.Rows = append(iterations.Rows, line("all", s.MaxUsers, s.Iterations, s.PerSecond, s.Failed, s.Interrupted, s.Time))
	loads := section{Title: "Scenarios", Columns: headings([]string{"scenario"}, "started", "dropped", "requests", "failed requests")}
	for _, one := range s.Each {
		iterations.Rows = append(iterations.Rows, line(one.Name, one.MaxUsers, one.Iterations, one.PerSecond, one.Failed, one.Interrupted, one.Time))
		loads.Rows = append(loads.Rows, []field{words(one.Name), count(one.Started), badCount(one.Dropped), count(one.Requests), badCount(one.BadRequests)})
	}
	groups := section{Title: "Groups", Columns: headings([]string{"group"}, "passes", "failed", "p50", "p95", "p99")}
	for _, g := range s.Groups {
		groups.Rows = append(groups.Rows, []field{words(g.Name), count(g.Passes), badCount(g.Failed), micros(g.Time.P50), micros(g.Time.P95), micros(g.Time.P99)})
	}
	checks := section{Title: "Checks", Columns: headings([]string{"check", "step"}, "passed", "failed")}
	for _, c := range s.Checks {
		checks.Rows = append(checks.Rows, []field{words(c.Check), words(c.Step), count(c.Passed), badCount(c.Failed)})
	}
	failures := section{Title: "Why iterations failed", Columns: headings([]string{"reason", "step"}, "iterations")}
	for _, f := range s.Failures {
		failures.Rows = append(failures.Rows, []field{words(f.Reason), words(f.Step), badCount(f.Count)})
	}
	for _, table := range []section{iterations, loads, groups, checks, failures} {
		if len(table.Rows) > 0 {
			all = append(all, table)
		}
	}
	return all
}
