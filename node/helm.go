package node

// Helm determines which orchestrator controls a run. All nodes fold the same records in the same order, so they agree.
type Helm struct {
	Conductor string
	Epoch     int
}

// Accept reports whether a record is valid under this helm; start and adopt change who holds it.
// A stop is always valid: reducing load is always allowed.
func (h *Helm) Accept(t *Trigger) bool {
	switch t.Action {
	case Stop, Kill:
		return true
	case Start:
		if h.Epoch > 0 {
			return false
		}
		h.Conductor, h.Epoch = t.Conductor, 1
		return true
	case Adopt:
		if t.Epoch <= h.Epoch {
			return false
		}
		h.Conductor, h.Epoch = t.Conductor, t.Epoch
		return true
	}
	return t.Conductor == h.Conductor && t.Epoch == h.Epoch
}
