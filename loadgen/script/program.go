package script

import (
	"math/rand/v2"
	"sort"

	"landfall/loadgen"
	"landfall/loadgen/expr"
	"landfall/loadgen/template"
)

// Program is the scenarios of a spec as one list of operations, which a user follows from one operation to the next. It is
// shared by all users and never changes.
type Program struct {
	Ops      []Op
	Messages []Message // by Op.Message
	Checks   []CheckName
	Groups   []string // names, by Op.Group
	Names    []string // of scenarios
	Counters int      // that a user needs for its loops
	Hosts    []Host   // that requests go to; the first one is the target
	Cookies  bool
	AtOnce   int // how many requests a user sends at once, at most

	proxied   bool   // requests go through a proxy: those without TLS have absolute URLs,
	proxyLine string // and the header that authorizes them

	starts     []int          // where each scenario begins
	cumulative []int64        // weights, summed up to each scenario
	variables  int            // how many a user has
	extracted  map[string]int // places of those that steps set, by name
	initial    []initial
	columns    []column
	data       []dataset
	index, of  int64
}

// scenarios compiles those of a spec.
func (s *Script) scenarios(spec *loadgen.Spec, o Options, table *template.Rows) (err error) {
	if s.Program, err = compileScenarios(spec, o, table); err != nil {
		return err
	}
	for _, m := range s.Program.Messages {
		s.Requests = append(s.Requests, scripted{Request: loadgen.Request{Name: m.Name, Method: m.Method}})
	}
	return nil
}

// Random is a source of random numbers for the users of a loop.
func (s *Script) Random(loop int) *rand.PCG {
	return rand.NewPCG(s.seed, uint64(s.index)<<32|1<<31|uint64(loop))
}

// CheckName is a check of a step.
type CheckName struct{ Step, Check string }

// column is a column of the CSV that has a variable.
type column struct {
	slot   int
	values []string // by row
}

// initial is a variable that the spec sets.
type initial struct {
	slot int
	text template.Template
}

// OpKind says what an operation does.
type OpKind uint8

// The kinds of operations.
const (
	OpSend  OpKind = iota // sends Message and continues with its response
	OpThink               // pauses
	OpCount               // sets Counter to Times
	OpLoop                // counts Counter down and goes to Target as long as it has not reached 0
	OpJump                // goes to Target
	OpTest                // goes to Target unless Condition holds
	OpPick                // goes to one of Targets, by weight
	OpEnter               // starts Group
	OpLeave               // ends Group
	OpFork                // sends the requests at Targets side by side, Times of them at once, and goes to Target after them
	OpJoin                // ends one of these requests
	OpEnd                 // ends the iteration
)

// Op is one operation.
type Op struct {
	Kind      OpKind
	Message   int
	Target    int
	Counter   int
	Group     int
	Times     int32
	Think     Think
	Condition *expr.Expr
	Targets   []int
	weights   []int64 // summed up to each of Targets
}

// Pick is the target of an OpPick.
func (o *Op) Pick(random *rand.PCG) int { return o.Targets[weighted(o.weights, random)] }

// weighted draws one of a list of summed weights.
func weighted(cumulative []int64, random *rand.PCG) int {
	n := int64(random.Uint64() >> 1 % uint64(cumulative[len(cumulative)-1]))
	return sort.Search(len(cumulative), func(i int) bool { return cumulative[i] > n })
}

// Draw is the scenario of an iteration, by weight.
func (p *Program) Draw(random *rand.PCG) (scenario int) {
	if len(p.starts) == 1 {
		return 0
	}
	return weighted(p.cumulative, random)
}

// Start is where a scenario begins.
func (p *Program) Start(scenario int) int { return p.starts[scenario] }

// Reset gives variables the values that they have at the start of the driver's iteration k, and returns them. unique counts the
// iterations of a spec with unique rows, up to [Program.Unique].
func (p *Program) Reset(variables []string, k, unique int64, s *template.Scope) []string {
	if variables == nil {
		variables = make([]string, p.variables)
	}
	clear(variables)
	for _, c := range p.columns {
		variables[c.slot] = c.values[k%int64(len(c.values))]
	}
	for i := range p.data {
		d := &p.data[i]
		row := d.row(p, k, unique, s.Random.Uint64)
		for _, c := range d.columns {
			variables[c.slot] = c.values[row]
		}
	}
	s.Variables = variables
	for _, v := range p.initial {
		variables[v.slot] = string(v.text.Append(nil, s))
	}
	return variables
}

// Number is the number in the fleet of the driver's number k.
func (p *Program) Number(k int64) int64 { return k*p.of + p.index }
