package node

import (
	"fmt"
	"testing"
	"time"

	"landfall/loadgen"
)

// The due requests of all shares sum to those of the whole schedule, for any number of shares.
func TestDueRequestsOfSharesSumToTheWhole(t *testing.T) {
	rate := 10.0
	schedule := []loadgen.Stage{{From: &rate, To: rate}}
	for of := 1; of < 12; of++ {
		p := &Plan{Schedule: schedule}
		for i := range of {
			p.Shares = append(p.Shares, NodeShare{NodeID: fmt.Sprint(i)})
		}
		for since := time.Duration(0); since < 4*time.Second; since += 130 * time.Millisecond {
			var total int64
			for i := range of {
				total += p.Due(fmt.Sprint(i), since)
			}
			if want := loadgen.Schedule(schedule).Count(since); total != want || p.Due("nobody", since) != 0 {
				t.Fatalf("%d shares, %s: %d due, want %d", of, since, total, want)
			}
		}
	}
}
