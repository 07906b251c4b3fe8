package report

import (
	"testing"

	"landfall/loadgen"
)

func TestFailureText(t *testing.T) {
	refused := loadgen.Failure{Class: loadgen.ErrConnect, Why: "refused", Count: 1189}
	for _, c := range []struct {
		drivers []string
		of      int
		want    string
	}{
		{[]string{"a", "b"}, 2, "1,189 × connect: refused"},
		{[]string{"a"}, 2, "1,189 × connect: refused (a)"},
		{[]string{"a", "b", "c"}, 4, "1,189 × connect: refused (a and 2 more)"},
	} {
		if got := (Failure{refused, c.drivers}).Text(c.of); got != c.want {
			t.Errorf("%v of %d drivers: %q, want %q", c.drivers, c.of, got, c.want)
		}
	}
}
