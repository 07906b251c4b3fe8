package panel

import (
	"testing"

	"github.com/muesli/termenv"

	"landfall/tui/sample"
	"landfall/tui/style"
)

// TestConditionsShort: a missed condition comes before all met ones, with the number of other missed ones.
func TestConditionsShort(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	met, missed := sample.Condition{Expr: "failed<1%", Value: "0%", Met: true}, sample.Condition{Expr: "p99<1s", Value: "2s"}
	for _, test := range []struct {
		list []sample.Condition
		want string
		met  bool
	}{
		{nil, "", true}, {[]sample.Condition{met}, "✓ 1 threshold", true}, {[]sample.Condition{met, missed}, "✖ p99<1s 2s", false}, {[]sample.Condition{missed, met, missed}, "✖ p99<1s 2s +1", false},
	} {
		if got := ConditionsShort(st, test.list); got != test.want || AllMet(test.list) != test.met {
			t.Errorf("%v: %q, all met %v; want %q, %v", test.list, got, AllMet(test.list), test.want, test.met)
		}
	}
}
