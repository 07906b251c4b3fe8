package cpu

import (
	"runtime"
	"testing"
)

func TestSpareProcessor(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	first := Spare(before)
	second := Spare(1)
	if n := runtime.GOMAXPROCS(0); n < before+2 {
		t.Errorf("%d processors for %d loops", n, before+1)
	}
	if n := Cores(); n != before {
		t.Errorf("%d cores, of %d", n, before)
	}
	first()
	second()
	if n := runtime.GOMAXPROCS(0); n != before || Cores() != before {
		t.Errorf("%d processors are left, of %d", n, before)
	}
}
