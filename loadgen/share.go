package loadgen

import "time"

// Share is the part of a run that one driver executes, from one point in time on. All durations count from T0.
//
// The requests of a tsunami are numbered 0, 1, 2 … fleet-wide from From on. The driver sends those whose number is Index modulo Of, so
// that the requests of the fleet are evenly spaced and no request is sent twice or missed.
type Share struct {
	Seq         int      `json:"seq"`                // number of the plan; a share with a higher one replaces this one
	From        Duration `json:"from_us"`            // when the share takes effect
	Until       Duration `json:"until_us,omitempty"` // no request is due at or after it; 0: no limit
	Connections int      `json:"connections"`        // 0: paused
	Quota       int64    `json:"quota,omitempty"`    // maximum number of requests that the driver sends or drops since T0, including earlier shares; 0: no limit
	Schedule    []Stage  `json:"schedule,omitempty"` // tsunami: rate of the fleet from From on
	Loads       Loads    `json:"loads,omitempty"`    // of the scenarios, if they have their own; Schedule is then their sum
	Index       int      `json:"index"`
	Of          int      `json:"of"`
}

// Share returns the share of a single driver that executes the whole spec. Call it after WithDefaults.
func (s Spec) Share() Share {
	share := Share{Connections: s.Connections, Quota: max(s.Count, s.CountPerDriver), Until: Duration(s.Ends()), Schedule: s.FleetSchedule(1), Loads: s.Loads(), Of: 1}
	return share
}

// length returns the length of the stages, or of the scenarios' own loads; 0 if they have no end.
func (s Spec) length() time.Duration {
	if s.OwnLoads() {
		return s.Loads().Length()
	}
	return Schedule(s.Stages).Length()
}

// Ends returns when the run ends, since T0, or 0 if it ends when its count is reached.
func (s Spec) Ends() time.Duration {
	if s.Duration > 0 {
		return s.Duration.Std()
	}
	return s.length()
}

// FleetSchedule returns the load of a fleet with a number of drivers over time: the requests per second of a tsunami, the concurrent
// users of an avalanche with scenarios, and nil for any other avalanche.
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
