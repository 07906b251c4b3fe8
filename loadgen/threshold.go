package loadgen

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"landfall/loadgen/field"
	"landfall/loadgen/hdr"
)

// Values are the fleet's merged figures that thresholds are judged on.
type Values struct {
	Counts  Counts
	Latency *hdr.Histogram
	Seconds float64 // that the run has lasted
}

// Condition is a threshold that was understood.
type Condition struct {
	Metric   string // p50 … p99.9, min, mean, max, errors, unexpected, dropped, requests, responses, rate
	Operator string // <, <=, >, >=, ==
	Bound    float64
	Percent  bool // of requests (of responses for unexpected; of all that were due for dropped)
}

var (
	threshold = regexp.MustCompile(`^\s*([a-z]+[0-9.]*)\s*(<=|>=|==|<|>)\s*([0-9.]+)\s*([a-zµ%]*)\s*$`)
	units     = map[string]float64{"us": 1, "µs": 1, "ms": 1e3, "s": 1e6, "m": 60e6}
)

// ParseThreshold understands a condition such as "p99<250ms", "errors<1%", "rate>=950" or "dropped==0". Its error is a
// *FieldError.
func ParseThreshold(expr string) (Condition, error) {
	const want = "must be like p99<250ms, mean<=20ms, errors<1%%, unexpected==0, dropped==0 or rate>=950"
	m := threshold.FindStringSubmatch(expr)
	if m == nil {
		return Condition{}, field.Wrong("thresholds", expr, want)
	}
	c := Condition{Metric: m[1], Operator: m[2], Percent: m[4] == "%"}
	bound, err := strconv.ParseFloat(m[3], 64)
	if err != nil || math.IsNaN(bound) || math.IsInf(bound, 0) {
		return Condition{}, field.Wrong("thresholds", expr, want)
	}
	c.Bound = bound
	switch {
	case c.IsLatency():
		unit, ok := units[m[4]]
		if !ok {
			return Condition{}, field.Wrong("thresholds", expr, "a latency needs a unit: us, ms, s or m, as in p99<250ms")
		}
		c.Bound *= unit
	case c.Metric == "errors" || c.Metric == "unexpected" || c.Metric == "dropped":
		if m[4] != "" && !c.Percent {
			return Condition{}, field.Wrong("thresholds", expr, "%s is a count or a percentage, as in %s<1%%", c.Metric, c.Metric)
		}
	case c.Metric == "rate" || c.Metric == "requests" || c.Metric == "responses":
		if m[4] != "" {
			return Condition{}, field.Wrong("thresholds", expr, "%s has no unit, as in %s>=950", c.Metric, c.Metric)
		}
	default:
		return Condition{}, field.Wrong("thresholds", expr, want)
	}
	return c, nil
}

// quantile is the share that a metric such as p99.9 stands for.
func (c Condition) quantile() (float64, bool) {
	digits, ok := strings.CutPrefix(c.Metric, "p")
	if !ok {
		return 0, false
	}
	p, err := strconv.ParseFloat(digits, 64)
	return p / 100, err == nil && p > 0 && p < 100
}

// Judge is the value that the condition is about (latencies in microseconds, shares in percent) and whether it is met.
func (c Condition) Judge(v Values) (value float64, passed bool) {
	value = c.value(v)
	switch c.Operator {
	case "<":
		return value, value < c.Bound
	case "<=":
		return value, value <= c.Bound
	case ">":
		return value, value > c.Bound
	case ">=":
		return value, value >= c.Bound
	}
	return value, value == c.Bound
}

func (c Condition) value(v Values) float64 {
	n := v.Counts
	switch c.Metric {
	case "min":
		return float64(v.Latency.Min())
	case "mean":
		return v.Latency.Mean()
	case "max":
		return float64(v.Latency.Max())
	case "errors":
		return c.part(n.Requests-n.Responses, n.Requests)
	case "unexpected":
		return c.part(n.Unexpected, n.Responses)
	case "dropped":
		return c.part(n.Dropped, n.Requests+n.Dropped)
	case "requests":
		return float64(n.Requests)
	case "responses":
		return float64(n.Responses)
	case "rate":
		if v.Seconds <= 0 {
			return 0
		}
		return float64(n.Requests) / v.Seconds
	}
	q, _ := c.quantile()
	return float64(v.Latency.Quantile(q))
}

func (c Condition) part(n, whole int64) float64 {
	if !c.Percent {
		return float64(n)
	}
	if whole == 0 {
		return 0
	}
	return 100 * float64(n) / float64(whole)
}

// IsLatency tells whether the condition's value and bound are microseconds.
func (c Condition) IsLatency() bool {
	_, quantile := c.quantile()
	return quantile || c.Metric == "min" || c.Metric == "mean" || c.Metric == "max"
}
