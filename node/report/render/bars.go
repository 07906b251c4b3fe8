package render

import (
	"math"
	"strings"

	"landfall/loadgen/hdr"
)

// bar is one line of the latency histogram: how many values lie in (from, to] microseconds.
type bar struct {
	from, to, n int64
}

// steps are ways to divide a decade, finest first.
var steps = [][]float64{
	{1, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2, 2.2, 2.5, 2.7, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9},
	{1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 4, 5, 6, 7, 8},
	{1, 1.5, 2, 3, 5, 7},
	{1, 2, 5},
	{1, 3},
	{1},
}

// maxBars is how many lines the histogram has at most.
const maxBars = 12

// bars divides the measurements at round values, evenly on a logarithmic scale, as finely as fits. The
// slowest 1 % share the last line, so that a few stragglers do not compress all others.
func bars(h *hdr.Histogram) []bar {
	if h == nil || h.Count() == 0 {
		return nil
	}
	low, high := max(h.Min(), 1), max(h.Quantile(.99), 1)
	for _, step := range steps {
		edges := edgesOf(low, high, step)
		if len(edges) > maxBars {
			continue
		}
		if last := edges[len(edges)-1]; h.Max() > last {
			edges = append(edges, h.Max())
		}
		return fill(h, edges)
	}
	return fill(h, []int64{0, h.Max()})
}

// edgesOf lists round values from the last one below low to the first one at or above high.
func edgesOf(low, high int64, step []float64) (edges []int64) {
	for scale := 1.0; ; scale *= 10 {
		for _, s := range step {
			edge := int64(math.Round(s * scale))
			if len(edges) > 0 && (edges[len(edges)-1] == edge || edge < low) {
				edges[len(edges)-1] = edge
			} else {
				edges = append(edges, edge)
			}
			if edge >= high && len(edges) > 1 {
				return edges
			}
		}
	}
}

func fill(h *hdr.Histogram, edges []int64) []bar {
	list := make([]bar, 0, len(edges)-1)
	var before int64
	for i := 1; i < len(edges); i++ {
		upTo := h.CountAtMost(edges[i])
		if i == len(edges)-1 {
			upTo = int64(h.Count())
		}
		list = append(list, bar{edges[i-1], edges[i], upTo - before})
		before = upTo
	}
	return list
}

// block draws a bar of up to width columns, in eighths of a column; any value above 0 is visible.
func block(n, most int64, width int) string {
	if n <= 0 || most <= 0 {
		return ""
	}
	eighths := max(int(float64(n)/float64(most)*float64(width)*8+.5), 1)
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return s
}
