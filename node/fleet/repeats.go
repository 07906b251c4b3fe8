package fleet

import "landfall/node"

// fingerprint identifies a trigger record well enough to recognise another one with its id.
type fingerprint struct {
	action                 node.Action
	testID, nodeID, bootID string
	conductor              string
	epoch, seq             int
	fromUS, untilUS, t0US  int64
	shares                 int
	peak                   float64
	over                   bool
}

func fingerprintOf(t *node.Trigger) fingerprint {
	f := fingerprint{action: t.Action, testID: t.TestID, nodeID: t.NodeID, bootID: t.BootID, conductor: t.Conductor, epoch: t.Epoch, t0US: t.T0US, over: t.Over}
	if p := t.Plan; p != nil {
		f.seq, f.fromUS, f.untilUS, f.shares = p.Seq, p.FromUS, p.UntilUS, len(p.Shares)
		for _, stage := range p.Schedule {
			f.peak = max(f.peak, stage.To)
		}
	}
	return f
}

// Settled reports whether a trigger record was read, and whether it was ignored because of what was read before it.
func (s *State) Settled(id string) (read, ignored bool) {
	_, read = s.prints[id]
	return read, s.ignored[id]
}

// repeated reports whether a trigger record was folded before, and whether this is a different one with the
// same id.
func (s *State) repeated(t *node.Trigger) (repeat, forged bool) {
	print := fingerprintOf(t)
	if before, ok := s.prints[t.ID]; ok {
		return true, before != print
	}
	if len(s.ids) == idsKept {
		for _, id := range s.ids[:idsKept/2] {
			delete(s.prints, id)
			delete(s.ignored, id)
		}
		s.ids = append(s.ids[:0], s.ids[idsKept/2:]...)
	}
	s.ids = append(s.ids, t.ID)
	s.prints[t.ID] = print
	return false, false
}
