// Package condition is the language of thresholds and aborts: one condition on a run's figures, such as "p99<250ms",
// "failed{request=login}<1%" or "p99[10s]<300ms".
//
//	condition = metric [ "{" label "=" value { "," label "=" value } "}" ] [ "[" window "]" ] operator bound
//	metric    = p50 … p99.99, min, mean, max          latency
//	          | service.p99, lag.p99, iteration.p95   … and any other statistic of those distributions
//	          | errors | unexpected | failed | dropped | unknown | checks    a count, or with % a share
//	          | requests | responses | rate | coverage
//	label     = request, step, scenario, status, check, driver, stage, label.NAME
//	window    = whole seconds, such as 10s or 1m30s
//	operator  = < | <= | > | >= | ==
//
// A condition without a window is about the whole measured part of a run; with one it must hold in every window that slides
// over it by the second. The package parses and judges; who calls it provides the figures, as a [Series].
package condition

import (
	"strconv"
	"strings"
	"time"
)

// Condition is one parsed condition.
type Condition struct {
	Of       Distribution  // the distribution that the metric belongs to; none for counts
	Metric   string        // p50 … p99.99, min, mean, max, or the name of a count
	Labels   []Label       // in the order written; at most one besides stage
	Window   time.Duration // 0: the whole measured part
	Operator string        // <, <=, >, >=, ==
	Bound    float64       // microseconds for times, percent if Percent, else a count or requests per second
	Percent  bool
}

// Distribution identifies the times that a metric is computed from.
type Distribution string

// The distributions. Latency is measured from when a request was due, service time from when it was sent; lag
// is the difference; an iteration is one pass through a scenario.
const (
	None      Distribution = ""
	Latency   Distribution = "latency"
	Service   Distribution = "service"
	Lag       Distribution = "lag"
	Iteration Distribution = "iteration"
)

// Label restricts a condition to a part of the run.
type Label struct{ Name, Value string }

// Stage is the label whose value is a stage number of the spec, from 1.
const Stage = "stage"

// Counts lists the metrics that are counts, in the order of the documentation.
var Counts = []string{"errors", "unexpected", "failed", "dropped", "unknown", "checks", "requests", "responses", "rate", "coverage"}

// LabelNames lists the labels that a condition can have; label.NAME is a label of drivers.
var LabelNames = []string{"request", "step", "scenario", "status", "check", "driver", Stage, "label.NAME"}

// share reports whether a count can also be given as a percentage.
func share(metric string) bool {
	switch metric {
	case "errors", "unexpected", "failed", "dropped", "unknown", "checks":
		return true
	}
	return false
}

// IsTime reports whether the condition's value and bound are microseconds.
func (c Condition) IsTime() bool { return c.Of != None }

// Stage returns the stage that the condition is restricted to; 0: none.
func (c Condition) Stage() int {
	for _, l := range c.Labels {
		if l.Name == Stage {
			n, _ := strconv.Atoi(l.Value)
			return n
		}
	}
	return 0
}

// Series returns the label that selects a series, which is any label except stage; false: the condition
// applies to the whole fleet.
func (c Condition) Series() (Label, bool) {
	for _, l := range c.Labels {
		if l.Name != Stage {
			return l, true
		}
	}
	return Label{}, false
}

// quantile returns the quantile, from 0 to 1, of a metric such as p99.9; false: it is not a percentile.
func quantile(metric string) (float64, bool) {
	digits, ok := strings.CutPrefix(metric, "p")
	if !ok || digits == "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	p, err := strconv.ParseFloat(digits, 64)
	return p / 100, err == nil && p > 0 && p < 100
}

// String returns the condition in its shortest form; parsing it gives the same condition.
func (c Condition) String() string {
	var b strings.Builder
	if c.Of != None && c.Of != Latency {
		b.WriteString(string(c.Of) + ".")
	}
	b.WriteString(c.Metric)
	for i, l := range c.Labels {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(l.Name + "=" + written(l.Value))
	}
	if len(c.Labels) > 0 {
		b.WriteByte('}')
	}
	if c.Window > 0 {
		b.WriteString("[" + window(c.Window) + "]")
	}
	b.WriteString(c.Operator)
	switch {
	case c.IsTime():
		b.WriteString(number(c.Bound) + "us")
	case c.Percent:
		b.WriteString(number(c.Bound) + "%")
	default:
		b.WriteString(number(c.Bound))
	}
	return b.String()
}

// window formats whole seconds without the zero minutes that time.Duration adds.
func window(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) + "s" }

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// written formats a label's value, quoted if necessary.
func written(value string) string {
	if value != "" && strings.TrimSpace(value) == value && !strings.ContainsAny(value, `",}\`) {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
