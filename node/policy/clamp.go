package policy

import "landfall/loadgen"

// Clamp keeps a share within the driver's own caps. The spec was checked before the driver armed, but a plan says anew how
// much of it is whose: fewer drivers may be left for the same rate, or whoever wrote the plan may not care. No driver gets
// more connections than the spec has on all of its drivers together.
func (l Limits) Clamp(s loadgen.Share, spec loadgen.Spec, drivers int) loadgen.Share {
	s.Connections = min(s.Connections, spec.Connections*max(drivers, 1))
	if l.connections > 0 {
		s.Connections = min(s.Connections, l.connections/max(spec.Streams, 1))
	}
	if l.duration > 0 && (s.Until == 0 || s.Until.Std() > l.duration) {
		s.Until = loadgen.Duration(l.duration)
	}
	schedule := loadgen.Schedule(s.Schedule)
	if each := schedule.Peak() / float64(max(s.Of, 1)); l.rate > 0 && each > l.rate*rounding {
		s.Schedule = schedule.Scaled(l.rate / each)
	}
	return s
}

// rounding is by how much a rate that was divided among drivers may exceed a cap that it is exactly at.
const rounding = 1 + 1e-9
