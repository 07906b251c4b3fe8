package orchestrator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func TestFloodOfRefusedRecordsMakesFewEvents(t *testing.T) {
	var l refusalLog
	at, events := time.Unix(0, 0), 0
	forged := &node.RefusedError{Reason: "not signed"}
	for range 30_000 { // for 30 s
		at = at.Add(time.Millisecond)
		if l.add(node.TopicTrigger, forged, at) {
			events++
		}
		if text := l.due(at); text != "" {
			events++
			if !strings.Contains(text, "refused 10000 more in 10 s") && !strings.Contains(text, "refused 9999 more in 10 s") {
				t.Error(text)
			}
		}
	}
	if events != 3 {
		t.Errorf("%d events, want one at once and one each 10 s", events)
	}
	for i := range 1000 { // each from another signer
		l.add(node.TopicTrigger, &node.RefusedError{By: fmt.Sprint(i)}, at)
	}
	if len(l.kinds) > maxRefusalKinds {
		t.Errorf("%d kinds are remembered", len(l.kinds))
	}
}
