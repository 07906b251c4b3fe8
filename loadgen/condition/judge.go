package condition

import "math"

// Times is a distribution in microseconds, such as a histogram.
type Times interface {
	Count() int64
	Min() int64
	Mean() float64
	Quantile(q float64) int64
	Max() int64
}

// Figures are the measurements of a span of a run.
type Figures struct {
	Seconds      float64 // in which requests were sent or answered
	Requests     int64   // that ended: responses + errors
	Responses    int64
	Unexpected   int64
	Dropped      int64 // due and never sent; not in Requests
	Unknown      int64 // upper bound of the requests that were sent but never reported
	Checks       int64
	FailedChecks int64
	Coverage     float64 // from 0 to 1

	// Nil if nothing was measured.
	Latency, Service, Lag, Iteration Times
}

// Errors returns the number of requests without a response.
func (f Figures) Errors() int64 { return f.Requests - f.Responses }

// Result is the result of evaluating a condition.
type Result struct {
	Value  float64 // microseconds for times, percent for percentages, else a count or requests per second
	Passed bool
	Judged bool // false: there are no measurements to judge
	From   int  // first second of the span, or of the window that is furthest from holding
	To     int  // the second after its last
}

// Judge evaluates the condition over one span.
//
// Times cannot be judged without responses, nor checks without any. If requests failed there, the condition
// does not hold, since nothing shows that it does; if none was sent, it is not judged.
func (c Condition) Judge(f Figures) Result {
	if c.IsTime() {
		times := c.times(f)
		if times == nil || times.Count() == 0 {
			return Result{Judged: f.Errors() > 0}
		}
		return c.compare(c.statistic(times))
	}
	if c.Metric == "checks" && f.Checks == 0 {
		return Result{} // a share of zero is undefined
	}
	return c.compare(c.count(f))
}

func (c Condition) compare(value float64) Result {
	return Result{Value: value, Passed: c.holds(value), Judged: true}
}

func (c Condition) holds(value float64) bool {
	switch c.Operator {
	case "<":
		return value < c.Bound
	case "<=":
		return value <= c.Bound
	case ">":
		return value > c.Bound
	case ">=":
		return value >= c.Bound
	}
	return value == c.Bound
}

func (c Condition) times(f Figures) Times {
	switch c.Of {
	case Service:
		return f.Service
	case Lag:
		return f.Lag
	case Iteration:
		return f.Iteration
	}
	return f.Latency
}

func (c Condition) statistic(t Times) float64 {
	switch c.Metric {
	case "min":
		return float64(t.Min())
	case "mean":
		return t.Mean()
	case "max":
		return float64(t.Max())
	}
	q, _ := quantile(c.Metric)
	return float64(t.Quantile(q))
}

func (c Condition) count(f Figures) float64 {
	switch c.Metric {
	case "errors":
		return c.part(f.Errors(), f.Requests)
	case "unexpected":
		return c.part(f.Unexpected, f.Requests)
	case "failed":
		return c.part(f.Errors()+f.Unexpected, f.Requests)
	case "dropped":
		return c.part(f.Dropped, f.Requests+f.Dropped)
	case "unknown":
		return c.part(f.Unknown, f.Requests+f.Unknown)
	case "checks":
		return c.part(f.Checks-f.FailedChecks, f.Checks)
	case "requests":
		return float64(f.Requests)
	case "responses":
		return float64(f.Responses)
	case "coverage":
		return 100 * f.Coverage
	}
	if f.Seconds <= 0 {
		return 0
	}
	return float64(f.Requests) / f.Seconds
}

// part returns a count, or its percentage of the whole.
func (c Condition) part(n, whole int64) float64 {
	switch {
	case !c.Percent:
		return float64(n)
	case whole > 0:
		return 100 * float64(n) / float64(whole)
	}
	return 0
}

// worse reports whether a is further from holding than b.
func (c Condition) worse(a, b float64) bool {
	switch c.Operator {
	case "<", "<=":
		return a > b
	case ">", ">=":
		return a < b
	}
	return math.Abs(a-c.Bound) > math.Abs(b-c.Bound)
}
