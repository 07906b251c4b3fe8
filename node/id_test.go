package node

import (
	"strings"
	"testing"
)

func TestCheckID(t *testing.T) {
	for v, ok := range map[string]bool{
		"a": true, "drv-01.example_x": true, strings.Repeat("a", 64): true, NewID(): true,
		"": false, strings.Repeat("a", 65): false, "-a": false, "a b": false, "a\n": false, "ä": false,
	} {
		if err := CheckID("node_id", v); (err == nil) != ok {
			t.Errorf("%q: %v", v, err)
		}
	}
}
