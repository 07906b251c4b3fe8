//go:build e2e && unix

package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node/report"
)

// A killed driver is reported late, then lost, and the others take over its share.
func TestDriverKilled(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	run := f.run("-q", "300", "-z", "14s", f.url)
	f.busy(600)
	f.drivers[1].kill()
	if code := run.exit(60 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	r, counted := run.report(), f.counted()
	if r.Requests > counted.Requests || counted.Requests > r.Requests+r.Unknown {
		t.Errorf("target counted %d: want from %d to %d (%d unknown)", counted.Requests, r.Requests, r.Requests+r.Unknown, r.Unknown)
	}
	if d := driverIn(r, "d2"); d.State != report.StateLost {
		t.Errorf("d2 is %s, want lost", d.State)
	}
	late, wasLate := event(r, "late", "d2")
	lost, wasLost := event(r, "lost", "d2")
	if !wasLate || !wasLost {
		t.Fatalf("late %v, lost %v: want both in the report", wasLate, wasLost)
	}
	if apart := lost.AtMS - late.AtMS; apart < 2000 || apart > 3500 {
		t.Errorf("late at %d ms, lost at %d ms: want 2.5 s apart", late.AtMS, lost.AtMS)
	}
	carried(t, r, lost.AtMS)
}

// carried checks that the full rate is sent from one second after a given time on.
func carried(t testing.TB, r *report.Report, atMS int64) {
	t.Helper()
	checked := 0
	for _, i := range r.Intervals {
		if i.AtMS >= atMS+1000 && i.AtMS+1000 <= int64(r.Spec.Duration.Std()/time.Millisecond) {
			checked++
			if float64(i.Requests) < 0.97*r.Spec.RateRPS {
				t.Errorf("at %d ms: %d requests, want %.0f: the share that was free at %d ms has not been taken over", i.AtMS, i.Requests, r.Spec.RateRPS, atMS)
			}
		}
	}
	if checked == 0 {
		t.Errorf("no interval after %d ms", atMS)
	}
}

// A terminated driver drains without unknown requests, and the others take over at once.
func TestDriverTerminated(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	run := f.run("-q", "300", "-z", "8s", f.url)
	f.busy(600)
	f.drivers[0].signal(syscall.SIGTERM)
	if code := f.drivers[0].exit(10 * time.Second); code != 0 {
		t.Errorf("the driver exits %d, want 0", code)
	}
	if code := run.exit(30 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	r := run.report()
	exact(t, r, f.counted())
	if d := driverIn(r, "d1"); d.State != report.StateLeft {
		t.Errorf("d1 is %s, want left", d.State)
	}
	carried(t, r, 4000)
}

// Without the orchestrator, drivers finish the run, and the report can be built from the topics.
func TestOrchestratorKilled(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	run := f.run("-q", "300", "-n", "1800", f.url)
	f.busy(500)
	run.kill()
	f.busy(1800)
	list := ""
	eventually(t, 20*time.Second, "the run is over", func() bool {
		p := start(t, "report", "--brokers", f.brokers)
		p.exit(20 * time.Second)
		list = p.stdout.String()
		return strings.Contains(list, "tsunami-") && f.counted().Requests == 1800
	})
	id := strings.Fields(strings.Split(list, "\n")[1])[0]
	var r *report.Report
	eventually(t, 20*time.Second, "the report is whole", func() bool {
		p := start(t, "report", "--json", "--brokers", f.brokers, id)
		if code := p.exit(20 * time.Second); code != 0 {
			t.Fatalf("exit %d", code)
		}
		r = p.report()
		return r.Requests == 1800 && !strings.Contains(p.stderr.String(), "still running")
	})
	exact(t, r, f.counted())
	if r.TestID != id || r.Outcome != report.Finished {
		t.Errorf("report of %s: %s, want %s: finished", r.TestID, r.Outcome, id)
	}
	p := start(t, "report", "--brokers", f.brokers)
	p.exit(20 * time.Second)
	if line := strings.Split(p.stdout.String(), "\n")[1]; !strings.Contains(line, "finished") || !strings.Contains(line, "1800") {
		t.Errorf("the list says %q, want finished and 1800", line)
	}
}

// An interrupted run is stopped and drained, and reported so far with exit code 105.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3, "--delay", "50ms")
	run := f.run("-q", "300", "-z", "60s", f.url)
	f.busy(600)
	run.signal(syscall.SIGINT)
	if code := run.exit(10 * time.Second); code != 105 {
		t.Errorf("exit %d, want 105", code)
	}
	r := run.report()
	exact(t, r, f.counted())
	if r.Outcome != report.Interrupted || r.DurationMS > 20_000 {
		t.Errorf("%s after %d ms, want interrupted after a few seconds", r.Outcome, r.DurationMS)
	}
}

// A second interrupt exits at once, even with a request in flight.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1, "--stall-after", "1s", "--stall-for", "1m")
	run := f.run("-q", "50", "-z", "60s", "-t", "30s", f.url)
	f.busy(5)
	run.says("requests", 20*time.Second)
	run.signal(syscall.SIGINT)
	run.says("press Ctrl-C again to quit at once", 5*time.Second)
	run.signal(syscall.SIGINT)
	if code := run.exit(2 * time.Second); code != 105 {
		t.Errorf("exit %d, want 105", code)
	}
}

// Two signals at the same moment count as one: the command exits, and the drivers stop, too.
func TestSignalledTwiceAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	run := f.run("-q", "50", "-z", "60s", f.url)
	f.busy(50)
	run.signal(syscall.SIGINT)
	run.signal(syscall.SIGTERM)
	if code := run.exit(2 * time.Second); code != 105 {
		t.Errorf("exit %d, want 105", code)
	}
	f.drivers[0].says("stops", 5*time.Second)
}

// Load continues for 20 s without a broker, and each snapshot arrives once afterwards.
func TestBrokerKilled(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	run := f.run("-q", "300", "-z", "30s", f.url)
	f.busy(600)
	f.broker.kill()
	before := f.counted().Requests
	time.Sleep(20 * time.Second) // the outage under test
	if sent := f.counted().Requests - before; sent < 5400 {
		t.Errorf("%d requests within 20 s without a broker, want 6000", sent)
	}
	f.startBroker()
	if code := run.exit(90 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	r := run.report()
	exact(t, r, f.counted())
	if r.Requests != 9000 {
		t.Errorf("%d requests, want 9000", r.Requests)
	}
	for _, d := range r.Drivers {
		if d.State != report.StateFinished || d.Missing != 0 {
			t.Errorf("%s is %s with %d snapshots missing, want finished with none", d.NodeID, d.State, d.Missing)
		}
	}
}
