package script

import (
	"fmt"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// flow compiles the scenarios of a spec.
type flow struct {
	spec    *loadgen.Spec
	o       Options
	program *Program
	slots   map[string]int  // index of each variable in a user's variables
	known   map[string]bool // variables that the steps so far may have set
	names   map[string]bool // of steps
	secrets map[string]bool // variables of the spec that hold secrets
	open    []int           // enclosing groups, the innermost last
}

// compileScenarios compiles the scenarios of a spec. table is its CSV, or nil.
func compileScenarios(spec *loadgen.Spec, o Options, table *template.Rows) (*Program, error) {
	return compileFlow(spec, o, table, func(scenario int) string { return fmt.Sprintf("scenarios[%d].steps", scenario) })
}

// compileFlow compiles scenarios. place returns the path of a scenario's steps in the spec, for error messages.
func compileFlow(spec *loadgen.Spec, o Options, table *template.Rows, place func(scenario int) string) (*Program, error) {
	c := &flow{
		spec: spec, o: o, slots: map[string]int{}, known: map[string]bool{}, names: map[string]bool{}, secrets: map[string]bool{},
		program: &Program{extracted: map[string]int{}, index: int64(o.DriverIndex), of: int64(o.Drivers), Cookies: spec.Cookies == nil || *spec.Cookies, AtOnce: spec.MostAtOnce()},
	}
	if err := c.hosts(); err != nil {
		return nil, err
	}
	c.columns(table)
	for _, compile := range []func() error{c.data, c.variables, c.setup} {
		if err := compile(); err != nil {
			return nil, err
		}
	}
	var total int64
	initial := clone(c.known)
	for i := range spec.Scenarios {
		s := &spec.Scenarios[i]
		c.known = clone(initial)
		c.program.starts, c.program.Names = append(c.program.starts, len(c.program.Ops)), append(c.program.Names, s.Name)
		total += int64(max(s.Weight, 1))
		c.program.cumulative = append(c.program.cumulative, total)
		at, sends := place(i), len(c.program.Messages)
		if err := c.steps(at, s.Steps); err != nil {
			return nil, err
		}
		if len(c.program.Messages) == sends {
			return nil, field.Wrong(at, "", "a scenario needs a request")
		}
		c.emit(Op{Kind: OpEnd})
	}
	if n := len(c.program.Messages); n > loadgen.MaxRequests {
		return nil, field.Wrong("scenarios", n, "all scenarios together may have at most %d requests", loadgen.MaxRequests)
	}
	if n := len(c.program.Checks); n > loadgen.MaxChecks {
		return nil, field.Wrong("scenarios", n, "all scenarios together may have at most %d checks", loadgen.MaxChecks)
	}
	if n := len(c.program.Groups); n > loadgen.MaxGroups {
		return nil, field.Wrong("scenarios", n, "all scenarios together may have at most %d groups", loadgen.MaxGroups)
	}
	c.program.variables = len(c.slots)
	return c.program, nil
}

func (c *flow) emit(op Op) int {
	c.program.Ops = append(c.program.Ops, op)
	return len(c.program.Ops) - 1
}

// here makes an operation jump to the next one that is emitted.
func (c *flow) here(op int) { c.program.Ops[op].Target = len(c.program.Ops) }

func (c *flow) steps(at string, steps []loadgen.Step) error {
	for i := range steps {
		if err := c.step(fmt.Sprintf("%s[%d]", at, i), &steps[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *flow) step(at string, s *loadgen.Step) error {
	switch {
	case s.Think != "":
		think, err := ParseThink(s.Think)
		if err != nil {
			return field.Wrong(at+".think", s.Think, "%v", err)
		}
		c.emit(Op{Kind: OpThink, Think: think})
		return nil
	case s.Group != "":
		return c.group(at, s)
	case s.Repeat > 0:
		return c.repeat(at, s)
	case s.While != "":
		return c.while(at, s)
	case s.If != "":
		return c.branch(at, s)
	case len(s.Choose) > 0:
		return c.choose(at, s.Choose)
	case len(s.Parallel) > 0:
		return c.parallel(at, s)
	}
	return c.request(at, s)
}
