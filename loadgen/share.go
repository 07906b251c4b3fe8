package loadgen

import "time"

// Share is the part of a run that one driver carries, from one instant on. All durations count from T0.
//
// A tsunami's fleet-wide schedule numbers its requests 0, 1, 2 … from the instant From on; the driver sends those whose
// number leaves Index when divided by Of, so that the fleet's requests are evenly spaced and the parts sum exactly.
type Share struct {
	Seq         int      `json:"seq"`                // of the plan that it is from; a higher one replaces a lower one
	From        Duration `json:"from_us"`            // when the share takes effect
	Until       Duration `json:"until_us,omitempty"` // no request is due at or after it; 0: no limit
	Connections int      `json:"connections"`        // 0: paused
	Quota       int64    `json:"quota,omitempty"`    // how many requests the driver may send (or drop) since T0, earlier shares included; 0: no limit
	Schedule    []Stage  `json:"schedule,omitempty"` // tsunami: the fleet's rate from From on
	Loads       Loads    `json:"loads,omitempty"`    // by scenario, if they have loads of their own; Schedule is then their sum
	Index       int      `json:"index"`
	Of          int      `json:"of"`
}

// Share returns the share of a single driver that executes the whole spec. Call it after WithDefaults.
func (s Spec) Share() Share {
	share := Share{Connections: s.Connections, Quota: max(s.Count, s.CountPerDriver), Until: Duration(s.Ends()), Schedule: s.FleetSchedule(1), Loads: s.Loads(), Of: 1}
	return share
}

// length is how long the stages of a spec and the loads of its scenarios are; 0: they have no end.
func (s Spec) length() time.Duration {
	if s.OwnLoads() {
		return s.Loads().Length()
	}
	return Schedule(s.Stages).Length()
}

// Ends is when the run ends, since T0; 0: when its count is reached.
func (s Spec) Ends() time.Duration {
	if s.Duration > 0 {
		return s.Duration.Std()
	}
	return s.length()
}

// FleetSchedule returns the rate of a fleet of so many drivers over time: of a tsunami its requests per second, of an avalanche with
// scenarios its users, and of any other avalanche nil.
func (s Spec) FleetSchedule(drivers int) []Stage {
	switch {
	case s.OwnLoads():
		return s.Loads().Total(s.Kind != Tsunami)
	case s.Kind != Tsunami && len(s.Scenarios) > 0:
		return s.UserSchedule()
	case s.Kind != Tsunami:
		return nil
	case len(s.Stages) > 0:
		return s.Stages
	case s.Delay > 0:
		return Constant(float64(drivers) / s.Delay.Std().Seconds())
	}
	return Constant(s.RateRPS)
}

// Split divides total into parts that sum exactly and differ by at most one, larger ones first.
func Split(total int64, parts int) []int64 {
	if parts <= 0 {
		return nil
	}
	list := make([]int64, parts)
	each, rest := total/int64(parts), total%int64(parts)
	for i := range list {
		list[i] = each
		if int64(i) < rest {
			list[i]++
		}
	}
	return list
}
