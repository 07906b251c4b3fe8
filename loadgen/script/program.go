package script

import (
	"math/rand/v2"
	"sort"

	"landfall/loadgen"
	"landfall/loadgen/expr"
	"landfall/loadgen/template"
)

// Program holds the scenarios of a spec, compiled to one list of operations that each user executes with a position of its own. All
// users share it; it never changes.
type Program struct {
	Ops      []Op
	Messages []Message // by Op.Message
	Checks   []CheckName
	Groups   []string // names, by Op.Group
	Names    []string // of scenarios
	Counters int      // number of loop counters of a user
	Hosts    []Host   // hosts that requests are sent to; the first one is the target
	Cookies  bool     // users keep cookies
	AtOnce   int      // maximum number of requests that a user has in flight

	proxied   bool   // there is a proxy: requests without TLS are sent to it, with an absolute URL
	proxyLine string // the Proxy-Authorization header line, or ""

	starts     []int          // index in Ops of each scenario's first operation
	cumulative []int64        // running sum of the scenarios' weights
	variables  int            // number of variables of a user
	extracted  map[string]int // index of each variable that a step sets, by name
	initial    []initial
	columns    []column
	data       []dataset
	index, of  int64 // of this driver, among all drivers
}

// scenarios compiles the scenarios of a spec.
func (s *Script) scenarios(spec *loadgen.Spec, o Options, table *template.Rows) (err error) {
	if s.Program, err = compileScenarios(spec, o, table); err != nil {
		return err
	}
	for _, m := range s.Program.Messages {
		s.Requests = append(s.Requests, scripted{Request: loadgen.Request{Name: m.Name, Method: m.Method}})
	}
	return nil
}

// Random returns the random source for the users of a loop.
func (s *Script) Random(loop int) *rand.PCG {
	return rand.NewPCG(s.seed, uint64(s.index)<<32|1<<31|uint64(loop))
}

// CheckName identifies a check of a step.
type CheckName struct{ Step, Check string }

// column is a column of a table, whose values fill a variable.
type column struct {
	slot   int
	values []string // by row
}

// initial is a variable that has a value when an iteration starts.
type initial struct {
	slot int
	text template.Template
}

// OpKind is the kind of an operation.
type OpKind uint8

// The kinds of operations.
const (
	OpSend  OpKind = iota // send Message and wait for its response
	OpThink               // pause
	OpCount               // set Counter to Times
	OpLoop                // decrement Counter; jump to Target while it is above 0
	OpJump                // jump to Target
	OpTest                // jump to Target unless Condition holds
	OpPick                // jump to one of Targets, by weight
	OpEnter               // start the time of Group
	OpLeave               // stop the time of Group
	OpFork                // send the requests at Targets concurrently, at most Times at once; then jump to Target
	OpJoin                // end of one of these requests
	OpEnd                 // end of the iteration
)

// Op is one operation. Its kind determines which fields are used.
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
	weights   []int64 // running sum of the weights of Targets
}

// Pick draws one of the targets of an OpPick.
func (o *Op) Pick(random *rand.PCG) int { return o.Targets[weighted(o.weights, random)] }

// weighted draws an index from the running sum of some weights.
func weighted(cumulative []int64, random *rand.PCG) int {
	n := int64(random.Uint64() >> 1 % uint64(cumulative[len(cumulative)-1]))
	return sort.Search(len(cumulative), func(i int) bool { return cumulative[i] > n })
}

// Draw draws the scenario of an iteration, by weight.
func (p *Program) Draw(random *rand.PCG) (scenario int) {
	if len(p.starts) == 1 {
		return 0
	}
	return weighted(p.cumulative, random)
}

// Start returns the index in [Program.Ops] of a scenario's first operation.
func (p *Program) Start(scenario int) int { return p.starts[scenario] }

// Reset sets variables to their values at the start of the driver's iteration k and returns them; nil allocates them. unique counts the
// iterations that take a unique row, below [Program.Unique].
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

// Number returns the number in the fleet of this driver's iteration k, both counted from 0.
func (p *Program) Number(k int64) int64 { return k*p.of + p.index }
