package sample

import "testing"

// Which seconds are shown: up to the planned end if that is near, from T0 until the span is full, all once the run has ended.
func TestStretch(t *testing.T) {
	for name, test := range map[string]struct {
		span, end, planned int
		over               bool
		from, n            int
	}{
		"planned end is near":           {Fitted, 10, 30, false, 0, 30},
		"it took longer":                {Fitted, 33, 30, false, 0, 33},
		"planned end is far, beginning": {Fitted, 10, 7200, false, 0, 300},
		"planned end is far":            {Fitted, 1000, 7200, false, 700, 300},
		"no end":                        {Fitted, 10, 0, false, 0, 300},
		"over":                          {Fitted, 63, 120, true, 0, 63},
		"a span":                        {60, 100, 0, false, 40, 60},
		"a span that is not full yet":   {60, 10, 0, false, 0, 60},
		"the end is within the span":    {60, 10, 30, false, 0, 30},
		"the whole run":                 {WholeRun, 100, 120, false, 0, 100},
	} {
		if from, n := Stretch(test.span, test.end, test.planned, test.over); from != test.from || n != test.n {
			t.Errorf("%s: %d seconds from %d on, want %d from %d on", name, n, from, test.n, test.from)
		}
	}
}
