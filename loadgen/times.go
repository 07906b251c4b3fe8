package loadgen

import (
	"slices"
	"strings"

	"landfall/loadgen/hdr"
)

// Times holds the response times, in microseconds. A nil histogram is empty.
type Times struct {
	Latency *hdr.Histogram `json:"latency,omitempty"`      // from when the request was due to the last byte of the response
	Service *hdr.Histogram `json:"service_time,omitempty"` // from when it was sent to the last byte of the response
}

// NewTimes returns times with empty histograms.
func NewTimes() Times { return Times{Latency: hdr.New(), Service: hdr.New()} }

// Merge adds the values of others.
func (t *Times) Merge(others Times) {
	t.Latency, t.Service = hdr.Merged(t.Latency, others.Latency), hdr.Merged(t.Service, others.Service)
}

// plus returns the sum in new histograms.
func (t Times) plus(others Times) (sum Times) {
	sum.Merge(t)
	sum.Merge(others)
	return sum
}

// Record adds a response. Both histograms must be set.
func (t Times) Record(latency, service int64) {
	t.Latency.Record(latency)
	t.Service.Record(service)
}

// Reset clears both histograms.
func (t Times) Reset() {
	t.Latency.Reset()
	t.Service.Reset()
}

// StatusClass holds the times of responses whose statuses start with the same digit.
type StatusClass struct {
	Class string `json:"class"` // "2xx"
	Times
}

// ByClass returns the interval's times by status class, in order, including a single class, which Classes
// omits.
func (s *Snapshot) ByClass() []StatusClass {
	if len(s.Classes) > 0 || s.Latency == nil || s.Latency.Count() == 0 {
		return s.Classes
	}
	name := ""
	for status := range s.Delta.Statuses {
		class := status[:min(1, len(status))] + "xx"
		if name != "" && class != name {
			return nil // unknown
		}
		name = class
	}
	return []StatusClass{{name, Times{s.Latency, s.Service}}}
}

// MergedClasses returns a new list with the sum of a and b, ordered by class.
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
