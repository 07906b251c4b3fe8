package fleet

import (
	"iter"

	"landfall/loadgen/condition"
)

// Intervals are the seconds of a run, by their number. Only the newest are kept as they are: older ones, which little but a
// report looks at, are packed into some 60 bytes each.
type Intervals struct {
	packed []string          // the oldest ones
	opened map[int]*Interval // packed ones that are being changed
	recent []*Interval       // those after the packed ones
	words  words
	past   sums // of the packed ones
}

// sums are what is asked of all seconds of a run, many times a second.
type sums struct {
	present, expected int64
	checks, badChecks int64 // after the warm-up
	maxUsers          int
}

// IntervalsOf are seconds from the first one on.
func IntervalsOf(list ...*Interval) Intervals { return Intervals{recent: list} }

// Len is how many there are.
func (s *Intervals) Len() int { return len(s.packed) + len(s.recent) }

// Append adds the next one.
func (s *Intervals) Append(i *Interval) { s.recent = append(s.recent, i) }

// At is one of them, from 0 to Len-1, to be read only: changes of an old one are lost.
func (s *Intervals) At(n int) *Interval { return s.read(n, nil, everything) }

// Figures are one of them without its maps, parts and histogram, which is faster.
func (s *Intervals) Figures(n int) Interval {
	if i := s.kept(n); i != nil {
		return *i
	}
	var i Interval
	s.unpack(n, &i, nothing)
	return i
}

// All are all of them, as At has them.
func (s *Intervals) All() iter.Seq2[int, *Interval] { return s.between(0, s.Len(), everything) }

// between reads some of them. If not everything is asked for, each holds until the next one.
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

// read is one of them, in the memory of into if it has to be unpacked; nil: its own.
func (s *Intervals) read(n int, into *Interval, parts selection) *Interval {
	if i := s.kept(n); i != nil {
		return i
	}
	if into == nil {
		into = &Interval{}
	}
	s.unpack(n, into, parts)
	return into
}

// kept is one that is not packed; nil: it is.
func (s *Intervals) kept(n int) *Interval {
	if n >= len(s.packed) {
		return s.recent[n-len(s.packed)]
	}
	return s.opened[n]
}

// open is one of them, to be changed until close.
func (s *Intervals) open(n int) *Interval {
	if i := s.kept(n); i != nil {
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

// close packs what was opened.
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

// change changes one of them, which is packed again if it was.
func (s *Intervals) change(n, warmup int, f func(*Interval)) {
	opened := s.kept(n) == nil
	f(s.open(n))
	if opened {
		s.shut(n, warmup)
	}
}

// packOld packs all but the newest ones.
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
	s.maxUsers = max(s.maxUsers, i.Users) // users of a second only become more
	if !warm {
		s.checks += sign * i.Checks
		s.badChecks += sign * i.BadChecks
	}
}

// sums are those of all seconds.
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

// Present is how many snapshots are in the run's seconds, of how many.
func (r *Run) Present() (present, expected int64) {
	s := r.Intervals.sums(r.Warmup())
	return s.present, s.expected
}

// Checks is how many checks of steps were made after the warm-up, and how many failed.
func (r *Run) Checks() (made, failed int64) {
	s := r.Intervals.sums(r.Warmup())
	return s.checks, s.badChecks
}

// MaxUsers is the highest number of users at the end of a second.
func (r *Run) MaxUsers() int { return r.Intervals.sums(r.Warmup()).maxUsers }

// selection says which parts of a packed second are to be read.
type selection struct {
	everything bool // maps and histograms, too
	maps       bool
	labels     []condition.Label
}

var (
	everything = selection{everything: true, maps: true}
	nothing    = selection{}
)
