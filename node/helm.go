package node

// Helm is who may steer a run. Everybody folds the same records in the same order, so everybody agrees.
type Helm struct {
	Conductor string
	Epoch     int
}

// Accept tells whether a record holds under this helm, and takes over who is at it from start and adopt.
// A stop always holds: whoever wants less load is right.
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
