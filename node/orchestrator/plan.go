package orchestrator

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/script"
	"landfall/node"
	"landfall/node/fleet"
)

// firstPlan divides a spec among drivers: rate and count are the fleet's and are split so that the parts sum
// exactly, delay and the count per driver apply to each driver.
func firstPlan(spec loadgen.Spec, drivers []string) node.Plan {
	n := len(drivers)
	total := spec.Count
	if spec.CountPerDriver > 0 {
		total = spec.CountPerDriver * int64(n)
	}
	p := node.Plan{UntilUS: spec.Ends().Microseconds(), Schedule: spec.FleetSchedule(n), Loads: spec.Loads()}
	if rows, limited := script.UniqueRows(spec); limited && total > rows {
		total = rows
	}
	quotas := loadgen.Split(total, n)
	for i, id := range drivers {
		if total > 0 && quotas[i] == 0 {
			break // fewer requests than drivers: the others get none
		}
		p.Shares = append(p.Shares, node.NodeShare{NodeID: id, Connections: spec.Connections, Quota: quotas[i]})
	}
	return p
}

// nextPlan reassigns the shares of drivers that no longer execute theirs. It returns false when the current
// plan is as good, or when no driver is left.
func nextPlan(r *fleet.Run, drivers map[string]*fleet.Driver, from time.Duration) (node.Plan, string, bool) {
	old := r.Plan()
	if old.UntilUS > 0 && from.Microseconds() >= old.UntilUS {
		return node.Plan{}, "", false
	}
	holding, gone := divide(r, old)
	missing := unassigned(r, old)
	if len(holding) == 0 || len(gone) == 0 && missing <= 0 {
		return node.Plan{}, "", false
	}
	wait := fence(r, gone)
	if from = later(from+wait, old); old.UntilUS > 0 && from.Microseconds() >= old.UntilUS {
		return node.Plan{}, "", false // the run ends before
	}
	p := follow(old, from)
	p.Lost = losses(r, gone)
	for _, s := range old.Shares {
		if slices.Contains(holding, s.NodeID) {
			p.Shares = append(p.Shares, s)
		}
	}
	for i, more := range loadgen.Split(max(missing, 0), len(p.Shares)) {
		p.Shares[i].Quota += more
	}
	spread(&p, connectionsOf(old, gone), drivers)
	why := handover(gone, len(holding))
	if wait > 0 {
		why += fmt.Sprintf(" in %.0f s, once it is certain to have stopped", wait.Seconds())
	}
	if r.Spec.HasUnique() && len(gone) > 0 {
		why += "; unique rows of its data that it had not used stay unused"
	}
	if len(r.Spec.Scenarios) == 0 && keepBelowCaps(&p, drivers) {
		why += ", rate reduced to the remaining drivers' --max-rate"
	}
	return p, why, true
}

// fenceSlack is the time that a driver may take to stop after its orphan timeout.
const fenceSlack = time.Second

// fence returns how long the shares of lost drivers must not be reassigned if the spec demands a safe
// takeover: a driver that can read Kafka stops when it reads the next plan, any other by its orphan timeout.
func fence(r *fleet.Run, gone []string) time.Duration {
	if r.Spec.Takeover != "safe" {
		return 0
	}
	for _, id := range gone {
		if c := r.Drivers[id]; c.LostAt > 0 && !c.Final {
			return r.Spec.OrphanTimeout.Std() + fenceSlack
		}
	}
	return 0
}

// later returns from, or the start of a plan that has not started yet.
func later(from time.Duration, p *node.Plan) time.Duration {
	return max(from, time.Duration(p.FromUS)*time.Microsecond)
}

// follow returns the successor of old from a given time on, without shares.
func follow(old *node.Plan, from time.Duration) node.Plan {
	p := node.Plan{Seq: old.Seq + 1, FromUS: from.Microseconds(), UntilUS: old.UntilUS}
	if old.Schedule != nil {
		passed := from - time.Duration(old.FromUS)*time.Microsecond
		p.Schedule, p.Loads = loadgen.Schedule(old.Schedule).After(max(passed, 0)), old.Loads.After(max(passed, 0))
	}
	return p
}

// divide separates the drivers of a plan that still execute it from those that do not.
func divide(r *fleet.Run, p *node.Plan) (holding, gone []string) {
	for _, s := range p.Shares {
		if c := r.Drivers[s.NodeID]; c != nil && !c.Holds() {
			gone = append(gone, s.NodeID)
		} else {
			holding = append(holding, s.NodeID)
		}
	}
	return holding, gone
}

// losses returns when and why drivers were lost, of those that have no share any more.
func losses(r *fleet.Run, gone []string) (list []node.Loss) {
	for _, id := range gone {
		if c := r.Drivers[id]; c.LostAt > 0 {
			list = append(list, node.Loss{NodeID: id, AtUS: c.LostAt.Microseconds(), Reason: c.LostWhy})
		}
	}
	return list
}

