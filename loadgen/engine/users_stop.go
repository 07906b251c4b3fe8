package engine

// stop starts no further iterations and ends active ones at their next step, because the run was stopped or this driver leaves it. Due
// users that have not started are dropped. Requests in flight are completed.
func (s *users) stop() {
	l := s.loop
	if l.ended {
		return
	}
	s.dropWaiting()
	for l.retire() {
		s.dropWaiting()
	}
	s.interruptAll()
}

func (s *users) dropWaiting() {
	l := s.loop
	for l.due() <= l.now && !l.pacers[0].Closed && (l.pacers[0].Issued < l.asked || s.full()) {
		until := l.asked
		if l.pacers[0].Issued >= until {
			until = l.dueUntil(l.now)
		}
		l.dropMany(until)
	}
}

// lastCall records when the last iterations have started. Users between two iterations leave at once.
func (s *users) lastCall() {
	if s.endedAt != never {
		return
	}
	s.endedAt = s.loop.now
	for i := len(s.all) - 1; i >= 0; i-- {
		if u := s.all[i]; u.state == userBetween && u.timer >= 0 {
			s.timers.remove(u)
			s.leave(u)
		}
	}
}

// interruptAll ends the iterations of all users without a request in flight. The others end when their response arrives.
func (s *users) interruptAll() {
	s.loop.ended = true
	s.loop.failRetries()
	s.waiting = s.waiting[:0]
	s.ready = s.ready[:0]
	for i := len(s.all) - 1; i >= 0; i-- {
		u := s.all[i]
		if u.timer >= 0 {
			s.timers.remove(u)
		}
		switch u.state {
		case userAsking:
		case userBetween:
			s.leave(u)
		case userForked:
			if s.interruptStrands(u) {
				s.interrupt(u)
			}
		default:
			s.interrupt(u)
		}
	}
}

func (s *users) interrupt(u *user) {
	s.release(u)
	s.loop.stats.users.ended(u, false, s.loop.now)
	s.leave(u)
}

// wakeAt returns when the users need a round even without an event.
func (s *users) wakeAt() int64 {
	l := s.loop
	if len(s.ready) > 0 {
		return l.now
	}
	at := s.timers.first()
	switch {
	case len(s.waiting) == 0:
	case l.heldUntil > l.now:
		at = min(at, l.heldUntil)
	case l.dialAt > l.now:
		at = min(at, l.dialAt)
	}
	if s.endedAt != never && len(s.all) > 0 && !l.ended {
		at = min(at, s.endedAt+s.finish)
	}
	if l.spent || l.ended {
		return at
	}
	return min(at, s.startAt())
}

// startAt returns when the next user can be started.
func (s *users) startAt() int64 {
	l := s.loop
	due := l.due()
	switch {
	case l.pacers[0].Closed && (due == never || due > l.now):
		return due
	case l.pacers[0].Closed:
		return s.growsAt()
	case due != never && due <= l.now && s.full():
		due += l.patience + 1
	}
	if from := int64(l.pacers[0].Share.From); l.now < from && l.pacers[0].Share.Loads.Hold() {
		return min(due, from)
	}
	return min(due, s.growsAt())
}
