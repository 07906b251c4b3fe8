package loadgen

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestParseStatuses(t *testing.T) {
	for text, want := range map[string]string{
		"200": "200", "200,404": "200 404", "200-202, 500": "200-202 500", "2xx": "200-299", "9XX": "900-999", "200,201": "200 201",
		"": "!", "2": "!", "99-101": "!", "300-200": "!", "200-1000": "!", "xxx": "!", "0xx": "!", "20x": "!", "-1": "!",
	} {
		list, err := ParseStatuses(text)
		if want == "!" {
			if err == nil {
				t.Errorf("%q: %v, want an error", text, list)
			}
			continue
		}
		got := FormatStatuses(list)
		if again, wrong := ParseStatuses(strings.Join(got, ",")); err != nil || wrong != nil || strings.Join(got, " ") != want || !slices.Equal(again, list) {
			t.Errorf("%q: %q, %v, want %s", text, got, err, want)
		}
	}
}

func TestStatusesInJSON(t *testing.T) {
	var e Expect
	if err := json.Unmarshal([]byte(`{"statuses": [200, "3xx"]}`), &e); err != nil || len(e.Statuses) != 101 || e.Statuses[0] != 200 || e.Statuses[100] != 399 {
		t.Errorf("%v, %v", e.Statuses, err)
	}
	if err := json.Unmarshal([]byte(`{"statuses": ["3x"]}`), &e); err == nil {
		t.Error("3x: no error")
	}
}
