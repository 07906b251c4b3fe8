package sample

import (
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
)

const (
	busyFrom    = .95 // share of the connections in use from which on all are busy
	slowerThan  = 3   // times as long as usual: the target is slow
	mostLimited = 3   // reasons that are shown
)

// takeLimits finds out whether the drivers are the limit, and whether requests wait for connections.
func (v *Run) takeLimits(r *fleet.Run) {
	v.busy = busyText(r, v.Latest)
	if len(r.Spec.Scenarios) == 0 {
		all, _ := mostInFlight(r)
		v.MaxInFlight = int64(all)
	}
	limited := map[string][]string{}
	for _, c := range r.Drivers {
		for _, reason := range c.Reasons {
			if r.Limited(c) && !(plainTsunami(r) && isConnections(reason)) { // busy tells whether connections are short at the moment
				limited[reason] = append(limited[reason], c.NodeID)
			}
		}
	}
	for reason, ids := range limited {
		v.Limited = append(v.Limited, node.Clean(limitText(ids, reason), 200))
	}
	slices.Sort(v.Limited)
	v.Limited = v.Limited[:min(len(v.Limited), mostLimited)]
}

// Waits reports whether due requests wait for a free connection.
func (v *Run) Waits() bool { return v.busy != "" }

// Warnings are reasons to doubt the newest figures.
func (v *Run) Warnings() []string {
	if v.busy == "" {
		return v.Limited
	}
	return append(slices.Clone(v.Limited), v.busy)
}

func plainTsunami(r *fleet.Run) bool {
	return r.Spec.Kind == loadgen.Tsunami && len(r.Spec.Scenarios) == 0
}

func isConnections(reason string) bool { return strings.HasPrefix(reason, "its connections:") }

// busyText says that all connections of a tsunami are in use, so that due requests wait; "": they are not. By Little's law requests in
// flight per response is how long a response takes: if that is far longer than usual, the target may be slow.
func busyText(r *fleet.Run, latest Interval) string {
	plan := r.Plan()
	if plan == nil || !r.Active() || !plainTsunami(r) {
		return ""
	}
	all, each := mostInFlight(r)
	if all == 0 || float64(latest.InFlight) < busyFrom*float64(all) {
		return ""
	}
	text := fmt.Sprintf("%s ran out of connections (%d each): due requests wait", figures.Plural(int64(len(plan.Shares)), "driver"), each)
	if usual := float64(r.Service.Quantile(.5)); usual > 0 && 1e6*float64(latest.InFlight) > slowerThan*usual*latest.Answered {
		text += ", target slow?"
	}
	return text
}

// mostInFlight returns how many requests of a run can be in flight at once, and how many of one driver.
func mostInFlight(r *fleet.Run) (all, each int) {
	if plan := r.Plan(); plan != nil {
		for _, share := range plan.Shares {
			n := share.Connections * max(r.Spec.Streams, 1)
			all, each = all+n, max(each, n)
		}
	}
	return all, each
}

// limitText names the limit and the drivers that have reached it.
func limitText(ids []string, reason string) string {
	who := ids[0]
	if len(ids) > 1 {
		who, reason = figures.Plural(int64(len(ids)), "driver"), strings.Replace(reason, "its ", "their ", 1)
	}
	switch what, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(reason, "its "), "their "), ":"); what {
	case "connections":
		return who + " ran out of connections: due requests wait"
	case "schedule":
		return who + " sent late although connections were free"
	}
	return who + ": " + reason
}
