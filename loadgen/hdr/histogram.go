// Package hdr implements the histogram that landfall uses for all times: exact counts in buckets with a
// relative error of at most 1 %, merged without loss in any order, and encoded as HdrHistogram V2, which
// other tools can read.
package hdr

import (
	"fmt"
	"math/bits"
)

// The buckets are those of an HdrHistogram from 1 µs to 1 h with 2 significant digits: one counter for each
// value below 256 µs and 128 for each doubling above, so that the relative error is below 1 %.
const (
	lowest      = 1
	highest     = int64(3600 * 1e6)
	significant = 2
	halfBits    = 7
	half        = 1 << halfBits
	subMask     = 2*half - 1
)

// slotCount is the number of counters for the largest value.
var slotCount = slot(highest) + 1

// Histogram counts values in microseconds. Merging is exact and independent of order. The JSON form is a
// string: HdrHistogram's compressed V2 encoding in base64 (https://github.com/HdrHistogram/HdrHistogram), for
// which there are decoders in many languages.
type Histogram struct {
	counts   []int64 // up to the largest value so far
	total    int64
	min, max int64 // exact, except in a decoded histogram
	sum      float64
}

// New returns an empty histogram.
func New() *Histogram { return &Histogram{} }

// slot returns the index of a value's counter (HdrHistogram's countsArrayIndex).
func slot(v int64) int {
	bucket := bits.Len64(uint64(v)|subMask) - halfBits - 1
	return bucket<<halfBits + int(v>>bucket)
}

// edges returns the smallest and largest values that share a counter.
func edges(slot int) (low, high int64) {
	if slot < 2*half {
		return int64(slot), int64(slot)
	}
	bucket := slot>>halfBits - 1
	low = int64(slot-bucket<<halfBits) << bucket
	return low, low + 1<<bucket - 1
}

// Record counts a value in microseconds; values outside 1 µs … 1 h are clamped.
func (h *Histogram) Record(us int64) {
	us = min(max(us, lowest), highest)
	i := slot(us)
	if i >= len(h.counts) {
		h.grow(i + 1)
	}
	h.counts[i]++
	if h.total == 0 || us < h.min {
		h.min = us
	}
	h.total++
	h.max = max(h.max, us)
	h.sum += float64(us)
}

// grow makes room for n counters and some more, so that slowly increasing values do not reallocate each time.
func (h *Histogram) grow(n int) {
	n = min(max(n+half, 2*len(h.counts)), slotCount)
	if n <= cap(h.counts) {
		h.counts = h.counts[:n]
		return
	}
	counts := make([]int64, n)
	copy(counts, h.counts)
	h.counts = counts
}

// Merge adds the counts of other.
func (h *Histogram) Merge(other *Histogram) {
	if other.total == 0 {
		return
	}
	if len(other.counts) > len(h.counts) {
		h.grow(len(other.counts))
	}
	for i, n := range other.counts {
		if n != 0 {
			h.counts[i] += n
		}
	}
	if h.total == 0 || other.min < h.min {
		h.min = other.min
	}
	h.total += other.total
	h.max = max(h.max, other.max)
	h.sum += other.sum
}

// Quantile returns the value in microseconds at or below which a share q, from 0 to 1, of all values lies; 0
// if there are none. It is the middle of a bucket, so that the error has no bias.
func (h *Histogram) Quantile(q float64) int64 {
	switch {
	case h.total == 0:
		return 0
	case q <= 0:
		return h.min
	case q >= 1:
		return h.max
	}
	rank := max(int64(q*float64(h.total)+0.5), 1)
	for i, n := range h.counts {
		if rank -= n; rank <= 0 {
			low, high := edges(i)
			return min(max((low+high)/2, h.min), h.max)
		}
	}
	return h.max
}

// Count returns the number of values.
func (h *Histogram) Count() int64 { return h.total }

// CountAtMost returns how many values do not exceed us, with the precision of the buckets.
func (h *Histogram) CountAtMost(us int64) (n int64) {
	if us < 0 {
		return 0
	}
	for _, c := range h.counts[:min(len(h.counts), slot(min(us, highest))+1)] {
		n += c
	}
	return n
}

// CountsAtMost returns [Histogram.CountAtMost] of several limits, which must ascend.
func (h *Histogram) CountsAtMost(limits []int64) []int64 {
	list, n, next := make([]int64, len(limits)), int64(0), 0
	for i, us := range limits {
		if us >= 0 {
			end := min(len(h.counts), slot(min(us, highest))+1)
			for ; next < end; next++ {
				n += h.counts[next]
			}
		}
		list[i] = n
	}
	return list
}

// Min returns the smallest value in microseconds; 0 if there are none. It is exact, except in a decoded
// histogram.
func (h *Histogram) Min() int64 { return h.min }

// Max returns the largest value, like [Histogram.Min].
func (h *Histogram) Max() int64 { return h.max }

// Mean returns the mean in microseconds; 0 if there are no values.
func (h *Histogram) Mean() float64 {
	if h.total == 0 {
		return 0
	}
	return h.sum / float64(h.total)
}

// Reset empties the histogram and keeps its memory.
func (h *Histogram) Reset() {
	clear(h.counts)
	h.total, h.min, h.max, h.sum = 0, 0, 0, 0
}

// Clone returns a copy that shares no memory with h.
func (h *Histogram) Clone() *Histogram {
	c := New()
	c.Merge(h)
	return c
}

func (h *Histogram) String() string {
	return fmt.Sprintf("%d values, p50 %d µs, p99 %d µs, max %d µs", h.total, h.Quantile(0.5), h.Quantile(0.99), h.max)
}

// Merged returns h with the counts of other added; other may be nil. The result never aliases other.
func Merged(h, other *Histogram) *Histogram {
	if other == nil {
		return h
	}
	if h == nil {
		h = New()
	}
	h.Merge(other)
	return h
}
