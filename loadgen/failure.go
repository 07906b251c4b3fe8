package loadgen

import (
	"fmt"
	"slices"
)

// Failure is a reason why requests failed. A Count of 0 means that connections failed while no request was waiting.
type Failure struct {
	Class Class  `json:"class"`
	Why   string `json:"why"`
	Count int64  `json:"count"` // requests
}

// String returns the failure as reports show it, such as "4 × protocol: the target answers in HTTP/1".
func (f Failure) String() string {
	text := string(f.Class) + ": " + f.Why
	if f.Count > 0 {
		text = fmt.Sprintf("%d × %s", f.Count, text)
	}
	return text
}

// maxFailures is the maximum number of distinct reasons of a class. Further failures are counted as otherFailures.
const (
	maxFailures   = 5
	otherFailures = "other reasons"
)

// AddFailure counts n requests that failed for a reason. The list holds at most five reasons of each class; others are counted
// together.
func AddFailure(list []Failure, class Class, why string, n int64) []Failure {
	if i := placeOf(list, class, why); i >= 0 {
		list[i].Count += n
		return list
	}
	known := 0
	for _, f := range list {
		if f.Class == class {
			known++
		}
	}
	if known >= maxFailures && why != otherFailures {
		return AddFailure(list, class, otherFailures, n)
	}
	return append(list, Failure{class, why, n})
}

// AddFailures adds the failures of another list.
func AddFailures(list, more []Failure) []Failure {
	for _, f := range more {
		list = AddFailure(list, f.Class, f.Why, f.Count)
	}
	return list
}

// MergedFailures returns a new list with the failures of both.
func MergedFailures(a, b []Failure) []Failure { return AddFailures(slices.Clone(a), b) }

func placeOf(list []Failure, class Class, why string) int {
	for i := range list {
		if list[i].Class == class && list[i].Why == why {
			return i
		}
	}
	return -1
}

// Add adds the counts of other.
func (c *Counts) Add(other Counts) {
	c.Requests += other.Requests
	c.Responses += other.Responses
	c.Unexpected += other.Unexpected
	c.Dropped += other.Dropped
	c.BytesWritten += other.BytesWritten
	c.BytesRead += other.BytesRead
	c.Handshakes += other.Handshakes
	c.Connects += other.Connects
	c.Iterations += other.Iterations
	c.IterationsFailed += other.IterationsFailed
	c.IterationsInterrupted += other.IterationsInterrupted
	c.Retried += other.Retried
	c.UnexpectedBy = addAll(c.UnexpectedBy, other.UnexpectedBy)
	c.Aside += other.Aside
	c.BodiesCut += other.BodiesCut
	c.Errors = addAll(c.Errors, other.Errors)
	c.Statuses = addAll(c.Statuses, other.Statuses)
}

func addAll[K comparable](into, from map[K]int64) map[K]int64 {
	if into == nil && len(from) > 0 {
		into = make(map[K]int64, len(from))
	}
	for k, n := range from {
		if into[k] += n; into[k] == 0 {
			delete(into, k)
		}
	}
	return into
}
