// Package hdr has the histogram in which landfall keeps every time: exact counts in buckets of at most 1 % relative error,
// merged without loss in any order, and encoded as HdrHistogram V2 so that other tools read it.
package hdr

import (
	"fmt"
	"math/bits"
)

// A histogram's shape is that of an HdrHistogram from 1 µs to 1 h with 2 significant digits: values below 256 µs have a
// counter each, and every doubling above has 128, so that the relative error is below 1 %.
const (
	lowest      = 1
	highest     = int64(3600 * 1e6)
	significant = 2
	halfBits    = 7
	half        = 1 << halfBits
	subMask     = 2*half - 1
)

// slotCount is how many counters the greatest value needs.
var slotCount = slot(highest) + 1

// Histogram counts values in microseconds. Merging is exact and free of order. The JSON form is a text: HdrHistogram's V2
// compressed encoding in base64 (https://github.com/HdrHistogram/HdrHistogram), which its tools in any language read.
type Histogram struct {
	counts   []int64 // as many as the greatest value so far needs
	total    int64
	min, max int64 // exact, but for a histogram that was decoded
	sum      float64
}

// New is empty.
func New() *Histogram { return &Histogram{} }

// slot is the index of a value's counter (HdrHistogram's countsArrayIndex).
func slot(v int64) int {
	bucket := bits.Len64(uint64(v)|subMask) - halfBits - 1
	return bucket<<halfBits + int(v>>bucket)
}

// edges are the least and the greatest value that share a counter.
func edges(slot int) (low, high int64) {
	if slot < 2*half {
		return int64(slot), int64(slot)
	}
	bucket := slot>>halfBits - 1
	low = int64(slot-bucket<<halfBits) << bucket
	return low, low + 1<<bucket - 1
}

// Record counts one value in microseconds; values outside 1 µs … 1 h count as the nearer end.
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

// grow makes room for n counters, and for some more, so that a value that grows slowly does not move them every time.
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

// Merge counts all that other counted.
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

// Quantile is the value in microseconds that a share q, from 0 to 1, of all values do not exceed; 0 when there is none. It
// is the middle of the counter that holds the value, so the error has no bias.
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

// Count is how many values were counted.
func (h *Histogram) Count() int64 { return h.total }

// CountAtMost is how many values do not exceed us, as exactly as the counters tell.
func (h *Histogram) CountAtMost(us int64) (n int64) {
	if us < 0 {
		return 0
	}
	for _, c := range h.counts[:min(len(h.counts), slot(min(us, highest))+1)] {
		n += c
	}
	return n
}

// Min is the least value in microseconds; 0 when there is none. It is exact, but for a histogram that was decoded.
func (h *Histogram) Min() int64 { return h.min }

// Max is the greatest value, as Min.
func (h *Histogram) Max() int64 { return h.max }

// Mean is the mean in microseconds; 0 when there is none.
func (h *Histogram) Mean() float64 {
	if h.total == 0 {
		return 0
	}
	return h.sum / float64(h.total)
}

// Reset makes the histogram empty and keeps its memory.
func (h *Histogram) Reset() {
	clear(h.counts)
	h.total, h.min, h.max, h.sum = 0, 0, 0, 0
}

// Clone is a copy that shares nothing with h.
func (h *Histogram) Clone() *Histogram {
	c := New()
	c.Merge(h)
	return c
}

func (h *Histogram) String() string {
	return fmt.Sprintf("%d values, p50 %d µs, p99 %d µs, max %d µs", h.total, h.Quantile(0.5), h.Quantile(0.99), h.max)
}

// Merged is h with all that other counted; nil counts nothing. The result never aliases other.
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
