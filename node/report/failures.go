package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"landfall/loadgen"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// Failure is a reason why requests failed.
type Failure struct {
	loadgen.Failure
	Drivers []string `json:"drivers"` // names of those that report it
}

// FailureLines is how many reasons the text report shows.
const FailureLines = 8

// addFailures merges the failure reasons of all drivers.
func (r *Report) addFailures(run *fleet.Run) {
	r.Failures = []Failure{}
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		for _, f := range run.Drivers[id].Failures {
			r.addFailure(f, id)
		}
	}
	slices.SortStableFunc(r.Failures, func(a, b Failure) int { return cmp.Compare(b.Count, a.Count) })
	r.Failures = r.Failures[:min(len(r.Failures), maxFailures)]
}

// maxFailures limits the reasons in a report: those of many drivers may all differ.
const maxFailures = 64

func (r *Report) addFailure(f loadgen.Failure, driver string) {
	for i := range r.Failures {
		have := &r.Failures[i]
		if have.Class == f.Class && have.Why == f.Why {
			have.Count += f.Count
			have.Drivers = append(have.Drivers, driver)
			return
		}
	}
	r.Failures = append(r.Failures, Failure{f, []string{driver}})
}

// Text returns the failure in one line, such as "4 × connect: 10.0.0.1:80: connection refused (drv-01 and 2
// more)". It names the drivers that report it, unless all of them do; of is the number of drivers.
func (f Failure) Text(of int) string {
	uncounted := f.Failure
	uncounted.Count = 0
	text := figures.Count(f.Count) + " × " + uncounted.String()
	switch n := len(f.Drivers); {
	case n == of || n == 0:
		return text
	case n == 1:
		return fmt.Sprintf("%s (%s)", text, f.Drivers[0])
	default:
		return fmt.Sprintf("%s (%s and %d more)", text, f.Drivers[0], n-1)
	}
}
