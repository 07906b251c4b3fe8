package policy

import "landfall/loadgen"

// Clamp reduces a share to the driver's own limits. The spec was checked before the driver armed, but a later plan may assign
// a larger share: fewer drivers may be left for the same rate, or the author of the plan may be malicious. No driver gets
// more connections than the spec has for all of its drivers together.
func (l Limits) Clamp(s loadgen.Share, spec loadgen.Spec, drivers int) loadgen.Share {
	s.Connections = min(s.Connections, spec.Connections*max(drivers, 1))
	if l.connections > 0 {
		s.Connections = min(s.Connections, l.connections/each(spec))
	}
	if l.duration > 0 && (s.Until == 0 || s.Until.Std() > l.duration) {
		s.Until = loadgen.Duration(l.duration)
	}
	schedule := loadgen.Schedule(s.Schedule)
	if each := schedule.Peak() / float64(max(s.Of, 1)); l.rate > 0 && each > l.rate*rounding {
		s.Schedule = schedule.Scaled(l.rate / each)
	}
	if each := s.Loads.Peak() / float64(max(s.Of, 1)); l.rate > 0 && each > l.rate*rounding {
		s.Loads = s.Loads.Scaled(l.rate / each)
	}
	return s
}

// rounding is how much a divided rate may exceed a limit that it exactly meets.
const rounding = 1 + 1e-9
