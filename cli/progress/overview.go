package progress

import (
	"fmt"
	"io"
	"strings"

	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// Overview writes the state of the fleet as plain text, for output that is not a terminal.
func Overview(w io.Writer, s *fleet.State) {
	alive := 0
	for _, d := range s.Drivers() {
		if d.Liveness == fleet.Alive {
			alive++
		}
	}
	fmt.Fprintf(w, "%s alive of %d known\n", figures.Plural(int64(alive), "driver"), len(s.Drivers()))
	for _, d := range s.Drivers() {
		state := string(d.Heartbeat.State)
		if d.Liveness != fleet.Alive {
			state = string(d.Liveness)
		}
		parts := []string{d.NodeID, state, d.Host}
		if d.Heartbeat.State == node.Running {
			parts = append(parts, figures.Count(int64(d.Heartbeat.RateRPS))+"/s", "p99 "+figures.Micros(d.Heartbeat.P99US))
		}
		fmt.Fprintln(w, "  "+strings.Join(parts, "  "))
	}
	if r := s.Active(); r != nil {
		fmt.Fprintln(w, describe(r, s.Now()))
	} else {
		fmt.Fprintln(w, "no run is active")
	}
	fmt.Fprintln(w, "the console needs a terminal; a run without one: landfall run -q 100 -z 10s URL")
}
