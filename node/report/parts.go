package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// Part holds the figures of one part of the load in an interval.
type Part struct {
	Label    string `json:"label"` // such as "request=login", "status=5xx" or "label.site=eu"
	Requests int64  `json:"requests"`
	Failed   int64  `json:"failed"` // errors and unexpected responses
	P50US    int64  `json:"p50_us"`
	P95US    int64  `json:"p95_us"`
	P99US    int64  `json:"p99_us"`

	Checks    int64 `json:"checks,omitempty"` // made in a step
	BadChecks int64 `json:"checks_failed,omitempty"`
}

// Bounds of a report: parts of all intervals, and blocks of a series.
const (
	partsKept  = 40_000
	blocksKept = 300
)

// addParts adds parts to intervals of one second each, unless there are too many for a report. A kind with a single part, such as
// only 2xx responses, is omitted: its figures are those of the whole run.
func (r *Report) addParts(run *fleet.Run) {
	kinds, total := map[string]map[string]bool{}, 0
	for _, i := range run.Intervals.All() {
		total += len(i.Parts)
		for l := range i.Parts {
			if kinds[l.Name] == nil {
				kinds[l.Name] = map[string]bool{}
			}
			kinds[l.Name][l.Value] = true
		}
	}
	if total > partsKept || len(r.Intervals) > run.Intervals.Len() {
		return
	}
	for i := range r.Intervals {
		if r.Intervals[i].AtMS != int64(i)*1000 {
			return // several seconds each
		}
		parts := run.Intervals.At(i).Parts
		r.Intervals[i].Parts = partsOf(parts, func(l condition.Label) bool { return len(kinds[l.Name]) > 1 })
		r.Intervals[i].addUsers(run, parts)
	}
}

func partsOf(parts fleet.Parts, shown func(condition.Label) bool) (list []Part) {
	labels := slices.SortedFunc(maps.Keys(parts), func(a, b condition.Label) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	for _, l := range labels {
		if p := parts[l]; shown(l) && l.Name != fleet.LabelIterations && l.Name != fleet.LabelGroup {
			list = append(list, Part{Label: l.Name + "=" + l.Value, Requests: p.Requests, Failed: p.Errors + p.Unexpected, P50US: p.P50US, P95US: p.P95US, P99US: p.P99US, Checks: p.Checks, BadChecks: p.BadChecks})
		}
	}
	return list
}

// Block holds the measurements of a second, or of a few in a long run, for comparisons.
type Block struct {
	Seconds  int            `json:"seconds"`
	Requests int64          `json:"requests"`
	Failed   int64          `json:"failed"`
	Latency  *hdr.Histogram `json:"latency,omitempty"`
}

// addBlocks adds the histograms of the measured part: those of the whole run and, where they are kept, of each named request.
func (r *Report) addBlocks(run *fleet.Run, load int) {
	from := run.Warmup()
	to := min(load, run.Intervals.Len())
	r.Blocks = blocks(run, condition.Label{}, from, to)
	for i := range r.Named {
		if n := &r.Named[i]; len(r.Named) <= fleet.PartsInAll {
			if list := blocks(run, condition.Label{Name: "request", Value: n.Name}, from, to); len(list) > 0 {
				n.Blocks = list
			}
		}
	}
}

func blocks(run *fleet.Run, label condition.Label, from, to int) []Block {
	list := []Block{}
	step := max((to-from+blocksKept-1)/blocksKept, 1)
	step += -step & (run.BlockSeconds() - 1) // whole blocks, whose length is a power of two
	for at := from; at+step <= to; at += step {
		f, _ := run.Series().Between(label, at, at+step)
		b := Block{Seconds: step, Requests: f.Requests, Failed: f.Errors() + f.Unexpected}
		if h, ok := f.Latency.(*hdr.Histogram); ok && h.Count() > 0 {
			b.Latency = h
		}
		list = append(list, b)
	}
	return list
}
