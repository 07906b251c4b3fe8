// Package figures is the one place that formats numbers for people: counts, rates, shares, times and sizes.
package figures

import (
	"fmt"
	"strconv"
	"time"
)

// Count formats an integer with thousands separators.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Rate formats requests per second.
func Rate(rps float64) string {
	whole := int64(rps)
	if rps >= 100_000 {
		return Count(int64(rps+.5)) + "/s"
	}
	if tenths := int64((rps-float64(whole))*10 + .5); tenths < 10 {
		return fmt.Sprintf("%s.%d/s", Count(whole), tenths)
	}
	return Count(whole+1) + ".0/s"
}

// Micros formats microseconds: 850µs, 3.8ms, 31ms, 1.25s.
func Micros(us int64) string { return ShortMicros(float64(us)) }

// Lasted formats the duration of a run: 54.0s, 1m34s.
func Lasted(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	if d < time.Minute {
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return Span(d.Round(time.Second))
}

// Clock formats a time since T0 as minutes, seconds and tenths.
func Clock(ms int64) string {
	sign := ""
	if ms < 0 {
		sign, ms = "-", -ms
	}
	return fmt.Sprintf("%s%02d:%02d.%d", sign, ms/60_000, ms/1000%60, ms/100%10)
}

// Bytes formats a size in decimal units.
func Bytes(n int64) string {
	f, units := float64(n), []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}
	i := 0
	for f >= 999.5 && i < len(units)-1 {
		f /= 1000
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.3g %s", f, units[i])
}

// Plural formats a number with its noun.
func Plural(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Count(n) + " " + thing + "s"
}
