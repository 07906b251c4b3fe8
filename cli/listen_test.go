package cli

import (
	"strings"
	"testing"
)

// The embedded broker has no authentication: it listens beyond this machine only on request.
func TestBrokerListensOnLoopbackByDefault(t *testing.T) {
	for addr, here := range map[string]bool{
		"127.0.0.1:9092": true, "localhost:9092": true, "[::1]:0": true, "127.9.9.9:1": true, "[::ffff:127.0.0.1]:1": true,
		"0.0.0.0:9092": false, ":9092": false, "[::]:9092": false, "10.0.0.1:9092": false, "broker.example:9092": false,
	} {
		err := brokerFlags{Listen: addr}.check()
		if here && err != nil || !here && (err == nil || !strings.Contains(err.Error(), "--insecure") || codeOf(err) != 104) {
			t.Errorf("%s: %v", addr, err)
		}
		if err := (brokerFlags{Listen: addr, Insecure: true}).check(); err != nil {
			t.Errorf("%s with --insecure: %v", addr, err)
		}
	}
}
