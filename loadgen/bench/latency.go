//go:build unix

package main

import (
	"fmt"
	"math"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// paceRPS is the rate of latency comparisons.
const paceRPS = 1000

// stallFor is the length of a stall of the server.
const stallFor = time.Second

// stalled returns the exact percentiles, in microseconds, of evenly spaced requests to a target that responds immediately, except for a
// stall of one second: requests that are due during the stall get their response at its end. Percentile q is the smallest latency that
// at least the fraction q of all requests does not exceed.
func stalled(rps, seconds int) (p95, p99 float64) {
	var took []float64
	begin, end := float64(seconds-1)/2, float64(seconds+1)/2
	for i := range rps * seconds {
		due := float64(i) / float64(rps)
		if due < begin || due >= end {
			took = append(took, 0)
			continue
		}
		took = append(took, math.Round(1e6*(end-due)))
	}
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(math.Ceil(q*float64(len(took))))-1] }
	return at(0.95), at(0.99)
}

// stall compares the reported percentiles of a run with a stall with the exact ones. In a run of a minute, a stall of a second does not
// affect the p95.
func stall(s settings, srv *server) []*bar {
	short, long := &reported{}, &reported{}
	short.Latency.P95, short.Latency.P99 = stalled(paceRPS, 10)
	_, long.Latency.P99 = stalled(paceRPS, 60)
	return append(stallOf(s, srv, 10, short), stallOf(s, srv, 60, long)...)
}

// stallOf runs for a number of seconds. want has the exact percentiles, or 0 for those that are not compared.
func stallOf(s settings, srv *server, length int, want *reported) (bars []*bar) {
	name := func(what string) string {
		return fmt.Sprintf("1 s stall in %d s at 1,000/s, 64 connections: %s off the exact one, %%", length, what)
	}
	p95 := &bar{what: name("p95"), format: "%.2f", must: 3}
	p99 := &bar{what: name("p99"), format: "%.2f", must: 3}
	for range s.rounds {
		half := time.Duration(length) * time.Second / 2
		r, err := runLandfall(s, 6*half, func(int) {
			time.Sleep(half) // into the run
			_ = srv.stall()
		}, "-q", strconv.Itoa(paceRPS), "-c", "64", "-z", strconv.Itoa(length)+"s", "http://"+srv.Plain)
		if err != nil {
			p95.why, p99.why = err.Error(), err.Error()
			break
		}
		p95.measured = append(p95.measured, 100*math.Abs(r.Latency.P95/want.Latency.P95-1))
		p99.measured = append(p99.measured, 100*math.Abs(r.Latency.P99/want.Latency.P99-1))
	}
	if want.Latency.P95 > 0 {
		bars = append(bars, p95)
	}
	return append(bars, p99)
}

// medianLatency compares the median latency at a fixed rate with that of a blocking client.
func medianLatency(s settings, srv *server) []*bar {
	b := &bar{what: "p50 at 1,000/s ÷ that of a blocking client in C", format: "%.2f", must: 1.1}
	if err := compareMedians(s, srv, b); err != nil {
		b.why = err.Error()
	}
	return []*bar{b}
}

func compareMedians(s settings, srv *server, b *bar) error {
	dir, err := os.MkdirTemp("", "landfall-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	client, err := compiled("blocking", dir)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(srv.Plain)
	if err != nil {
		return err
	}
	length := strconv.Itoa(int(s.length.Seconds()))
	for range s.rounds {
		theirs, err := output(client, port, strconv.Itoa(paceRPS), length)
		if err != nil {
			return err
		}
		r, err := runLandfall(s, 3*s.length+5*time.Second, nil, "-q", strconv.Itoa(paceRPS), "-c", "64", "-z", length+"s", "http://"+srv.Plain)
		if err != nil {
			return err
		}
		b.measured = append(b.measured, r.Latency.P50/theirs)
	}
	return nil
}

// memory measures resident memory: over time at full speed with few connections, and the peak with many connections.
func memory(s settings, srv *server) []*bar {
	soak := &bar{what: "64 connections at full speed: resident MB after " + s.soak.String(), format: "%.1f", must: 25}
	grown := &bar{what: "64 connections at full speed: MB more than after a sixth of that", format: "%.1f", must: 1}
	many := &bar{what: "10,000 connections: resident MB at the peak", format: "%.1f", must: 150}
	var early, late float64
	_, err := runLandfall(s, s.soak+time.Minute, func(pid int) {
		time.Sleep(s.soak / 6)
		early = resident(pid)
		time.Sleep(s.soak*5/6 - 200*time.Millisecond)
		late = resident(pid)
	}, "-c", "64", "-z", s.soak.String(), "http://"+srv.Plain)
	switch {
	case err != nil:
		soak.why, grown.why = err.Error(), err.Error()
	case late == 0:
		soak.why, grown.why = "only supported on Linux", "only supported on Linux"
	default:
		soak.measured, grown.measured = []float64{late}, []float64{late - early}
	}
	if r, err := runLandfall(s, time.Minute, nil, "-c", "10000", "-z", "10s", "http://"+srv.Plain); err != nil {
		many.why = err.Error()
	} else {
		many.measured = []float64{r.memory}
	}
	return []*bar{soak, grown, many}
}

// resident returns the resident memory of a process in MB, or 0 if the system does not report it.
func resident(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}
