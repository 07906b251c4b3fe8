package loadgen

import (
	"fmt"
	"testing"
)

// A list of failures is bounded and counts every request. Merging two lists changes neither.
func TestFailuresAreBounded(t *testing.T) {
	var a, b []Failure
	for i := range 100 {
		a = AddFailure(a, ErrRead, fmt.Sprint("reason ", i), 2)
		b = AddFailure(b, ErrRead, fmt.Sprint("reason ", 99-i), 1)
		b = AddFailure(b, ErrTLS, "bad certificate", 1)
	}
	before := len(a)
	sum := MergedFailures(a, b)
	counts := map[Class]int64{}
	for _, f := range sum {
		counts[f.Class] += f.Count
	}
	if counts[ErrRead] != 300 || counts[ErrTLS] != 100 || len(sum) > 2*(maxFailures+1) || len(a) != before || a[0].Count != 2 {
		t.Errorf("%v of %v and %v", sum, a, b)
	}
	if a[0].Why != "reason 0" || a[len(a)-1].Why != otherFailures || a[len(a)-1].Count != 2*(100-maxFailures) {
		t.Errorf("%v", a)
	}
	for _, f := range MergedFailures(a, a) {
		if i := placeOf(a, f.Class, f.Why); f.Count != 2*a[i].Count {
			t.Errorf("%+v of %+v twice", f, a[i])
		}
	}
}
