package fleet

import (
	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// Part holds the figures of one part of the fleet's load in an interval or a whole run: one request of the
// spec, the responses of one status class, or the drivers with one label. For iterations and groups, Requests
// counts the iterations or passes that ended, and Unexpected those that failed.
type Part struct {
	Requests, Errors, Unexpected, Dropped int64
	P50US, P95US, P99US                   int64 // of an interval
	Checks, BadChecks                     int64 // checks of steps, and failed checks
	Users, Started                        int64 // of iterations: users at the interval's end, and iterations that started

	live   *hdr.Histogram
	packed []byte
}

// Limits of the parts.
const (
	maxParts = 300 // per interval
	// PartsInAll is the maximum number of requests for which every interval keeps histograms; with more, only
	// the parts named by conditions do.
	PartsInAll = 16
)

// The labels of parts that are not requests. The value of LabelIterations is a scenario's name, or "" for all scenarios; that of
// LabelGroup is a group's.
const (
	LabelIterations = "iterations"
	LabelGroup      = "group"
)

func (p *Part) add(requests, errors, unexpected, dropped int64, latency *hdr.Histogram) {
	p.Requests += requests
	p.Errors += errors
	p.Unexpected += unexpected
	p.Dropped += dropped
	if latency == nil || latency.Count() == 0 {
		return
	}
	if p.live == nil {
		p.live = p.histogram()
	}
	p.packed = nil
	p.live.Merge(latency)
}

func (p *Part) check(c loadgen.CheckCount) {
	p.Checks += c.Passed + c.Failed
	p.BadChecks += c.Failed
}

// histogram returns the part's measurements as a new histogram.
func (p *Part) histogram() *hdr.Histogram {
	switch {
	case p.live != nil:
		return p.live
	case p.packed != nil:
		if h, err := hdr.Unpack(p.packed); err == nil {
			return h
		}
	}
	return hdr.New()
}

func (p *Part) compute() {
	if p.live != nil && p.live.Count() > 0 {
		p.P50US, p.P95US, p.P99US = p.live.Quantile(.50), p.live.Quantile(.95), p.live.Quantile(.99)
	}
}

// pack releases the unpacked histogram, and the packed one too unless it is kept.
func (p *Part) pack(retain bool) {
	if p.live != nil && retain {
		p.packed = p.live.Pack()
	}
	p.live = nil
}

// Parts are the parts of an interval by label: request, status, label.NAME, and driver if a condition names
// it.
type Parts map[condition.Label]*Part

// Of returns the part with a label, and creates it if there is room.
func (parts Parts) Of(name, value string) *Part {
	l := condition.Label{Name: name, Value: value}
	p := parts[l]
	if p == nil {
		if len(parts) >= maxParts {
			return &Part{} // beyond the limits of a spec: not counted
		}
		p = &Part{}
		parts[l] = p
	}
	return p
}

// split counts a driver's snapshot for its parts. Classes of responses are counted by their latency, which
// every response has.
func (parts Parts) split(snap *loadgen.Snapshot, c *Carrier, wanted map[condition.Label]bool) {
	for i := range snap.Named {
		n := &snap.Named[i]
		parts.Of("request", n.Name).add(n.Requests, n.Errors, n.Unexpected, 0, n.Latency)
	}
	for _, class := range snap.ByClass() {
		if class.Latency != nil {
			parts.Of("status", class.Class).add(class.Latency.Count(), 0, 0, 0, class.Latency)
		}
	}
	for _, check := range snap.Checks {
		parts.Of("request", check.Step).check(check)
		if wanted[condition.Label{Name: "check", Value: check.Check}] {
			parts.Of("check", check.Check).check(check)
		}
	}
	d := &snap.Delta
	for _, l := range c.Labels {
		parts.Of(l.Name, l.Value).add(d.Requests, d.Requests-d.Responses, d.Unexpected, d.Dropped, snap.Latency)
	}
	if wanted[condition.Label{Name: "driver", Value: c.NodeID}] {
		parts.Of("driver", c.NodeID).add(d.Requests, d.Requests-d.Responses, d.Unexpected, d.Dropped, snap.Latency)
	}
}

// users adds a driver's snapshot of iterations and groups.
func (parts Parts) users(snap *loadgen.Snapshot) {
	if snap.IterationTime == nil {
		return
	}
	d := &snap.Delta
	parts.Of(LabelIterations, "").add(d.Iterations, 0, d.IterationsFailed, 0, snap.IterationTime)
	for i := range snap.Scenarios {
		s := &snap.Scenarios[i]
		p := parts.Of(LabelIterations, s.Name)
		p.add(s.Finished+s.Failed+s.Interrupted, 0, s.Failed, s.Dropped, s.Time)
		p.Users, p.Started = p.Users+int64(s.Users), p.Started+s.Started
	}
	for i := range snap.Groups {
		g := &snap.Groups[i]
		passes := g.Failed
		if g.Time != nil {
			passes += g.Time.Count()
		}
		parts.Of(LabelGroup, g.Name).add(passes, 0, g.Failed, 0, g.Time)
	}
}

// count returns how many parts have a label of that name.
func (parts Parts) count(name string) (n int) {
	for l := range parts {
		if l.Name == name {
			n++
		}
	}
	return n
}

// compute updates the figures of all parts.
func (parts Parts) compute() {
	for _, p := range parts {
		p.compute()
	}
}

func (parts Parts) pack(wanted map[condition.Label]bool) {
	few := parts.count("request") <= PartsInAll
	for l, p := range parts {
		p.pack(wanted[l] || l.Name == "request" && few)
	}
}

// wantedParts returns the parts that the spec's conditions name.
func wantedParts(s loadgen.Spec) map[condition.Label]bool {
	wanted := map[condition.Label]bool{}
	for _, t := range s.Thresholds {
		c, err := loadgen.ParseThreshold(t.Expr)
		if err != nil {
			continue // Validate refuses such specs
		}
		if l, ok := c.Series(); ok {
			for _, l := range partLabels(s, l) {
				wanted[l] = true
			}
		}
	}
	return wanted
}

// partLabels returns the labels under which a part is kept: a step is a request with another name, a scenario
// is all its steps.
func partLabels(s loadgen.Spec, l condition.Label) []condition.Label {
	switch l.Name {
	case "step":
		l.Name = "request"
	case "scenario":
		var steps []condition.Label
		for _, name := range s.StepsOf(l.Value) {
			steps = append(steps, condition.Label{Name: "request", Value: name})
		}
		return steps
	}
	return []condition.Label{l}
}

// maxLabels limits the labels of a driver that have series.
const maxLabels = 8

// labelsOf returns a driver's labels as conditions name them.
func labelsOf(d *Driver) (list []condition.Label) {
	for name, value := range d.Labels {
		if len(list) < maxLabels && name != "" && value != "" {
			list = append(list, condition.Label{Name: "label." + name, Value: value})
		}
	}
	return list
}

func (r *Run) named(list []loadgen.Named, warm bool) {
	for _, n := range list {
		have := r.Named[n.Name]
		if have == nil {
			if len(r.Named) == 256 {
				continue
			}
			have = &loadgen.Named{Name: n.Name}
			r.Named[n.Name] = have
		}
		have.Requests += n.Requests
		have.Errors += n.Errors
		have.Unexpected += n.Unexpected
		if warm {
			have.Times.Merge(n.Times)
		}
	}
}

func (r *Run) classes(list []loadgen.StatusClass) {
	for _, c := range list {
		have := r.Classes[c.Class]
		if have == nil {
			if len(r.Classes) == 10 {
				continue
			}
			have = &loadgen.Times{}
			r.Classes[c.Class] = have
		}
		have.Merge(c.Times)
	}
}
