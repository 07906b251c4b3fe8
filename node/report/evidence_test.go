package report

import (
	"encoding/json"
	"strings"
	"testing"

	"landfall/loadgen/evidence"
	"landfall/node/report/reporttest"
)

// TestParseEvidence: the evidence of a parsed report is bounded; older reports have none.
func TestParseEvidence(t *testing.T) {
	r := Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	if len(r.Failing()) != 2 || r.UnexpectedBy[evidence.Status] != 12 {
		t.Fatalf("%+v, %v", r.Exchanges, r.UnexpectedBy)
	}
	for name, corrupt := range map[string]func(r *Report){
		"exchanges": func(r *Report) { r.Exchanges = make([]evidence.Exchange, evidence.MaxExchanges+1) },
		"lines":     func(r *Report) { r.Exchanges[0].Body = strings.Split(strings.Repeat("x\n", 100), "\n") },
		"slowest":   func(r *Report) { r.Slowest = []evidence.Slow{{LatencyUS: -1}} },
		"counts":    func(r *Report) { r.UnexpectedBy["body"] = -1 },
	} {
		r := Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
		corrupt(r)
		text, _ := json.Marshal(r)
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	old, err := Parse([]byte(`{"schema":1,"outcome":"passed","test_id":"t"}`))
	if err != nil || old.Exchanges == nil || old.Slowest == nil || old.UnexpectedBy == nil {
		t.Errorf("%+v, %v", old, err)
	}
}
