package form

import (
	"slices"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{"950": 950, "50k": 50e3, "1.5M": 1.5e6, "2,000": 2000, " 10/s ": 10, "0.01": .01, "10M": 1e7} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "fast", "0", "0.001", "11M", "-5", "NaN", "Inf", "5kk"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestStages: stages are parsed as they are formatted, also in the notation of the command line, and are
// preserved.
func TestStages(t *testing.T) {
	want := []loadgen.Stage{{Duration: loadgen.Duration(30 * time.Second), To: 1000}, {Duration: loadgen.Duration(2 * time.Minute), To: 0}}
	for _, text := range []string{"30s 1k, 2m 0", "30s:1000,2m:0"} {
		var d Draft
		if err := SetStages(&d, text); err != nil || len(d.Spec.Stages) != 2 || d.Spec.Stages[0].Duration != want[0].Duration || d.Spec.Stages[0].To != 1000 || d.Spec.Stages[1].To != 0 {
			t.Errorf("%q: %+v, %v", text, d.Spec.Stages, err)
		}
		if back := stagesText(d.Spec.Stages); back != "30s 1k, 2m 0" && back != "30s 1000, 2m 0" {
			t.Errorf("%q is written %q", text, back)
		}
	}
	for _, text := range []string{"30s", "fast 10", "30s 10 20"} {
		if err := SetStages(&Draft{}, text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// TestThresholdWords: spaces around an operator and commas in braces belong to a threshold; ! ends the run.
func TestThresholdWords(t *testing.T) {
	if got, want := thresholdWords("p99 < 250ms, errors<1% p95{step=a,group=b}<1s"), []string{"p99<250ms", "errors<1%", "p95{step=a,group=b}<1s"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var d Draft
	if err := SetThresholds(&d, "!errors<5% p99<1s"); err != nil || len(d.Spec.Thresholds) != 2 || !d.Spec.Thresholds[0].Abort || d.Spec.Thresholds[1].Abort {
		t.Errorf("%+v, %v", d.Spec.Thresholds, err)
	}
	if text := thresholdsText(d.Spec.Thresholds); text != "!errors<5% p99<1s" {
		t.Errorf("written %q", text)
	}
	if err := SetThresholds(&d, "quick<1s"); err == nil {
		t.Error("an unknown metric is taken")
	}
}

// An address without a scheme is an http URL, as on the command line.
func TestAddressWithoutScheme(t *testing.T) {
	for text, want := range map[string]string{"127.0.0.1:24001/ping": "http://127.0.0.1:24001/ping", "localhost": "http://localhost", "https://a.test/": "https://a.test/", "unix:/a.sock:/": "unix:/a.sock:/"} {
		var d Draft
		if err := setTarget(&d, text); err != nil || d.Spec.Target != want {
			t.Errorf("%s: %q, %v", text, d.Spec.Target, err)
		}
	}
}
