package expr

import "testing"

func TestTrue(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want bool
	}{
		{String(""), false}, {String("false"), false}, {String("0"), false}, {String("null"), false}, {String("0.0"), true}, {String(" "), true}, {String("no"), true},
		{Number(0), false}, {Number(-1), true}, {truth(true), true}, {truth(false), false},
	} {
		if got := c.v.True(); got != c.want {
			t.Errorf("%+v: %v", c.v, got)
		}
	}
}

// Values compare as numbers if both are numbers, and as strings otherwise.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b Value
		want int
	}{
		{String("9"), String("10"), -1}, {String("9"), String("10a"), 1}, {String(" 7 "), Number(7), 0}, {String("1e3"), Number(1000), 0}, {String("NaN"), String("NaN"), 0},
		{String(""), Number(0), -1}, {truth(true), Number(1), 1}, {truth(true), String("true"), 0}, {Number(0.1), Number(0.2), -1},
	} {
		if got := compare(c.a, c.b); got != c.want {
			t.Errorf("%+v and %+v: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := compare(c.b, c.a); got != -c.want {
			t.Errorf("%+v and %+v: %d, want %d", c.b, c.a, got, -c.want)
		}
	}
}

func TestArithmetic(t *testing.T) {
	for _, c := range []struct {
		op   string
		a, b Value
		want string
	}{
		{"+", String("2"), Number(3), "5"}, {"+", String("a"), Number(3), "a3"}, {"+", truth(true), Number(1), "true1"}, {"-", String("a"), Number(3), "-3"},
		{"*", Number(1.5), String("4"), "6"}, {"%", Number(7), Number(4), "3"}, {"/", Number(1), Number(4), "0.25"}, {"/", Number(1), Number(0), "+Inf"},
	} {
		if got := arithmetic(c.op, c.a, c.b).Text(); got != c.want {
			t.Errorf("%+v %s %+v: %s, want %s", c.a, c.op, c.b, got, c.want)
		}
	}
}
