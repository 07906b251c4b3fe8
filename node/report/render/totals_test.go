package render

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/node/report"
)

// The totals leave out what did not happen, and give shares of what they are shares of: dropped requests of those that were due.
func TestTotals(t *testing.T) {
	lines := func(r *report.Report) map[string]string {
		var b bytes.Buffer
		writeTotals(&b, r, pen{})
		list := map[string]string{}
		for line := range strings.Lines(b.String()) {
			if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
				list[name] = strings.Join(strings.Fields(rest), " ")
			}
		}
		return list
	}
	calm := lines(&report.Report{Requests: 10, Responses: 10, RateRPS: 5})
	if len(calm) != 4 || calm["requests"] != "10 5.0/s" || calm["responses"] != "10 100%" || calm["errors"] != "0" {
		t.Errorf("without failures: %q", calm)
	}
	rough := lines(&report.Report{Requests: 75, Responses: 70, Errors: map[loadgen.Class]int64{"connect": 5}, Unexpected: 3, Failed: 8, Dropped: 25, Retried: 2, Unknown: 4, RateRPS: 5, AskedRateRPS: 10})
	for name, want := range map[string]string{
		"requests": "75 5.0/s of 10.0/s asked (50%)", "errors": "5 6.7%: 5 connect", "failed": "8 10.7%: errors and unexpected", "dropped": "25 25% of those due: no connection was free",
		"retried": "2 sent again", "unknown": "4 at most",
	} {
		if !strings.HasPrefix(rough[name], want) {
			t.Errorf("%s: %q, want %q", name, rough[name], want)
		}
	}
}

// The service time has a line only if it differs from the latency by more than 5 % and 50 µs.
func TestServiceTimeIsShownIfFar(t *testing.T) {
	latency := report.Latency{P50: 1000, P99: 10_000, Max: 20_000}
	for service, want := range map[report.Latency]bool{
		{}:                                    false,
		latency:                               false,
		{P50: 901, P99: 10_000, Max: 20_000}:  false,
		{P50: 899, P99: 10_000, Max: 20_000}:  true,
		{P50: 1000, P99: 10_000, Max: 18_000}: true,
		{P50: 1000, P99: 9_600, Max: 20_000}:  false,
	} {
		if got := far(service, latency); got != want {
			t.Errorf("%+v and %+v: far %v", service, latency, got)
		}
	}
}

// One status class would repeat the whole run; several have a line each.
func TestClassesAreShownIfSeveral(t *testing.T) {
	for n, want := range []int{0, 0, 3} {
		r := &report.Report{}
		for i := range n {
			r.Classes = append(r.Classes, report.Class{Class: []string{"2xx", "5xx"}[i]})
		}
		var b bytes.Buffer
		writeClasses(&b, r, pen{})
		if got := len(strings.Fields(b.String())) > 0; got != (want > 0) || want > 0 && strings.Count(strings.TrimSpace(b.String()), "\n")+1 != want {
			t.Errorf("%d classes:\n%s", n, b.String())
		}
	}
}

// A driver's failures include unexpected responses, like those of the run, and counts have separators everywhere.
func TestFailuresByDriver(t *testing.T) {
	r := &report.Report{UnexpectedBy: map[evidence.Cause]int64{evidence.Status: 2526}, Unexpected: 2526, Requests: 9000,
		Drivers: []report.Driver{{NodeID: "d1", Unexpected: 2526, State: report.StateFinished}, {NodeID: "d2", Errors: 3, Unexpected: 4, State: report.StateFinished}}}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text": func(b *bytes.Buffer) error { return Text(b, r, false) }, "HTML": func(b *bytes.Buffer) error { return HTML(b, r) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(b.String(), " ")), " ")
		for _, want := range []string{"d1 ✓ finished 0 2,526", "d2 ✓ finished 0 7", "2,526 by status"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q: %s", name, want, text)
			}
		}
	}
}
