package kafkabus

import "testing"

func TestServes(t *testing.T) {
	for _, c := range []struct {
		name, value, want string
		ok                bool
	}{
		{"retention.ms", "1000", "1000", true},
		{"retention.ms", "2000", "1000", true},
		{"retention.ms", "999", "1000", false},
		{"retention.ms", "-1", "1000", true},
		{"retention.ms", "1000", "-1", false},
		{"max.message.bytes", "many", "1000", false},
		{"segment.ms", "1", "1000", true},
		{"compression.type", "lz4", "producer", true},
		{"compression.type", "uncompressed", "producer", true},
		{"compression.type", "zstd", "producer", false},
		{"cleanup.policy", "compact", "delete", false},
		{"message.timestamp.type", "CreateTime", "LogAppendTime", false},
	} {
		if got := serves(c.name, c.value, c.want); got != c.ok {
			t.Errorf("%s=%s for %s: %v, want %v", c.name, c.value, c.want, got, c.ok)
		}
	}
}
