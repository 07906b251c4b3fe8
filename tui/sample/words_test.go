package sample

import "testing"

func TestWords(t *testing.T) {
	for words, want := range map[Words]bool{
		"": true, "LOST": true, "lost drv-3": true, "lost !drv-3": false, "joined": false, "!joined": true, "lost ! ": true, "no heartbeat": true, "heartbeat no": true,
	} {
		if got := words.In("drv-3 is lost: no heartbeat", "tsunami-7"); got != want {
			t.Errorf("%q: %t, want %t", words, got, want)
		}
	}
}