// unassigned returns how many requests of a counted run no driver has. A draining driver keeps its share
// until it has reported how many it sent; of a lost driver, what it reported counts.
func unassigned(r *fleet.Run, p *node.Plan) int64 {
	total := totalCount(r)
	if total == 0 {
		return 0
	}
	assigned := int64(0)
	for id, c := range r.Drivers {
		switch {
		case c.Holds():
			assigned += p.Quota(id)
		case c.Refused():
		case c.LostAt > 0:
			assigned += c.Total.Ended(len(r.Spec.Scenarios) > 0)
		case c.Final:
			assigned += c.Begun
		default:
			assigned += quotaInAny(r, id)
		}
	}
	return total - assigned
}

// totalCount returns the total number of requests of the run; 0: limited by its duration.
func totalCount(r *fleet.Run) (n int64) {
	if len(r.Plans) > 0 {
		for _, s := range r.Plans[0].Shares {
			n += s.Quota
		}
	}
	return n
}

// quotaInAny returns a driver's quota in the newest plan that includes it.
func quotaInAny(r *fleet.Run, id string) int64 {
	for i := range slices.Backward(r.Plans) {
		if q := r.Plans[i].Quota(id); q > 0 {
			return q
		}
	}
	return 0
}

func connectionsOf(p *node.Plan, ids []string) (n int) {
	for _, s := range p.Shares {
		if slices.Contains(ids, s.NodeID) {
			n += s.Connections
		}
	}
	return n
}

// spread distributes the connections of lost drivers among the others, within their limits.
func spread(p *node.Plan, connections int, drivers map[string]*fleet.Driver) {
	for i, more := range loadgen.Split(int64(connections), len(p.Shares)) {
		s := &p.Shares[i]
		s.Connections += int(more)
		if d := drivers[s.NodeID]; d != nil && d.MaxConnections > 0 {
			s.Connections = min(s.Connections, d.MaxConnections)
		}
	}
}

// keepBelowCaps scales the schedule down to the lowest limit of the drivers: their shares are equal.
func keepBelowCaps(p *node.Plan, drivers map[string]*fleet.Driver) bool {
	factor, each := 1.0, loadgen.Schedule(p.Schedule).Peak()/float64(max(len(p.Shares), 1))
	for _, s := range p.Shares {
		if d := drivers[s.NodeID]; d != nil && d.MaxRateRPS > 0 && each > d.MaxRateRPS {
			factor = min(factor, d.MaxRateRPS/each)
		}
	}
	if factor == 1 {
		return false
	}
	p.Schedule, p.Loads = loadgen.Schedule(p.Schedule).Scaled(factor), p.Loads.Scaled(factor)
	return true
}

func handover(gone []string, left int) string {
	if len(gone) == 0 {
		return "the remaining requests of a drained driver go to " + others(left)
	}
	return fmt.Sprintf("the share of %s goes to %s", list(gone), others(left))
}

func others(n int) string {
	if n == 1 {
		return "the one that is left"
	}
	return fmt.Sprintf("%d others", n)
}

func list(ids []string) string {
	const shown = 3
	text := ""
	for i, id := range ids[:min(len(ids), shown)] {
		if i > 0 {
			text += ", "
		}
		text += id
	}
	if len(ids) > shown {
		text += fmt.Sprintf(" and %d more", len(ids)-shown)
	}
	return text
}

// withRate returns the current plan at another constant rate. Scenarios with their own rates share it in proportion to their rates
// at that time.
func withRate(r *fleet.Run, rate float64, from time.Duration) (node.Plan, error) {
	p := follow(r.Plan(), later(from, r.Plan()))
	if p.Loads != nil {
		if loadgen.Schedule(p.Schedule).Rate(0) <= 0 {
			return p, errors.New("rate: no scenario has one at present")
		}
		p.Loads = p.Loads.At(0, rate)
	}
	p.Schedule, p.Shares = loadgen.Constant(rate), r.Plan().Shares
	return p, nil
}

// paused returns the current plan without load.
func paused(r *fleet.Run, from time.Duration) node.Plan {
	p := follow(r.Plan(), from)
	if p.Schedule != nil {
		p.Schedule = loadgen.Constant(0)
	}
	p.Loads = p.Loads.Stopped()
	p.Shares = slices.Clone(r.Plan().Shares)
	for i := range p.Shares {
		p.Shares[i].Connections = 0
	}
	return p
}

// resumed returns the rest of the paused plan; its end moves by the length of the pause.
func resumed(r *fleet.Run, from time.Duration) node.Plan {
	was, pause := r.Unpaused(), r.Plan()
	from = later(from, was)
	p := follow(was, time.Duration(pause.FromUS)*time.Microsecond)
	p.Seq, p.FromUS = pause.Seq+1, from.Microseconds()
	if p.UntilUS > 0 {
		p.UntilUS += p.FromUS - pause.FromUS
	}
	p.Shares = slices.Clone(pause.Shares)
	for i := range p.Shares {
		p.Shares[i].Connections = connectionsOf(was, []string{p.Shares[i].NodeID})
	}
	return p
}
