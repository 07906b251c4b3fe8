package node

import (
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

func examples() []Message {
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1:8080/ping", RateRPS: 100, Duration: loadgen.Duration(10e9)}.WithDefaults()
	plan := &Plan{Shares: []NodeShare{{NodeID: "drv-1", Connections: 4}}}
	return []Message{
		&Register{NodeID: "drv-1", BootID: "b1", Host: "h", Cores: 2},
		&Heartbeat{NodeID: "drv-1", BootID: "b1", State: Idle},
		&Config{TestID: "t1", Drivers: []string{"drv-1"}, Spec: spec},
		&Trigger{ID: "x", Action: Start, TestID: "t1", Conductor: "o1", Epoch: 1, Plan: plan},
		&Trigger{ID: "x", Action: Kill, NodeID: "drv-1", BootID: "b1"},
		&Metrics{NodeID: "drv-1", BootID: "b1", TestID: "t1", Seq: 1, Snapshot: loadgen.Snapshot{Times: loadgen.Times{Latency: hdr.New()}}},
		&Result{TestID: "t1", Report: []byte(`{"a":1}`)},
	}
}

func TestMessagesRoundTrip(t *testing.T) {
	for _, m := range examples() {
		topic, key, value, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(Record{Topic: topic, Key: key, Value: value})
		if err != nil {
			t.Errorf("%s: %v", topic, err)
			continue
		}
		_, _, again, _ := Encode(got)
		if string(again) != string(value) {
			t.Errorf("%s: re-encoded as\n%s\nfrom\n%s", topic, again, value)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20000)
	start := `{"schema":1,"id":"x","action":"start","test_id":"t","conductor":"o","plan":{"shares":[{"node_id":"a"}],`
	for _, c := range []struct {
		name  string
		topic Topic
		value string
		want  string
	}{
		{"rubbish", TopicHeartbeat, "\x00\xff", "not a message"},
		{"deep", TopicTrigger, deep, "not a message"},
		{"another schema", TopicHeartbeat, `{"schema":99,"node_id":"a","boot_id":"b","state":"idle"}`, "schema 99"},
		{"no schema", TopicHeartbeat, `{"node_id":"a","boot_id":"b","state":"idle"}`, "schema 0"},
		{"escape in an id", TopicHeartbeat, `{"schema":1,"node_id":"a\u001b[2J","boot_id":"b","state":"idle"}`, "node_id"},
		{"no such state", TopicHeartbeat, `{"schema":1,"node_id":"a","boot_id":"b","state":"sleepy"}`, "state"},
		{"no plan", TopicTrigger, `{"schema":1,"id":"x","action":"start","test_id":"t","conductor":"o"}`, "plan"},
		{"a negative rate", TopicTrigger, start + `"schedule":[{"to_rps":-1}]}}`, "plan.schedule.to_rps -1"},
		{"an enormous rate", TopicTrigger, start + `"schedule":[{"to_rps":1,"from_rps":1e300}]}}`, "plan.schedule.from_rps 1e+300"},
		{"a rate that no driver sends", TopicTrigger, start + `"schedule":[{"to_rps":1e8}]}}`, "per second and driver 1e+08"},
		{"T0 beyond what JSON has", TopicTrigger, strings.Replace(start, `"plan"`, `"t0_us":9000000000000000000,"plan"`, 1) + `"schedule":[{"to_rps":1}]}}`, "t0_us"},
		{"a stage without time", TopicTrigger, start + `"schedule":[{"to_rps":1,"duration_us":-5}]}}`, "plan.schedule.duration_us -5"},
		{"long", TopicHeartbeat, `"` + strings.Repeat("x", 3<<20) + `"`, "at most"},
		{"a negative count", TopicMetrics, `{"schema":1,"node_id":"a","boot_id":"b","test_id":"t","snapshot":{"delta":{"requests":-1}}}`, "requests"},
		{"a foreign topic", "other", `{}`, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decode(Record{Topic: c.topic, Value: []byte(c.value)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for i, m := range examples() {
		_, _, value, _ := Encode(m)
		f.Add(uint8(i), value)
	}
	f.Fuzz(func(t *testing.T, topic uint8, value []byte) {
		m, err := Decode(Record{Topic: Topics[int(topic)%len(Topics)], Value: value})
		if err != nil {
			return
		}
		tp, _, again, err := Encode(m)
		if err != nil {
			return // grew beyond the bound
		}
		twice, err := Decode(Record{Topic: tp, Value: again})
		if err != nil {
			t.Fatalf("an accepted record is refused when re-encoded: %v", err)
		}
		if reflect.TypeOf(m) != reflect.TypeOf(twice) {
			t.Fatal("another kind of message")
		}
	})
}
