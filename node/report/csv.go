package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// CSV writes one row for every interval, under a row of names.
func (r *Report) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{
		"at_ms", "requests", "responses", "errors", "unexpected", "dropped", "rate_rps", "p50_us", "p95_us", "p99_us", "coverage", "events",
	})
	for _, in := range r.Intervals {
		row := make([]string, 0, 12)
		for _, n := range []int64{in.AtMS, in.Requests, in.Responses, in.Errors, in.Unexpected, in.Dropped} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		row = append(row, rateField(in.RateRPS), timeField(in.P50US), timeField(in.P95US), timeField(in.P99US))
		_ = out.Write(append(row, decimal(in.Coverage), eventField(in.Events)))
	}
	out.Flush()
	return out.Error()
}

// rateField is empty for an interval that is no whole one.
func rateField(rps *float64) string {
	if rps == nil {
		return ""
	}
	return decimal(*rps)
}

// timeField is empty where nothing was measured.
func timeField(us int64) string {
	if us == 0 {
		return ""
	}
	return strconv.FormatInt(us, 10)
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// eventField puts events into one field that no spreadsheet takes for a formula: it begins with the kind of the first.
func eventField(events []Event) string {
	var parts []string
	for _, e := range events {
		parts = append(parts, strings.TrimLeft(clean(e.Kind, 12), "=+-@")+": "+clean(e.Text, 160))
	}
	return strings.Join(parts, "; ")
}
