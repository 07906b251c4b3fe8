package fleet

import (
	"fmt"
	"math"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// liveIntervals is how many of a run's newest intervals keep their histograms unpacked.
const liveIntervals = 10

func (s *State) metrics(m *node.Metrics, at time.Time) error {
	r := s.runs[m.TestID]
	if r == nil || r.T0.IsZero() {
		s.pending.add(m, at)
		return nil
	}
	if r.Phase == Finished && r.Report != nil {
		return nil // the report is written
	}
	if s.now.Sub(at) > oldFrom {
		s.oldRead = s.now
	}
	if at.Before(s.now) {
		at = s.now
	}
	c := r.Drivers[m.NodeID]
	switch {
	case c == nil:
		return errUnknown("metrics of", m.NodeID, "it has no share of "+m.TestID)
	case c.BootID != "" && c.BootID != m.BootID:
		return errUnknown("metrics of", m.NodeID, "another process of that name has the share of "+m.TestID)
	case m.Seq <= c.Seq:
		return nil // a repetition
	case time.Duration(m.Snapshot.Interval)*time.Second > at.Sub(r.T0)+reportGrace:
		return errUnknown("metrics of", m.NodeID, fmt.Sprintf("interval %d is in the future", m.Snapshot.Interval))
	}
	s.measure(r, c, m)
	return nil
}

// replayPending folds the snapshots that were read before the run's start.
func (s *State) replayPending(testID string) {
	for _, p := range s.pending.take(testID) {
		if m, err := p.decode(); err == nil {
			_ = s.metrics(m, p.at) // errors no longer matter
		}
	}
}

func (s *State) measure(r *Run, c *Carrier, m *node.Metrics) {
	snap := &m.Snapshot
	s.contradict(r, c)
	c.BootID = m.BootID
	c.Missing += int64(m.Seq - c.Seq - 1)
	c.Seq, c.Begun, c.Final = m.Seq, snap.Begun, snap.Final
	if c.StartUS == 0 {
		c.StartUS = m.StartUS
	}
	end := time.Duration(snap.Interval+1) * time.Second
	if at := time.UnixMicro(m.AtUS).Sub(r.T0); snap.Final && at > 0 {
		end = min(end, at)
	}
	c.LastEnd = max(c.LastEnd, end)
	c.Peak = max(c.Peak, float64(snap.Delta.Ended(len(r.Spec.Scenarios) > 0)-snap.Delta.Dropped))
	c.CPUUS += max(snap.Generator.CPUUS, 0)
	if c.Reasons = noted(c.Reasons, snap.Generator.Reasons); snap.Generator.Limited {
		c.limitedUntil = max(c.limitedUntil, snap.Interval+1)
	}
	c.Failures = loadgen.AddFailures(c.Failures, snap.ErrorReasons)
	r.Total.Add(difference(snap.Total, c.Total))
	c.Total = snap.Total
	r.relieve(c, snap)
	r.times(c, snap)
	r.Users.measure(snap, snap.Interval >= r.Warmup())
	r.mergeEvidence(snap, c.NodeID)
	i := r.interval(snap.Interval)
	i.merge(snap)
	i.Parts.split(snap, c, r.wanted)
	i.Parts.users(snap)
	r.Users.peak(i.Parts)
	if g := snap.Generator; g.Limited && i.Limited == "" {
		i.Limited = c.NodeID + " was limited"
		if len(g.Reasons) > 0 {
			i.Limited = c.NodeID + ": " + g.Reasons[0]
		}
	}
	if !c.point(snap, r.pointsKept()) {
		i.Present++
	}
	r.stale[snap.Interval] = true
	s.reportExcess(r, c)
	if i.Present >= i.Expected && snap.Interval >= r.Intervals.Len()-liveIntervals { // complete: do not wait for the next tick
		r.computeOne(snap.Interval)
	}
}

// times merges a snapshot's measurements into the run's figures, unless they belong to the warm-up.
func (r *Run) times(c *Carrier, snap *loadgen.Snapshot) {
	warm := snap.Interval >= r.Warmup()
	if !warm {
		r.Before.Add(snap.Delta)
	}
	for _, h := range []struct{ into, from *hdr.Histogram }{
		{c.Latency, snap.Latency}, {r.Latency, snap.Latency}, {r.Service, snap.Service}, {r.Lag, snap.Lag}, {r.Handshake, snap.Handshake},
	} {
		if h.from != nil && warm {
			h.into.Merge(h.from)
		}
	}
	r.named(snap.Named, warm)
	if warm {
		r.classes(snap.ByClass())
	}
}

// limitedFor is for how many seconds it is shown that a driver was the limit.
const limitedFor = 10

// Limited reports whether a driver of the run, and not the target, was the limit in one of the newest seconds.
func (r *Run) Limited(c *Carrier) bool {
	return c.limitedUntil > 0 && c.limitedUntil > r.Intervals.Len()-limitedFor
}

// noted appends the new items of another list, as far as there is room.
func noted(list, more []string) []string {
	for _, text := range more {
		if !slices.Contains(list, text) && len(list) < 8 {
			list = append(list, text)
		}
	}
	return list
}

// interval returns interval n for changes, and creates it and missing earlier ones.
func (r *Run) interval(n int) *Interval {
	for r.Intervals.Len() <= n {
		i := r.Intervals.Len()
		r.Intervals.Append(&Interval{Expected: r.expected(i), Parts: Parts{}})
		if old := i - liveIntervals; old >= 0 {
			r.computeOne(old)
			r.Intervals.open(old).pack(r.wanted)
		}
		r.settle()
	}
	return r.Intervals.open(n)
}

// expect recounts the expected drivers of intervals from one on.
func (r *Run) expect(from int) {
	for n := max(from, 0); n < r.Intervals.Len(); n++ {
		r.Intervals.change(n, r.Warmup(), func(i *Interval) { i.Expected = r.expected(n) })
	}
}

// expected returns how many drivers have a share during all of interval i, or were lost while they had.
func (r *Run) expected(i int) int {
	start := time.Duration(i) * time.Second
	plan := r.planAt(start)
	if plan == nil {
		return 0
	}
	n := 0
	for _, share := range plan.Shares {
		c := r.Drivers[share.NodeID]
		over := c == nil || c.Refused() || (c.Final || c.Released) && c.LastEnd <= start
		if !over {
			n++
		}
	}
	return n
}

func (r *Run) planAt(t time.Duration) *node.Plan {
	for i := range slices.Backward(r.Plans) {
		if r.Plans[i].FromUS <= t.Microseconds() {
			return &r.Plans[i]
		}
	}
	return r.Plan()
}

// Asked returns the planned rate in the middle of an interval, in requests per second of the fleet; false:
// none, as for an avalanche.
func (r *Run) Asked(interval int) (rps float64, asked bool) {
	if r.Spec.Kind != loadgen.Tsunami {
		return 0, false
	}
	at := time.Duration(interval)*time.Second + time.Second/2
	for _, p := range slices.Backward(r.Plans) {
		if from := time.Duration(p.FromUS) * time.Microsecond; from <= at {
			return loadgen.Schedule(p.Schedule).Rate(at - from), true
		}
	}
	return 0, false
}

func (i *Interval) merge(snap *loadgen.Snapshot) {
	i.Delta.Add(snap.Delta)
	i.Asked += snap.Asked
	i.InFlight += snap.InFlight
	i.Open += snap.Open
	i.Users += snap.Users
	for _, c := range snap.Checks {
		i.Checks += c.Passed + c.Failed
		i.BadChecks += c.Failed
	}
	if snap.Latency != nil {
		i.unpack()
		i.live.Merge(snap.Latency)
	}
	if snap.Lag != nil {
		if i.lag == nil {
			i.lag = hdr.New()
		}
		i.lag.Merge(snap.Lag)
	}
}

func (i *Interval) unpack() {
	if i.live == nil && i.packed != nil {
		if h, err := hdr.Unpack(i.packed); err == nil {
			i.live = h
		}
	}
	if i.live == nil {
		i.live = hdr.New()
	}
	i.packed = nil
}

func (i *Interval) pack(wanted map[condition.Label]bool) {
	if i.live != nil {
		i.packed, i.live, i.lag = i.live.Pack(), nil, nil
	}
	i.Parts.pack(wanted)
}

// compute updates the figures of changed intervals.
func (r *Run) compute() {
	for n := range r.stale {
		r.computeOne(n)
		if n < r.Intervals.Len()-liveIntervals {
			r.Intervals.open(n).pack(r.wanted)
		}
	}
	r.Intervals.close(r.Warmup())
}

func (r *Run) computeOne(n int) {
	if !r.stale[n] {
		return
	}
	delete(r.stale, n)
	if n < r.settled.until { // its figures are final: its measurements are in its block's histogram
		return
	}
	i := r.Intervals.open(n)
	if i.live != nil && i.live.Count() > 0 {
		i.P50US, i.P95US, i.P99US = i.live.Quantile(0.50), i.live.Quantile(0.95), i.live.Quantile(0.99)
		i.Heat = heatOf(i.live)
	}
	i.Parts.compute()
	if i.lag != nil && i.lag.Count() > 0 {
		i.LagP99US = i.lag.Quantile(0.99)
	}
}

// point adds a snapshot to the driver's points and reports whether there was one for that interval already,
// as happens when a finished share is extended. At most the given number of points is kept, the newest ones.
func (c *Carrier) point(snap *loadgen.Snapshot, maxPoints int) (again bool) {
	n := snap.Interval
	if len(c.Points) == 0 {
		c.FirstPoint = n
	}
	for c.FirstPoint+len(c.Points) <= n {
		if len(c.Points) >= maxPoints {
			c.Points = append(c.Points[:0], c.Points[1:]...)
			c.FirstPoint++
		}
		c.Points = append(c.Points, Point{})
	}
	at := n - c.FirstPoint
	if at < 0 {
		return false
	}
	p := &c.Points[at]
	again, p.Present = p.Present, true
	p.Requests += int32(min(snap.Delta.Requests, math.MaxInt32))
	p.Errors += int32(min(snap.Delta.Requests-snap.Delta.Responses, math.MaxInt32))
	p.Unexpected += int32(min(snap.Delta.Unexpected, math.MaxInt32))
	if snap.Latency != nil && snap.Latency.Count() > 0 {
		p.P50US, p.P99US = int32(min(snap.Latency.Quantile(0.50), math.MaxInt32)), int32(min(snap.Latency.Quantile(0.99), math.MaxInt32))
	}
	return again
}

// difference returns a minus b.
func difference(a, b loadgen.Counts) loadgen.Counts {
	d := loadgen.Counts{
		Requests: a.Requests - b.Requests, Responses: a.Responses - b.Responses, Unexpected: a.Unexpected - b.Unexpected,
		Iterations: a.Iterations - b.Iterations, IterationsFailed: a.IterationsFailed - b.IterationsFailed, IterationsInterrupted: a.IterationsInterrupted - b.IterationsInterrupted,
		Dropped: a.Dropped - b.Dropped, BytesWritten: a.BytesWritten - b.BytesWritten, BytesRead: a.BytesRead - b.BytesRead,
		Handshakes: a.Handshakes - b.Handshakes, Connects: a.Connects - b.Connects, Retried: a.Retried - b.Retried, Aside: a.Aside - b.Aside, BodiesCut: a.BodiesCut - b.BodiesCut,
	}
	d.UnexpectedBy = subtract(a.UnexpectedBy, b.UnexpectedBy)
	d.Errors = subtract(a.Errors, b.Errors)
	d.Statuses = subtract(a.Statuses, b.Statuses)
	return d
}

func subtract[K comparable](a, b map[K]int64) map[K]int64 {
	d := make(map[K]int64, len(a))
	for k, n := range a {
		if n != b[k] {
			d[k] = n - b[k]
		}
	}
	return d
}
