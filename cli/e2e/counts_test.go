//go:build e2e && unix

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/node/report"
)

// spreadLimit is how far apart the first requests of drivers on one host may be.
const spreadLimit = 5000 // µs

// Both kinds of run, by count and by duration, with 1, 3 and 9 driver processes and without faults, are
// counted exactly.
func TestCounts(t *testing.T) {
	for _, n := range []int{1, 3, 9} {
		t.Run(fmt.Sprint(n, " drivers"), func(t *testing.T) {
			f := newFleet(t, n, "--delay", "10ms")
			wide := fmt.Sprint(n)
			for _, c := range []struct {
				name string
				args []string
				want int64 // 0: any
			}{
				{"avalanche by number", []string{"-n", "1501", "-c", "5"}, 1501},
				{"avalanche by time", []string{"-z", "1500ms", "-c", "5"}, 0},
				{"tsunami by number", []string{"-q", "1000", "-n", "1499"}, 1499},
				{"tsunami by time", []string{"-q", "1000", "-z", "1500ms"}, 1500},
			} {
				t.Run(c.name, func(t *testing.T) {
					spread := int64(spreadLimit + 1)
					for try := 0; try < 3 && spread > spreadLimit; try++ { // a busy machine starts drivers late
						r := f.count(t, n, c.want, append(c.args, "--drivers", wide, f.url)...)
						spread = r.StartSpreadUS
					}
					if spread > spreadLimit {
						t.Errorf("started within %d µs, want %d", spread, spreadLimit)
					}
				})
			}
		})
	}
}

// count runs a test without faults and compares it with the target's counters.
func (f *fleet) count(t *testing.T, drivers int, want int64, args ...string) *report.Report {
	t.Helper()
	before := f.counted()
	code, r := f.pass(30*time.Second, args...)
	after := f.counted()
	after.Requests -= before.Requests
	after.Responses -= before.Responses
	if code != 0 {
		t.Errorf("exit %d: %v", code, r.Reasons)
	}
	exact(t, r, after)
	if want > 0 && r.Requests != want || r.Requests == 0 {
		t.Errorf("%d requests, want %d", r.Requests, want)
	}
	if len(r.Drivers) != drivers {
		t.Errorf("%d drivers, want %d", len(r.Drivers), drivers)
	}
	return r
}

// Runs in one process are counted exactly, too.
func TestLocal(t *testing.T) {
	f := &fleet{t: t}
	f.startTarget("--delay", "2ms")
	for name, args := range map[string][]string{
		"avalanche by number": {"-n", "2001", "-c", "10"}, "tsunami by time": {"-q", "500", "-z", "1s"},
	} {
		t.Run(name, func(t *testing.T) {
			before := f.counted()
			p := start(t, append([]string{"run", "--local", "--json", f.url}, args...)...)
			if code := p.exit(20 * time.Second); code != 0 {
				t.Errorf("exit %d", code)
			}
			after := f.counted()
			after.Requests -= before.Requests
			after.Responses -= before.Responses
			exact(t, p.report(), after)
		})
	}
}

// Without --brokers, commands find the embedded broker of this machine.
func TestByHand(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	data := []string{"--data", f.data}
	d := start(t, append(data, "driver", "--name", "hand")...)
	d.says("joined the fleet", 10*time.Second)
	run := start(t, append(data, "run", "-q", "200", "-n", "100", f.url)...)
	if code := run.exit(20 * time.Second); code != 0 || !strings.Contains(run.stdout.String(), "FINISHED") {
		t.Errorf("exit %d: %s", code, run.stdout.String())
	}
	list := start(t, append(data, "report")...)
	if code := list.exit(10 * time.Second); code != 0 || !strings.Contains(list.stdout.String(), "finished") {
		t.Errorf("exit %d: %s", code, list.stdout.String())
	}
	none := start(t, "run", "--data", t.TempDir(), f.url)
	if code := none.exit(10 * time.Second); code != 1 || !strings.Contains(none.stderr.String(), "landfall broker") {
		t.Errorf("without a broker: exit %d: %s", code, none.stderr.String())
	}
}
