package condition

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a condition.
const (
	maxLength = 400 // bytes of a condition
	maxWindow = time.Hour
	maxBound  = 1e15
)

// Error describes what is accepted, without naming the condition.
type Error struct{ Want string }

func (e *Error) Error() string { return e.Want }

const example = "must be like p99<250ms, failed<1%, rate>=950, p99[10s]<300ms or failed{request=login}<1%"

func wrong(want string) error { return &Error{Want: want} }

// Parse parses a condition. Its error is an [*Error].
func Parse(text string) (Condition, error) {
	if len(text) > maxLength || !utf8.ValidString(text) {
		return Condition{}, wrong("must be UTF-8 of at most " + strconv.Itoa(maxLength) + " bytes")
	}
	s := &scanner{rest: text}
	c, err := s.condition()
	if err != nil {
		return Condition{}, err
	}
	return c, c.check()
}

// scanner reads a condition from left to right.
type scanner struct{ rest string }

func (s *scanner) space() { s.rest = strings.TrimLeft(s.rest, " \t") }

// take consumes a prefix and reports whether it was present.
func (s *scanner) take(prefix string) bool {
	rest, ok := strings.CutPrefix(s.rest, prefix)
	s.rest = rest
	return ok
}

// while consumes the longest prefix whose bytes all satisfy ok.
func (s *scanner) while(ok func(byte) bool) string {
	n := 0
	for n < len(s.rest) && ok(s.rest[n]) {
		n++
	}
	text := s.rest[:n]
	s.rest = s.rest[n:]
	return text
}

func (s *scanner) condition() (c Condition, err error) {
	s.space()
	if c.Of, c.Metric, err = s.metric(); err != nil {
		return c, err
	}
	s.space()
	if s.take("{") {
		if c.Labels, err = s.labels(); err != nil {
			return c, err
		}
		s.space()
	}
	if s.take("[") {
		if c.Window, err = s.window(); err != nil {
			return c, err
		}
		s.space()
	}
	for _, op := range []string{"<=", ">=", "==", "<", ">"} {
		if s.take(op) {
			c.Operator = op
			break
		}
	}
	if c.Operator == "" {
		return c, wrong(example)
	}
	return c, s.bound(&c)
}

func lower(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '.' || b == '_' }

// metric parses a name such as p99.9, service.p99 or errors.
func (s *scanner) metric() (of Distribution, metric string, err error) {
	name := s.while(lower)
	if slices.Contains(Counts, name) {
		return None, name, nil
	}
	of, metric = Latency, name
	if before, after, ok := strings.Cut(name, "."); ok {
		switch d := Distribution(before); d {
		case Latency, Service, Lag, Iteration:
			of, metric = d, after
		}
	}
	if _, ok := quantile(metric); ok || metric == "min" || metric == "mean" || metric == "max" {
		return of, metric, nil
	}
	if name == "" {
		return None, "", wrong(example)
	}
	return None, "", wrong("there is no metric " + strconv.Quote(name) + "; there are p50 … p99.99, min, mean, max (also as service.p99, lag.p99, iteration.p99), " +
		strings.Join(Counts, ", "))
}

// labels parses the labels between braces.
func (s *scanner) labels() (list []Label, err error) {
	for {
		s.space()
		l := Label{Name: s.while(func(b byte) bool { return b != '=' && b != '}' && b != ',' && b != '"' })}
		l.Name = strings.TrimRight(l.Name, " \t")
		if !s.take("=") {
			return nil, wrong("labels must be like {request=login} or {request=login,stage=2}")
		}
		s.space()
		if l.Value, err = s.value(); err != nil {
			return nil, err
		}
		list = append(list, l)
		s.space()
		switch {
		case s.take("}"):
			return list, nil
		case !s.take(","):
			return nil, wrong("labels must be separated by commas and closed with }")
		}
	}
}

// value parses a label's value: bare, or in double quotes with the escapes \" and \\.
func (s *scanner) value() (string, error) {
	if !s.take(`"`) {
		bare := s.while(func(b byte) bool { return b != ',' && b != '}' && b != '"' && b != '\\' })
		return strings.TrimSpace(bare), nil
	}
	var b strings.Builder
	for {
		b.WriteString(s.while(func(b byte) bool { return b != '"' && b != '\\' }))
		switch {
		case s.take(`"`):
			return b.String(), nil
		case s.take(`\"`):
			b.WriteByte('"')
		case s.take(`\\`):
			b.WriteByte('\\')
		default:
			return "", wrong(`a quoted label must be closed with ", and only \" and \\ can be escaped`)
		}
	}
}

func (s *scanner) window() (time.Duration, error) {
	const want = "a window must be whole seconds up to an hour, as in p99[10s]<300ms"
	text := s.while(func(b byte) bool { return b != ']' })
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || !s.take("]") || d < time.Second || d > maxWindow || d%time.Second != 0 {
		return 0, wrong(want)
	}
	return d, nil
}

// units maps units of time to microseconds.
var units = map[string]float64{"us": 1, "µs": 1, "ms": 1e3, "s": 1e6, "m": 60e6}

// bound parses the number and its unit, which must fit the metric.
func (s *scanner) bound(c *Condition) error {
	s.space()
	digits := s.while(func(b byte) bool { return b >= '0' && b <= '9' || b == '.' })
	bound, err := strconv.ParseFloat(digits, 64)
	unit := strings.TrimSpace(s.rest)
	if err != nil || math.IsInf(bound, 0) {
		return wrong(example)
	}
	switch factor, isTime := units[unit]; {
	case c.IsTime() && !isTime:
		return wrong("a time needs a unit: us, ms, s or m, as in p99<250ms")
	case c.IsTime():
		bound *= factor
	case c.Metric == "coverage" && unit != "%":
		return wrong("coverage is a percentage, as in coverage>=99%")
	case share(c.Metric) && unit != "" && unit != "%":
		return wrong(c.Metric + " is a count or a percentage, as in " + c.Metric + "<1%")
	case !share(c.Metric) && c.Metric != "coverage" && unit != "":
		return wrong(c.Metric + " has no unit, as in " + c.Metric + ">=950")
	}
	if bound > maxBound {
		return wrong("the bound must be at most 1e15")
	}
	c.Bound, c.Percent = bound, unit == "%"
	return nil
}
