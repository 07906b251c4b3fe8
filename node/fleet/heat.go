package fleet

import (
	"math"

	"landfall/loadgen/hdr"
)

// The latency bands of an interval's responses: twelve per factor of ten, each 21 % wide, from 10 µs to 10 s; latencies beyond count in
// the outermost bands.
const (
	HeatPerDecade = 12
	HeatBands     = 6 * HeatPerDecade
)

// Heat counts responses by band of latency.
type Heat [HeatBands]uint32

// HeatEdge returns the lower edge of a band in microseconds; the first band also counts everything below.
func HeatEdge(band int) float64 { return math.Pow(10, 1+float64(band)/HeatPerDecade) }

// HeatBand returns where a latency lies among the bands: band number and fraction. It is negative below 10 µs.
func HeatBand(us float64) float64 { return (math.Log10(math.Max(us, 1)) - 1) * HeatPerDecade }

// heatLimits are the greatest whole microseconds of each band but the last.
var heatLimits = func() (limits [HeatBands - 1]int64) {
	for band := range limits {
		limits[band] = int64(math.Ceil(HeatEdge(band+1)-1e-6)) - 1
	}
	return limits
}()

func heatOf(h *hdr.Histogram) (heat Heat) {
	below := int64(0)
	for band, n := range h.CountsAtMost(heatLimits[:]) {
		heat[band] = uint32(min(n-below, math.MaxUint32))
		below = n
	}
	heat[HeatBands-1] = uint32(min(h.Count()-below, math.MaxUint32))
	return heat
}
