package figures

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Short formats a number in at most five columns: 950, 1.25k, 48k, 3.1M.
func Short(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case a >= 999.5e6:
		return trimmed(v/1e9, "G")
	case a >= 999.5e3:
		return trimmed(v/1e6, "M")
	case a >= 999.5:
		return trimmed(v/1e3, "k")
	case a >= 99.5 || a == math.Trunc(a):
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func trimmed(v float64, unit string) string {
	return fmt.Sprintf("%.3g%s", v, unit)
}

// ShortRate formats requests per second in at most seven columns: 950/s, 1.25k/s.
func ShortRate(v float64) string { return Short(v) + "/s" }

// ShortMicros formats microseconds: 850µs, 3.8ms, 31ms, 1.25s.
func ShortMicros(us float64) string {
	switch {
	case math.IsNaN(us) || math.IsInf(us, 0):
		return "–"
	case us < 999.5:
		return fmt.Sprintf("%.0fµs", us)
	case us < 999.5e3:
		return fmt.Sprintf("%.3gms", us/1e3)
	case us < 999.5e6:
		return fmt.Sprintf("%.3gs", us/1e6)
	}
	return fmt.Sprintf("%.0fs", us/1e6)
}

// ShortClock formats a duration as 00:42 or 1:02:03.
func ShortClock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// Age formats how long ago something happened: 0.4s, 42s, 3m, 2h, 5d.
func Age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0fs", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0fm", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0fh", d.Hours())
	}
	return fmt.Sprintf("%.0fd", d.Hours()/24)
}

// Span formats a duration without its zero units: 2m, 1m30s, 10s.
func Span(d time.Duration) string {
	s := d.Round(time.Millisecond).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Percent formats part as a percentage of all; small shares keep a non-zero digit.
func Percent(part, all float64) string {
	if all <= 0 {
		return "0%"
	}
	p := 100 * part / all
	switch {
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f%%", p)
	case p < 0.01:
		return "<0.01%"
	case p > 99.99:
		return ">99.99%"
	case p >= 99.95: // three digits would be 100
		return fmt.Sprintf("%.2f%%", p)
	}
	if p < 10 {
		return fmt.Sprintf("%.2g%%", p)
	}
	return fmt.Sprintf("%.3g%%", p)
}

// ExactSpan is like [Span], without rounding.
func ExactSpan(d time.Duration) string {
	if d%time.Millisecond != 0 {
		return d.String()
	}
	return Span(d)
}

// ShortSecond formats a second of a run: 00:42, 1:02:03.
func ShortSecond(s int) string {
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
