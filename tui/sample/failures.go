package sample

import (
	"landfall/loadgen"
	"landfall/node"
	"sort"
)

// Failure is a reason of failed requests, with their number.
type Failure struct {
	Class loadgen.Class
	Why   string
	Count int64
}

// failuresKept is the maximum number of reasons.
const failuresKept = 6

type reason struct {
	class loadgen.Class
	why   string
}

// failureCounts sums drivers' reasons.
type failureCounts map[reason]int64

func (c failureCounts) add(list []loadgen.Failure) {
	for _, f := range list {
		c[reason{f.Class, f.Why}] += f.Count
	}
}

// list returns the reasons, the most frequent first.
func (c failureCounts) list() (list []Failure) {
	for r, n := range c {
		list = append(list, Failure{r.class, node.Clean(r.why, 160), n})
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Count > list[j].Count || list[i].Count == list[j].Count && list[i].Why < list[j].Why
	})
	return list[:min(len(list), failuresKept)]
}
