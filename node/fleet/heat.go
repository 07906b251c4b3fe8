package fleet

import (
	"math"

	"landfall/loadgen/hdr"
)

// HeatBands is how many bands of latency an interval's responses are counted in: four to a factor of ten, from 10 µs to
// 10 s; what is above or below counts in the band at that end.
const HeatBands = 24

// Heat counts responses by band of latency.
type Heat [HeatBands]uint32

// HeatEdge is the least latency of a band, in microseconds; the first one has everything below, too.
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
