package fleet

// Tell adds an event that no record says of itself. One of a run that is known is among that run's events too.
func (s *State) Tell(e Event) { s.tell(s.runs[e.TestID], e) }
