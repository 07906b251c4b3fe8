// Package findings explains the course of a run: its rules look for known faults of targets and generators in
// the measurements. A finding states what was found, when, on which figures, and what to look at next; it
// does not guess. The package is pure: data in, findings out.
package findings

import (
	"cmp"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// Severity is how much a finding matters.
type Severity string

// The severities. Invalid: the figures do not describe the target.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Serious Severity = "serious"
	Invalid Severity = "invalid"
)

// Finding is the result of a rule.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	What     string   `json:"what"`     // one sentence
	Evidence string   `json:"evidence"` // the figures that it is based on
	Next     string   `json:"next"`     // what to look at
	FromMS   int64    `json:"from_ms"`  // since T0
	ToMS     int64    `json:"to_ms"`

	strength float64 // within a severity
}

// Second holds the fleet's measurements of one whole second.
type Second struct {
	Requests, Responses, Unexpected, Dropped int64
	Errors                                   map[loadgen.Class]int64
	Asked                                    float64 // requests/s; 0: no rate, as in an avalanche
	P50US, P99US                             int64
	InFlight                                 int
	Open                                     int  // connections, at its end
	Users                                    int  // virtual users, at its end
	Whole                                    bool // every driver reported
}

// Member is a driver, a label of drivers, or a request of the spec, among others of its kind.
type Member struct {
	Name             string
	Requests, Failed int64
	P50US, P99US     int64
	Seconds          []Second // of a request; those of [Run.Seconds] with its latencies
}

// Run is the input of the rules.
type Run struct {
	Seconds     []Second // of the load after the warm-up
	Start       int      // second since T0 of the first
	Kind        loadgen.Kind
	Drivers     []Member
	Labels      []Member
	Requests    []Member
	Connections int // of all drivers
	KeepAlive   bool
	Connects    int64
	Total       int64 // requests
	Responses   int64
	Unknown     int64
	RateRPS     float64
	AskedRPS    float64
	Service     *hdr.Histogram // nil: nothing was measured
	Handshake   *hdr.Histogram
	Limited     bool     // by the generator, in LimitedSeconds
	Reasons     []string // why
	Counted     *int64   // by the target itself; nil: unknown

	LimitedSeconds int
}

// Most is how many findings a report shows at first.
const Most = 5

// Find applies all rules. The strongest findings come first.
func Find(r Run) []Finding {
	list := []Finding{}
	for _, rule := range []struct {
		name string
		find func(Run) *Finding
	}{
		{"generator-limit", generatorLimit}, {"target-count", targetCount}, {"saturation", saturation}, {"few-connections", fewConnections}, {"backlog", backlog}, {"errors-begin", errorsBegin},
		{"stalls", stalls}, {"step", step}, {"rate-step", rateStep}, {"connection-step", connectionStep}, {"drift", drift}, {"odd-driver", oddDriver}, {"odd-label", oddLabel}, {"odd-request", oddRequest},
		{"slow-handshakes", slowHandshakes}, {"keep-alive", keepAlive},
	} {
		if f := rule.find(r); f != nil {
			f.Rule = rule.name
			list = append(list, *f)
		}
	}
	weight := map[Severity]int{Invalid: 3, Serious: 2, Warning: 1}
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(weight[b.Severity], weight[a.Severity]), cmp.Compare(b.strength, a.strength))
	})
	for i := range list {
		list[i].strength = 0 // only for the order
	}
	return list
}

// at converts a second of the run to milliseconds since T0.
func (r Run) at(second int) int64 { return int64(r.Start+second) * 1000 }

// median returns the median of a function of a list's elements; 0 if there are none.
func median[T any](list []T, of func(T) float64) float64 {
	values := make([]float64, 0, len(list))
	for _, x := range list {
		values = append(values, of(x))
	}
	slices.Sort(values)
	switch n := len(values); {
	case n == 0:
		return 0
	case n%2 == 1:
		return values[n/2]
	default:
		return (values[n/2-1] + values[n/2]) / 2
	}
}

func p50(s Second) float64   { return float64(s.P50US) }
func p99(s Second) float64   { return float64(s.P99US) }
func asked(s Second) float64 { return s.Asked }
func open(s Second) float64  { return float64(s.Open) }
func users(s Second) float64 { return float64(s.Users) }
