package fleet

import (
	"iter"

	"landfall/loadgen/condition"
)

// Intervals holds the seconds of a run in order. Only the newest are kept as structs; older ones, which little but a report reads,
// are packed into about 60 bytes each.
type Intervals struct {
	packed []string          // the oldest ones
	opened map[int]*Interval // packed ones that are being changed, by number
	recent []*Interval       // those after the packed ones
	words  words
	past   sums // of the packed ones
}

// sums are sums over all seconds of a run, which are needed many times a second.
type sums struct {
	present, expected int64
	checks, badChecks int64 // after the warm-up
	maxUsers          int
}

// IntervalsOf returns the given seconds, the first one first.
func IntervalsOf(list ...*Interval) Intervals { return Intervals{recent: list} }

// Len returns the number of intervals.
func (s *Intervals) Len() int { return len(s.packed) + len(s.recent) }

// Append adds the next interval.
func (s *Intervals) Append(i *Interval) { s.recent = append(s.recent, i) }

// At returns interval n, from 0 to Len-1. It must not be changed: changes of a packed interval would be lost.
func (s *Intervals) At(n int) *Interval { return s.read(n, nil, everything) }

// Figures returns interval n without its maps, parts and histogram, which is faster than At.
func (s *Intervals) Figures(n int) Interval {
	if i := s.unpacked(n); i != nil {
		return *i
	}
	var i Interval
	s.unpack(n, &i, nothing)
	return i
}

// All iterates over all intervals, as At returns them.
func (s *Intervals) All() iter.Seq2[int, *Interval] { return s.between(0, s.Len(), everything) }

// between iterates over the intervals from <= n < to. Unless parts selects everything, each is valid only until the next one.
func (s *Intervals) between(from, to int, parts selection) iter.Seq2[int, *Interval] {
	return func(yield func(int, *Interval) bool) {
		var into *Interval
		if !parts.everything {
			into = &Interval{}
		}
		for n := max(from, 0); n < min(to, s.Len()); n++ {
			if !yield(n, s.read(n, into, parts)) {
				return
			}
		}
	}
}

// read returns interval n. If it is packed, it is unpacked into into, or into new memory if that is nil.
func (s *Intervals) read(n int, into *Interval, parts selection) *Interval {
	if i := s.unpacked(n); i != nil {
		return i
	}
	if into == nil {
		into = &Interval{}
	}
	s.unpack(n, into, parts)
	return into
}

// unpacked returns interval n if it is not packed, otherwise nil.
func (s *Intervals) unpacked(n int) *Interval {
	if n >= len(s.packed) {
		return s.recent[n-len(s.packed)]
	}
	return s.opened[n]
}

// open returns interval n for changes until close.
func (s *Intervals) open(n int) *Interval {
	if i := s.unpacked(n); i != nil {
		return i
	}
	i := &Interval{}
	s.unpack(n, i, everything)
	if s.opened == nil {
		s.opened = map[int]*Interval{}
	}
	s.opened[n] = i
	return i
}

// close packs the opened intervals again.
func (s *Intervals) close(warmup int) {
	for n := range s.opened {
		s.shut(n, warmup)
	}
}

func (s *Intervals) shut(n, warmup int) {
	var was Interval
	s.unpack(n, &was, nothing)
	s.past.add(&was, -1, n < warmup)
	s.past.add(s.opened[n], 1, n < warmup)
	s.packed[n] = s.pack(s.opened[n])
	delete(s.opened, n)
}

// change calls f to change interval n, and packs it again if it was packed.
func (s *Intervals) change(n, warmup int, f func(*Interval)) {
	opened := s.unpacked(n) == nil
	f(s.open(n))
	if opened {
		s.shut(n, warmup)
	}
}

// packOld packs all intervals except the newest.
func (s *Intervals) packOld(keep, warmup int) {
	for len(s.recent) > keep {
		i := s.recent[0]
		s.past.add(i, 1, len(s.packed) < warmup)
		s.packed = append(s.packed, s.pack(i))
		s.recent[0] = nil
		s.recent = s.recent[1:]
	}
}

func (s *sums) add(i *Interval, sign int64, warm bool) {
	s.present += sign * int64(i.Present)
	s.expected += sign * int64(i.Expected)
	s.maxUsers = max(s.maxUsers, i.Users) // the users of a second never decrease
	if !warm {
		s.checks += sign * i.Checks
		s.badChecks += sign * i.BadChecks
	}
}

// sums returns the sums over all seconds.
func (s *Intervals) sums(warmup int) sums {
	all := s.past
	for n, i := range s.opened {
		var was Interval
		s.unpack(n, &was, nothing)
		all.add(&was, -1, n < warmup)
		all.add(i, 1, n < warmup)
	}
	for n, i := range s.recent {
		all.add(i, 1, len(s.packed)+n < warmup)
	}
	return all
}

// Present returns how many snapshots the run's seconds contain, and how many are expected.
func (r *Run) Present() (present, expected int64) {
	s := r.Intervals.sums(r.Warmup())
	return s.present, s.expected
}

// Checks returns how many checks of steps were made after the warm-up, and how many of them failed.
func (r *Run) Checks() (made, failed int64) {
	s := r.Intervals.sums(r.Warmup())
	return s.checks, s.badChecks
}

// MaxUsers returns the highest number of users at the end of a second.
func (r *Run) MaxUsers() int { return r.Intervals.sums(r.Warmup()).maxUsers }

// selection selects what to read of a packed second.
type selection struct {
	everything bool // maps and histograms, too
	maps       bool
	labels     []condition.Label
}

var (
	everything = selection{everything: true, maps: true}
	nothing    = selection{}
)
