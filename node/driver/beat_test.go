package driver

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node/policy"

	"landfall/node"
	"landfall/node/membus"
)

func TestDriverRegistersBeatsAndDeregisters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		_, end, done := alone(t, bus, nil)
		time.Sleep(20 * time.Second)
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := len(read(t, bus, node.TopicRegister)); n != 1 {
			t.Errorf("%d registrations", n)
		}
		beats := read(t, bus, node.TopicHeartbeat)
		if n := len(beats); n < 20 || n > 25 {
			t.Errorf("%d heartbeats in 20 s", n)
		}
		if last := beats[len(beats)-1].(*node.Heartbeat); last.State != node.Gone || last.Note != "it was told to exit" {
			t.Errorf("the last one says %+v", last)
		}
	})
}

func TestKilledDriverDeregisters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := membus.New()
		d, end, done := alone(t, bus, nil)
		defer end()
		time.Sleep(3 * time.Second)
		killed := time.Now()
		if _, err := node.Post(t.Context(), bus, &node.Trigger{ID: "k", Action: node.Kill, NodeID: "d1", BootID: d.bootID, By: "ann"}); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, ErrKilled) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(killed); took > time.Second {
			t.Errorf("it took %v", took)
		}
		beats := read(t, bus, node.TopicHeartbeat)
		if last := beats[len(beats)-1].(*node.Heartbeat); last.State != node.Gone || last.Note != "killed by ann" {
			t.Errorf("the last one says %+v", last)
		}
	})
}

func TestMachineRepeatsItsRegistration(t *testing.T) {
	b := newBench(t, policy.Config{})
	b.pass(time.Second)
	must[register](b)
	b.pass(time.Second)
	never[register](b)
	b.pass(registerAgain)
	must[register](b)
	b.keep(b.m.received(&node.Register{NodeID: "d1", BootID: "boot"}, b.now.broker, b.now))
	b.pass(2 * registerAgain)
	never[register](b)
	b.keep(b.m.unregistered())
	b.pass(time.Second)
	must[register](b)
}
