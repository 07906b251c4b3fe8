package loadgen

import (
	"slices"
	"strings"
)

// statusClasses is how many first digits a status can have.
const statusClasses = maxStatus/100 + 1

// StatusClass are the times of responses whose statuses begin with the same digit.
type StatusClass struct {
	Class string `json:"class"` // "2xx"
	Times
}

func className(digit int) string { return string(rune('0'+digit)) + "xx" }

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

// byClass is what loops measured by class, and all of it; classes are nil if there are not several.
func byClass(round []*stats) (all Times, classes []StatusClass) {
	all = newTimes()
	for digit := range statusClasses {
		t := newTimes()
		for _, part := range round {
			t.Merge(part.times[digit])
		}
		if t.Latency.Count() > 0 {
			all.Merge(t)
			classes = append(classes, StatusClass{className(digit), t})
		}
	}
	if len(classes) < 2 {
		return all, nil
	}
	return all, classes
}

func mergedClasses(a, b []StatusClass) []StatusClass {
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
