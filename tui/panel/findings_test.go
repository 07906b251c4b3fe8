package panel

import (
	"testing"

	"landfall/node/findings"
)

// A finding that repeats a warning is not shown on the verdict card.
func TestNewFindings(t *testing.T) {
	list := []findings.Finding{{What: "the drivers, not the target, were the limit"}, {What: "the target stalls about every 5 s"}}
	warnings := []string{"the drivers, not the target, were the limit: latencies contain their own delay"}
	if got := newFindings(list, warnings); len(got) != 1 || got[0].What != list[1].What {
		t.Errorf("%+v", got)
	}
	if got := newFindings(list, nil); len(got) != 2 || len(list) != 2 || list[0].What == "" {
		t.Errorf("%+v of %+v", got, list)
	}
}
