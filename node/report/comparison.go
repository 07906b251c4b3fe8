package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"landfall/node/figures"
	"landfall/node/report/baseline"
)

// Comparison compares a run with its baseline, with a verdict on each figure.
type Comparison struct {
	Base        []string         `json:"base"` // the baseline's runs
	Now         string           `json:"now"`
	NoVerdict   string           `json:"no_verdict,omitempty"` // why there is no verdict
	Warnings    []string         `json:"warnings"`
	Verdict     baseline.Verdict `json:"verdict,omitempty"` // worse if any figure of the whole run is worse, else better if any is better
	Differences []Difference     `json:"differences"`
}

// Difference is one figure of the run, or of one of its requests, with its verdict in words.
type Difference struct {
	Request string `json:"request,omitempty"`
	baseline.Difference
	Text string `json:"text"`
}

// Compared compares a run with a baseline of one or more runs. least is the smallest relative change that counts as a
// difference against fewer than three runs (0: 10 %).
func Compared(base []*Report, now *Report, least float64) *Comparison {
	c := &Comparison{Now: now.TestID, Base: []string{}, Warnings: []string{}, Differences: []Difference{}}
	for _, r := range base {
		c.Base = append(c.Base, r.TestID)
	}
	if c.NoVerdict = incomparable(base, now); c.NoVerdict != "" {
		return c
	}
	c.warn(base, now)
	c.NoVerdict = c.add("", base, now, least, func(r *Report) []Block { return r.Blocks })
	for _, n := range now.Named {
		_ = c.add(n.Name, base, now, least, func(r *Report) []Block { return r.blocksOf(n.Name) }) // a rare request may be too rare for a verdict
	}
	c.Verdict = c.overall()
	return c
}

// incomparable returns why the runs cannot be compared; "": they can.
func incomparable(base []*Report, now *Report) string {
	for _, r := range base {
		switch {
		case r.Kind != now.Kind:
			return fmt.Sprintf("%s is %s, %s is %s", r.TestID, r.Kind, now.TestID, now.Kind)
		case len(r.Blocks) == 0 || len(now.Blocks) == 0:
			who := r
			if len(now.Blocks) == 0 {
				who = now
			}
			return fmt.Sprintf("%s (version %s) has no figures by the second", who.TestID, who.Landfall)
		}
	}
	return ""
}

// warn adds reasons why the comparison may be unreliable.
func (c *Comparison) warn(base []*Report, now *Report) {
	note := func(format string, a ...any) {
		if line := fmt.Sprintf(format, a...); !slices.Contains(c.Warnings, line) {
			c.Warnings = append(c.Warnings, line)
		}
	}
	for _, r := range append([]*Report{now}, base...) {
		if r.Generator.Limited {
			note("%s: the drivers, not the target, were the limit", r.TestID)
		}
		if k := r.Coverage; k.Requests < 1 {
			note("%s: percentiles lack %s of the responses", r.TestID, figures.Percent(1-k.Requests, 1))
		}
	}
	for _, r := range base {
		if r.Landfall != now.Landfall {
			note("different versions: %s and %s", r.Landfall, now.Landfall)
		}
		if r.Spec.Target != now.Spec.Target {
			note("different targets: %s and %s", r.Spec.Target, now.Spec.Target)
		}
		if len(r.Drivers) != len(now.Drivers) {
			note("different numbers of drivers: %d and %d", len(r.Drivers), len(now.Drivers))
		}
		if r.Spec.Connections != now.Spec.Connections {
			note("different numbers of connections: %d and %d", r.Spec.Connections, now.Spec.Connections)
		}
		if a, b := r.AskedRateRPS, now.AskedRateRPS; math.Abs(a-b) > .01*max(a, b) {
			note("different rates were asked for: %s and %s", figures.Rate(a), figures.Rate(b))
		}
	}
	if len(base) < baseline.Several {
		note("only the noise within runs is known: a baseline of %d runs would show how much equal runs differ", baseline.Several)
	}
}

// add compares one series, of the whole run or of one request, across all runs. It returns why that is impossible; "": it is not.
func (c *Comparison) add(request string, base []*Report, now *Report, least float64, of func(*Report) []Block) string {
	var runs []baseline.Run
	for _, r := range base {
		runs = append(runs, runOf(of(r)))
	}
	list, err := baseline.Compare(runs, runOf(of(now)), least)
	if err != nil {
		return strings.TrimPrefix(err.Error(), "compare: ")
	}
	for _, d := range list {
		c.Differences = append(c.Differences, Difference{request, d, differenceText(d)})
	}
	return ""
}

func runOf(blocks []Block) (run baseline.Run) {
	for _, b := range blocks {
		run = append(run, baseline.Second{Latency: b.Latency, Requests: b.Requests, Failed: b.Failed, Length: float64(b.Seconds)})
	}
	return run
}

func (r *Report) blocksOf(name string) []Block {
	for _, n := range r.Named {
		if n.Name == name {
			return n.Blocks
		}
	}
	return nil
}

func (c *Comparison) overall() baseline.Verdict {
	verdict := baseline.Verdict("")
	for _, d := range c.Differences {
		switch {
		case d.Request != "":
		case d.Verdict == baseline.Worse:
			return baseline.Worse
		case d.Verdict == baseline.Better || verdict == "":
			verdict = d.Verdict
		}
	}
	return verdict
}

// differenceText describes a difference, such as "12 % slower (8 … 17 %)".
func differenceText(d baseline.Difference) string {
	if d.Verdict == baseline.Same && !d.IsShare() && d.Seen >= 1 {
		return "too noisy to tell: only a change of " + size(d, d.Seen) + " would have been seen"
	}
	if d.Verdict == baseline.Same {
		return "no difference; one of " + size(d, d.Seen) + " would have been seen"
	}
	low, high := d.Low, d.High
	if d.Change < 0 {
		low, high = -d.High, -d.Low
	}
	interval := fmt.Sprintf("(%s … %s)", bare(d, low), size(d, high))
	switch {
	case d.IsTime() && d.Change > 0:
		return size(d, d.Change) + " slower " + interval
	case d.IsTime():
		return size(d, -d.Change) + " faster " + interval
	case d.Change > 0:
		return size(d, d.Change) + " more " + interval
	}
	return size(d, -d.Change) + " less " + interval
}

func size(d baseline.Difference, change float64) string {
	unit := "%"
	if d.IsShare() {
		unit = " points"
	}
	return bare(d, change) + unit
}

func bare(d baseline.Difference, change float64) string {
	p := 100 * change
	if math.Abs(p) >= 10 {
		return fmt.Sprintf("%.0f", p)
	}
	return fmt.Sprintf("%.2g", p)
}

// Value formats a value of the figure with its unit.
func (d Difference) Value(v float64) string {
	switch {
	case d.IsTime():
		return figures.Micros(int64(v))
	case d.IsShare():
		return figures.Percent(v, 1)
	}
	return figures.Rate(v)
}
