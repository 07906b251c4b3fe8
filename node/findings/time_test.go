package findings

import (
	"testing"
)

// TestStepOfOneRequest: the mix of requests may change with the load, so each is examined on its own.
func TestStepOfOneRequest(t *testing.T) {
	r := healthy(4, 60, 1000, 5000)
	for i := range r.Seconds {
		s := &r.Seconds[i]
		s.Asked = 20 * float64(i+1)
		s.Requests, s.Responses = int64(s.Asked), int64(s.Asked)
		s.P50US *= int64(1 + 3*(i/30)) // more of the slow request
	}
	for i := range r.Requests {
		r.Requests[i].Seconds = healthy(uint64(i), 60, 1000, 5000).Seconds
		for k := range r.Seconds {
			r.Requests[i].Seconds[k].Asked = r.Seconds[k].Asked
		}
	}
	if found := Find(r); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	for k := 25; k < 60; k++ {
		r.Requests[1].Seconds[k].P50US *= 5
	}
	if found := Find(r); len(found) != 1 || found[0].What != "latency of request report steps up at about 520/s" {
		t.Errorf("%+v", found)
	}
}
