package script

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/expr"
	"landfall/loadgen/extract"
	"landfall/loadgen/field"
)

// ResponseCheck is a compiled [loadgen.Check].
type ResponseCheck struct {
	Index int // in Program.Checks

	status   func(int) bool // nil: any
	latency  time.Duration  // 0: any
	bytes    int64          // 0: any
	inBody   []byte
	pattern  *regexp.Regexp // of the body
	expr     *expr.Expr
	value    *extract.Rule // nil: no value is extracted
	absent   bool
	equals   *string
	contains string
	matches  *regexp.Regexp
}

// Met reports whether a response passes the check. size is the length of the body in bytes; q may hold only its beginning.
func (c *ResponseCheck) Met(q *extract.Response, s *expr.Scope, size int64, latency time.Duration) bool {
	switch {
	case c.status != nil && !c.status(q.Status),
		c.latency > 0 && latency > c.latency,
		c.bytes > 0 && size > c.bytes,
		len(c.inBody) > 0 && !bytes.Contains(q.Body, c.inBody),
		c.pattern != nil && !c.pattern.Match(q.Body),
		c.expr != nil && !c.expr.True(s):
		return false
	case c.value == nil:
		return true
	}
	value, found := c.value.Value(q, nil)
	if c.absent {
		return !found
	}
	return found && (c.equals == nil || value == *c.equals) && strings.Contains(value, c.contains) && (c.matches == nil || c.matches.MatchString(value))
}

// check compiles a check of a step.
func (c *flow) check(at string, given loadgen.Check, m *Message) (*ResponseCheck, error) {
	out := &ResponseCheck{latency: given.MaxLatency.Std(), bytes: given.MaxBytes, inBody: []byte(given.BodyContains), equals: given.Equals, contains: given.Contains}
	var err error
	if given.Status != "" {
		if out.status, err = statuses(at+".status", given.Status); err != nil {
			return nil, err
		}
		m.statusChecked = true
	}
	if out.pattern, err = pattern(at+".body_matches", given.BodyMatches); err != nil {
		return nil, err
	}
	if out.matches, err = pattern(at+".matches", given.Matches); err != nil {
		return nil, err
	}
	if given.Expr != "" {
		if out.expr, err = c.condition(at+".expr", given.Expr); err != nil {
			return nil, err
		}
		m.NeedsBody = m.NeedsBody || out.expr.Uses().Body
		m.NeedsHead = m.NeedsHead || out.expr.Uses().Head
	}
	m.NeedsBody = m.NeedsBody || given.JSON != "" || given.BodyContains != "" || given.BodyMatches != ""
	m.NeedsHead = m.NeedsHead || given.Header != ""
	return out, out.checkValue(at, given)
}

// checkValue compiles the part of a check that is about one value: json or header, and the predicates.
func (c *ResponseCheck) checkValue(at string, given loadgen.Check) (err error) {
	predicate := given.Exists != nil || given.Equals != nil || given.Contains != "" || given.Matches != ""
	switch {
	case given.JSON != "" && given.Header != "":
		return field.Wrong(at, "", "set json or header, not both: use two checks")
	case given.JSON != "":
		if c.value, err = extract.New(extract.JSON, given.JSON, -1, extract.First); err != nil {
			return field.Wrong(at+".json", given.JSON, "%v", err)
		}
	case given.Header != "":
		if c.value, err = extract.New(extract.Header, given.Header, -1, extract.First); err != nil {
			return field.Wrong(at+".header", given.Header, "%v", err)
		}
	case predicate:
		return field.Wrong(at, "", "exists, equals, contains and matches apply to json or header: set one of them")
	case c.status == nil && c.latency == 0 && c.bytes == 0 && len(c.inBody) == 0 && c.pattern == nil && c.expr == nil:
		return field.Wrong(at, "", "a check needs status, max_latency, max_bytes, body_contains, body_matches, json, header or expr")
	}
	c.absent = given.Exists != nil && !*given.Exists
	if c.absent && (given.Equals != nil || given.Contains != "" || given.Matches != "") {
		return field.Wrong(at+".exists", false, "cannot be combined with equals, contains or matches")
	}
	if given.MaxBytes < 0 || given.MaxLatency < 0 {
		return field.Wrong(at, "", "max_bytes and max_latency must not be negative")
	}
	return nil
}

func pattern(at, text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, field.Wrong(at, text, "must be a regular expression (RE2): %v", err)
	}
	return re, nil
}

// statuses parses a comma-separated list of statuses (200), classes (2xx) and ranges (200-299).
func statuses(at, text string) (func(int) bool, error) {
	var ranges [][2]int
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		from, to, isRange := strings.Cut(part, "-")
		if digit, ok := strings.CutSuffix(part, "xx"); ok {
			from, to = digit+"00", digit+"99"
		} else if !isRange {
			to = from
		}
		a, err := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err != nil || err2 != nil || a < 100 || b > 999 || a > b {
			return nil, field.Wrong(at, text, "must be a status such as 200, 2xx or 200-299, or a comma-separated list of them")
		}
		ranges = append(ranges, [2]int{a, b})
	}
	return func(status int) bool {
		for _, r := range ranges {
			if status >= r[0] && status <= r[1] {
				return true
			}
		}
		return false
	}, nil
}
