package report

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// Build, JSON and Parse preserve a report.
func TestBuildMarshalParse(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 50 {
		run := reporttest.Healthy()
		if i%2 == 1 {
			run = reporttest.Faulty()
		}
		run.Total.Requests = rng.Int64N(1 << 40)
		run.Total.Responses = rng.Int64N(run.Total.Requests + 1)
		all := run.Intervals
		run.Intervals = fleet.IntervalsOf()
		for n := range rng.IntN(10) {
			run.Intervals.Append(all.At(n))
		}
		run.Latency = reporttest.Histogram(reporttest.Skewed(rng.IntN(50))...)
		r := Build(run, reporttest.T0.Add(reporttest.Seconds(20*rng.Float64())), "1.0")
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := json.Marshal(back)
		if !bytes.Equal(text, again) {
			t.Fatalf("read back:\n%s\nwritten:\n%s", again, text)
		}
		r.Histogram, back.Histogram = nil, nil // its internal state may differ; its JSON does not
		if !reflect.DeepEqual(r, back) {
			t.Fatalf("read back: %+v\nbuilt: %+v", back, r)
		}
	}
}

// TestJSONNames pins the names that scripts rely on.
func TestJSONNames(t *testing.T) {
	text, _ := json.Marshal(Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0"))
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(`schema landfall test_id kind outcome reasons started_at_ms duration_ms start_spread_us requests responses
		errors unexpected dropped unknown statuses bytes_written bytes_read rate_rps asked_rate_rps latency_us service_time_us schedule_lag_us
		histogram coverage generator drivers intervals spec thresholds named classes warnings failed failures retried blocks findings unexpected_by exchanges slowest`) {
		if _, ok := m[name]; !ok {
			t.Errorf("%s is missing", name)
		}
		delete(m, name)
	}
	if len(m) > 0 {
		t.Errorf("undocumented names: %v", m)
	}
}

func TestTimesByNameAndClass(t *testing.T) {
	r := Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	if len(r.Named) != 2 || len(r.Classes) != 2 || r.Named[1].Name != "buy" || r.Classes[0].Responses != 9358 {
		t.Fatalf("%+v, %+v", r.Named, r.Classes)
	}
	for _, pair := range [][2]Latency{{r.Named[1].Latency, r.Named[1].Service}, {r.Classes[0].Latency, r.Classes[0].Service}} {
		if latency, service := pair[0], pair[1]; latency.Max/2 != service.Max || service.P99 == 0 || service.P99 >= latency.P99 {
			t.Errorf("latency %+v, service time %+v", latency, service)
		}
	}
}

// Warnings accompany any outcome.
func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fleet.Run)
		want   string // "": none
	}{
		"calm":         {func(*fleet.Run) {}, ""},
		"1 % failed":   {func(r *fleet.Run) { r.Total.Unexpected = 100 }, ""},
		"2 % failed":   {func(r *fleet.Run) { r.Total.Unexpected = 200 }, "2% of the requests failed"},
		"dropped":      {func(r *fleet.Run) { r.Total.Dropped = 2500 }, "20% of the requests that were due were dropped"},
		"too slow":     {func(r *fleet.Run) { r.Total.Requests, r.Total.Responses = 9000, 9000 }, "the rate was 90% of the requested rate"},
		"redirects":    {func(r *fleet.Run) { r.Total.Statuses = map[string]int64{"302": 10000} }, "every response was a redirect (302 × 10,000); redirects are not followed"},
		"not modified": {func(r *fleet.Run) { r.Total.Statuses = map[string]int64{"304": 10000} }, ""},
		"one redirect": {func(r *fleet.Run) { r.Total.Statuses = map[string]int64{"200": 9999, "302": 1} }, ""},
		"limited":      {func(r *fleet.Run) { r.Intervals.At(3).Limited = "drv-01: CPU" }, "the drivers, not the target, were the limit in 1 second"},
		"coverage":     {func(r *fleet.Run) { r.Intervals.At(3).Present = 2 }, "percentiles lack 3.3% of the drivers' intervals"},
		"no report":    {func(r *fleet.Run) { r.Phase, r.HelmBy = fleet.Finished, "ana@ops" }, "no report was stored: its orchestrator (ana@ops) stopped before the end, or could not write to Kafka"},
	} {
		t.Run(name, func(t *testing.T) {
			run := reporttest.Healthy()
			c.change(run)
			r := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
			if got := strings.Join(r.Warnings, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("warnings %q, want %q", got, c.want)
			}
		})
	}
}

// TestRate: neither the wait for the last response nor the missing gap after the last request affects the rate.
func TestRate(t *testing.T) {
	cases := []struct {
		name        string
		kind        loadgen.Kind
		requests    int64
		untilUS     int64
		lastEnd     float64
		rate, asked float64
	}{
		{"to the second", loadgen.Tsunami, 10_000, 10e6, 10, 1000, 1000},
		{"a slow last answer", loadgen.Tsunami, 10_000, 10e6, 14, 1000, 1000},
		{"behind", loadgen.Tsunami, 8_000, 10e6, 14, 800, 1000},
		{"by count", loadgen.Tsunami, 100, 0, .0995, 1000, 1000},
		{"by count, behind", loadgen.Tsunami, 100, 0, .2, 500, 1000},
		{"avalanche", loadgen.Avalanche, 5_000, 0, 2, 2500, 0},
		{"avalanche by time, answered later", loadgen.Avalanche, 5_000, 2e6, 4, 1250, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			run := reporttest.Healthy()
			run.Spec.Kind, run.Total.Requests, run.Plans[0].UntilUS = c.kind, c.requests, c.untilUS
			for _, d := range run.Drivers {
				d.LastEnd = reporttest.Seconds(c.lastEnd)
			}
			r := Build(run, reporttest.T0.Add(reporttest.Seconds(20)), "1.0")
			if r.RateRPS != c.rate || r.AskedRateRPS != c.asked {
				t.Errorf("%v of %v, want %v of %v", r.RateRPS, r.AskedRateRPS, c.rate, c.asked)
			}
			if got := r.Intervals[0].AskedRPS; got != c.asked {
				t.Errorf("of the first second %v, want %v", got, c.asked)
			}
		})
	}
}

