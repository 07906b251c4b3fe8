// Package exposition writes metrics in the two forms that Prometheus scrapes: text (format 0.0.4), and length-delimited
// protobuf messages, the only form with native histograms. Prometheus's client library would add 2.5 MB to the binary; the
// tests check the output against its parser.
package exposition

import (
	"cmp"
	"slices"
	"strings"
)

// Desc describes a metric. Labels are the names of its labels; each sample has their values in the same order.
type Desc struct {
	Name, Help string
	Labels     []string
}

// kind is a metric's type by its number in Prometheus's data model (io.prometheus.client.MetricType).
type kind int

const (
	counter   kind = 0
	gauge     kind = 1
	summary   kind = 2
	histogram kind = 4
)

// Quantile is one quantile of a summary.
type Quantile struct{ Quantile, Value float64 }

// Native is a native histogram (https://prometheus.io/docs/specs/native_histograms/): bucket i counts values above
// 2^((i-1)/2^Schema) up to 2^(i/2^Schema). Sum is in the unit of the values.
type Native struct {
	Schema  int
	Count   uint64
	Sum     float64
	Buckets map[int]int64
}

// sample is one value of a metric: a number, a summary or a native histogram.
type sample struct {
	labels    []string
	value     float64
	count     uint64 // of a summary
	quantiles []Quantile
	native    *Native
}

type family struct {
	desc    *Desc
	kind    kind
	samples []sample
}

// Set holds the metrics of one scrape. The zero value is empty and ready to use.
type Set struct{ families map[*Desc]*family }

// Gauge adds a value that may go up and down.
func (s *Set) Gauge(d *Desc, v float64, labels ...string) {
	s.add(d, gauge, sample{labels: labels, value: v})
}

// Counter adds a total. Its name ends in _total.
func (s *Set) Counter(d *Desc, v float64, labels ...string) {
	s.add(d, counter, sample{labels: labels, value: v})
}

// Summary adds quantiles, with the count and the sum of the values.
func (s *Set) Summary(d *Desc, count uint64, sum float64, quantiles []Quantile, labels ...string) {
	s.add(d, summary, sample{labels: labels, value: sum, count: count, quantiles: quantiles})
}

// Histogram adds a native histogram.
func (s *Set) Histogram(d *Desc, n Native, labels ...string) {
	s.add(d, histogram, sample{labels: labels, native: &n})
}

func (s *Set) add(d *Desc, k kind, x sample) {
	if len(x.labels) != len(d.Labels) {
		panic("exposition: " + d.Name + " has other labels")
	}
	if s.families == nil {
		s.families = map[*Desc]*family{}
	}
	f := s.families[d]
	if f == nil {
		f = &family{desc: d, kind: k}
		s.families[d] = f
	}
	x.labels = slices.Clone(x.labels)
	for i := range x.labels {
		x.labels[i] = strings.ToValidUTF8(x.labels[i], "\ufffd")
	}
	f.samples = append(f.samples, x)
}

// sorted returns the families by name, each with its samples by label values, so that scrapes of equal states are equal.
func (s *Set) sorted() []*family {
	list := make([]*family, 0, len(s.families))
	for _, f := range s.families {
		slices.SortFunc(f.samples, func(a, b sample) int { return slices.Compare(a.labels, b.labels) })
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *family) int { return cmp.Compare(a.desc.Name, b.desc.Name) })
	return list
}
