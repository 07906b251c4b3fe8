package signtest

import (
	"testing"

	"landfall/node"
	"landfall/node/membus"
)

func TestAttackInMemory(t *testing.T) {
	bus := membus.New()
	Attack(t, func(name string) node.Bus { return bus.Node(name) }, "landfall.")
}
