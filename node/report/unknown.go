package report

import (
	"math"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

// Unknown returns an upper bound of the requests that a lost driver may have sent without reporting them: those in flight in its
// last snapshot, and those that it may have started from then until it stopped. It is 0 for a driver that is not lost. With
// scenarios it counts iterations.
//
// A lost driver cannot be reached: it stops at the end of its plan, when its quota is used up, or at its orphan timeout. That may
// be after the report was written, since a driver that is disconnected from Kafka continues until then.
func Unknown(run *fleet.Run, c *fleet.Carrier) int64 {
	spec, plans := run.Spec, run.Plans
	if c.LostAt == 0 || c.Final {
		return 0
	}
	held := lastPlan(plans, c.NodeID)
	if held == nil {
		return inFlight(c, spec)
	}
	share := held.Shares[indexIn(held, c.NodeID)]
	end := windowEnd(c, spec, held)
	switch {
	case spec.Kind == loadgen.Tsunami && !spec.HoldsUsers():
		return capped(dueSince(c, plans, end), share.Quota, c.Begun) + inFlight(c, spec)
	case share.Quota > 0:
		return capped(math.MaxInt64, share.Quota, c.Begun) + inFlight(c, spec)
	}
	scheduled := int64(0) // in addition to the requests of held users
	if spec.Kind == loadgen.Tsunami {
		scheduled = dueSince(c, plans, end) + inFlight(c, spec)
	}
	return scheduled + closedLoop(run, c, held, max(end-c.LastEnd, 0))
}

// closedLoop returns how many requests of connections, or iterations of held users, a lost driver may have had without reporting them in a
// window: as many as could end, no second having been faster than the fastest one that was reported, and one more of each connection or
// user. A user with a pace starts at most one iteration in that time, however fast it is.
func closedLoop(run *fleet.Run, c *fleet.Carrier, held *node.Plan, window time.Duration) int64 {
	spec := run.Spec
	users := atOnce(spec, held, c.NodeID)
	n := int64(math.Ceil(peak(run, c)*window.Seconds())) + max(users, inFlight(c, spec))
	if pace := spec.Pace.Std(); pace > 0 && len(spec.Scenarios) > 0 {
		n = min(n, users*(int64(window/pace)+1)+inFlight(c, spec))
	}
	return n
}

// atOnce returns how many requests or, with scenarios, iterations of held users a driver can have in flight.
func atOnce(spec loadgen.Spec, held *node.Plan, nodeID string) int64 {
	if len(spec.Scenarios) == 0 {
		return int64(held.Of(nodeID).Connections) * int64(max(spec.Streams, 1))
	}
	users, loads := loadgen.Schedule(held.Schedule).Peak(), 1
	if len(held.Loads) > 0 {
		users, loads = held.Loads.MostHeld(), len(held.Loads)
	}
	each := users / float64(len(held.Shares))
	return int64(math.Ceil(each)) + int64(loads-1) // each load is divided for itself
}

// peak returns the most requests or iterations that ended in any second that the driver reported or, if it was lost before its first
// report, in any second of any driver.
func peak(run *fleet.Run, c *fleet.Carrier) float64 {
	most := c.Peak
	if most == 0 {
		for _, other := range run.Drivers {
			most = max(most, other.Peak)
		}
	}
	return most
}

// inFlight is the number of requests in flight in the last report of the driver.
func inFlight(c *fleet.Carrier, spec loadgen.Spec) int64 {
	return max(c.Begun-c.Total.Ended(len(spec.Scenarios) > 0), 0)
}

// capped limits n to what remains of a quota (0: no quota).
func capped(n, quota, begun int64) int64 {
	if quota > 0 {
		n = min(n, quota-begun)
	}
	return max(n, 0)
}

// orphanSlack is how long after its last heartbeat a driver may have read the trigger topic for the last time, which is when its
// orphan timeout starts: one heartbeat interval, and the time to notice.
const orphanSlack = 1500 * time.Millisecond

// windowEnd returns the time since T0 by which the driver has certainly stopped.
func windowEnd(c *fleet.Carrier, spec loadgen.Spec, held *node.Plan) time.Duration {
	end := c.HeardAt + spec.OrphanTimeout.Std() + orphanSlack
	if held.UntilUS > 0 {
		end = min(end, micros(held.UntilUS))
	}
	return end
}

// dueSince returns how many of a carrier's requests became due before end and are not in its Begun: those due
// since its last report, and those that waited for a connection then.
func dueSince(c *fleet.Carrier, plans []node.Plan, end time.Duration) int64 {
	all := due(plans, c.NodeID, end)
	return max(all-due(plans, c.NodeID, c.LastEnd), all-c.Begun, 0)
}

// due returns how many requests of a driver's shares are due in [0, end), each share lasting until the
// driver's next one. An empty node id means the whole fleet.
func due(plans []node.Plan, nodeID string, end time.Duration) (n int64) {
	for i := range plans {
		plan := &plans[i]
		if indexIn(plan, nodeID) < 0 {
			continue
		}
		until := end
		if next := planThatHas(plans[i+1:], nodeID); next != nil {
			until = min(until, micros(next.FromUS))
		}
		if plan.UntilUS > 0 {
			until = min(until, micros(plan.UntilUS))
		}
		if until <= micros(plan.FromUS) {
			continue
		}
		if since := until - micros(plan.FromUS); nodeID != "" {
			n += plan.Due(nodeID, since)
		} else {
			n += loadgen.Schedule(plan.Schedule).Count(since)
		}
	}
	return n
}

// indexIn is a driver's place in a plan, -1 when it has no share. The empty id is in every plan.
func indexIn(plan *node.Plan, nodeID string) int {
	if nodeID == "" {
		return 0
	}
	return slices.IndexFunc(plan.Shares, func(s node.NodeShare) bool { return s.NodeID == nodeID })
}

func planThatHas(plans []node.Plan, nodeID string) *node.Plan {
	for i := range plans {
		if indexIn(&plans[i], nodeID) >= 0 {
			return &plans[i]
		}
	}
	return nil
}

// lastPlan returns the newest plan in which a driver has a share: a takeover's plan omits the lost driver,
// and it may never have read it.
func lastPlan(plans []node.Plan, nodeID string) *node.Plan {
	for i := len(plans) - 1; i >= 0; i-- {
		if indexIn(&plans[i], nodeID) >= 0 {
			return &plans[i]
		}
	}
	return nil
}

func micros(us int64) time.Duration { return time.Duration(us) * time.Microsecond }
