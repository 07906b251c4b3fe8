package render

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"landfall/node/report"
)

// CSV writes a header and one row per interval.
func CSV(w io.Writer, r *report.Report) error {
	out := csv.NewWriter(w)
	labels := partLabels(r)
	heading := []string{
		"at_ms", "requests", "responses", "errors", "unexpected", "dropped", "rate_rps", "p50_us", "p95_us", "p99_us", "coverage", "events",
	}
	users := usersOf(r)
	heading = append(heading, users.heading()...)
	for _, l := range labels {
		l = clean(l, 80)
		heading = append(heading, l+" requests", l+" failed", l+" p50_us", l+" p95_us", l+" p99_us")
	}
	heading = append(heading, users.more()...)
	_ = out.Write(heading)
	for _, in := range r.Intervals {
		row := make([]string, 0, 12)
		for _, n := range []int64{in.AtMS, in.Requests, in.Responses, in.Errors, in.Unexpected, in.Dropped} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		row = append(row, rateField(in.RateRPS), timeField(in.P50US), timeField(in.P95US), timeField(in.P99US))
		row = append(row, decimal(in.Coverage), eventField(in.Events))
		row = append(row, users.fields(in)...)
		row = append(row, partFields(in.Parts, labels)...)
		_ = out.Write(append(row, users.moreFields(in)...))
	}
	out.Flush()
	return out.Error()
}

// partLabels returns the labels of all parts, sorted.
func partLabels(r *report.Report) (labels []string) {
	for _, in := range r.Intervals {
		for _, p := range in.Parts {
			if !slices.Contains(labels, p.Label) {
				labels = append(labels, p.Label)
			}
		}
	}
	slices.Sort(labels)
	return labels
}

// partFields returns the fields of an interval's parts; empty for inactive ones.
func partFields(parts []report.Part, labels []string) (fields []string) {
	for _, l := range labels {
		i := slices.IndexFunc(parts, func(p report.Part) bool { return p.Label == l })
		if i < 0 {
			fields = append(fields, "0", "0", "", "", "")
			continue
		}
		p := parts[i]
		fields = append(fields, strconv.FormatInt(p.Requests, 10), strconv.FormatInt(p.Failed, 10), timeField(p.P50US), timeField(p.P95US), timeField(p.P99US))
	}
	return fields
}

// rateField is empty for an incomplete interval.
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

// eventField formats events as one field that no spreadsheet takes for a formula: it starts with the kind of
// the first event.
func eventField(events []report.Event) string {
	var parts []string
	for _, e := range events {
		parts = append(parts, strings.TrimLeft(clean(e.Kind, 12), "=+-@")+": "+clean(e.Text, 160))
	}
	return strings.Join(parts, "; ")
}
