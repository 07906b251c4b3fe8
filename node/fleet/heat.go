package fleet

import (
	"math"

	"landfall/loadgen/hdr"
)

// HeatBands is the number of latency bands of an interval's responses: four per factor of ten, from 10 µs to
// 10 s; latencies beyond count in the outermost bands.
const HeatBands = 24

// Heat counts responses by band of latency.
type Heat [HeatBands]uint32

// HeatEdge returns the lower edge of a band in microseconds; the first band also counts everything below.
func HeatEdge(band int) float64 { return math.Pow(10, 1+float64(band)/4) }

func heatOf(h *hdr.Histogram) (heat Heat) {
	below := int64(0)
	for band := range heat {
		n := h.Count()
		if band < HeatBands-1 {
			n = h.CountAtMost(int64(math.Ceil(HeatEdge(band+1))) - 1)
		}
		heat[band] = uint32(min(n-below, math.MaxUint32))
		below = n
	}
	return heat
}
