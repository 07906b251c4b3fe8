package fleet

import "testing"

// The memory of a run is bounded, however many drivers it has, and every driver has at least a minute.
func TestPointsKept(t *testing.T) {
	for drivers, want := range map[int]int{0: PointsKept, 1: PointsKept, 66: PointsKept, 100: 1200, 1000: 120, 2000: 60, 10_000: 60} {
		r := &Run{Drivers: map[string]*Carrier{}}
		for i := range drivers {
			r.Drivers[string(rune(i))+"x"] = nil
		}
		if n := len(r.Drivers); n != drivers {
			t.Fatalf("%d drivers, want %d", n, drivers)
		}
		if got := r.pointsKept(); got != want {
			t.Errorf("%d drivers: %d intervals, want %d", drivers, got, want)
		}
	}
}
