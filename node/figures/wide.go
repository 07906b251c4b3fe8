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

// Percent formats a share with enough digits to distinguish it from 0 and 100 %.
func Percent(part, whole float64) string {
	if whole == 0 {
		return "0 %"
	}
	p := 100 * part / whole
	switch {
	case p == 0:
		return "0 %"
	case p < 0.1:
		return fmt.Sprintf("%.3f %%", p)
	case p > 99.95 && p < 100:
		return "99.9 %"
	}
	return fmt.Sprintf("%.1f %%", p)
}

// Micros formats microseconds in a suitable unit, with at least three digits.
func Micros(us int64) string {
	switch {
	case us < 1000:
		return fmt.Sprintf("%d µs", us)
	case us < 9_995:
		return fmt.Sprintf("%.2f ms", float64(us)/1e3)
	case us < 99_950:
		return fmt.Sprintf("%.1f ms", float64(us)/1e3)
	case us < 999_500:
		return fmt.Sprintf("%.0f ms", float64(us)/1e3)
	case us < 9_995_000:
		return fmt.Sprintf("%.2f s", float64(us)/1e6)
	}
	return fmt.Sprintf("%.1f s", float64(us)/1e6)
}

// Edge formats a round number of microseconds.
func Edge(us int64) string {
	switch {
	case us < 1000:
		return fmt.Sprintf("%d µs", us)
	case us < 1_000_000:
		return fmt.Sprintf("%.3g ms", float64(us)/1e3)
	}
	return fmt.Sprintf("%.4g s", float64(us)/1e6)
}

// Lasted formats the duration of a run.
func Lasted(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
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
