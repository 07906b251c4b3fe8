package solo

import (
	"slices"
	"testing"

	"landfall/loadgen"
)

func TestHostsAreWhatTheSpecNames(t *testing.T) {
	spec := loadgen.Spec{Target: "https://example.com/a", Requests: []loadgen.Request{{URL: "/b"}, {URL: "http://[::1]:8080/c"}, {URL: "http://10.0.0.1/"}}}
	if got, want := Hosts(spec), []string{"example.com", "[::1]:8080", "10.0.0.1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := Hosts(loadgen.Spec{Target: "unix:/run/x.sock:/ping"}), []string{"unix:/run/x.sock"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
