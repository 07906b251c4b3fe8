package loadgen

import (
	"slices"
	"strings"
)

// StatusClass are the times of responses whose statuses begin with the same digit.
type StatusClass struct {
	Class string `json:"class"` // "2xx"
	Times
}

// ByClass are the interval's times by status class, in order, one class's too, which Classes leaves out.
func (s *Snapshot) ByClass() []StatusClass {
	if len(s.Classes) > 0 || s.Latency == nil || s.Latency.Count() == 0 {
		return s.Classes
	}
	name := ""
	for status := range s.Delta.Statuses {
		class := status[:min(1, len(status))] + "xx"
		if name != "" && class != name {
			return nil // it does not say
		}
		name = class
	}
	return []StatusClass{{name, Times{s.Latency, s.Service}}}
}

func MergedClasses(a, b []StatusClass) []StatusClass {
	sum := slices.Clone(a)
	for _, c := range b {
		i, found := slices.BinarySearchFunc(sum, c.Class, func(have StatusClass, name string) int { return strings.Compare(have.Class, name) })
		if found {
			sum[i].Times = sum[i].plus(c.Times)
			continue
		}
		sum = slices.Insert(sum, i, c)
	}
	return sum
}
