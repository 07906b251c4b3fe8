//go:build e2e && bench && linux

package e2e

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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

// TestComparisonsTellTheTruth compares runs of one minute at 500/s with baselines of three. For each figure, at most one in twenty
// equal runs may be judged different; a target that is 10 % slower must be detected by p50 in 19 of twenty runs. Runs that share a
// baseline share its luck, too, so each run is compared with many baselines, made of the other equal runs. The runs are made in
// random order, so that a machine that slowly changes does not look like a difference. VERDICT_REPORTS names a folder in which
// their reports are kept; reports that it already has are not measured again.
func TestComparisonsTellTheTruth(t *testing.T) {
	n := verdicts(t)
	services := map[string]string{}
	var order []string
	for i := range n + 3 {
		name := fmt.Sprint("equal", i)
		order, services[name] = append(order, name), "5ms"
	}
	for i := range n {
		name := fmt.Sprint("slower", i)
		order, services[name] = append(order, name), "5.5ms"
	}
	rand.New(rand.NewPCG(18, 0)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	runs := measured(t, order, services)
	if t.Failed() {
		return
	}
	equal, slower := runs[:n+3], runs[n+3:]

	many, one := tally{}, tally{}
	for i, base := range triples(equal) {
		for j, r := range equal {
			if !slices.Contains(base, r) {
				many.add("equal", report.Compared(base, r, 0))
			}
			if i == 0 && j > 0 {
				single := report.Compared(equal[:1], r, 0)
				one.add("equal", single)
				for _, d := range single.Differences {
					if d.Verdict != baseline.Same && !d.IsShare() && math.Abs(d.Change) < baseline.DefaultLeast {
						t.Errorf("run %d against a single one: %s called %s at %.1f %%", j, d.Figure, d.Verdict, 100*d.Change)
					}
				}
			}
		}
		for _, r := range slower {
			many.add("slower", report.Compared(base, r, 0))
		}
	}
	fmt.Printf("| figure | equal runs called different | greatest difference | 10 %% slower found | equal, against a single run |\n|---|---|---|---|---|\n")
	for _, figure := range baseline.Figures() {
		e, s, single := many["equal "+figure], many["slower "+figure], one["equal "+figure]
		fmt.Printf("| %s | %.1f %% | %.2g %% | %.1f %% | %.1f %% |\n", figure, 100*e.share(), 100*e.greatest, 100*s.share(), 100*single.share())
		if e.share() > .05 {
			t.Errorf("%s: %.1f %% of equal runs were called different", figure, 100*e.share())
		}
	}
	if found := many["slower p50"].share(); found < .95 {
		t.Errorf("%.1f %% of slower runs were found by p50", 100*found)
	}
}

// tally counts verdicts by kind of run and figure.
type tally map[string]counted

type counted struct {
	all, called int
	greatest    float64 // change, of those called different or not
}

func (k tally) add(kind string, c *report.Comparison) {
	for _, d := range c.Differences {
		n := k[kind+" "+d.Figure]
		n.all++
		if d.Verdict != baseline.Same {
			n.called++
		}
		n.greatest = max(n.greatest, math.Abs(d.Change))
		k[kind+" "+d.Figure] = n
	}
}

func (c counted) share() float64 { return float64(c.called) / math.Max(float64(c.all), 1) }

// triples returns baselines of three runs. Each run is in three of them.
func triples(runs []*report.Report) (list [][]*report.Report) {
	for i := range runs {
		list = append(list, []*report.Report{runs[i], runs[(i+1)%len(runs)], runs[(i+2)%len(runs)]})
	}
	return list
}

// measured makes the named runs in this order, six at a time, each against its own target, and returns their reports by name.
func measured(t *testing.T, order []string, services map[string]string) (runs []*report.Report) {
	dir := os.Getenv("VERDICT_REPORTS")
	if dir == "" {
		dir = t.TempDir()
	}
	var jobs []func()
	for _, name := range order {
		if _, err := os.Stat(filepath.Join(dir, name+".json")); err == nil {
			continue
		}
		jobs = append(jobs, func() {
			f := &fleet{t: t}
			f.startTarget("--service-time", services[name], "--service-sigma", "0.5")
			start(t, "run", "--local", "--threads", "1", "-q", "500", "-z", "1m", "--quiet", "--out", filepath.Join(dir, name+".json"), f.url).exit(3 * time.Minute)
			f.target.kill()
		})
	}
	crew(6, jobs)
	slices.Sort(order)
	for _, name := range order {
		text, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := report.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	return runs
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
