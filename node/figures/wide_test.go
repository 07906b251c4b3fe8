package figures

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 123_456: "123,456", 1_234_567: "1,234,567", -999: "-999", -1000: "-1,000"} {
		if got := Count(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 drivers", 1: "1 driver", 2: "2 drivers", 1500: "1,500 drivers"} {
		if got := Plural(n, "driver"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// A rate is rounded to tenths, which carry into the whole, and to whole requests from 100,000/s.
func TestRate(t *testing.T) {
	for rps, want := range map[float64]string{
		0: "0.0/s", .04: "0.0/s", .05: "0.1/s", 1.94: "1.9/s", 1.96: "2.0/s", 999.97: "1,000.0/s", 1131.37: "1,131.4/s", 99_999.96: "100,000.0/s", 100_000.4: "100,000/s", 100_000.5: "100,001/s",
	} {
		if got := Rate(rps); got != want {
			t.Errorf("%v: %q, want %q", rps, got, want)
		}
	}
}

func TestTimesOfARun(t *testing.T) {
	for ms, want := range map[int64]string{0: "0.0s", 1250: "1.2s", 59_900: "59.9s", 60_000: "1m", 61_499: "1m1s", 3_600_000: "1h"} {
		if got := Lasted(ms); got != want {
			t.Errorf("lasted %d: %q, want %q", ms, got, want)
		}
	}
	for ms, want := range map[int64]string{0: "00:00.0", 950: "00:00.9", 61_200: "01:01.2", 3_600_000: "60:00.0", -1500: "-00:01.5"} {
		if got := Clock(ms); got != want {
			t.Errorf("clock %d: %q, want %q", ms, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 1536: "1.54 kB", 999_499: "999 kB", 999_500: "1 MB", 24_240_290: "24.2 MB", 1 << 62: "4.61 EB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
