package engine

import (
	"time"

	"landfall/loadgen"
	"landfall/loadgen/extract"
	"landfall/loadgen/script"
)

// Exchange is one request of a user with its result, for debugging scenarios.
type Exchange struct {
	Step      string
	Groups    []string // that the step is in, the outermost first
	Request   string   // as it was sent
	Status    int      // 0: no response
	Header    string   // lines "Name: value\n"
	Body      string   // the first MiB
	Latency   time.Duration
	Extracted []Extracted
	Checks    []CheckResult
	Expected  bool          // the step accepts the response
	Error     loadgen.Class // "": there was a response
	Aside     bool          // belongs to setup
	Derived   []string      // what functions have computed from secrets so far
}

// Extracted is a variable that a step sets.
type Extracted struct {
	Name, Value string
	Found       bool // false: Value is the default, or the iteration fails
}

// CheckResult is the result of a check of a step.
type CheckResult struct {
	Check  string
	Passed bool
}

// trace collects the exchanges of a single user, who does not pause. Nil: no trace was requested.
type trace struct {
	report  func(Exchange)
	now     Exchange
	program *script.Program
	derived []string
}

func newTrace(e *Engine) *trace {
	o, p := e.options, e.script.Program
	if o.Exchanged == nil {
		return nil
	}
	for i := range p.Messages { // record all of every response
		p.Messages[i].NeedsBody, p.Messages[i].NeedsHead = true, true
	}
	return &trace{report: o.Exchanged, program: p, derived: e.derived}
}

func (t *trace) sent(m *script.Message, request []byte) {
	if t != nil {
		t.now = Exchange{Step: m.Name, Groups: m.Groups, Request: string(request), Derived: t.derived}
	}
}

// derive records what a function computes from a secret.
func (t *trace) derive(value string) { t.derived = append(t.derived, value) }

func (t *trace) received(q *extract.Response, latency int64) {
	if t != nil {
		t.now.Status, t.now.Header, t.now.Body, t.now.Latency = q.Status, string(q.Head), string(q.Body), time.Duration(latency)
	}
}

func (t *trace) extracted(name, value string, found bool) {
	if t != nil {
		t.now.Extracted = append(t.now.Extracted, Extracted{name, value, found})
	}
}

func (t *trace) checked(index int, passed bool) {
	if t != nil {
		t.now.Checks = append(t.now.Checks, CheckResult{t.program.Checks[index].Check, passed})
	}
}

func (t *trace) judged(expected bool) {
	if t != nil {
		t.now.Expected = expected
	}
}

func (t *trace) ended(m *script.Message, class int) {
	if t == nil {
		return
	}
	if t.now.Step, t.now.Groups = m.Name, m.Groups; class != noClass {
		t.now.Error = loadgen.Classes[class]
	}
	t.report(t.now)
	t.now = Exchange{}
}
