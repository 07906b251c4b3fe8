package http1

import "testing"

func TestParseHex(t *testing.T) {
	for text, want := range map[string]uint64{"0": 0, "1a": 26, "FF": 255, "00000000000000ff": 255, "ffffffffffffffff": 1<<64 - 1} {
		if got, ok := parseHex([]byte(text)); !ok || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "g", "-1", "0x1", " 1", "1 ", "00000000000000000"} {
		if got, ok := parseHex([]byte(text)); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestChunkLine(t *testing.T) {
	for line, want := range map[string]uint64{"5\r\n": 5, "a;name=\"v\"\r\n": 10, "3 \t\r\n": 3} {
		var p Parser
		if err := p.chunkLine([]byte(line)); err != nil || p.state != h1ChunkData || p.left != want {
			t.Errorf("%q: %d left in state %d, %v; want %d", line, p.left, p.state, err, want)
		}
	}
	var last Parser
	if err := last.chunkLine([]byte("0;x\r\n")); err != nil || last.state != h1Trailer {
		t.Errorf("last chunk: state %d, %v", last.state, err)
	}
	for _, line := range []string{"5\n", "\n", "5\r\r\n", "\r\n", "x\r\n", " 5\r\n"} {
		var p Parser
		if err := p.chunkLine([]byte(line)); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}
