package node

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"landfall/loadgen"
)

// Groups and scenarios of a snapshot are bounded and cleaned like everything else that a driver sends.
func TestUsersOfASnapshotAreChecked(t *testing.T) {
	decode := func(s loadgen.Snapshot) (*Metrics, error) {
		_, _, value, err := Encode(&Metrics{NodeID: "a", BootID: "b", TestID: "t", Seq: 1})
		if err != nil {
			t.Fatal(err)
		}
		snapshot, _ := json.Marshal(s)
		at := strings.Index(string(value), `"snapshot":`)
		m, err := Decode(Record{Topic: TopicMetrics, Key: "a", Value: fmt.Appendf(nil, `%s"snapshot":%s}`, value[:at], snapshot)})
		got, _ := m.(*Metrics)
		return got, err
	}
	for want, s := range map[string]loadgen.Snapshot{
		"snapshot.groups 65":       {Groups: make([]loadgen.Group, loadgen.MaxGroups+1)},
		"snapshot.scenarios 33":    {Scenarios: make([]loadgen.ScenarioCount, loadgen.MaxScenarios+1)},
		`snapshot.groups "pay"`:    {Groups: []loadgen.Group{{Name: "pay", Failed: -1}}},
		`snapshot.scenarios "buy"`: {Scenarios: []loadgen.ScenarioCount{{Name: "buy", Started: -1}}},
	} {
		if _, err := decode(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	m, err := decode(loadgen.Snapshot{Groups: []loadgen.Group{{Name: "a\x1b[2J"}}, Scenarios: []loadgen.ScenarioCount{{Name: "b\x1b[2J"}}})
	if err != nil || strings.ContainsRune(m.Snapshot.Groups[0].Name+m.Snapshot.Scenarios[0].Name, '\x1b') {
		t.Errorf("%v: %+v", err, m)
	}
}
