package condition

import "time"

// AbortWindow is the default window of an abort condition: a target that fails late must stop the run, so the
// healthy time before does not count.
const AbortWindow = 10 * time.Second

// Series provides the figures of a run by the second, counted from T0.
type Series interface {
	// Between returns the merged figures of the seconds from … to-1 that the label selects; false: there is
	// no such series.
	Between(label Label, from, to int) (Figures, bool)
	// Stage returns the span of seconds of a stage, numbered from 1; false: there is none.
	Stage(n int) (from, to int, ok bool)
}

// steps is the number of steps in which a long window slides over its own length: judging costs steps times
// the run's length.
const steps = 30

// Over evaluates the condition over the whole seconds from … to-1 of a run. With a window it must hold in every window
// that lies within them, sliding by a second, or by a thirtieth of windows longer than half a minute; the result is that of
// the window furthest from holding. A span shorter than the window is evaluated as a whole.
func (c Condition) Over(s Series, from, to int) Result {
	from, to, ok := c.within(s, from, to)
	if !ok {
		return Result{From: from, To: from}
	}
	size := int(c.Window / time.Second)
	if size == 0 || size >= to-from {
		return c.span(s, from, to)
	}
	worst := Result{From: from, To: from + size}
	for at := from; at+size <= to; at += max(1, size/steps) {
		if r := c.span(s, at, at+size); r.Judged && (!worst.Judged || c.more(r, worst)) {
			worst = r
		}
	}
	return worst
}

// Now evaluates the condition at the end of the seconds from … to-1: over its last window, or over the last [AbortWindow]
// if it has none. Its own window must be complete; that of an abort may still be filling.
func (c Condition) Now(s Series, from, to int) Result {
	from, to, ok := c.within(s, from, to)
	if !ok {
		return Result{From: from, To: from}
	}
	size := int(c.Window / time.Second)
	if size > to-from {
		return Result{From: from, To: to}
	}
	if size == 0 {
		size = min(int(AbortWindow/time.Second), to-from)
	}
	return c.span(s, to-size, to)
}

// within restricts a span to the condition's stage.
func (c Condition) within(s Series, from, to int) (int, int, bool) {
	if n := c.Stage(); n > 0 {
		first, end, ok := s.Stage(n)
		if !ok {
			return from, to, false
		}
		from, to = max(from, first), min(to, end)
	}
	return from, to, from < to
}

func (c Condition) span(s Series, from, to int) Result {
	label, _ := c.Series()
	f, ok := s.Between(label, from, to)
	if !ok {
		return Result{From: from, To: to}
	}
	r := c.Judge(f)
	r.From, r.To = from, to
	return r
}

// more reports whether a is further from holding than b: a result that does not hold before one that does.
func (c Condition) more(a, b Result) bool {
	if a.Passed != b.Passed {
		return !a.Passed
	}
	return c.worse(a.Value, b.Value)
}
