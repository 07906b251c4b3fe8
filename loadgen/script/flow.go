package script

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/expr"
	"landfall/loadgen/extract"
	"landfall/loadgen/field"
	"landfall/loadgen/placeholder"
	"landfall/loadgen/template"
)

// flow compiles the scenarios of a spec.
type flow struct {
	spec    *loadgen.Spec
	o       Options
	program *Program
	slots   map[string]int // of variables, by name
	known   map[string]bool
	names   map[string]bool // of steps
}

// compileScenarios compiles the scenarios of a spec. table is its CSV, if it has one.
func compileScenarios(spec *loadgen.Spec, o Options, table *template.Rows) (*Program, error) {
	c := &flow{
		spec: spec, o: o, slots: map[string]int{}, known: map[string]bool{}, names: map[string]bool{},
		program: &Program{index: int64(o.DriverIndex), of: int64(o.Drivers), Cookies: spec.Cookies == nil || *spec.Cookies},
	}
	if err := c.target(); err != nil {
		return nil, err
	}
	c.columns(table)
	if err := c.variables(); err != nil {
		return nil, err
	}
	var total int64
	initial := clone(c.known)
	for i := range spec.Scenarios {
		s := &spec.Scenarios[i]
		c.known = clone(initial)
		c.program.starts = append(c.program.starts, len(c.program.Ops))
		total += int64(max(s.Weight, 1))
		c.program.cumulative = append(c.program.cumulative, total)
		at, sends := fmt.Sprintf("scenarios[%d].steps", i), len(c.program.Messages)
		if err := c.steps(at, s.Steps); err != nil {
			return nil, err
		}
		if len(c.program.Messages) == sends {
			return nil, field.Wrong(at, "", "a scenario needs a request")
		}
		c.emit(Op{Kind: OpEnd})
	}
	if n := len(c.program.Messages); n > loadgen.MaxRequests {
		return nil, field.Wrong("scenarios", n, "all scenarios together have at most %d requests", loadgen.MaxRequests)
	}
	if n := len(c.program.Checks); n > maxChecks {
		return nil, field.Wrong("scenarios", n, "all scenarios together have at most %d checks", maxChecks)
	}
	c.program.variables = len(c.slots)
	return c.program, nil
}

func clone(known map[string]bool) map[string]bool {
	out := make(map[string]bool, len(known))
	for name := range known {
		out[name] = true
	}
	return out
}

// slot is a variable's place, made when it is first set.
func (c *flow) slot(name string) int {
	i, ok := c.slots[name]
	if !ok {
		i = len(c.slots)
		c.slots[name] = i
	}
	c.known[name] = true
	return i
}

func (c *flow) columns(table *template.Rows) {
	for i, name := range table.Columns() {
		c.program.columns = append(c.program.columns, column{c.slot("csv." + name), table.Values(i)})
	}
}

// reserved are words that conditions use.
var reserved = strings.Fields("status latency body header len true false null and or not contains startsWith endsWith matches")

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

func checkName(at, name string) error {
	switch {
	case !variableName.MatchString(name):
		return field.Wrong(at, name, "a variable's name has up to 64 letters, digits and underscores, and begins with no digit")
	case placeholder.IsFunction(name):
		return field.Wrong(at, name, "is the name of a function")
	case slices.Contains(reserved, name):
		return field.Wrong(at, name, "is a word of conditions")
	}
	return nil
}

// variables compiles those that the spec sets. They may use functions, the environment and the CSV, but not each other.
func (c *flow) variables() error {
	for _, name := range sortedKeys(c.spec.Variables) {
		at := "variables." + name
		if err := checkName(at, name); err != nil {
			return err
		}
		text, err := c.text(at, c.spec.Variables[name], placeholder.Body)
		if err != nil {
			return err
		}
		c.program.initial = append(c.program.initial, initial{text: text})
	}
	for i, name := range sortedKeys(c.spec.Variables) {
		c.program.initial[i].slot = c.slot(name)
	}
	return nil
}

func (c *flow) emit(op Op) int {
	c.program.Ops = append(c.program.Ops, op)
	return len(c.program.Ops) - 1
}

// here has an operation go to what is emitted next.
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
	case s.Repeat > 0:
		return c.repeat(at, s)
	case s.While != "":
		return c.while(at, s)
	case s.If != "":
		return c.branch(at, s)
	case len(s.Choose) > 0:
		return c.choose(at, s.Choose)
	}
	return c.request(at, s)
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
	condition, err := c.between(at+".while", s.While)
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

