//go:build e2e && unix

package e2e

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/loadgen"
	"landfall/node"
)

// openBus connects to the fleet's topics like a node.
func (f *fleet) openBus() *kafkabus.Bus {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 10*time.Second)
	defer cancel()
	bus, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: strings.Split(f.brokers, ",")})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { bus.Close() })
	return bus
}

// A driver never executes a start that has expired while it was disconnected.
func TestStaleStart(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	bus := f.openBus()
	post := func(m node.Message) node.Ack {
		ack, err := node.Post(t.Context(), bus, m)
		if err != nil {
			t.Fatal(err)
		}
		return ack
	}
	spec := loadgen.Spec{Target: f.url, RateRPS: 100, Duration: loadgen.Duration(30 * time.Second)}.WithDefaults()
	ack := post(&node.Config{TestID: "stale", Drivers: []string{"d1"}, By: "test", Spec: spec})
	f.drivers[0].says("answered a configuration", 10*time.Second)
	kafkatest.Pause(t, f.drivers[0].cmd.Process)
	plan := &node.Plan{UntilUS: 30e6, Schedule: []loadgen.Stage{{To: 100}}, Shares: []node.NodeShare{{NodeID: "d1", Connections: 8}}}
	post(&node.Trigger{ID: "s1", Action: node.Start, TestID: "stale", By: "test", Conductor: "test", Epoch: 1, T0US: ack.Appended.UnixMicro() + 1e6, Plan: plan})
	time.Sleep((node.StartValidity + 2) * time.Second) // the age under test
	f.drivers[0].signal(syscall.SIGCONT)
	f.drivers[0].says("refused to start", 15*time.Second)
	if code, r := f.pass(30*time.Second, "-n", "50", "-c", "1", f.url); code != 0 || r.Requests != 50 {
		t.Errorf("the next run: exit %d, %d requests, want 0 and 50", code, r.Requests)
	}
	if n := f.counted().Requests; n != 50 {
		t.Errorf("the target counted %d requests, want 50: the stale start was executed", n)
	}
}

// The order in the trigger topic decides; the second orchestrator is refused with a reason.
func TestTwoOrchestrators(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	a, b := f.run("-q", "100", "-z", "3s", f.url), f.run("-q", "200", "-z", "3s", f.url)
	codes := []int{a.exit(40 * time.Second), b.exit(40 * time.Second)}
	won, second := a, b
	if codes[0] != 0 {
		won, second = b, a
		codes[0], codes[1] = codes[1], codes[0]
	}
	if codes[0] != 0 || codes[1] != 1 {
		t.Fatalf("exits %v, want one 0 and one 1; %s; %s", codes, a.stderr.String(), b.stderr.String())
	}
	exact(t, won.report(), f.counted())
	list := start(t, "report", "--brokers", f.brokers)
	list.exit(20 * time.Second)
	if output := list.stdout.String(); strings.Contains(output, "started") || !strings.Contains(output, "finished") {
		t.Errorf("the list is %q, want one finished run and none in progress", output)
	}
	if output := second.stderr.String(); !strings.Contains(output, "refuse") || !strings.Contains(output, "tsunami-") {
		t.Errorf("the second prints %q, want a driver's refusal that names the other run", output)
	}
}

// Refusals name the driver and the reason, have the right exit code, and send nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	check := func(name string, code int, want []string, args ...string) {
		t.Run(name, func(t *testing.T) {
			p := start(t, append([]string{"run", "--brokers", f.brokers, "--wait", "2s"}, args...)...)
			if got := p.exit(30 * time.Second); got != code {
				t.Errorf("exit %d, want %d", got, code)
			}
			output := p.stderr.String() + p.stdout.String()
			for _, w := range want {
				if !strings.Contains(output, w) {
					t.Errorf("prints %q, want %q in it", output, w)
				}
			}
			if n := f.counted().Requests; n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
	check("no driver", 1, []string{"no driver"}, "-q", "10", f.url)
	f.driver("d1", "--max-rate", "100", "--max-connections", "10", "--max-duration", "1m")
	f.driver("d2", "--allow-target", "10.0.0.0/8", "--allow-target", "example.com")
	f.joined()
	check("too few drivers", 1, []string{"3", "only 2 are alive"}, "--drivers", "3", "-q", "10", f.url)
	check("an unknown driver", 1, []string{"driver d7 is not alive"}, "--drivers", "d7", "-q", "10", f.url)
	check("target not allowed", 1, []string{"d2 refuses", "127.0.0.1", "10.0.0.0/8", "--allow-target"}, "-q", "10", "-c", "1", f.url)
	check("rate above the cap", 1, []string{"d1 refuses", "100", "--max-rate"}, "--drivers", "d1", "-q", "1000", "-c", "1", f.url)
	check("connections above the cap", 1, []string{"d1 refuses", "10", "--max-connections"}, "--drivers", "d1", "-q", "10", "-c", "11", f.url)
	check("duration above the cap", 1, []string{"d1 refuses", "1m", "--max-duration"}, "--drivers", "d1", "-q", "10", "-c", "1", "-z", "2m", f.url)
	check("target refuses connections", 1, []string{"no request was answered", "10 × connect: ", "connection refused"}, "--drivers", "d1", "-q", "10", "-c", "1", "-z", "1s", "http://"+freeAddr(t)+"/")
	check("wrong rate", 104, []string{"-q 0: rate must be between 0.01 and 10000000 requests per second"}, "-q", "0", f.url)
	check("wrong flag", 104, []string{"--nonsense"}, "--nonsense", f.url)
	check("nothing to load", 104, []string{"URL"}, "-q", "1")
	check("invalid threshold", 104, []string{"--threshold", "p99<250ms"}, "--threshold", "p99", f.url)
}

// Thresholds are evaluated on the fleet's merged figures.
func TestThresholds(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, "--delay", "20ms")
	code, r := f.pass(30*time.Second, "-q", "100", "-z", "2s", "--threshold", "p99<10ms", "--threshold", "errors<1%", f.url)
	if code != 99 {
		t.Errorf("exit %d, want 99", code)
	}
	if len(r.Thresholds) != 2 || r.Thresholds[0].Passed || !r.Thresholds[1].Passed || r.Thresholds[0].Value < 20_000 {
		t.Errorf("thresholds %+v, want the first one crossed", r.Thresholds)
	}
	spec := t.TempDir() + "/spec.yaml"
	write(t, spec, "target: "+f.url+"\nrate: 100\nduration: 60s\nthresholds:\n  - expr: p99<10ms\n    abort: true\n    after: 1s\n")
	if code, r = f.pass(30*time.Second, spec); code != 108 || r.DurationMS > 20_000 {
		t.Errorf("exit %d after %d ms, want 108 after a few seconds", code, r.DurationMS)
	}
}