// TestLongRun: the report of a long run is bounded in size, and its counts are complete.
func TestLongRun(t *testing.T) {
	run := reporttest.Healthy()
	run.Plans[0].UntilUS = 100_000e6
	for _, d := range run.Drivers {
		d.LastEnd = reporttest.Seconds(100_000)
	}
	for run.Intervals.Len() < 100_000 {
		run.Intervals.Append(&fleet.Interval{Delta: loadgen.Counts{Requests: 3}, Present: 1, Expected: 2, P99US: int64(run.Intervals.Len())})
	}
	r := Build(run, reporttest.T0.Add(reporttest.Seconds(100_000)), "1.0")
	var total int64
	for _, in := range r.Intervals {
		total += in.Requests
	}
	if len(r.Intervals) != 33334 || total != 10*1000+99_990*3 || r.Intervals[1000].P99US != 3002 || r.Intervals[1000].RateRPS == nil || *r.Intervals[1000].RateRPS != 3 {
		t.Errorf("%d intervals, %d requests, %+v", len(r.Intervals), total, r.Intervals[1000])
	}
}

// TestEmptyIntervalAfterTheEnd: an empty interval after the end is dropped; empty seconds within the run are kept.
func TestEmptyIntervalAfterTheEnd(t *testing.T) {
	run := reporttest.Healthy()
	run.Intervals.Append(&fleet.Interval{Present: 3, Expected: 3})
	run.Events = append(run.Events, fleet.Event{At: reporttest.T0.Add(reporttest.Seconds(10.2)), Kind: fleet.EventNote, Text: "late"})
	r := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	if n := len(r.Intervals); n != 10 || r.Intervals[9].Requests != 1000 {
		t.Errorf("%d intervals, want the 10 of the run", n)
	}
	if last := r.Intervals[len(r.Intervals)-1].Events; len(last) != 1 || last[0].AtMS != 10_200 {
		t.Errorf("events %+v, want the late one in the last interval", last)
	}
	run.Drivers["drv-01"].LastEnd = reporttest.Seconds(10.5) // the last second was started, without any result
	if n := len(Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0").Intervals); n != 11 {
		t.Errorf("%d intervals, want 11", n)
	}
}

// TestNoSecrets: a report shows no key, password or token.
func TestNoSecrets(t *testing.T) {
	run := reporttest.Healthy()
	run.Spec.Target = "http://ana:SECRET@a/"
	run.Spec.TLS.Key, run.Spec.CSV = "SECRET", "SECRET"
	run.Spec.Headers = map[string]string{"authorization": "SECRET", "Accept": "y"}
	run.Spec.Requests = []loadgen.Request{{Name: "r", Headers: map[string]string{"Cookie": "SECRET"}, Body: strings.Repeat("b", 1<<20)}}
	r := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	text, _ := json.Marshal(r)
	if bytes.Contains(text, []byte("SECRET")) || len(text) > 100_000 || r.Spec.Headers["Accept"] != "y" {
		t.Errorf("%d bytes: %s", len(text), text[:2000])
	}
	if run.Spec.Headers["authorization"] != "SECRET" || run.Spec.Requests[0].Headers["Cookie"] != "SECRET" {
		t.Error("the run itself was changed")
	}
}

func TestParseRefuses(t *testing.T) {
	good, _ := json.Marshal(Build(reporttest.Healthy(), reporttest.T0, "1.0"))
	for name, text := range map[string]string{
		"no JSON":      "{",
		"schema":       `{"schema":2,"outcome":"passed","test_id":"t"}`,
		"outcome":      `{"schema":1,"outcome":"\u001b","test_id":"t"}`,
		"negative":     `{"schema":1,"outcome":"passed","test_id":"t","requests":-1}`,
		"no run":       `{"schema":1,"outcome":"passed"}`,
		"no name":      `{"schema":1,"outcome":"passed","test_id":"\u001b]0;title\u0007"}`,
		"too long":     strings.Repeat(" ", MaxBytes+1),
		"no histogram": strings.Replace(string(good), `"histogram":"`, `"histogram":"x`, 1),
	} {
		if r, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: read as %+v", name, r.Outcome)
		}
	}
	if _, err := Parse([]byte(`{"schema":1,"outcome":"passed","test_id":"t"}`)); err != nil {
		t.Error(err)
	}
}

// The target handles half of the requested rate, so the drivers need twice the time. The report has the actual rate.
func TestRateOfABacklog(t *testing.T) {
	run := reporttest.Healthy()
	run.Lag = reporttest.Histogram(5_000_000, 10_000_000)
	for _, d := range run.Drivers {
		d.LastEnd = reporttest.Seconds(20)
	}
	for range 10 {
		run.Intervals.Append(&fleet.Interval{Delta: loadgen.Counts{Requests: 500, Responses: 500}, Expected: 3, Present: 3})
	}
	r := Build(run, reporttest.T0.Add(reporttest.Seconds(21)), "1.0")
	if r.RateRPS != 500 || r.AskedRateRPS != 1000 {
		t.Errorf("%v/s of %v/s, want 500 of 1,000", r.RateRPS, r.AskedRateRPS)
	}
	if last := r.Intervals[19].RateRPS; last == nil || *last != 500 {
		t.Errorf("the last second of the backlog has no rate: %v", last)
	}
}
