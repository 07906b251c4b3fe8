package fleet

import (
	"slices"

	"landfall/loadgen"
)

// The memory of a run must not grow with its length. Therefore only the newest seconds keep a histogram of
// their own, while late snapshots can be expected; older ones are merged into blocks, from which comparisons
// and conditions over the whole run are computed.
const (
	secondsKept = 300 // the newest seconds with histograms of their own
	blocksKept  = 300 // of older seconds; when the limit is reached, their length doubles
)

// settled is how far the histograms of a run's seconds have been merged into blocks.
type settled struct {
	never bool // a condition or a capacity search needs single seconds of the whole run
	until int  // seconds before this one are settled, except for the warm-up
	block int  // seconds, a power of two; 0: nothing is settled yet
}

// needsSeconds reports whether conditions of a spec can need the times of any single second.
func needsSeconds(s loadgen.Spec) bool {
	return s.Capacity != nil || slices.ContainsFunc(s.Thresholds, func(t loadgen.Threshold) bool {
		c, err := loadgen.ParseThreshold(t.Expr)
		return err == nil && c.IsTime() && (c.Window > 0 || c.Stage() > 0)
	})
}

// BlockSeconds returns how many old seconds share a histogram, counted from the end of the warm-up.
func (r *Run) BlockSeconds() int { return max(r.settled.block, 1) }

// settle merges the histograms of a second that has become old into its block's.
func (r *Run) settle() {
	warm, n := r.Warmup(), r.Intervals.Len()-1-secondsKept
	if !r.settled.never && n >= warm {
		r.settleInBlock(n, warm)
	}
	r.Intervals.packOld(secondsKept, warm)
}

func (r *Run) settleInBlock(n, warm int) {
	r.settled.block = max(r.settled.block, 1)
	for (n-warm)/r.settled.block >= blocksKept {
		for odd := warm + r.settled.block; odd < n; odd += 2 * r.settled.block {
			r.move(odd, odd-r.settled.block)
		}
		r.settled.block *= 2
	}
	if head := n - (n-warm)%r.settled.block; head < n {
		r.move(n, head)
	}
	r.settled.until = n + 1
}

// move merges the histograms of a second into another's.
func (r *Run) move(from, head int) {
	r.Intervals.change(from, r.Warmup(), func(i *Interval) {
		r.Intervals.change(head, r.Warmup(), func(h *Interval) { i.moveInto(h) })
	})
}

// moveInto merges the interval's histograms into another's and releases its own.
func (i *Interval) moveInto(head *Interval) {
	if i.live != nil || i.packed != nil {
		head.unpack()
		head.live.Merge(i.Histogram())
		head.packed, head.live, i.packed, i.live = head.live.Pack(), nil, nil, nil
	}
	for label, p := range i.Parts {
		if h := head.Parts[label]; h != nil && (p.live != nil || p.packed != nil) {
			whole := h.histogram()
			whole.Merge(p.histogram())
			h.packed, h.live, p.packed, p.live = whole.Pack(), nil, nil, nil
		}
	}
}
