package node

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestCheckStructure(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"a":[{},{}],"b":"{{{,,,,,,"}`: true, `[{},{},{},{}]`: false, `[1,2,3,4,5,6]`: false, `"\"{{{{{\\"`: true, `"{{{{{`: true, `["\\",{},{},{},{}]`: false,
	} {
		if err := CheckStructure([]byte(text), 3, 4); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Every process reads the records of all topics, again at each start.
func TestSmallRecordsTakeLittleMemory(t *testing.T) {
	const list = 1 << 20 // bytes
	empty := strings.Repeat("{},", list/3) + "{}"
	for topic, text := range map[Topic]string{
		TopicTestConfig: `{"schema":1,"test_id":"t","drivers":["d"],"spec":{"requests":[` + empty + `]}}`,
		TopicMetrics:    `{"schema":1,"snapshot":{"named":[` + empty + `],"classes":[` + empty[:30] + `{}]}}`,
		TopicTrigger:    `{"schema":1,"action":"start","plan":{"shares":[` + empty + `]}}`,
		TopicHeartbeat:  `{"schema":1,"answers":[` + empty + `]}`,
		TopicRegister:   `{"schema":1,"allow_targets":[` + strings.Repeat(`"",`, list/3) + `""]}`,
	} {
		if !json.Valid([]byte(text)) {
			t.Fatalf("%s: not JSON", topic)
		}
		r := Record{Topic: topic, Value: []byte(text)}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(r)
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > 1<<16 {
			t.Errorf("%s: %d bytes took %d, %v", topic, len(text), taken, err)
		}
	}
}
