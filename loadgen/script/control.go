package script

import (
	"fmt"
	"maps"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/expr"
	"landfall/loadgen/field"
)

// group compiles steps that are timed together. Groups of the same name are one row in the report.
func (c *flow) group(at string, s *loadgen.Step) error {
	i := slices.Index(c.program.Groups, s.Group)
	if i >= 0 && slices.Contains(c.open, i) {
		return field.Wrong(at+".group", s.Group, "a group must not contain a group of the same name")
	}
	if i < 0 {
		i = len(c.program.Groups)
		c.program.Groups = append(c.program.Groups, s.Group)
	}
	c.open = append(c.open, i)
	c.emit(Op{Kind: OpEnter, Group: i})
	err := c.steps(at+".steps", s.Steps)
	c.emit(Op{Kind: OpLeave, Group: i})
	c.open = c.open[:len(c.open)-1]
	return err
}

func (c *flow) repeat(at string, s *loadgen.Step) error {
	if !waits(s.Steps) {
		return errSpins(at + ".steps")
	}
	counter := c.program.Counters
	c.program.Counters++
	c.emit(Op{Kind: OpCount, Counter: counter, Times: int32(s.Repeat)})
	start := len(c.program.Ops)
	if err := c.steps(at+".steps", s.Steps); err != nil {
		return err
	}
	c.emit(Op{Kind: OpLoop, Counter: counter, Target: start})
	return nil
}

func (c *flow) while(at string, s *loadgen.Step) error {
	condition, err := c.stepCondition(at+".while", s.While)
	if err != nil {
		return err
	}
	if !waits(s.Steps) {
		return errSpins(at + ".steps")
	}
	test := c.emit(Op{Kind: OpTest, Condition: condition})
	if err := c.steps(at+".steps", s.Steps); err != nil {
		return err
	}
	c.emit(Op{Kind: OpJump, Target: test})
	c.here(test)
	return nil
}

// errSpins is the error for a loop whose iterations may take no time.
func errSpins(at string) error {
	return field.Wrong(at, "", "a loop needs a request or think time that does not depend on a condition")
}

// waits reports whether the steps take time whichever branches a user takes: each way through has a request or a pause.
func waits(steps []loadgen.Step) bool {
	return slices.ContainsFunc(steps, func(s loadgen.Step) bool {
		switch think, err := ParseThink(s.Think); {
		case s.Think != "":
			return err == nil && think.to > 0
		case len(s.Parallel) > 0:
			return true
		case s.Repeat > 0, s.Group != "":
			return waits(s.Steps)
		case s.While != "":
			return false
		case s.If != "":
			return waits(s.Steps) && waits(s.Else)
		case len(s.Choose) > 0:
			return !slices.ContainsFunc(s.Choose, func(b loadgen.Branch) bool { return !waits(b.Steps) })
		}
		return true
	})
}

func (c *flow) branch(at string, s *loadgen.Step) error {
	condition, err := c.stepCondition(at+".if", s.If)
	if err != nil {
		return err
	}
	test := c.emit(Op{Kind: OpTest, Condition: condition})
	if err := c.steps(at+".steps", s.Steps); err != nil {
		return err
	}
	if len(s.Else) == 0 {
		c.here(test)
		return nil
	}
	jump := c.emit(Op{Kind: OpJump})
	c.here(test)
	if err := c.steps(at+".else", s.Else); err != nil {
		return err
	}
	c.here(jump)
	return nil
}

func (c *flow) choose(at string, branches []loadgen.Branch) error {
	pick := c.emit(Op{Kind: OpPick})
	var jumps []int
	var total int64
	for i, b := range branches {
		op := &c.program.Ops[pick]
		total += int64(max(b.Weight, 1))
		op.Targets, op.weights = append(op.Targets, len(c.program.Ops)), append(op.weights, total)
		if err := c.steps(fmt.Sprintf("%s.choose[%d].steps", at, i), b.Steps); err != nil {
			return err
		}
		jumps = append(jumps, c.emit(Op{Kind: OpJump}))
	}
	for _, jump := range jumps {
		c.here(jump)
	}
	return nil
}

// parallel compiles requests that are sent concurrently. None of them can use a value that another extracts.
func (c *flow) parallel(at string, s *loadgen.Step) error {
	fork := c.emit(Op{Kind: OpFork, Times: int32(s.AtOnce())})
	before, after := c.known, clone(c.known)
	for i := range s.Parallel {
		c.known = clone(before)
		op := &c.program.Ops[fork]
		op.Targets = append(op.Targets, len(c.program.Ops))
		if err := c.request(fmt.Sprintf("%s.parallel[%d]", at, i), &s.Parallel[i]); err != nil {
			return err
		}
		c.emit(Op{Kind: OpJoin})
		maps.Copy(after, c.known)
	}
	c.known = after
	c.here(fork)
	return nil
}

// condition compiles an expression over variables and the last response.
func (c *flow) condition(at, text string) (*expr.Expr, error) {
	e, err := expr.Compile(text, c.variable)
	if err != nil {
		return nil, field.Wrong(at, text, "%v", err)
	}
	return e, nil
}

// stepCondition compiles the condition of an if or while. Of the last response only status and latency are still known there.
func (c *flow) stepCondition(at, text string) (*expr.Expr, error) {
	e, err := c.condition(at, text)
	if err == nil && (e.Uses().Head || e.Uses().Body) {
		return nil, field.Wrong(at, text, "only the expr of a check can use body and header: extract the value into a variable first")
	}
	return e, err
}
