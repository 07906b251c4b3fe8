package engine

import (
	"fmt"
	"runtime/debug"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/cpu"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
)

// collector merges the loops' counters of each interval into one snapshot, and monitors the process.
type collector struct {
	engine *Engine
	sink   func(loadgen.Snapshot)
	total  loadgen.Counts
	begun  int64
	cpu    time.Duration
	at     time.Time
	paused time.Duration
	lag    int64 // µs, of the first request; -1: none was sent yet
	calm   bool  // in the last interval, the target answered and no request waited for a connection
}

func newCollector(e *Engine, sink func(loadgen.Snapshot)) *collector {
	return &collector{engine: e, sink: sink, cpu: e.options.cpu(), at: time.Now(), paused: gcPaused(), lag: -1, calm: true}
}

func gcPaused() time.Duration {
	var s debug.GCStats
	debug.ReadGCStats(&s)
	return s.PauseTotal
}

// run emits a snapshot for every interval, until the last loop has ended.
func (c *collector) run() {
	open := append([]*loop(nil), c.engine.loops...)
	for len(open) > 0 {
		var round []*stats
		left := open[:0]
		for _, l := range open {
			s := <-l.out
			round = append(round, s)
			if !s.last {
				left = append(left, l)
			}
		}
		open = left
		c.sink(c.merge(round, len(open) == 0))
		for i, s := range round {
			if i < len(open) {
				s.reset()
				select {
				case open[i].spares <- s:
				default:
				}
			}
		}
	}
}

func (c *collector) merge(round []*stats, final bool) loadgen.Snapshot {
	s := loadgen.Snapshot{Interval: round[0].interval, Final: final, Lag: hdr.New()}
	s.Times, s.Classes = byClass(round)
	exhausted, capped := false, false
	for _, part := range round {
		s.Interval = max(s.Interval, part.interval)
		s.Delta.Add(part.counts())
		s.Asked += part.asked
		s.InFlight += part.inFlight
		s.Waiting += part.waiting
		s.Open += part.states[connOpen]
		s.Connecting += part.states[connConnecting]
		s.Paused += part.states[connPaused]
		c.begun += part.begun
		s.Lag.Merge(part.lag)
		if part.handshake.Count() > 0 {
			if s.Handshake == nil {
				s.Handshake = hdr.New()
			}
			s.Handshake.Merge(part.handshake)
		}
		if part.startLag >= 0 && (c.lag < 0 || part.startLag < c.lag) {
			c.lag = part.startLag
		}
		exhausted, capped = exhausted || part.exhausted, capped || part.capped
		s.ErrorReasons = loadgen.AddFailures(s.ErrorReasons, part.failures)
		s.Exchanges = append(s.Exchanges, part.exchanges...)
		s.Slowest = append(s.Slowest, part.slow.list[:part.slow.n]...)
	}
	if len(s.Exchanges) > 0 {
		s.Exchanges = evidence.Merge(s.Exchanges, nil)
	}
	if len(s.Slowest) > 0 {
		s.Slowest = evidence.Slowest(s.Slowest, nil)
	}
	s.Named = c.named(round)
	c.iterations(&s, round)
	s.Delta.Aside = c.engine.setupRequests.Swap(0)
	c.total.Add(s.Delta)
	s.Total.Add(c.total)
	s.Begun, s.StartLagUS = c.begun, max(c.lag, 0)
	if s.Generator = c.watch(&s, exhausted); capped {
		s.Generator.Limited = true
		s.Generator.Reasons = append(s.Generator.Reasons, "its owner's cap: users waited to keep below --max-rate")
	}
	return s
}

func (c *collector) named(round []*stats) (list []loadgen.Named) {
	if round[0].named == nil {
		return nil
	}
	for i := range c.engine.script.Requests {
		n := loadgen.Named{Name: c.engine.script.Requests[i].Name, Times: loadgen.NewTimes()}
		for _, part := range round {
			n.Requests += part.named[i].requests
			n.Errors += part.named[i].errors
			n.Unexpected += part.named[i].unexpected
			n.Times.Merge(part.named[i].times)
		}
		if n.Requests > 0 {
			list = append(list, n)
		}
	}
	return list
}

// Above these limits the measurement may reflect the generator instead of the target.
const (
	limitedCPU = 0.9                   // share of the available cores
	limitedLag = 20 * time.Millisecond // p99 of the delay of sending although a connection was free
)

// answers reports whether the target answered most requests of the interval. If it did not, or if requests waited for connections, those
// that are sent late then and in the next interval are a backlog, for which the generator is not to blame.
func answers(s *loadgen.Snapshot) bool {
	return 2*s.Delta.Responses >= s.Delta.Requests && int64(s.InFlight) <= s.Delta.Requests
}

// isLate reports whether more than 1 % of the requests, and not a single one, were sent late: of a few requests, one is no evidence.
func isLate(lag *hdr.Histogram) bool {
	if lag == nil {
		return false
	}
	late := lag.Count() - lag.CountAtMost(limitedLag.Microseconds())
	return late > 1 && 100*late > lag.Count()
}

// watch reports whether the generator was the bottleneck in the interval.
func (c *collector) watch(s *loadgen.Snapshot, exhausted bool) loadgen.Generator {
	now, used, paused := time.Now(), c.engine.options.cpu(), gcPaused()
	g := loadgen.Generator{CPUUS: (used - c.cpu).Microseconds(), Cores: cpu.MayUse(), GCUS: (paused - c.paused).Microseconds()}
	passed := now.Sub(c.at)
	if share := float64(used-c.cpu) / float64(max(passed, time.Millisecond)) / g.Cores; share > limitedCPU && passed > 100*time.Millisecond {
		g.Limited = true
		g.Reasons = append(g.Reasons, fmt.Sprintf("its CPU: more than %.0f%% of %g cores was used", 100*limitedCPU, g.Cores))
	}
	calm := !exhausted && answers(s)
	if calm && c.calm && isLate(s.Lag) {
		g.Limited = true
		g.Reasons = append(g.Reasons, "its schedule: requests were sent late although connections were free")
	}
	c.calm = calm
	if exhausted && s.Waiting+int(s.Delta.Dropped) > 0 {
		g.Reasons = append(g.Reasons, "its connections: requests that were due waited because none was free")
	}
	g.Reasons = append(g.Reasons, c.engine.hints()...)
	c.cpu, c.at, c.paused = used, now, paused
	return g
}
