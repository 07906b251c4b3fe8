//go:build e2e && bench && linux

package e2e

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"landfall/node/report"
	"landfall/node/report/baseline"
)

// verdicts returns the number of comparisons and searches (VERDICT; default 20). These tests measure the accuracy of verdicts and
// certificates with real processes, against targets with known properties. On a quiet machine with two cores, 20 comparisons
// take ten minutes and the searches two hours.

func verdicts(t *testing.T) int {
	text := os.Getenv("VERDICT")
	if text == "" {
		return 20
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("VERDICT=%s: must be a number from 1", text)
	}
	return n
}

// crew runs jobs, at most size of them at a time, and staggers their starts.
func crew(size int, jobs []func()) {
	var all sync.WaitGroup
	places := make(chan bool, size)
	for _, job := range jobs {
		places <- true
		all.Go(func() {
			defer func() { <-places }()
			job()
		})
		time.Sleep(3 * time.Second)
	}
	all.Wait()
}

// TestComparisonsTellTheTruth compares runs of one minute at 500/s with a baseline of three. For each figure, at most one in twenty
// equal runs may be judged different; a target that is 10 % slower must be detected by p50 in 19 of twenty runs.
func TestComparisonsTellTheTruth(t *testing.T) {
	n, dir := verdicts(t), t.TempDir()
	reports := map[string]*report.Report{}
	var mu sync.Mutex
	var jobs []func()
	measure := func(name, service string) {
		jobs = append(jobs, func() {
			f := &fleet{t: t}
			f.startTarget("--service-time", service, "--service-sigma", "0.5")
			file := filepath.Join(dir, name+".json")
			start(t, "run", "--local", "--threads", "1", "-q", "500", "-z", "1m", "--quiet", "--out", file, f.url).exit(3 * time.Minute)
			f.target.kill()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
				return
			}
			r, err := report.Parse(text)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			reports[name] = r
			mu.Unlock()
		})
	}
	for i := range 3 {
		measure(fmt.Sprint("base", i), "5ms")
	}
	for i := range n {
		measure(fmt.Sprint("equal", i), "5ms")
		measure(fmt.Sprint("slower", i), "5.5ms")
	}
	crew(6, jobs)
	if t.Failed() {
		return
	}
	base := []*report.Report{reports["base0"], reports["base1"], reports["base2"]}
	called := func(name string, base []*report.Report) map[string]int {
		count := map[string]int{}
		for i := range n {
			for _, d := range report.Compared(base, reports[fmt.Sprint(name, i)], 0).Differences {
				if d.Verdict != baseline.Same {
					count[d.Figure]++
				}
				if len(base) == 1 && d.Verdict != baseline.Same && !d.IsShare() && math.Abs(d.Change) < baseline.DefaultLeast {
					t.Errorf("%s %d against a single run: %s called %s at %.1f %%", name, i, d.Figure, d.Verdict, 100*d.Change)
				}
			}
		}
		return count
	}
	equal, slower, single := called("equal", base), called("slower", base), called("equal", base[:1])
	fmt.Printf("| figure | equal runs called different | 10 %% slower found | equal, against a single run |\n|---|---|---|---|\n")
	for _, figure := range baseline.Figures() {
		fmt.Printf("| %s | %d of %d | %d of %d | %d of %d |\n", figure, equal[figure], n, slower[figure], n, single[figure], n)
		if equal[figure]*20 > n {
			t.Errorf("%s: %d of %d equal runs were called different", figure, equal[figure], n)
		}
	}
	if slower["p50"]*20 < 19*n {
		t.Errorf("%d of %d slower runs were found by p50", slower["p50"], n)
	}
}

// TestCapacityTellsTheTruth searches targets with a known limit with three drivers: 19 of twenty searches must find it within
// 5 %, in at most four minutes.
func TestCapacityTellsTheTruth(t *testing.T) {
	fmt.Println("| limit | within 5 % | found | seconds |\n|---|---|---|---|")
	for _, limit := range []int{500, 2000, 8000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			n, lanes := verdicts(t), 2
			if limit > 2000 {
				lanes = 1
			}
			var mu sync.Mutex
			var jobs []func()
			within, low, high, longest := 0, math.Inf(1), 0.0, time.Duration(0)
			for range n {
				jobs = append(jobs, func() {
					f := newFleet(t, 3, "--capacity", strconv.Itoa(limit))
					defer f.kill()
					began := time.Now()
					r := f.search()
					took, rate := time.Since(began), r.Capacity.RateRPS
					mu.Lock()
					defer mu.Unlock()
					low, high, longest = min(low, rate), max(high, rate), max(longest, took)
					if math.Abs(rate/float64(limit)-1) <= .05 && r.Capacity.Confirmed {
						within++
					} else {
						t.Logf("%.6g/s of %d/s in %s: %+v", rate, limit, took, r.Capacity)
					}
				})
			}
			crew(lanes, jobs)
			fmt.Printf("| %d/s | %d of %d | %.6g … %.6g/s | at most %.0f |\n", limit, within, n, low, high, longest.Seconds())
			if within*20 < 19*n {
				t.Errorf("%d of %d searches were within 5 %%", within, n)
			}
			if longest > 4*time.Minute {
				t.Errorf("the longest search took %s", longest)
			}
		})
	}
}

// TestCapacityOfCappedDrivers: if the drivers' caps are below the target's limit, the certificate has the highest rate that held, as
// a lower bound, and names the caps as the limit.
func TestCapacityOfCappedDrivers(t *testing.T) {
	f := newFleet(t, 0, "--capacity", "2000")
	for i := range 3 {
		f.driver(fmt.Sprint("d", i), "--max-rate", "100")
	}
	f.joined()
	if c := f.search().Capacity; c.Confirmed || !c.AtLeast || c.Limit == "" || c.RateRPS > 300 || c.RateRPS < 100 {
		t.Errorf("%+v", c)
	}
}

// TestCapacityByFailures: an objective on failures is judged over a fleet. The target fails requests above 300/s.
func TestCapacityByFailures(t *testing.T) {
	f := newFleet(t, 3, "--service-time", "5ms", "--fail-with", "503", "--fail-above", "300")
	if c := f.search("--slo", "failed<1%").Capacity; !c.Confirmed || c.RateRPS < 285 || c.RateRPS > 315 || c.Broke == "" {
		t.Errorf("%+v", c)
	}
}

// search returns the report of one search for the target's capacity.
func (f *fleet) search(flags ...string) *report.Report {
	f.t.Helper()
	args := append([]string{"capacity", "--json", "--quiet", "--brokers", f.brokers, "--drivers", strconv.Itoa(len(f.drivers))}, flags...)
	p := start(f.t, append(args, f.url)...)
	p.exit(15 * time.Minute)
	r := p.report()
	if r.Capacity == nil {
		f.t.Fatalf("no certificate: %s", tail(p.stderr.String(), 500))
	}
	return r
}

// kill ends the processes of a fleet before the test's own end.
func (f *fleet) kill() {
	for _, p := range append(f.drivers, f.target, f.broker) {
		p.kill()
	}
}
