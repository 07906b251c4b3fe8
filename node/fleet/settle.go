package fleet

import (
	"slices"

	"landfall/loadgen"
)

// The memory that a run takes must not grow with its length. So only the newest seconds keep a histogram of their own, for as
// long as a late snapshot can be expected; older ones are merged into blocks, which comparisons and conditions over the whole
// run are made of.
const (
	secondsKept = 300 // the newest seconds with histograms of their own
	blocksKept  = 300 // of older seconds; when there would be more, their length doubles
)

// settled is how far the histograms of a run's seconds have been merged into blocks.
type settled struct {
	never bool // a condition, or a search for the capacity, looks at single seconds of the whole run
	until int  // seconds before this one are settled, but for those of the warm-up
	block int  // seconds, a power of two; 0: nothing is settled yet
}

// needsSeconds tells whether conditions of a spec can look at the times of any single second.
func needsSeconds(s loadgen.Spec) bool {
	return s.Capacity != nil || slices.ContainsFunc(s.Thresholds, func(t loadgen.Threshold) bool {
		c, err := loadgen.ParseThreshold(t.Expr)
		return err == nil && c.IsTime() && (c.Window > 0 || c.Stage() > 0)
	})
}

// BlockSeconds is how many seconds share a histogram once they are old, counted from the end of the warm-up.
func (r *Run) BlockSeconds() int { return max(r.settled.block, 1) }

// settle merges the histograms of the second that has become old into its block's.
func (r *Run) settle() {
	warm, n := r.Warmup(), len(r.Intervals)-1-secondsKept
	if r.settled.never || n < warm {
		return
	}
	r.settled.block = max(r.settled.block, 1)
	for (n-warm)/r.settled.block >= blocksKept {
		for odd := warm + r.settled.block; odd < n; odd += 2 * r.settled.block {
			r.Intervals[odd].moveInto(r.Intervals[odd-r.settled.block])
		}
		r.settled.block *= 2
	}
	if head := n - (n-warm)%r.settled.block; head < n {
		r.Intervals[n].moveInto(r.Intervals[head])
	}
	r.settled.until = n + 1
}

// moveInto merges the interval's histograms into another's and lets go of its own.
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
