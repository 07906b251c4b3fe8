package cli

import "testing"

// A typed pace overrides one from the environment, and no command reads another's variables.
func TestTypedFlagsWinOverTheEnvironment(t *testing.T) {
	t.Setenv("LANDFALL_RUN_DELAY", "10ms")
	t.Setenv("LANDFALL_RUN_CONNECTIONS", "7")
	t.Setenv("LANDFALL_TARGET_DELAY", "1s")
	t.Setenv("LANDFALL_BROKERS", "kafka:9092")
	a := &app{version: "test"}
	p, err := a.parser()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := p.Parse([]string{"run", "-q", "5", "--", "http://h/"})
	if err != nil {
		t.Fatal(err)
	}
	preferTyped(parsed)
	if r := a.Run; r.Delay != nil || r.Rate == nil || *r.Rate != 5 || *r.Connections != 7 || r.Kafka.Brokers[0] != "kafka:9092" {
		t.Errorf("delay %v, rate %v, connections %v, brokers %v", r.Delay, r.Rate, r.Connections, r.Kafka.Brokers)
	}
}
