package loadgen

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// A duration is a number of microseconds in JSON and a string in YAML.
func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "1500000": 1500 * time.Millisecond, "-1": -time.Microsecond, "9223372036854775": 9223372036854775 * time.Microsecond} {
		var d Duration
		if err := json.Unmarshal([]byte(text), &d); err != nil || d.Std() != want {
			t.Errorf("%s: %v, %v, want %v", text, d, err, want)
		}
		if back, err := json.Marshal(d); err != nil || string(back) != text {
			t.Errorf("%s: %s, %v", text, back, err)
		}
	}
	for text, want := range map[string]string{`"1s"`: "whole microseconds", "1.5": "whole microseconds", "9223372036854776": "must be between", "-9223372036854776": "must be between"} {
		var d Duration
		if err := json.Unmarshal([]byte(text), &d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	var d Duration
	if err := d.UnmarshalText([]byte("1m30s")); err != nil || d.Std() != 90*time.Second {
		t.Errorf("%v, %v", d, err)
	}
	if text, err := d.MarshalText(); err != nil || string(text) != "1m30s" || d.String() != "1m30s" {
		t.Errorf("%s, %v", text, err)
	}
	if err := d.UnmarshalText([]byte("90")); err == nil || !strings.Contains(err.Error(), "a number with a unit") {
		t.Error(err)
	}
}

// The JSON names of a spec with a unit hold values in that unit.
func TestSpecInJSON(t *testing.T) {
	text, err := json.Marshal(Spec{Kind: Tsunami, Target: "http://h/", RateRPS: 5, Duration: Duration(time.Second), Stages: []Stage{{Duration: Duration(time.Minute), To: 7}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"test_type":"tsunami"`, `"rate_rps":5`, `"duration_us":1000000`, `"stages":[{"duration_us":60000000,"to_rps":7}]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(string(text), `"tls"`) || strings.Contains(string(text), `"expect"`) {
		t.Errorf("empty structs are written: %s", text)
	}
}
