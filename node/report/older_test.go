package report

import "testing"

// Reports of earlier versions are shown by today's rules, and those of today unchanged.
func TestParseOlderReports(t *testing.T) {
	const common = `"schema":1,"test_id":"t","duration_ms":2001,"requests":10,"intervals":[{"at_ms":0,"rate_rps":5},{"at_ms":1000,"rate_rps":5},{"at_ms":2000,"rate_rps":7}]`
	for name, c := range map[string]struct {
		text    string
		outcome Outcome
		failed  int64
	}{
		"passed without thresholds": {`"outcome":"passed","errors":{"connect":2},"unexpected":1`, Finished, 3},
		"passed":                    {`"outcome":"passed","thresholds":[{"expr":"p99<1s","ok":true}]`, Passed, 0},
		"failed":                    {`"outcome":"failed","errors":{"read":4},"unexpected":0,"failed":4`, Failed, 4},
	} {
		r, err := Parse([]byte("{" + common + "," + c.text + "}"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Outcome != c.outcome || r.Failed != c.failed {
			t.Errorf("%s: %s with %d failed, want %s with %d", name, r.Outcome, r.Failed, c.outcome, c.failed)
		}
		if r.Intervals[1].RateRPS == nil || r.Intervals[2].RateRPS != nil {
			t.Errorf("%s: rates %v and, of the partial second, %v", name, r.Intervals[1].RateRPS, r.Intervals[2].RateRPS)
		}
	}
}
