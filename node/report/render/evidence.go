package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"landfall/loadgen/evidence"
	"landfall/node/figures"
	"landfall/node/report"
)

// How many failures and slow requests the text report shows.
const (
	exampleLines = 5
	slowLines    = 3
)

// UnexpectedNote describes why responses were unexpected.
func UnexpectedNote(r *report.Report) string {
	var parts []string
	for _, cause := range evidence.Causes {
		if n := r.UnexpectedBy[cause]; n > 0 {
			parts = append(parts, figures.Count(n)+" by "+string(cause))
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "status or body not as expected")
}

// Unexpected is a number of responses, and why they were unexpected.
type Unexpected struct {
	Count int64
	Why   string
}

// unexpectedWhy describes why responses were unexpected.
var unexpectedWhy = map[evidence.Cause]string{
	evidence.Status: "status not as expected", evidence.Body: "body not as expected", evidence.Check: "a check failed", evidence.Extract: "a value that the scenario needs was missing",
}

// UnexpectedReasons returns why responses were unexpected; none: the report does not say.
func UnexpectedReasons(r *report.Report) (list []Unexpected) {
	for _, cause := range evidence.Causes {
		if n := r.UnexpectedBy[cause]; n > 0 {
			list = append(list, Unexpected{n, unexpectedWhy[cause]})
		}
	}
	return list
}

// ExchangeTitle describes a failed exchange, such as "status 500: pay, GET /pay, drv-01 at 0:12 after
// 8.2ms".
func ExchangeTitle(e *evidence.Exchange) string {
	parts := []string{}
	if e.Request != "" {
		parts = append(parts, e.Request)
	}
	if len(e.Sent) > 0 {
		line := strings.TrimSuffix(strings.TrimSuffix(e.Sent[0], " HTTP/1.1"), " HTTP/2")
		parts = append(parts, line)
	}
	where := fmt.Sprintf("at %s after %s", figures.Clock(e.AtMS), figures.Micros(e.LatencyUS))
	if e.Driver != "" {
		where = e.Driver + " " + where
	}
	why := e.Why
	if e.Cause == evidence.Check {
		why = "check " + why
	}
	return why + ": " + strings.Join(append(parts, where), ", ")
}

// writeExchanges shows the first request that failed in each way, with the first line of the response.
func writeExchanges(w io.Writer, r *report.Report, p pen) {
	groups := r.Failing()
	if len(groups) == 0 {
		return
	}
	fmt.Fprintf(w, "\n  %s\n", p.paint("the first request that failed in each way", bad))
	for _, g := range groups[:min(len(groups), exampleLines)] {
		fmt.Fprintf(w, "    %s\n", clean(ExchangeTitle(&g[0]), 160))
		if len(g[0].Body) > 0 {
			fmt.Fprintf(w, "      %s\n", p.paint(clean(g[0].Body[0], 120), dim))
		}
	}
	if more := int64(len(groups) - exampleLines); more > 0 {
		fmt.Fprintf(w, "    and %s: see the report as HTML or JSON\n", figures.Plural(more, "more failure"))
	}
}

// SlowTitle describes one of the slowest requests in one line.
func SlowTitle(s *evidence.Slow) string {
	text := figures.Micros(s.LatencyUS) + " at " + figures.Clock(s.AtMS)
	if s.Request != "" {
		text += " " + s.Request
	}
	if s.Driver != "" {
		text += " (" + s.Driver + ")"
	}
	return text
}

func writeSlowest(w io.Writer, r *report.Report, p pen) {
	if len(r.Slowest) == 0 {
		return
	}
	var parts []string
	for i := range r.Slowest[:min(len(r.Slowest), slowLines)] {
		parts = append(parts, clean(SlowTitle(&r.Slowest[i]), 80))
	}
	fmt.Fprintf(w, "\n  %s  %s\n", "slowest", p.paint(strings.Join(parts, " · "), dim))
}

// exampleRow is an exchange on the HTML page.
type exampleRow struct {
	Title, Sent, Head, Body string
}

func exampleRows(r *report.Report) (rows []exampleRow) {
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		rows = append(rows, exampleRow{ExchangeTitle(e), strings.Join(e.Sent, "\n"), strings.Join(e.Head, "\n"), strings.Join(e.Body, "\n")})
	}
	return rows
}

func slowRows(r *report.Report) (rows []row) {
	for _, s := range r.Slowest {
		rows = append(rows, row{Name: s.Request, Host: s.Driver, Values: []string{figures.Micros(s.LatencyUS), figures.Micros(s.ServiceUS), figures.Clock(s.AtMS), fmt.Sprint(s.Status)}})
	}
	return rows
}
