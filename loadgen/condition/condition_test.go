package condition

import (
	"math"
	"reflect"
	"testing"
	"time"
)

func TestSeriesAndStage(t *testing.T) {
	c, err := Parse("p99{request=login,stage=3}[10s]<300ms")
	if err != nil {
		t.Fatal(err)
	}
	label, ok := c.Series()
	if !ok || label != (Label{"request", "login"}) || c.Stage() != 3 || c.Window != 10*time.Second || c.Bound != 300e3 || !c.IsTime() {
		t.Errorf("%+v", c)
	}
	c, _ = Parse("failed<1%")
	if _, ok := c.Series(); ok || c.Stage() != 0 || c.IsTime() || !c.Percent {
		t.Errorf("%+v", c)
	}
}

func TestQuantile(t *testing.T) {
	for metric, want := range map[string]float64{"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "p0.1": 0.001, "p0": 0, "p100": 0, "p": 0, "p-1": 0, "p+5": 0, "pNaN": 0, "max": 0} {
		got, ok := quantile(metric)
		if ok != (want > 0) || ok && math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, %v, want %v", metric, got, ok, want)
		}
	}
}

// Every count can be parsed, with % only if it is a share or the coverage.
func TestCounts(t *testing.T) {
	for _, metric := range Counts {
		if _, err := Parse(metric + "<5%"); (err == nil) != (share(metric) || metric == "coverage") {
			t.Errorf("%s<5%%: %v", metric, err)
		}
		if c, err := Parse(metric + ">5"); metric != "coverage" && (err != nil || c.Metric != metric || c.Percent || c.IsTime()) {
			t.Errorf("%s>5: %+v, %v", metric, c, err)
		}
	}
}

func TestString(t *testing.T) {
	for text, want := range map[string]string{
		"latency.p99 < 250ms": "p99<250000us", "service.max<=1s": "service.max<=1000000us", "failed{ request = login , stage=2 }[90s] < 1 %": "failed{request=login,stage=2}[90s]<1%",
		`checks{check="logged in"}>99%`: "checks{check=logged in}>99%", "rate>=0.5": "rate>=0.5",
	} {
		c, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if again, err := Parse(c.String()); err != nil || !reflect.DeepEqual(again, c) {
			t.Errorf("%s: %s is %+v, %v; want %+v", text, c, again, err, c)
		}
		if c.String() != want {
			t.Errorf("%s: %s, want %s", text, c, want)
		}
	}
}
