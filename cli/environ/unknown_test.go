package environ

import (
	"slices"
	"testing"

	"github.com/alecthomas/kong"
)

// A variable that sets nothing is reported by the commands that it may be meant for, without its value.
func TestUnknownVariables(t *testing.T) {
	parser, err := kong.New(&commands{}, Variables())
	if err != nil {
		t.Fatal(err)
	}
	const unset = ": no flag has this environment variable"
	for _, c := range []struct {
		command  string
		set      []string
		messages []string
	}{
		{"run", []string{"LANDFALL_RUN_NUMBR=secret"}, []string{"LANDFALL_RUN_NUMBR" + unset + ": did you mean LANDFALL_RUN_NUMBER?"}},
		{"run", []string{"LANDFALL_NUMBER=7"}, []string{"LANDFALL_NUMBER" + unset + ": did you mean LANDFALL_RUN_NUMBER?"}},
		{"target", []string{"LANDFALL_RUN_NUMBR=7"}, nil}, // another command's
		{"target", []string{"LANDFALL_RUN_NUMBER=7", "LANDFALL_BROKERS=a:1", "HOME=/", "LANDFALL_DATA=d"}, nil},
		{"target", []string{"LANDFALL_DELAY=7"}, []string{"LANDFALL_DELAY" + unset + ": did you mean LANDFALL_TARGET_DELAY?"}},
		{"run", []string{"LANDFALL_DATE=d", "LANDFALL_BROKRS=a:1"}, []string{"LANDFALL_BROKRS" + unset + ": did you mean LANDFALL_BROKERS?", "LANDFALL_DATE" + unset + ": did you mean LANDFALL_DATA?"}},
		{"run", []string{"LANDFALL_ENTIRELY_DIFFERENT=7"}, []string{"LANDFALL_ENTIRELY_DIFFERENT" + unset + " (landfall run --help lists those of its flags)"}},
		{"run", []string{"LANDFALL_SERVICE_HOST=10.0.0.1", "LANDFALL_BROKER_PORT=tcp://10.0.0.1:9092", "LANDFALL_PORT_9092_TCP_ADDR=10.0.0.1", "LANDFALL_SERVICE_PORT_KAFKA=9092", "LANDFALL_VERSION=1"}, nil},
	} {
		i := slices.IndexFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == c.command })
		if got := Unknown(parser.Model.Node, parser.Model.Children[i], c.set); !slices.Equal(got, c.messages) {
			t.Errorf("%s with %q: %q, want %q", c.command, c.set, got, c.messages)
		}
	}
}
