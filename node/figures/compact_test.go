package figures

import (
	"math"
	"testing"
	"time"
	"unicode/utf8"
)

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", .25: "0.25", 7: "7", 99.4: "99.4", 99.5: "100", 950: "950", 999.4: "999", 999.5: "1k", 1250: "1.25k", 48_000: "48k", 999_499: "999k", 999_500: "1M",
		3_100_000: "3.1M", 2.5e9: "2.5G", -1250: "-1.25k", math.NaN(): "–", math.Inf(1): "–",
	} {
		if got := Short(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	for v := 1.0; v < 9.9e11; v *= 1.037 {
		if s := Short(v); utf8.RuneCountInString(s) > 5 {
			t.Errorf("%v takes more than five columns: %q", v, s)
		}
		if s := ShortRate(v); utf8.RuneCountInString(s) > 7 {
			t.Errorf("%v takes more than seven columns: %q", v, s)
		}
	}
}

// At every border between two units, a value just below it is not written as 1000 of the smaller one.
func TestShortMicros(t *testing.T) {
	for _, c := range []struct {
		us   float64
		want string
	}{
		{0, "0µs"}, {850, "850µs"}, {999.4, "999µs"}, {999.5, "1ms"}, {3_800, "3.8ms"}, {9_949, "9.95ms"}, {9_950, "9.95ms"},
		{31_000, "31ms"}, {999_499, "999ms"}, {999_500, "1s"}, {1_250_000, "1.25s"}, {2_000_000_000, "2000s"}, {math.NaN(), "–"},
	} {
		if s := ShortMicros(c.us); s != c.want {
			t.Errorf("%v: %q, want %q", c.us, s, c.want)
		}
		if whole := Micros(int64(c.us)); c.us == math.Trunc(c.us) && whole != c.want { // reports and screens write latencies alike
			t.Errorf("%v: %q in reports, %q on screens", c.us, whole, c.want)
		}
	}
}

func TestShortDurations(t *testing.T) {
	for _, c := range []struct {
		d                       time.Duration
		clock, age, span, exact string
	}{
		{0, "00:00", "0.0s", "0s", "0s"},
		{-time.Second, "00:00", "0.0s", "-1s", "-1s"},
		{400 * time.Millisecond, "00:00", "0.4s", "400ms", "400ms"},
		{1500 * time.Microsecond, "00:00", "0.0s", "2ms", "1.5ms"},
		{42 * time.Second, "00:42", "42s", "42s", "42s"},
		{90 * time.Second, "01:30", "90s", "1m30s", "1m30s"},
		{2 * time.Minute, "02:00", "2m", "2m", "2m"},
		{time.Hour, "1:00:00", "60m", "1h", "1h"},
		{time.Hour + 10*time.Minute, "1:10:00", "70m", "1h10m", "1h10m"},
		{time.Hour + 2*time.Minute + 3*time.Second, "1:02:03", "62m", "1h2m3s", "1h2m3s"},
		{5 * 24 * time.Hour, "120:00:00", "5d", "120h", "120h"},
	} {
		if clock, age, span, exact := ShortClock(c.d), Age(c.d), Span(c.d), ExactSpan(c.d); clock != c.clock || age != c.age || span != c.span || exact != c.exact {
			t.Errorf("%v: %q, %q, %q, %q; want %q, %q, %q, %q", c.d, clock, age, span, exact, c.clock, c.age, c.span, c.exact)
		}
		if s := int(c.d / time.Second); s >= 0 && ShortSecond(s) != c.clock {
			t.Errorf("second %d: %q, want %q", s, ShortSecond(s), c.clock)
		}
	}
}

// A share is never rounded to none or all.
func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, all float64
		want      string
	}{
		{0, 10, "0%"}, {10, 10, "100%"}, {1, 0, "0%"}, {1, 1e6, "<0.01%"}, {5, 1e5, "<0.01%"}, {99_995, 1e5, ">99.99%"}, {99_970, 1e5, "99.97%"}, {99_940, 1e5, "99.9%"}, {999_999, 1e6, ">99.99%"}, {1, 1000, "0.1%"}, {25, 1000, "2.5%"}, {125, 1000, "12.5%"}, {5, 10, "50%"},
	} {
		if got := Percent(c.part, c.all); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.part, c.all, got, c.want)
		}
	}
}