// errSpins is what is wrong with a loop whose passes may take no time.
func errSpins(at string) error {
	return field.Wrong(at, "", "a loop needs a request or think time that no condition may skip")
}

// waits tells whether steps always take time: a request or a pause that no condition guards.
func waits(steps []loadgen.Step) bool {
	return slices.ContainsFunc(steps, func(s loadgen.Step) bool {
		switch think, err := ParseThink(s.Think); {
		case s.Think != "":
			return err == nil && think.to > 0
		case s.Repeat > 0:
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
	condition, err := c.between(at+".if", s.If)
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

// maxChecks is how many checks all scenarios have at most.
const maxChecks = 512

// condition compiles an expression over variables and the last response.
func (c *flow) condition(at, text string) (*expr.Expr, error) {
	e, err := expr.Compile(text, c.variable)
	if err != nil {
		return nil, field.Wrong(at, text, "%v", err)
	}
	return e, nil
}

// between compiles a condition that stands between steps, where a response is gone but for its status and latency.
func (c *flow) between(at, text string) (*expr.Expr, error) {
	e, err := c.condition(at, text)
	if err == nil && (e.Uses().Head || e.Uses().Body) {
		return nil, field.Wrong(at, text, "only a check's expr can look at body and header: extract what is needed into a variable")
	}
	return e, err
}

// variable is the place of a variable that an earlier step sets.
func (c *flow) variable(name string) (int, error) {
	if c.known[name] {
		return c.slots[name], nil
	}
	best, least := "", len(name)/2+1
	for _, known := range sortedKeys(c.known) {
		if n := distance(name, known); n < least {
			best, least = known, n
		}
	}
	if best != "" {
		return 0, fmt.Errorf("no earlier step sets the variable %s: did you mean %s?", name, best)
	}
	return 0, fmt.Errorf("no earlier step sets the variable %s", name)
}

// constant is env.NAME or secret.NAME, as resolved where the spec was composed, or node.
func (c *flow) constant(name string) (string, bool, error) {
	if name == "node" {
		return c.o.NodeID, true, nil
	}
	for prefix, values := range map[string]map[string]string{"env.": c.spec.Env, "secret.": c.spec.Secrets} {
		if key, ok := strings.CutPrefix(name, prefix); ok {
			value, ok := values[key]
			if !ok {
				return "", false, fmt.Errorf("%s is not set: give -e %s=value or set it in the environment", name, key)
			}
			return value, true, nil
		}
	}
	return "", false, nil
}

func (c *flow) text(at, text string, where placeholder.Place) (placeholder.Text, error) {
	t, err := placeholder.Parse(text, where, placeholder.Names{Variable: c.variable, Constant: c.constant})
	if err != nil {
		return nil, field.Wrong(at, text, "%v", err)
	}
	return t, nil
}

// extraction compiles an extract of a step.
func (c *flow) extraction(at, name string, e loadgen.Extract, m *Message) error {
	if err := checkName(at, name); err != nil {
		return err
	}
	source, text, n := extract.Status, "", 0
	for i, given := range []string{e.JSON, e.Regex, e.Header, e.Cookie} {
		if given != "" {
			source, text, n = extract.Source(i), given, n+1
		}
	}
	if e.Status {
		n++
	}
	pick := max(slices.Index(extract.Picks, e.Pick), 0)
	switch {
	case n != 1:
		return field.Wrong(at, "", "must have exactly one of json, regex, header, cookie and status")
	case e.Pick != "" && !slices.Contains(extract.Picks, e.Pick):
		return field.Wrong(at+".pick", e.Pick, "must be one of %s", strings.Join(extract.Picks, ", "))
	case e.Group != nil && (e.Regex == "" || *e.Group < 0):
		return field.Wrong(at+".group", *e.Group, "must be the number of a group of regex")
	}
	group := -1
	if e.Group != nil {
		group = *e.Group
	}
	rule, err := extract.New(source, text, group, extract.Pick(pick))
	if err != nil {
		return field.Wrong(at, text, "%v", err)
	}
	m.NeedsBody = m.NeedsBody || rule.Body()
	m.NeedsHead = m.NeedsHead || rule.Head()
	m.Extracts = append(m.Extracts, Extraction{Name: name, Rule: rule, Default: e.Default})
	return nil
}

// distance is how many letters must be put in, taken out or replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
