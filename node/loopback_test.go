package node

import "testing"

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1:9092": true, "127.9.9.9:1": true, "localhost:9092": true, "[::1]:0": true, "[::ffff:127.0.0.1]:1": true,
		"0.0.0.0:9092": false, ":9092": false, "[::]:9092": false, "10.0.0.1:9092": false, "broker.example:9092": false, "127.0.0.1": false, "localhost.example:1": false,
	} {
		if Loopback(addr) != want {
			t.Errorf("%s: %v", addr, !want)
		}
	}
}
