package render

import (
	"bytes"
	"strings"
	"testing"

	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// Parts have columns of their own, empty in seconds without them.
func TestCSVHasParts(t *testing.T) {
	r := report.Build(reporttest.Healthy(), reporttest.T0.Add(reporttest.Seconds(11)), "test")
	r.Intervals[0].Parts = []report.Part{{Label: "request=login", Requests: 6, Failed: 1, P99US: 900}}
	r.Intervals[1].Parts = []report.Part{{Label: "request=cart", Requests: 4, Failed: 2, P50US: 5}, {Label: "request=login", Requests: 7, Failed: 1, P99US: 900}}
	var w bytes.Buffer
	if err := CSV(&w, r); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(w.String(), "\n")
	if !strings.HasSuffix(lines[0], "events,request=cart requests,request=cart failed,request=cart p50_us,request=cart p95_us,request=cart p99_us,"+
		"request=login requests,request=login failed,request=login p50_us,request=login p95_us,request=login p99_us") {
		t.Errorf("heading %s", lines[0])
	}
	if !strings.HasSuffix(lines[1], ",0,0,,,,6,1,,,900") || !strings.HasSuffix(lines[2], ",4,2,5,,,7,1,,,900") {
		t.Errorf("rows\n%s\n%s", lines[1], lines[2])
	}
}
