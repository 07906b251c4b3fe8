package driver

import (
	"fmt"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/policy"
)

func TestMachineHoldsAStartUntilItsConfiguration(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.trigger(node.Start, "run")
	never[begin](b)
	b.arm("run")
	must[begin](b)
}

func TestMachineForgetsAStoppedConfiguration(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.arm("run")
	b.trigger(node.Stop, "run")
	must[discard](b)
	b.trigger(node.Start, "run")
	never[begin](b)
}

func TestMachineAnswersOnlyRecentConfigurations(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.keep(b.m.received(&node.Config{TestID: "old", Drivers: []string{"d1"}}, b.now.broker.Add(-2*time.Minute), b.now))
	b.keep(b.m.received(&node.Config{TestID: "foreign", Drivers: []string{"d2"}}, b.now.broker, b.now))
	never[prepare](b)
	for i := range 2 * maxArmed {
		b.arm(fmt.Sprint("run-", i))
	}
	if n := len(b.m.reported.answers); n != maxArmed {
		t.Errorf("%d configurations are answered, want %d", n, maxArmed)
	}
	b.pass(recently + time.Second)
	if len(b.m.reported.answers) != 0 {
		t.Error("they are never forgotten")
	}
}
