package fleet

// Tell adds an event that no record contains. It is added to the events of its run, too, if that is known.
func (s *State) Tell(e Event) { s.tell(s.runs[e.TestID], e) }
